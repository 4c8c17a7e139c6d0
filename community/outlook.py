"""What goes out to people in the next days, what went out and what was missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from community import attendance, notices, reminder_rules, reminders
from community.people import AT_ONCE
from community.records import Event, EventKind, EventState, Member, Reminder, ReminderState
from community.reminder_rules import EARLY, LATER, Rules, Slot
from community.reminders import PROMPTS

DAYS = timedelta(days=7)
TELLING = EARLY | LATER | PROMPTS


@dataclass(frozen=True)
class Planned:
    """A reminder with its event; `people` is to how many it would go, or was to go.

    Of one that went, `told` have it by now, `waiting` get it later, and for `late` it came too late.
    """

    reminder: Reminder
    event: Event
    people: int
    told: int = 0
    waiting: int = 0
    late: int = 0


@dataclass(frozen=True)
class Person:
    """Who gets a reminder, and when: later where they have quiet hours, never where that would be too late."""

    member: Member
    at: datetime | None


@dataclass(frozen=True)
class Forecast:
    """What rules would lead to for one event: each reminder with its time and the people it goes to now."""

    event: Event
    lines: list[tuple[Slot, datetime, list[Person]]]


def ahead(session: Session, community_id: int, now: datetime, most: int) -> list[Planned]:
    """What is to go out within a week, the next first."""
    found = _reminders(
        session,
        community_id,
        Reminder.state == ReminderState.pending,
        Reminder.due_at <= now + DAYS,
        order=(Reminder.due_at, Reminder.id),
        most=most,
    )
    return [Planned(row, event, len(reminders.recipients(session, row, event))) for row, event in found]


def done(session: Session, community_id: int, now: datetime, state: ReminderState, most: int) -> list[Planned]:
    """What went out to somebody, or was missed, within the last week, the latest first."""
    went = state is ReminderState.done
    found = _reminders(
        session,
        community_id,
        Reminder.state == state,
        Reminder.told + Reminder.waiting + Reminder.held > 0 if went else true(),
        Reminder.due_at > now - DAYS,
        Reminder.due_at <= now,
        order=(Reminder.due_at.desc(), Reminder.id.desc()),
        most=most,
    )
    if state is ReminderState.missed:
        return [Planned(row, event, len(concerned(session, row, event))) for row, event in found]
    return [_went(session, row, event) for row, event in found]


def _went(session: Session, row: Reminder, event: Event) -> Planned:
    later = notices.PutOff()
    if row.waiting or row.held:
        later = notices.put_off(session, f"event:{event.id}", reminders.letters_begin(row))
    late = max(row.held, later.late)
    told = row.told + later.sent
    return Planned(row, event, told + later.waiting + late, told, later.waiting, late)


def concerned(session: Session, reminder: Reminder, event: Event) -> list[Member]:
    """Whom it concerned when it was settled, by name; those concerned now where that was not kept."""
    if reminder.concerned is None:
        return reminders.recipients(session, reminder, event)
    found: list[Member] = []
    for start in range(0, len(reminder.concerned), AT_ONCE):
        some = Member.id.in_(reminder.concerned[start : start + AT_ONCE])
        found += session.scalars(select(Member).where(some))
    return sorted(found, key=lambda member: (member.name, member.id))


def people(session: Session, reminder: Reminder, event: Event) -> list[Person]:
    """Who would get this reminder as things stand, and when."""
    until = reminders.too_late_at(reminder, event)
    exempt = reminders.is_exempt(session, reminder, event)
    return [
        _person(member, reminder.due_at, until, exempt=exempt)
        for member in reminders.recipients(session, reminder, event)
    ]


def forecast(session: Session, community_id: int, kind: EventKind, rules: Rules, now: datetime) -> Forecast | None:
    """What these rules would lead to for the next event of this kind; None when none is planned."""
    event = session.scalars(
        select(Event)
        .where(
            Event.community_id == community_id,
            Event.kind == kind,
            Event.state == EventState.scheduled,
            Event.starts_at > now,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(1)
    ).first()
    if event is None:
        return None
    lines = []
    for slot, due_at in sorted(reminder_rules.due_times(event, rules), key=lambda found: found[1]):
        name = slot[0]
        if due_at > now:
            draft = Reminder(event_id=event.id, community_id=community_id, kind=name, minutes=slot[1], due_at=due_at)
            concerned = reminders.recipients(session, draft, event)
            if name in LATER:  # nobody was there yet: those who are expected
                concerned = [m for m in attendance.expected(session, event) if m.wants_reminders]
            until, exempt = reminder_rules.too_late(slot, due_at, event), rules.demands(name)
            lines.append((slot, due_at, [_person(member, due_at, until, exempt=exempt) for member in concerned]))
    return Forecast(event, lines)


def _person(member: Member, due_at: datetime, until: datetime, *, exempt: bool) -> Person:
    end = None if exempt else notices.quiet_end(member, due_at)
    if end is None:
        return Person(member, due_at)
    return Person(member, end if end < until else None)


def _reminders(
    session: Session, community_id: int, *where: ColumnElement[bool], order: tuple[Any, ...], most: int
) -> list[tuple[Reminder, Event]]:
    statement = (
        select(Reminder, Event)
        .join(Event, Event.id == Reminder.event_id)
        .where(Reminder.community_id == community_id, Reminder.kind.in_(TELLING), *where)
        .order_by(*order)
        .limit(most)
    )
    return [(row, event) for row, event in session.execute(statement)]
