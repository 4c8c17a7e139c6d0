"""What the clock does by itself: to whom, once, in their language, and not when it is of no use any more."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from community import attendance, events, people, reminders
from community.records import (
    Attendance,
    EventState,
    Member,
    Reminder,
    ReminderKind,
    ReminderState,
    Reply,
    Role,
    Status,
)
from delivery import outbox
from delivery.records import Outbox, OutboxState, Payload
from scheduler import due
from scheduler.clock import Clock
from scheduler.service import Service
from storage import Database
from storage.errors import DatabaseLocked
from tests.kit import action_ids, texts
from tests.storage.scheduler.conftest import Day
from tests.town import draft, fresh
from views.events import card_key

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
K, S = ReminderKind, ReminderState


def test_a_day_and_an_hour_before_each_is_told_once_in_their_language(day: Day) -> None:
    event = day.plan()
    ann = day.town.person(locale="en-CA", in_channel=True)
    luc = day.town.person(locale="fr-CA", time_zone="America/Vancouver", in_channel=True)
    undecided = day.town.person(locale="fr-CA", in_channel=True)
    day.reply(event, ann, luc)
    assert day.at(event.starts_at - 24 * HOUR - MINUTE) == 0
    assert day.at(event.starts_at - 24 * HOUR) == 1
    assert day.at(event.starts_at - 24 * HOUR) == 0, "nothing is done twice"
    said = {row.user: day.payload(row) for row in day.posted()}
    assert set(said) == {ann.slack_user_id, luc.slack_user_id, undecided.slack_user_id}
    assert "You are going." in texts(said[ann.slack_user_id])
    assert "Vous participez." in texts(said[luc.slack_user_id])
    assert "Vous n’avez pas encore répondu." in texts(said[undecided.slack_user_id])
    buttons = {user: [name for name, _ in action_ids(body)] for user, body in said.items()}
    assert buttons[ann.slack_user_id] == ["rsvp.not_going", "event.open"]
    assert buttons[undecided.slack_user_id] == [
        "rsvp.going",
        "rsvp.maybe",
        "rsvp.not_going",
        "event.open",
    ]
    assert {value for body in said.values() for _, value in action_ids(body)} == {str(event.id)}
    day.at(event.starts_at - HOUR)
    assert day.told(K.hour_before) == day.told(K.day_before)


def test_what_people_of_one_language_zone_and_reply_get_is_stored_once(day: Day, database: Database) -> None:
    event = day.plan()
    day.reply(event, *day.town.people(6), day.town.person(locale="fr"), day.town.person(time_zone="Europe/Paris"))
    day.at(event.starts_at - 24 * HOUR)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Outbox)) == 8
        assert session.scalar(select(func.count()).select_from(Payload)) == 3


def test_at_the_start_those_expected_who_have_not_checked_in_are_asked(day: Day, database: Database) -> None:
    event = day.plan()
    ann, ben, cleo = day.town.people(3)
    day.reply(event, ann, ben)
    day.reply(event, cleo, reply=Reply.not_going)
    day.at(event.starts_at - 10 * MINUTE)
    with database.begin() as session:
        attendance.check_in(session, ann, event.id, event.starts_at - 10 * MINUTE)
    day.at(event.starts_at)
    assert day.told(K.attendance_prompt) == [ben.slack_user_id]
    (asked,) = [row for row in day.posted() if row.user == ben.slack_user_id and "prompt" in row.key]
    assert ("checkin.button", str(event.id)) in action_ids(day.payload(asked))


def test_those_still_missing_some_minutes_after_the_start_are_nudged_once(day: Day, database: Database) -> None:
    event, quiet = day.plan(), day.plan()
    ann, ben = day.town.people(2)
    day.reply(event, ann, ben)
    day.reply(quiet, ann)
    with database.begin() as session:
        silent = fresh(session, quiet)
        silent.nudge_after_minutes, silent.revision = None, 1
        reminders.write(session, silent, day.clock.now())
    day.at(event.starts_at)
    with database.begin() as session:
        attendance.check_in(session, ann, event.id, event.starts_at + MINUTE)
    day.at(event.starts_at + 10 * MINUTE)
    day.at(event.starts_at + 11 * MINUTE)
    assert day.told(K.attendance_nudge) == [ben.slack_user_id]
    assert day.states(quiet)[K.attendance_nudge] is S.cancelled


def test_at_the_end_the_absent_are_recorded_and_those_who_run_it_told(day: Day, database: Database) -> None:
    event = day.plan()
    facilitator = day.town.person(role=Role.facilitator, locale="fr")
    ann, ben = day.town.people(2)
    day.reply(event, ann, ben)
    with database.begin() as session:
        attendance.check_in(session, ann, event.id, event.starts_at)
    day.at(event.ends_at)
    assert day.told(K.attendance_close) == sorted([day.town.organizer.slack_user_id, facilitator.slack_user_id])
    summaries = {row.user: texts(day.payload(row)) for row in day.posted() if "close" in row.key}
    assert "1 person was on time." in summaries[day.town.organizer.slack_user_id]
    assert "1 person was absent." in summaries[day.town.organizer.slack_user_id]
    assert "1 personne était absente." in summaries[facilitator.slack_user_id]
    with database.read() as session:
        record = attendance.mine(session, event.id, ben.id)
        assert record is not None
        assert record.status is Status.absent
        assert fresh(session, event).state is EventState.closed


def test_the_card_follows_the_event_from_check_in_to_the_end(day: Day, database: Database) -> None:
    event = day.plan()
    with database.begin() as session:
        outbox.post(session, community_id=day.town.id, key=card_key(event.id), payload={"text": "card"}, channel="C1")

    def card_buttons() -> list[str]:
        (row,) = [row for row in day.posted() if row.key == card_key(event.id)]
        return [name for name, _ in action_ids(day.payload(row))]

    day.at(event.starts_at - 15 * MINUTE)
    assert card_buttons() == [
        "checkin.button",
        "checkin.enter",
        "rsvp.going",
        "rsvp.maybe",
        "rsvp.not_going",
        "event.open",
    ]
    day.at(event.starts_at)
    assert card_buttons() == ["checkin.button", "checkin.enter", "event.open"]
    day.at(event.ends_at)
    assert card_buttons() == ["event.open"]


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
        assert session.scalars(select(Attendance.status)).all() == [Status.absent]


def test_a_moved_event_reminds_of_its_new_time_only(day: Day, database: Database) -> None:
    event = day.plan()
    ann = day.town.person()
    day.reply(event, ann)
    day.at(event.starts_at - 24 * HOUR)
    new_start = event.starts_at + 48 * HOUR
    with database.begin() as session:
        form = draft(new_start, time_zone="UTC")
        events.change(session, day.town.organizer, event.id, event.version, form, day.clock.now())
    day.at(new_start - 25 * HOUR)
    assert len(day.posted()) == 1, "the old time passes in silence"
    day.at(new_start - 24 * HOUR)
    day.at(new_start)
    assert [row.key for row in day.posted()] == [
        f"reminder:{event.id}:day_before:0:{ann.id}",
        f"reminder:{event.id}:day_before:1:{ann.id}",
        f"reminder:{event.id}:attendance_prompt:1:{ann.id}",
    ]


def test_a_cancelled_event_is_silent(day: Day, database: Database) -> None:
    event = day.plan()
    day.reply(event, day.town.person())
    with database.begin() as session:
        events.cancel(session, day.town.organizer, event.id, event.version, day.clock.now())
    assert day.at(event.ends_at + HOUR) == 0
    assert day.posted() == []


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


def test_reminders_are_ready_to_be_sent_and_belong_to_their_event(day: Day) -> None:
    event = day.plan()
    day.reply(event, day.town.person())
    day.at(event.starts_at - 24 * HOUR)
    (row,) = day.posted()
    assert (row.state, row.subject, row.community_id) == (OutboxState.pending, f"event:{event.id}", day.town.id)


def test_people_who_want_no_reminders_get_none(day: Day, database: Database) -> None:
    event = day.plan()
    ann = day.town.person()
    day.reply(event, ann)
    with database.begin() as session:
        people.choose_notifications(session, session.merge(ann), reminders=False, announcements=True)
    day.at(event.starts_at - HOUR)
    assert day.posted() == []
    assert day.states(event)[K.hour_before] is S.done


def test_communities_of_one_database_are_served_alike(day: Day, database: Database) -> None:
    other = Day(database)
    one, two = day.plan(), other.plan()
    ann, zoe = day.town.person(), other.town.person()
    day.reply(one, ann)
    other.reply(two, zoe)
    day.at(max(one.starts_at, two.starts_at) - 24 * HOUR)
    assert {(row.community_id, row.user) for row in day.posted()} == {
        (day.town.id, ann.slack_user_id), (other.town.id, zoe.slack_user_id),
    }  # fmt: skip


def test_the_number_of_people_told_is_logged_on_both_engines(day: Day, logs: list[dict[str, object]]) -> None:
    event = day.plan()
    day.reply(event, *day.town.people(3))
    day.at(event.starts_at - 24 * HOUR)
    assert [(line["kind"], line["recipients"]) for line in logs if line["event"] == "reminder.settled"] == [
        ("day_before", 3)
    ]


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
