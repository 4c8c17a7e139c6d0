"""One event in full, and the list of the next ones, for one person: their reply, and what their roles let them do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from community.events import description, title
from community.records import Event, EventState, Reply, Seat, Status
from community.rsvp import Standing
from views.events import (
    Viewer,
    check_in_buttons,
    facts,
    is_ahead,
    is_open_for_check_in,
    my_reply,
    named,
    reply_buttons,
    seats,
    state_notice,
    takes_replies,
)
from views.excuses import excuse_button
from views.i18n import Translator, translator, when
from views.roster import STATUSES
from views.text import Block, actions, button, confirmation, context_line, divider, header, message, modal, section
from views.typed import typed_sections, verbatim


@dataclass(frozen=True)
class Seen:
    """An event as one person finds it: counts, their reply, and whether they may run or change it."""

    event: Event
    standing: Standing
    reply: Reply | None
    attended: Status | None = None
    seat: Seat = Seat.room
    offer_ends_at: datetime | None = None
    enrolled: bool = False
    must_ask: bool = False
    may_run: bool = False
    may_change: bool = False


def listing(
    viewer: Viewer, seen: Sequence[Seen], now: datetime, *, may_create: bool, notice: str | None = None
) -> Block:
    """The next events, for `/praxis events`; `notice` says what the last click did."""
    t = translator(viewer.locale)
    if not seen:
        text = t("No event is planned at the moment.")
        blocks = [section(text)]
    else:
        text = t("The next events")
        blocks = [header(text)]
        for item in seen:
            blocks += _listed(item, viewer, t, now)
    if notice:
        blocks.insert(0, section(notice))
    if may_create:
        blocks.append(actions(button(t("Create an event"), "event.create"), id="events:create"))
    return message(notice or text, blocks)


def _listed(seen: Seen, viewer: Viewer, t: Translator, now: datetime) -> list[Block]:
    event = seen.event
    lines = [
        named(event, t.locale),
        when(event, t.locale, viewer.time_zone),
        seats(event, seen.standing, t, now),
        _mine(seen, t, now, viewer.time_zone),
    ]
    buttons = [*_buttons(seen, t, now), button(t("Details"), "event.open", event.id)]
    if event.series_id is not None:  # of which only the next date is listed
        buttons.append(button(t("All dates"), "series.open", event.series_id))
    managing = _managing(seen, t, now)
    return [
        divider(),
        verbatim("\n".join(lines)),
        actions(*buttons, id=f"events:{event.id}"),
        *([actions(*managing, id=f"events:{event.id}:manage")] if managing else []),
    ]


def details(viewer: Viewer, seen: Seen, now: datetime, notice: str | None = None) -> Block:
    """A modal with everything about one event; `notice` says what the last click did."""
    t, event = translator(viewer.locale), seen.event
    state = state_notice(event, t, now)
    text = description(event, t.locale)
    buttons, managing = _buttons(seen, t, now), _managing(seen, t, now)
    if event.series_id is not None:
        buttons.append(button(t("Series"), "series.open", event.series_id))
    if is_ahead(event, now):
        buttons.append(button(t("Add to calendar"), "event.calendar", event.id))
    if event.state is not EventState.cancelled:
        buttons.append(button(t("Material"), "material.open", event.id))
    if seen.may_change:
        managing.append(button(t("Duplicate"), "event.duplicate", event.id))
    if seen.may_change and event.series_id is not None and is_ahead(event, now):
        managing.append(button(t("Change the dates from here on"), "series.dates", event.id))
    if takes_replies(event, now) and seen.attended is None and (seen.reply is Reply.going or seen.enrolled):
        buttons.append(excuse_button(event, t))
    blocks = [
        *([section(notice)] if notice else []),
        header(title(event, t.locale)),
        *([section(state)] if state else []),
        verbatim(facts(event, t, viewer.time_zone)),
        *(typed_sections(text) if text else []),
        context_line(
            *([seats(event, seen.standing, t, now)] if is_ahead(event, now) else []),
            _mine(seen, t, now, viewer.time_zone),
        ),
        *([actions(*buttons, id=f"event:{event.id}")] if buttons else []),
        *([divider(), actions(*managing, id=f"event:{event.id}:manage")] if managing else []),
    ]
    return modal("event.details", t("Event"), blocks, close=t("Close"), metadata=str(event.id))


def _mine(seen: Seen, t: Translator, now: datetime, time_zone: str) -> str:
    if seen.attended:
        return t("Your attendance: {status}.", status=t(STATUSES[seen.attended]))
    if seen.must_ask and takes_replies(seen.event, now):
        return t("This event is for those invited.")
    if seen.offer_ends_at and takes_replies(seen.event, now):
        return t("A seat is kept for you until {until}.", until=when(seen.offer_ends_at, t.locale, time_zone))
    seat = seen.seat if seen.event.hybrid else None
    return my_reply(seen.reply, t, seat=seat, late=not takes_replies(seen.event, now))


def _buttons(seen: Seen, t: Translator, now: datetime) -> list[Block]:
    buttons = []
    if is_open_for_check_in(seen.event, now) and seen.attended is None:
        buttons += check_in_buttons(seen.event, t)
    if takes_replies(seen.event, now) and seen.must_ask:
        buttons.append(button(t("Ask to come as a guest"), "guest.ask", seen.event.id))
    elif takes_replies(seen.event, now):
        buttons += reply_buttons(seen.event, t)
        if seen.reply is Reply.not_going:
            buttons.append(button(t("Say why"), "rsvp.reason", seen.event.id))
    return buttons


def _managing(seen: Seen, t: Translator, now: datetime) -> list[Block]:
    """What an organizer or a facilitator may do with it."""
    event, buttons = seen.event, []
    open_to_change = is_ahead(event, now)
    if seen.may_change and open_to_change:
        buttons.append(button(t("Edit"), "event.edit", event.id))
        if takes_replies(event, now):
            buttons.append(button(t("Invite"), "event.invite", event.id))
    if seen.may_change:
        buttons.append(button(t("Replies"), "event.replies", event.id))
    if seen.may_run and event.state is not EventState.cancelled:
        buttons.append(button(t("Roster"), "roster.open", event.id))
    if seen.may_run and open_to_change:
        buttons.append(button(t("Show the code"), "event.code", event.id))
    if seen.may_change and open_to_change:
        buttons.append(button(t("Attendance settings"), "checkin.settings", event.id))
    if seen.may_change and open_to_change:
        buttons.append(
            button(
                t("Cancel the event"), "event.cancel", f"{event.id}:{event.version}", style="danger", confirm=_sure(t)
            )
        )
    return buttons


def _sure(t: Translator) -> Block:
    return confirmation(
        t("Cancel this event?"),
        t("Everybody who is going or on the waitlist is told. This cannot be undone."),
        t("Cancel the event"),
        t("Keep it"),
        style="danger",
    )
