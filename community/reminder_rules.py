"""When people are reminded of events of each kind, as organizers chose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import choices, people, times
from community.errors import Invalid
from community.records import Event, EventKind, EventState, Member, ReminderKind, Role
from community.rows import locked_event

CHOICE = "reminders"
# Whole days are the same time on the clock; anything shorter is as long as it says, whatever clocks do.
BEFORE: dict[ReminderKind, timedelta] = {
    ReminderKind.week_before: timedelta(days=7),
    ReminderKind.three_days_before: timedelta(days=3),
    ReminderKind.day_before: timedelta(days=1),
    ReminderKind.hour_before: timedelta(hours=1),
    ReminderKind.ten_minutes_before: timedelta(minutes=10),
}
AFTER: dict[ReminderKind, timedelta] = {
    ReminderKind.hour_after: timedelta(hours=1),
    ReminderKind.day_after: timedelta(days=1),
}
USUAL = (ReminderKind.day_before, ReminderKind.hour_before)
LATE = {  # how long after its time one is still of use, where the start does not come first
    ReminderKind.week_before: timedelta(days=1),
    ReminderKind.three_days_before: timedelta(hours=12),
    ReminderKind.day_before: timedelta(hours=6),
    ReminderKind.hour_after: timedelta(hours=12),
    ReminderKind.day_after: timedelta(days=2),
}


@dataclass(frozen=True)
class Rules:
    """Which reminders go out for a kind of event; `mandatory` ones go whatever the hour and however many there were."""

    kinds: tuple[ReminderKind, ...] = USUAL
    mandatory: tuple[ReminderKind, ...] = ()


def rules(session: Session, community_id: int, kind: EventKind) -> Rules:
    """What was chosen for this kind of event."""
    return _read(choices.get(session, community_id, CHOICE, {}), kind)


def choose(
    session: Session, by: Member, kind: EventKind, kinds: Sequence[str], mandatory: Sequence[str], now: datetime
) -> list[Event]:
    """Remind of events of this kind so from now on; returns the events ahead whose reminders are to be written anew.

    Raises NotAllowed, Invalid `reminder_unknown`, `mandatory_unchosen`.
    """
    people.require(session, by, Role.organizer)
    chosen = checked(kinds, mandatory)
    found = dict(choices.get(session, by.community_id, CHOICE, {}))
    found[kind.value] = {"kinds": list(chosen.kinds), "mandatory": list(chosen.mandatory)}
    choices.set(session, by.community_id, CHOICE, found)
    ahead = session.scalars(
        select(Event.id)
        .where(
            Event.community_id == by.community_id,
            Event.kind == kind,
            Event.state == EventState.scheduled,
            Event.ends_at > now,
        )
        .order_by(Event.id)
    ).all()
    held = (locked_event(session, by.community_id, event_id) for event_id in ahead)
    return [event for event in held if event is not None]


def checked(kinds: Sequence[str], mandatory: Sequence[str]) -> Rules:
    """The rules of these names. Raises Invalid."""
    known = {kind.value: kind for kind in (*BEFORE, *AFTER)}
    if unknown := ({*kinds, *mandatory} - known.keys()):
        raise Invalid("reminder_unknown", field="kinds", name=min(unknown))
    if not set(mandatory) <= set(kinds):
        raise Invalid("mandatory_unchosen", field="mandatory")
    order = [kind for name, kind in known.items() if name in kinds]
    return Rules(tuple(order), tuple(kind for kind in order if kind.value in mandatory))


def due_times(event: Event, chosen: Rules) -> Iterator[tuple[ReminderKind, datetime]]:
    """When each of these reminders of the event is due, in order."""
    for kind in chosen.kinds:
        if kind in AFTER:
            yield kind, event.ends_at + AFTER[kind]
        elif BEFORE[kind].days:
            local = times.parse_local(event.local_start) - BEFORE[kind]
            yield kind, times.resolve(local, times.zone(event.time_zone))
        else:
            yield kind, event.starts_at - BEFORE[kind]


def too_late(kind: ReminderKind, due_at: datetime, event: Event) -> datetime:
    """From when on a reminder of this kind is of no use."""
    late = due_at + LATE[kind] if kind in LATE else event.starts_at
    return late if kind in AFTER else min(late, event.starts_at)


def _read(found: dict[str, dict[str, list[str]]], kind: EventKind) -> Rules:
    chosen = found.get(kind.value)
    return checked(chosen["kinds"], chosen["mandatory"]) if chosen else Rules()
