"""Rules of reminders: changed, they hold for what is planned already."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from community import drafts, events, outlook, reminder_changes, reminder_rules, reminders
from community.errors import Invalid, NotAllowed
from community.records import Event, EventKind, Reminder, ReminderKind, ReminderState
from storage import Database
from tests.town import NOW, Town, draft, fresh

HOUR = timedelta(hours=1)
K = ReminderKind


def states(database: Database, event: Event) -> dict[ReminderKind, ReminderState]:
    with database.read() as session:
        rows = session.scalars(select(Reminder).where(Reminder.event_id == event.id).order_by(Reminder.id))
        return {row.kind: row.state for row in rows if row.kind in outlook.TELLING}


def test_changed_rules_hold_for_what_is_planned_already(town: Town, database: Database) -> None:
    event, other = town.event(NOW + timedelta(days=5)), town.event(kind=EventKind.action_learning)

    def choose(*kinds: str, mandatory: tuple[str, ...] = ()) -> int:
        with database.begin() as session:
            return reminder_changes.change_rules(
                session, town.organizer, EventKind.learning_event, reminder_rules.checked(kinds, mandatory), NOW
            )

    assert choose("week_before", "three_days_before", "hour_after", mandatory=("hour_after",)) == 1
    changed = states(database, event)
    assert {kind for kind, state in changed.items() if state is ReminderState.pending} == {
        K.three_days_before,
        K.hour_after,
        K.attendance_prompt,
        K.attendance_nudge,
    }, "seven days before is past"
    assert states(database, other)[K.day_before] is ReminderState.pending
    choose("day_before")
    assert states(database, event)[K.day_before] is ReminderState.pending, "it comes back"
    assert choose() == 1
    assert K.day_before not in {k for k, s in states(database, event).items() if s is ReminderState.pending}
    for kinds, mandatory, code in ((["dawn"], [], "reminder_unknown"), ([], ["day_before"], "mandatory_unchosen")):
        with pytest.raises(Invalid, match=code):
            reminder_rules.checked(kinds, mandatory)
    ann = town.person()
    with pytest.raises(NotAllowed), database.begin() as session:
        reminder_changes.change_rules(session, ann, EventKind.learning_event, reminder_rules.Rules(), NOW)


def test_an_event_of_another_kind_is_reminded_of_by_that_kinds_rules(town: Town, database: Database) -> None:
    event = town.event(NOW + timedelta(days=5))
    with database.begin() as session:
        rules = reminder_rules.checked(["three_days_before"], [])
        reminder_changes.change_rules(session, town.organizer, EventKind.action_learning, rules, NOW)
    for kind, reminder in ((EventKind.action_learning, K.three_days_before), (EventKind.learning_event, K.day_before)):
        with database.begin() as session:
            held = fresh(session, event)
            events.change(session, town.organizer, event.id, held.version, replace(drafts.of(held), kind=kind), NOW)
        pending = {kind for kind, state in states(database, event).items() if state is ReminderState.pending}
        assert reminder in pending
        assert len(pending & {K.three_days_before, K.day_before}) == 1


def test_times_of_an_organizers_own_choosing_are_planned_and_changed_like_the_others(
    town: Town, database: Database
) -> None:
    event = town.event(NOW + timedelta(days=5))

    def choose(*free: tuple[str, int], demanded: bool = False) -> list[tuple[ReminderKind, int, datetime]]:
        rules = reminder_rules.checked(["hour_before"], [], free, free_mandatory=demanded)
        with database.begin() as session:
            reminder_changes.change_rules(session, town.organizer, EventKind.learning_event, rules, NOW)
            assert reminder_rules.rules(session, town.id, EventKind.learning_event) == rules
            own = (Reminder.event_id == event.id, Reminder.kind.in_(reminder_rules.FREE))
            pending = select(Reminder).where(*own, Reminder.state == ReminderState.pending).order_by(Reminder.due_at)
            rows = session.scalars(pending).all()
            assert all(reminders.is_exempt(session, row, event) is demanded for row in rows)
            return [(row.kind, row.minutes, row.due_at) for row in rows]

    start, end = event.starts_at, event.ends_at
    assert choose(("after", 30), ("before", 90), ("before", 2 * 1440)) == [
        (K.before, 2880, start - timedelta(days=2)),
        (K.before, 90, start - timedelta(minutes=90)),
        (K.after, 30, end + timedelta(minutes=30)),
    ]
    assert choose(("before", 90), demanded=True) == [(K.before, 90, start - timedelta(minutes=90))]
    assert choose(("before", 2880), ("before", 90))[0] == (K.before, 2880, start - timedelta(days=2)), "it comes back"
    with database.begin() as session:
        moved = events.change(
            session, town.organizer, event.id, event.version, draft(start + timedelta(days=1)), NOW
        ).event
        rows = session.scalars(
            select(Reminder).where(Reminder.event_id == event.id, Reminder.occurrence == moved.revision)
        )
        assert {(row.kind, row.minutes) for row in rows} >= {(K.before, 2880), (K.before, 90), (K.hour_before, 0)}


@pytest.mark.parametrize(
    ("free", "field", "code"),
    [
        ([("before", 4)], "number0", "reminder_range"),
        ([("before", 90), ("after", 60 * 1440 + 1)], "number1", "reminder_range"),
        ([("before", -60)], "number0", "reminder_range"),
        ([("before", 60)], "number0", "reminder_twice"),
        ([("after", 90), ("after", 90)], "number1", "reminder_twice"),
        ([("day_before", 90)], "unit0", "reminder_unknown"),
        ([("before", minutes) for minutes in (10, 20, 30, 40)], "number0", "reminders_many"),
    ],
)
def test_times_that_cannot_be_are_refused_at_their_field(free: list[tuple[str, int]], field: str, code: str) -> None:
    with pytest.raises(Invalid, match=code) as refused:
        reminder_rules.checked(["hour_before"], [], free)
    assert refused.value.field == field
