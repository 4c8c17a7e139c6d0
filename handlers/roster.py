"""The roster: who was there, corrected by an organizer or facilitator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import attendance, audit, excuses, people
from community.errors import CommunityError, NotFound
from community.records import Status
from community.text import clean
from handlers import modals, profiles
from handlers.event_news import refresh_card, refresh_summaries, tell_concerns
from handlers.payloads import is_modal, metadata_of, number_of, pressed, row_id, value_of
from handlers.work import Work, submission, work
from views import roster as view
from views import roster_history as history_view
from views.entered import input_values
from views.errors import sentence
from views.i18n import translator
from views.text import escape


def register(app: App) -> None:
    """Take the roster and everything in it."""
    app.action("roster.open")(show)
    app.action("roster.previous")(turn)
    app.action("roster.next")(turn)
    app.action("roster.status")(correct)
    app.action("roster.add")(add)
    app.action("roster.history")(show_history)
    app.action("roster.newer")(turn_history)
    app.action("roster.older")(turn_history)
    app.view("roster.view")(done)


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open the roster's first page."""
    with work(context, body) as w:
        opened = _rendered(w, number_of(pressed(body)), 0, None)
    modals.show(context, body, opened, push=is_modal(body))


def turn(body: dict[str, Any], context: BoltContext) -> None:
    """Show another page."""
    event_id, _ = _shown(body)
    with work(context, body) as w:
        page = _rendered(w, event_id, number_of(pressed(body)), None, _turn(body))
    modals.update(context, body, body["view"]["id"], page)


def correct(body: dict[str, Any], context: BoltContext) -> None:
    """Record what was chosen beside a name."""
    event_id, member_id, status = chosen(value_of(pressed(body)))

    def rule(w: Work) -> str:
        attendance.correct(w.session, w.member, event_id, member_id, status, w.now, _why(body))
        return ""

    _changed(body, context, event_id, rule)


def add(body: dict[str, Any], context: BoltContext) -> None:
    """Record somebody as present who was not expected, also when the community has not met them yet."""
    event_id, _ = _shown(body)
    user = value_of(pressed(body))
    profile = profiles.missing(context["services"], context.client, user)

    def rule(w: Work) -> str:
        roster = attendance.roster(w.session, w.member, event_id)
        member = people.find_member(w.session, w.community.id, user)
        if member is None and profile is None:
            raise NotFound("member_unknown")
        member = people.ensure_member(w.session, w.community, user, w.now, profile)
        t, name = translator(w.locale), escape(member.name)
        if any(line.member.id == member.id and line.status for line in roster.lines):
            return t("{name} is on the roster already.", name=name)
        attendance.correct(w.session, w.member, event_id, member.id, Status.present, w.now, _why(body))
        return t("{name} is recorded as present.", name=name)

    _changed(body, context, event_id, rule)


def done(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Close the roster: what was changed is recorded already."""
    with submission(context, body, ack) as w:
        w.require(*view.MAY_SEE)


def show_history(body: dict[str, Any], context: BoltContext) -> None:
    """Open every change of the roster, the newest first."""
    with work(context, body) as w:
        opened = _history(w, number_of(pressed(body)), 0)
    modals.show(context, body, opened, push=is_modal(body))


def turn_history(body: dict[str, Any], context: BoltContext) -> None:
    """Show another page of the changes."""
    with work(context, body) as w:
        page = _history(w, _shown(body)[0], number_of(pressed(body)))
    modals.update(context, body, body["view"]["id"], page)


def _history(w: Work, event_id: int, page: int) -> dict[str, Any]:
    most = history_view.PAGE
    event, steps, count = audit.history(w.session, w.member, event_id, page * most, most)
    return history_view.history_view(w.member, event, steps, page, count)


def _why(body: dict[str, Any]) -> str | None:
    """The reason that stands in the modal while a change is made."""
    return clean(str(input_values(body["view"].get("state") or {}).get("why") or ""))[: excuses.REASON_LIMIT] or None


def _changed(body: dict[str, Any], context: BoltContext, event_id: int, rule: Callable[[Work], str]) -> None:
    """Apply the rule and show the page anew; why it could not be done is said in the modal, where the person looks."""
    turn = _turn(body)
    with work(context, body) as w:
        w.require(*view.MAY_SEE)
        try:
            with w.session.begin_nested():
                notice = rule(w)
            turn += _why(body) is not None  # a reason is one change's: the next person's is not the same
        except CommunityError as error:
            notice = sentence(error, w.locale, time_zone=w.time_zone)
        roster = attendance.roster(w.session, w.member, event_id)
        refresh_card(w, roster.event)
        refresh_summaries(w, roster)
        tell_concerns(w, roster.event)
        page = _rendered(w, event_id, _shown(body)[1], notice or None, turn)
    modals.update(context, body, body["view"]["id"], page)


def _rendered(w: Work, event_id: int, page: int, notice: str | None, turn: int = 0) -> dict[str, Any]:
    roster = attendance.roster(w.session, w.member, event_id)
    return view.roster_view(w.member, roster, audit.corrections(w.session, event_id), page, notice,
                            excuses.reasons(w.session, event_id), turn)  # fmt: skip


def _shown(body: dict[str, Any]) -> tuple[int, int]:
    """Event id and page of the view; zeros when they are missing."""
    found = metadata_of(body)
    return row_id(found.get("event")), row_id(found.get("page"))


def _turn(body: dict[str, Any]) -> int:
    """How often a reason went with a change since the roster was opened."""
    return row_id(metadata_of(body).get("turn"))


def chosen(value: str) -> tuple[int, int, Status]:
    """Event, member and status of an option. Raises NotFound for a value made by hand."""
    event_id, _, rest = value.partition(":")
    member_id, _, status = rest.partition(":")
    if status not in set(Status):
        raise NotFound("member_unknown")
    return row_id(event_id), row_id(member_id), Status(status)
