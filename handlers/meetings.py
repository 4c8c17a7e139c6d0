"""Attendance from a video meeting's list, pasted by a facilitator."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy import select

from community import attendance, events, meeting_files, meetings
from community.meetings import Outcome
from community.records import Member, Role
from handlers import modals
from handlers.event_news import refresh_card, refresh_summaries
from handlers.payloads import is_modal, number_of, pressed, row_id
from handlers.work import Work, submission, work
from views import meetings as view
from views.entered import input_values


def register(app: App) -> None:
    """Take the button on the roster and the two forms."""
    app.action("meeting.paste")(paste)
    app.view("meeting.read")(read)
    app.view("meeting.settle")(settle)


def paste(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form; with names still to be told, those first."""
    with work(context, body) as w:
        w.require(Role.facilitator)
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        waiting = meetings.questions(w.session, event.id)
        form = _result(w, Outcome(event)) if waiting else view.paste_form(w.member, event)
    modals.show(context, body, form, push=is_modal(body))


def read(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Record those the list names for sure, and ask about the others."""
    text = str(input_values(body["view"]["state"]).get("text") or "")
    event_id = row_id(body["view"].get("private_metadata") or "")
    with submission(context, body, ack) as w:
        w.require(Role.facilitator)
        outcome = meetings.take(w.session, w.member, event_id, meeting_files.read(text), w.now)
        refresh_card(w, outcome.event)
        refresh_summaries(w, attendance.roster(w.session, w.member, event_id))
        w.answer(response_action="update", view=_result(w, outcome))


def settle(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Record those whom the facilitator named."""
    event_id = row_id(body["view"].get("private_metadata") or "")
    answers: dict[int, int | None] = {}
    for name, value in input_values(body["view"]["state"]).items():
        kind, _, number = name.partition(":")
        if kind == "who":
            answers[row_id(number)] = None if value in (None, view.NOBODY) else row_id(value)
    with submission(context, body, ack) as w:
        outcome = meetings.answer(w.session, w.member, event_id, answers, w.now)
        refresh_card(w, outcome.event)
        refresh_summaries(w, attendance.roster(w.session, w.member, event_id))
        w.answer(response_action="update", view=_result(w, outcome))


def _result(w: Work, outcome: Outcome) -> dict[str, Any]:
    waiting = meetings.questions(w.session, outcome.event.id)
    ids = {member_id for question in waiting for member_id in question.candidates}
    members = {member.id: member for member in w.session.scalars(select(Member).where(Member.id.in_(ids)))}
    return view.result(w.member, outcome, waiting, members)
