"""Cohorts: `/praxis cohorts`, the forms, and who is in which."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community import cohort_lists, cohorts, invitations, people
from community.cohorts import CohortDraft
from community.records import Event, Member, Role
from community.times import parse_day
from handlers import modals
from handlers.payloads import is_modal, number_of, pressed, row_id
from handlers.work import Work, submission, work
from views import cohort_lists as list_view
from views import cohorts as view
from views import invitations as letters
from views.entered import input_values


def register(app: App) -> None:
    """Take what organizers do with cohorts."""
    app.action("cohort.open")(show)
    app.action("cohort.create")(open_empty)
    app.action("cohort.edit")(open_filled)
    app.action("cohort.people")(open_people)
    app.action("cohort.list")(open_list)
    app.view("cohort.list")(take_list)
    app.view("cohort.save")(save)
    app.view("cohort.people")(change_people)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis cohorts`: all of them."""
    with work(context, body) as w:
        w.require(Role.organizer)
        w.whisper(view.listing(w.locale, cohorts.every(w.session, w.community.id)))


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open one with its people."""
    with work(context, body) as w:
        w.require(Role.organizer)
        opened = _page(w, number_of(pressed(body)))
    modals.show(context, body, opened, push=is_modal(body))


def open_empty(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for a new one."""
    with work(context, body) as w:
        w.require(Role.organizer)
        form = view.form(w.locale, None)
    modals.show(context, body, form, push=is_modal(body))


def open_filled(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form with one as it stands."""
    with work(context, body) as w:
        w.require(Role.organizer)
        form = view.form(w.locale, cohorts.get(w.session, w.community.id, number_of(pressed(body))))
    modals.show(context, body, form, push=is_modal(body))


def open_people(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for who comes in and who goes."""
    with work(context, body) as w:
        w.require(Role.organizer)
        form = view.people_form(w.locale, cohorts.get(w.session, w.community.id, number_of(pressed(body))))
    modals.show(context, body, form, push=is_modal(body))


def save(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Found a cohort, or name it anew, and show it."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        draft = CohortDraft(
            code=str(values.get("code") or ""),
            name_en=str(values.get("name_en") or ""),
            name_fr=str(values.get("name_fr") or ""),
            starts_on=_day(values.get("starts_on")),
            ends_on=_day(values.get("ends_on")),
        )
        known = body["view"].get("private_metadata")
        if known:
            cohort = cohorts.change(w.session, w.member, row_id(known), draft)
        else:
            cohort = cohorts.create(w.session, w.member, draft, w.now)
        w.answer(response_action="update", view=_page(w, cohort.id))


def change_people(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Put people in and let people go; the new ones hear of the events that are theirs by it."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        cohort_id = row_id(body["view"].get("private_metadata"))
        gone = cohorts.remove(w.session, w.member, cohort_id, chosen(w, values.get("remove")), w.now)
        joined = cohorts.add(w.session, w.member, cohort_id, chosen(w, values.get("add")), w.now)
        for event, guests in joined.invited:
            tell_invited(w, event, guests)
        notice = view.changed(w.locale, len(joined.members), len(gone))
        w.answer(response_action="update", view=_page(w, cohort_id, notice))


def open_list(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form where a list of people is pasted."""
    with work(context, body) as w:
        w.require(Role.organizer)
        form = list_view.form(w.locale, cohorts.get(w.session, w.community.id, number_of(pressed(body))))
    modals.show(context, body, form, push=is_modal(body))


def take_list(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Take the list in, or say line by line what is wrong with it; whom it takes out is shown before it does."""
    values = input_values(body["view"]["state"])
    typed, whole = str(values.get("text") or ""), "whole" in (values.get("whole") or ())
    number, _, asked = str(body["view"].get("private_metadata")).partition(":")
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        cohort = cohorts.get(w.session, w.community.id, row_id(number))
        lines, troubles = cohort_lists.read(w.session, w.member, typed.encode(), cohort=cohort)
        if troubles:
            form = list_view.form(w.locale, cohort, text=typed, troubles=troubles, zone=w.time_zone)
            w.answer(response_action="update", view=form)
            return
        leaving = (
            [member for _, members in cohort_lists.not_in(w.session, lines) for member in members] if whole else []
        )
        confirmed = ",".join(str(member.id) for member in leaving)
        digest = hashlib.sha256(confirmed.encode()).hexdigest()
        if leaving and asked != digest:  # they are shown first, and again when they are others by now
            form = list_view.form(w.locale, cohort, text=typed, leaving=leaving, asked=digest)
            w.answer(response_action="update", view=form)
            return
        taken = cohort_lists.take_in(w.session, w.member, lines, w.now, whole=whole)
        for event, guests in taken.invited:
            tell_invited(w, event, guests)
        w.answer(response_action="update", view=_page(w, cohort.id, list_view.taken_in(w.locale, taken)))


def chosen(w: Work, users: Any) -> list[Member]:
    """The members whom a select of several people names."""
    named = users if isinstance(users, list) else []
    return [people.ensure_member(w.session, w.community, str(user), w.now) for user in named[:1000]]


def tell_invited(w: Work, event: Event, guests: Iterable[Member]) -> int:
    """Send each their invitation; returns how many."""
    told = 0
    enrolled = invitations.enrolled(w.session, event)
    for member in guests:
        payload = letters.letter(member, event, enrolled=member.id in enrolled)
        key = letters.letter_key(event.id, member.id)
        w.message(payload, member=member, key=key, subject=f"event:{event.id}")
        told += 1
    return told


def _page(w: Work, cohort_id: int, notice: str | None = None) -> dict[str, Any]:
    cohort = cohorts.get(w.session, w.community.id, cohort_id)
    return view.page(w.locale, cohort, cohorts.members(w.session, cohort), notice)


def _day(text: Any) -> date | None:
    return parse_day(str(text)) if text else None
