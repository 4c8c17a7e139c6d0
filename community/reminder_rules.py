"""When people are reminded of events of each kind, as organizers chose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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


# Those of organizers' own choosing come on top of the named ones.
EARLY = frozenset({*BEFORE, ReminderKind.before})
LATER = frozenset({*AFTER, ReminderKind.after})
FREE = (ReminderKind.before, ReminderKind.after)
MOST_FREE = 3
FREE_MINUTES = range(5, 60 * 24 * 60 + 1)
DAY = 24 * 60

Slot = tuple[ReminderKind, int]  # the kind, and minutes where it is one of `FREE`, else 0


@dataclass(frozen=True)
class Rules:
    """Which reminders go out for a kind of event; `mandatory` ones go whatever the hour and however many there were.

    `free` are those of an organizer's own choosing; with `free_mandatory` they are mandatory, all of them.
    """

    kinds: tuple[ReminderKind, ...] = USUAL
    mandatory: tuple[ReminderKind, ...] = ()
    free: tuple[Slot, ...] = ()
    free_mandatory: bool = False

    def demands(self, kind: ReminderKind) -> bool:
        """Whether reminders of this kind are mandatory."""
        return kind in self.mandatory or (self.free_mandatory and kind in FREE)


def rules(session: Session, community_id: int, kind: EventKind) -> Rules:
    """What was chosen for this kind of event."""
    return _read(choices.get(session, community_id, CHOICE, {}), kind)


def choose(session: Session, by: Member, kind: EventKind, chosen: Rules, now: datetime) -> list[Event]:
    """Remind of events of this kind so from now on; returns the events ahead whose reminders are to be written anew.

    The rules are `checked` ones. Raises NotAllowed.
    """
    people.require(session, by, Role.organizer)
    found = dict(choices.get(session, by.community_id, CHOICE, {}))
    found[kind.value] = {
        "kinds": list(chosen.kinds),
        "mandatory": list(chosen.mandatory),
        "free": [[which.value, minutes] for which, minutes in chosen.free],
        "free_mandatory": chosen.free_mandatory,
    }
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


def checked(
    kinds: Sequence[str],
    mandatory: Sequence[str],
    free: Sequence[tuple[str, int]] = (),
    *,
    free_mandatory: bool = False,
) -> Rules:
    """The rules of these names, `free` being minutes before or after. Raises Invalid with the field."""
    known = {kind.value: kind for kind in (*BEFORE, *AFTER)}
    if unknown := ({*kinds, *mandatory} - known.keys()):
        raise Invalid("reminder_unknown", field="kinds", name=min(unknown))
    if not set(mandatory) <= set(kinds):
        raise Invalid("mandatory_unchosen", field="mandatory")
    order = [kind for name, kind in known.items() if name in kinds]
    taken = {slot_of(kind) for kind in order}
    own: list[Slot] = []
    for number, (name, minutes) in enumerate(free):
        if name not in FREE:
            raise Invalid("reminder_unknown", field=f"unit{number}", name=name[:40])
        if minutes not in FREE_MINUTES:
            raise Invalid("reminder_range", field=f"number{number}", low=FREE_MINUTES.start, days=60)
        slot = (ReminderKind(name), minutes)
        if slot in taken:
            raise Invalid("reminder_twice", field=f"number{number}")
        taken.add(slot)
        own.append(slot)
    if len(own) > MOST_FREE:
        raise Invalid("reminders_many", field="number0", most=MOST_FREE)
    if free_mandatory and not own:
        raise Invalid("mandatory_unchosen", field="mandatory")
    chosen = tuple(kind for kind in order if kind.value in mandatory)
    return Rules(tuple(order), chosen, tuple(sorted(own, key=_earliest_first)), free_mandatory)


def slot_of(kind: ReminderKind) -> Slot:
    """The named kind as one of an organizer's own choosing."""
    early = kind in BEFORE
    apart = BEFORE[kind] if early else AFTER[kind]
    return ReminderKind.before if early else ReminderKind.after, int(apart.total_seconds() // 60)


def due_times(event: Event, chosen: Rules) -> Iterator[tuple[Slot, datetime]]:
    """When each of these reminders of the event is due, the named ones first."""
    for kind in chosen.kinds:
        yield (kind, 0), _due(event, *slot_of(kind))
    for slot in chosen.free:
        yield slot, _due(event, *slot)


def _due(event: Event, kind: ReminderKind, minutes: int) -> datetime:
    if kind is ReminderKind.before and minutes % DAY == 0:
        local = times.parse_local(event.local_start) - timedelta(minutes=minutes)
        return times.resolve(local, times.zone(event.time_zone))
    apart = timedelta(minutes=minutes)
    return event.starts_at - apart if kind is ReminderKind.before else event.ends_at + apart


def too_late(slot: Slot, due_at: datetime, event: Event) -> datetime:
    """From when on such a reminder is of no use.

    One of an organizer's own choosing: a quarter of the time it is off, a day at most, or the start if it is less than
    a day off; afterwards half a day. A day is one on the clock, however long it is when clocks change.
    """
    kind, minutes = slot
    if kind is ReminderKind.after:
        return due_at + timedelta(hours=12)
    if kind is ReminderKind.before:
        return event.starts_at if minutes < DAY else due_at + min(timedelta(minutes=minutes / 4), timedelta(days=1))
    late = due_at + LATE[kind] if kind in LATE else event.starts_at
    return late if kind in AFTER else min(late, event.starts_at)


def _earliest_first(slot: Slot) -> tuple[bool, int]:
    kind, minutes = slot
    return kind is ReminderKind.after, -minutes if kind is ReminderKind.before else minutes


def _read(found: dict[str, dict[str, Any]], kind: EventKind) -> Rules:
    chosen = found.get(kind.value)
    if not chosen:
        return Rules()
    free = [(name, minutes) for name, minutes in chosen.get("free", ())]
    return checked(chosen["kinds"], chosen["mandatory"], free, free_mandatory=chosen.get("free_mandatory", False))
