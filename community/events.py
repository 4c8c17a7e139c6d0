"""Planning, changing and cancelling events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import check_in_settings, drafts, people, reminder_changes, reminders, seats
from community.drafts import EventDraft
from community.errors import Conflict, Invalid, NotFound
from community.records import Event, EventState, Member, Role
from community.rows import locked_event

__all__ = ["Change", "EventDraft", "cancel", "change", "description", "get", "plan", "title", "upcoming"]

_WHEN = frozenset({"local_start", "time_zone", "minutes", "starts_at", "ends_at"})


@dataclass(frozen=True)
class Change:
    """What an edit did: `fields` are columns that differ, `moved` says its time did, `offered` are offered seats."""

    event: Event
    moved: bool
    offered: list[Member]
    fields: frozenset[str]


def plan(session: Session, by: Member, draft: EventDraft, now: datetime) -> Event:
    """Create an event and its reminders. Raises NotAllowed, or Invalid with the draft's field."""
    people.require(session, by, Role.organizer)
    draft = drafts.checked(draft)
    return add(session, by, draft, drafts.start_of(draft, now), now)


def add(session: Session, by: Member, draft: EventDraft, starts_at: datetime, now: datetime, **columns: Any) -> Event:
    """The event of a checked draft, with its reminders and, where given, further columns."""
    chosen = check_in_settings.defaults(session, by.community_id).columns()
    values = {**chosen, **drafts.columns(draft, starts_at), **columns}
    event = Event(
        community_id=by.community_id,
        created_by_id=by.id,
        created_at=now,
        updated_at=now,
        **values,
    )
    session.add(event)
    session.flush()
    reminders.write(session, event, now)
    return event


def change(session: Session, by: Member, event_id: int, version: int, draft: EventDraft, now: datetime) -> Change:
    """Edit an event that was read at `version`; a move writes its reminders anew, new seats are offered.

    Fewer seats take none away from those who have one. Raises NotAllowed, NotFound, Conflict `event_changed`, Invalid;
    once it has begun, its time stays (Invalid `event_begun`).
    """
    people.require(session, by, Role.organizer)
    event = editable(session, by, event_id, version)
    draft = drafts.checked(draft)
    changed = apply(session, by, event, drafts.columns(draft, _start(event, draft, now)), now)
    event.apart = event.apart or (event.series_id is not None and bool(changed.fields))
    session.flush()
    return changed


def apply(session: Session, by: Member, event: Event, values: dict[str, Any], now: datetime) -> Change:
    """Give a held event these columns, and do what follows from it. Raises Invalid `event_begun`."""
    fields = {name for name, value in values.items() if getattr(event, name) != value}
    if event.starts_at <= now and "ends_at" in fields:
        raise Invalid("event_begun", field="minutes")
    for name in fields:
        setattr(event, name, values[name])
    moved = not fields.isdisjoint(_WHEN)
    if moved:
        event.revision += 1
    offered: list[Member] = []
    if fields:
        event.updated_at, event.updated_by_id = now, by.id
        session.flush()
        seats.follow_change(session, event)
        offered = seats.offer(session, event, now)
    if moved:
        reminders.write(session, event, now)
    elif "kind" in fields:  # each kind has rules of its own
        reminder_changes.follow_rules(session, event, now)
    return Change(event, moved, offered, frozenset(fields))


def cancel(session: Session, by: Member, event_id: int, version: int, now: datetime) -> Event:
    """Call the event off: its record stays, its reminders do not go out. Raises like `change`."""
    people.require(session, by, Role.organizer)
    event = editable(session, by, event_id, version)
    if event.ends_at <= now:
        raise Invalid("event_over")
    call_off(session, by, event, now)
    return event


def call_off(session: Session, by: Member, event: Event, now: datetime) -> None:
    """Cancel a held event."""
    event.state, event.updated_at, event.updated_by_id = EventState.cancelled, now, by.id
    session.flush()
    reminders.cancel(session, event, now)
    seats.follow_change(session, event)


def get(session: Session, community_id: int, event_id: int) -> Event:
    """The community's event. Raises NotFound `event_unknown`."""
    event = session.get(Event, event_id)
    if event is None or event.community_id != community_id:
        raise NotFound("event_unknown")
    return event


def upcoming(
    session: Session, community_id: int, now: datetime, limit: int = 10, *, each_series_once: bool = False
) -> list[Event]:
    """Events that are not cancelled and not over, the next first; of each series only its next, if so wished."""
    ahead = (Event.community_id == community_id, Event.state == EventState.scheduled, Event.ends_at > now)
    statement = select(Event).where(*ahead)
    if each_series_once:
        series = func.coalesce(Event.series_id, -Event.id)  # an event of none is a series of its own
        order = func.row_number().over(partition_by=series, order_by=(Event.starts_at, Event.id))
        numbered = select(Event.id, order.label("number")).where(*ahead).subquery()
        statement = statement.join(numbered, numbered.c.id == Event.id).where(numbered.c.number == 1)
    return list(session.scalars(statement.order_by(Event.starts_at, Event.id).limit(limit)))


def title(event: Event, locale: str) -> str:
    """The title in this language, else in the other."""
    return (event.title_fr or event.title_en) if locale == "fr" else (event.title_en or event.title_fr)


def description(event: Event, locale: str) -> str:
    """The description in this language, else in the other; may be empty."""
    first, second = event.description_en, event.description_fr
    return (second or first) if locale == "fr" else (first or second)


def editable(session: Session, by: Member, event_id: int, version: int) -> Event:
    """The event, held, when it can still be changed by who read it at `version`. Raises like `change`."""
    event = locked_event(session, by.community_id, event_id)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if event.state is EventState.closed:
        raise Invalid("event_over")
    if event.version != version:
        raise Conflict("event_changed")
    return event


def _start(event: Event, draft: EventDraft, now: datetime) -> datetime:
    # A time that was not touched is not judged anew: it may be past by now.
    planned = drafts.columns(draft, event.starts_at)
    if (planned["local_start"], planned["time_zone"]) == (event.local_start, event.time_zone):
        return event.starts_at
    if event.starts_at <= now:
        raise Invalid("event_begun", field="day")
    return drafts.start_of(draft, now)
