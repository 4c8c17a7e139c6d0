"""What is due when and for whom, across changes of clocks, and until when it is of use."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from community import channels, events, people, reminder_rules, reminder_schedule, reminders, rsvp
from community.people import Profile
from community.records import Event, EventKind, Member, Reminder, ReminderKind, ReminderState, Reply, Role
from storage import Database
from tests.town import CHANNEL, NOW, Town, draft, fresh

HOUR = timedelta(hours=1)


def of(database: Database, event: Event, kind: ReminderKind) -> Reminder:
    with database.read() as session:
        return session.scalars(
            select(Reminder).where(
                Reminder.event_id == event.id, Reminder.kind == kind, Reminder.state == ReminderState.pending
            )
        ).one()


def names(database: Database, event: Event, kind: ReminderKind) -> list[str]:
    with database.read() as session:
        return [m.name for m in reminders.recipients(session, of(database, event, kind), event)]


def test_local_time_zone_and_instant_are_written_down(town: Town, database: Database) -> None:
    with database.begin() as session:
        form = replace(draft(), day=date(2027, 3, 15), at=time(2, 30))  # clocks skip 2:30 the night before
        event = events.plan(session, town.organizer, form, NOW)
    row = of(database, event, ReminderKind.day_before)
    assert (row.local_due, row.time_zone) == ("2027-03-14T03:30", "America/Toronto")
    assert row.due_at == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_going_and_undecided_are_reminded_decliners_waiting_bots_and_the_unwilling_are_not(
    town: Town, database: Database
) -> None:
    event = town.event(capacity=1)
    going, waiting, declined = (town.person(n, in_channel=True) for n in ("Going", "Waiting", "Declined"))
    for name in ("Undecided", "Unwilling", "Gone"):
        town.person(name, in_channel=True)
    town.person("Elsewhere")
    town.person("Bot", in_channel=True, is_bot=True)
    with database.begin() as session:
        for member, reply in ((going, Reply.going), (waiting, Reply.going), (declined, Reply.not_going)):
            rsvp.respond(session, member, event.id, reply, NOW)
        for member in session.scalars(select(Member).where(Member.community_id == town.id)):
            if member.name == "Unwilling":
                people.choose_notifications(session, member, reminders=False, announcements=True)
            if member.name == "Gone":
                profile = Profile(member.slack_user_id, "Gone", deleted=True)
                people.ensure_member(session, town.community, member.slack_user_id, NOW, profile)
    for kind in (ReminderKind.day_before, ReminderKind.hour_before):
        assert names(database, event, kind) == ["Going", "Undecided"]


def test_people_whose_profile_is_unknown_are_not_taken_for_undecided(town: Town, database: Database) -> None:
    event = town.event()
    with database.begin() as session:
        channels.set_channel_members(session, town.id, CHANNEL, ["U0STRANGER"], NOW)
    assert names(database, event, ReminderKind.day_before) == []


def test_prompt_goes_to_all_expected_and_the_closing_to_those_who_run_it(town: Town, database: Database) -> None:
    event = town.event()
    facilitator, ann = town.person("Fred", role=Role.facilitator), town.person("Ann")
    with database.begin() as session:
        people.grant(session, town.organizer, town.organizer, Role.facilitator, NOW)
        people.choose_notifications(session, session.merge(ann), reminders=False, announcements=False)
        rsvp.respond(session, ann, event.id, Reply.going, NOW)
    assert names(database, event, ReminderKind.attendance_prompt) == ["Ann"]
    assert names(database, event, ReminderKind.attendance_close) == [town.organizer.name, facilitator.name]
    assert names(database, event, ReminderKind.check_in_opens) == []


def test_a_day_before_ends_alike_whether_clocks_change_that_day(town: Town, database: Database) -> None:
    chosen = reminder_rules.checked((), (), [("before", 24 * 60)])
    with database.begin() as session:
        reminder_rules.choose(session, town.organizer, EventKind.learning_event, chosen, NOW)
    ends = []
    for day in (date(2027, 3, 13), date(2027, 3, 14), date(2027, 11, 7)):  # usual, 23 hours, 25 hours
        with database.begin() as session:
            event = events.plan(session, town.organizer, replace(draft(), day=day, at=time(12)), NOW)
        row = of(database, event, ReminderKind.before)
        assert row.local_due[11:] == "12:00"
        ends.append(reminders.too_late_at(row, event) - row.due_at)
    assert ends == [timedelta(hours=6)] * 3


@pytest.mark.parametrize(
    ("kind", "after_due", "too_late"),
    [
        (ReminderKind.day_before, timedelta(hours=6) - timedelta(seconds=1), False),
        (ReminderKind.day_before, timedelta(hours=6), True),
        (ReminderKind.hour_before, timedelta(minutes=59), False),
        (ReminderKind.hour_before, timedelta(minutes=60), True),
        (ReminderKind.attendance_prompt, timedelta(minutes=59), False),
        (ReminderKind.attendance_prompt, timedelta(minutes=60), True),
        (ReminderKind.attendance_close, timedelta(days=365), False),
    ],
)
def test_each_kind_has_its_own_end_of_use(
    town: Town, database: Database, kind: ReminderKind, after_due: timedelta, too_late: bool
) -> None:
    event = town.event()
    row = of(database, event, kind)
    assert (row.due_at + after_due >= reminders.too_late_at(row, event)) is too_late


def test_due_are_the_pending_ones_whose_time_has_come_oldest_first(town: Town, database: Database) -> None:
    event = town.event()
    with database.begin() as session:
        mine = [r for r in reminders.due(session, event.ends_at, 10_000) if r.event_id == event.id]
        assert [r.kind for r in mine] == [kind for kind, _ in reminder_schedule.schedule(event)]
        reminders.settle(session, mine[0], ReminderState.done, NOW)
        reminders.postpone(session, mine[1], event.starts_at, "Trouble")
    with database.read() as session:
        at_start = [r.kind for r in reminders.due(session, event.starts_at, 10_000) if r.event_id == event.id]
        assert at_start == [ReminderKind.check_in_opens, ReminderKind.attendance_prompt]
        soon = event.starts_at + reminders.FIRST_RETRY
        again = [r.kind for r in reminders.due(session, soon, 10_000) if r.event_id == event.id]
        assert again[0] is ReminderKind.hour_before


def test_failing_reminder_is_tried_five_times_further_and_further_apart_then_missed(
    town: Town, database: Database
) -> None:
    event = town.event()
    waits = []
    with database.begin() as session:
        row = session.merge(of(database, event, ReminderKind.hour_before))
        for _ in range(reminders.TRIES - 1):
            reminders.postpone(session, row, NOW, "KeyError")
            assert row.retry_at is not None
            waits.append((row.retry_at - NOW).total_seconds())
        assert row.state is ReminderState.pending
        reminders.postpone(session, row, NOW, "x" * 500)
        assert (row.state, row.settled_at, len(row.reason or "")) == (ReminderState.missed, NOW, 200)
    assert waits == [30, 60, 120, 240]


def test_who_holds_a_reminder_holds_it_alone(town: Town, database: Database) -> None:
    event = town.event()
    row = of(database, event, ReminderKind.hour_before)
    with database.begin() as session:
        held = reminders.hold(session, row)
        assert held is not None
        if not database.is_sqlite:  # there a second writer would wait for this one
            seen: list[object] = []

            def other() -> None:
                with database.begin() as second:
                    seen.append(reminders.hold(second, row))

            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
            assert seen == [None]
        reminders.settle(session, held[0], ReminderState.done, NOW)
    with database.begin() as session:
        assert reminders.hold(session, row) is None, "it is settled"
        assert fresh(session, event).id == event.id
