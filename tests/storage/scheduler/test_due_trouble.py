"""The clock stopped, was late, failed, or there were several: everybody is told once, of what is still of use."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from community import notices, outlook
from community.notice_records import NoticeDay
from community.records import (
    Attendance,
    Event,
    Member,
    Reminder,
    ReminderKind,
    ReminderState,
    Reply,
    Rsvp,
    Status,
)
from scheduler import due
from scheduler.apart import REST
from scheduler.clock import Clock
from scheduler.service import Service
from storage import Database
from storage.errors import DatabaseLocked
from tests.storage.scheduler.conftest import Day

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
K, S = ReminderKind, ReminderState


def test_an_hour_of_downtime_is_caught_up(day: Day) -> None:
    event = day.plan()
    ann = day.town.person()
    day.reply(event, ann)
    assert day.at(event.starts_at - 23 * HOUR) == 1
    assert day.told(K.day_before) == [ann.slack_user_id]
    assert day.at(event.starts_at + 30 * MINUTE) == 4
    assert day.told(K.hour_before) == [], "it has begun: soon is no longer true"
    assert day.told(K.attendance_prompt) == [ann.slack_user_id]
    assert day.told(K.attendance_nudge) == [], "nobody is asked twice in a row"
    assert day.states(event) == {
        K.day_before: S.done, K.hour_before: S.missed, K.check_in_opens: S.done, K.attendance_prompt: S.done,
        K.attendance_nudge: S.done, K.attendance_close: S.pending,
    }  # fmt: skip


def test_two_days_of_downtime_settle_everything_and_send_only_what_is_of_use(day: Day, database: Database) -> None:
    past, ahead = day.plan(HOUR * 30), day.plan(HOUR * 71)
    ann = day.town.person()
    day.reply(past, ann)
    day.reply(ahead, ann)
    day.at(past.starts_at + 22 * HOUR)
    assert day.states(past) == {
        K.day_before: S.missed, K.hour_before: S.missed, K.check_in_opens: S.missed, K.attendance_prompt: S.missed,
        K.attendance_nudge: S.missed, K.attendance_close: S.done,
    }  # fmt: skip
    assert day.states(ahead)[K.day_before] is S.done, "five hours late is still of use"
    assert [row.key.split(":")[2] for row in day.posted()] == ["attendance_close", "day_before"]
    with database.read() as session:
        missed = session.scalars(select(Reminder).where(Reminder.state == S.missed)).all()
        assert {(r.reason, r.settled_at is not None) for r in missed} == {("too late", True)}
        # Whom it should have gone to is kept: what people reply afterwards does not change it.
        day_before = next(r for r in missed if r.kind is K.day_before)
        for row in session.scalars(select(Rsvp).where(Rsvp.event_id == past.id)):
            row.reply = Reply.not_going
        assert [m.id for m in outlook.concerned(session, day_before, session.get_one(Event, past.id))] == [ann.id]
        (went,) = session.scalars(select(Reminder).where(Reminder.kind == K.day_before, Reminder.state == S.done))
        assert went.concerned == [ann.id]
        assert session.scalars(select(Attendance.status)).all() == [Status.absent]


def test_one_bad_reminder_stops_no_other_and_is_tried_again(day: Day, database: Database) -> None:
    bad, good = day.plan(), day.plan()
    ann, ben = day.town.people(2)
    day.reply(bad, ann)
    day.reply(good, ben)
    with database.begin() as session:
        session.execute(update(Member).where(Member.id == ann.id).values(time_zone="Nowhere/Land"))
    moment = good.starts_at - 24 * HOUR
    day.at(moment)
    assert day.told(K.day_before) == [ben.slack_user_id]
    assert day.states(bad)[K.day_before] is S.pending
    day.at(moment + MINUTE / 6)
    with database.read() as session:
        row = session.scalars(select(Reminder).where(Reminder.event_id == bad.id, Reminder.kind == K.day_before)).one()
        assert (row.attempts, row.reason) == (1, "ZoneInfoNotFoundError"), "not before half a minute has passed"
    with database.begin() as session:
        session.execute(update(Member).where(Member.id == ann.id).values(time_zone="UTC"))
    day.at(moment + MINUTE)
    assert day.told(K.day_before) == sorted([ann.slack_user_id, ben.slack_user_id])


def test_one_offer_that_cannot_be_passed_on_stops_no_other_and_is_tried_again(
    day: Day, database: Database, logs: list[dict[str, object]]
) -> None:
    bad, good = day.plan(capacity=1), day.plan(capacity=1)
    offered = []
    for event in (bad, good):
        ann, ben = day.town.people(2)
        day.reply(event, ann, ben)
        day.reply(event, ann, reply=Reply.not_going)
        offered.append(ben.slack_user_id)

    def lapsed() -> list[str | None]:
        return [row.user for row in day.posted() if ":lapsed:" in row.key]

    def move_to(zone: str) -> datetime:
        with database.begin() as session:
            session.execute(update(Event).where(Event.id == bad.id).values(time_zone=zone))
            return session.scalars(select(func.max(Rsvp.offer_ends_at))).one()  # type: ignore[return-value]  # there is one

    ends_at = move_to("Nowhere/Land")
    for seconds in (0, 1, 2):  # the log does not fill with one trouble
        day.at(ends_at + timedelta(seconds=seconds))
    assert lapsed() == [offered[1]]
    assert [line["id"] for line in logs if line["event"] == "offers.failed"] == [bad.id]
    move_to("UTC")
    day.at(ends_at + REST + MINUTE)
    assert lapsed() == [offered[1], offered[0]]


def test_a_reminder_that_keeps_failing_is_missed_with_its_reason(
    day: Day, database: Database, logs: list[dict[str, object]]
) -> None:
    event = day.plan()
    ann = day.town.person()
    day.reply(event, ann)
    with database.begin() as session:
        session.execute(update(Member).where(Member.id == ann.id).values(time_zone="Nowhere/Land"))
    moment = event.starts_at - 24 * HOUR
    for minutes in (0, 1, 3, 6, 12):
        day.at(moment + minutes * MINUTE)
    assert day.states(event)[K.day_before] is S.missed
    assert [line["error"] for line in logs if line["event"] == "reminder.failed"] == ["ZoneInfoNotFoundError"] * 5
    assert day.posted() == []
    assert day.states(event)[K.hour_before] is S.pending


def test_four_services_over_one_database_tell_everybody_exactly_once(day: Day, database: Database) -> None:
    crowd = day.town.people(5)
    with database.begin() as session:
        notices.choose_limit(session, day.town.organizer, 12)  # each is told of all twelve on one day
    planned = [day.plan() for _ in range(12)]
    for event in planned:
        day.reply(event, *crowd)
    clock = Clock((planned[0].starts_at - 23 * HOUR - day.clock.now()).total_seconds())
    others = [Database(database.url.render_as_string(hide_password=False)) for _ in range(4)]
    ready, done, failures = threading.Barrier(4), [], []

    def work(own: Database) -> None:
        service = Service(own, clock)
        ready.wait()
        try:
            done.append(service.tick())
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(own,)) for own in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for own in others:
        own.close()
    assert failures == []
    assert sum(done) == len(planned)
    keys = sorted(row.key for row in day.posted())
    assert keys == sorted(f"reminder:{e.id}:day_before:0:{m.id}" for e in planned for m in crowd)


def test_a_database_that_is_locked_loses_no_reminder(sqlite_url: str) -> None:
    day = Day(Database(sqlite_url, busy_timeout=0.1))
    event = day.plan()
    ann = day.town.person()
    day.reply(event, ann)
    other = Database(sqlite_url)
    with other.begin(), pytest.raises(DatabaseLocked):
        threaded(lambda: day.at(event.starts_at - 24 * HOUR))
    assert day.states(event)[K.day_before] is S.pending
    assert day.service.tick() == 1
    assert day.told(K.day_before) == [ann.slack_user_id]
    other.close()
    day.database.close()


def threaded(call) -> None:  # type: ignore[no-untyped-def]
    """Run in a thread of its own, as the service does; what it raises is raised here."""
    caught: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if caught:
        raise caught[0]


def test_a_reminder_to_many_is_handed_over_in_several_transactions(
    day: Day, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "PEOPLE_AT_ONCE", 4)
    event = day.plan()
    crowd = day.town.people(11)
    day.reply(event, *crowd)
    looks: list[int] = []

    def clock() -> datetime:
        looks.append(len(day.posted()))
        return event.starts_at - 24 * HOUR

    assert due.work_off(database, clock) == 1
    assert day.told(K.day_before) == sorted(m.slack_user_id for m in crowd)
    assert looks == [0, 0, 4, 8, 11], "what was committed when the clock was looked at"
    assert day.states(event)[K.day_before] is S.done


def test_a_clock_that_dies_midway_is_followed_by_one_that_tells_the_rest(
    day: Day, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "PEOPLE_AT_ONCE", 4)
    event = day.plan()
    crowd = day.town.people(10)
    day.reply(event, *crowd)
    moment = event.starts_at - 24 * HOUR

    class Died(BaseException):
        """As if killed: nothing of ours runs afterwards."""

    looks = iter([moment, moment, moment])

    def clock() -> datetime:
        found = next(looks, None)
        if found is None:
            raise Died
        return found

    with pytest.raises(Died):
        due.work_off(database, clock)
    assert len(day.posted()) == 8
    assert due.work_off(database, lambda: moment) == 0, "kept for a minute"
    assert due.work_off(database, lambda: moment + MINUTE) == 1
    assert day.told(K.day_before) == sorted(m.slack_user_id for m in crowd)
    assert day.states(event)[K.day_before] is S.done
    with database.read() as session:
        assert session.scalars(select(Reminder.told).where(Reminder.state == S.done)).one() == len(crowd)
        assert set(session.scalars(select(NoticeDay.used))) == {1}, "what was handed over before counts once"
