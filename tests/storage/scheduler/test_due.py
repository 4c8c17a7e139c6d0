"""What the clock does by itself: to whom, once, in their language, and not when it is of no use any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from community import attendance, events, notices, outlook, people, reminder_rules, reminders
from community.notice_records import NoticeDay
from community.overtaken import OVERTAKEN
from community.records import (
    EventKind,
    EventState,
    Member,
    Reminder,
    ReminderKind,
    ReminderState,
    Reply,
    Role,
    Status,
)
from community.reminder_rules import Rules
from delivery import outbox
from delivery.records import Outbox, OutboxState, Payload
from storage import Database
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


def test_after_a_downtime_one_reminder_says_what_several_would_have_said(day: Day, database: Database) -> None:
    with database.begin() as session:
        kinds, mandatory = (K.day_before, K.hour_before), (K.day_before,)
        reminder_rules.choose(
            session, day.town.organizer, EventKind.action_learning, Rules(kinds, mandatory), day.clock.now()
        )
    event, demanding = day.plan(), day.plan(kind=EventKind.action_learning)
    ann, ben = day.town.people(2)
    day.reply(event, ann)
    day.reply(demanding, ben)
    with database.begin() as session:
        session.execute(update(Reminder).where(Reminder.kind == K.day_before).values(due_at=event.starts_at - 2 * HOUR))
    day.at(event.starts_at - HOUR)
    assert (day.told(K.day_before), day.told(K.hour_before)) == (
        [ben.slack_user_id],  # it is mandatory, and the one after it is not
        sorted([ann.slack_user_id, ben.slack_user_id]),
    )
    assert day.states(event)[K.day_before] is S.missed
    with database.read() as session:
        (missed,) = outlook.done(session, day.town.id, day.clock.now(), S.missed, 10)
        assert (missed.reminder.reason, missed.people) == (OVERTAKEN, 0)


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


def test_the_prompt_and_the_nudge_come_in_quiet_hours_and_over_the_most_of_a_day(day: Day, database: Database) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    noon = (now + timedelta(days=3)).replace(hour=17, minute=0)  # in Toronto: the day before is another day for sure
    event = day.plan(noon - now)
    ann, ben = day.town.people(2)
    day.reply(event, ann, ben)
    with database.begin() as session:
        notices.choose_limit(session, day.town.organizer, 1)
        notices.choose_quiet(session, session.get_one(Member, ben.id), "00:01", "23:59")
    day.at(event.starts_at - 24 * HOUR)
    day.at(event.starts_at - HOUR)
    assert day.told(K.day_before) == day.told(K.hour_before) == [ann.slack_user_id], "Ben is left alone"
    day.at(event.starts_at)
    day.at(event.starts_at + 10 * MINUTE)
    for kind in (K.attendance_prompt, K.attendance_nudge):
        assert sorted(day.told(kind)) == sorted([ann.slack_user_id, ben.slack_user_id])
    with database.read() as session:
        used = dict(session.execute(select(NoticeDay.member_id, func.sum(NoticeDay.used)).group_by("member_id")).all())
    assert used == {ann.id: 4, ben.id: 2}, "they never wait, but what comes after them has the less room"


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


def test_whoever_stays_away_is_named_to_those_who_run_it_once(day: Day) -> None:
    facilitator = day.town.person(role=Role.facilitator, locale="fr")
    (ann,) = day.town.people(1)
    planned = [day.plan(timedelta(days=2, hours=2 * number)) for number in range(4)]
    told = []
    for event in planned:
        day.reply(event, ann)
    for event in planned:
        day.at(event.ends_at)
        told.append([row for row in day.posted() if row.key.startswith("absence:")])
    assert [len(rows) for rows in told] == [0, 0, 1, 1], "at the third in a row, and not again at the fourth"
    assert told[-1][0].user == facilitator.slack_user_id
    assert f"{ann.name} a été absent" in texts(day.payload(told[-1][0]))
    assert f"absence:row:{ann.id}:{planned[0].id}:{facilitator.id}" == told[-1][0].key


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
        "event.calendar",
        "event.open",
    ]
    day.at(event.starts_at)
    assert card_buttons() == ["checkin.button", "checkin.enter", "event.calendar", "event.open"]
    day.at(event.ends_at)
    assert card_buttons() == ["event.open"]


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
