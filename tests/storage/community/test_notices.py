"""What people are told unasked: when and how often a day."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from community import notices, outlook, people, reminder_rules, reminders, rsvp
from community.errors import Invalid, NotAllowed
from community.notice_records import LetterState, NoticeDay, WaitingLetter
from community.notices import Letter, Sorted
from community.records import EventKind, Member, ReminderKind, Reply
from storage import Database
from tests.town import NOW, Town, fresh

HOUR = timedelta(hours=1)
K = ReminderKind
WEEK = timedelta(days=7)


def quiet(database: Database, member: Member, since: str = "22:00", until: str = "07:00") -> Member:
    with database.begin() as session:
        member = session.merge(member)
        notices.choose_quiet(session, member, since, until)
    return member


def sort_out(
    town: Town, database: Database, *members: Member, now: datetime = NOW, until: datetime = NOW + WEEK, key: str = "a"
) -> Sorted:
    letters = [notices.letter(f"{key}:{member.id}", member, 1) for member in members]
    with database.begin() as session:
        return notices.sort_out(session, town.id, letters, now, useful_until=until, subject="test:1")


def waiting(database: Database, town: Town) -> dict[int, datetime]:
    with database.read() as session:
        rows = session.scalars(
            select(WaitingLetter).where(
                WaitingLetter.community_id == town.id, WaitingLetter.state == LetterState.waiting
            )
        )
        return {row.member_id: row.due_at for row in rows}


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("21:59", None),
        ("22:00", "2026-11-03T07:00"),
        ("23:59", "2026-11-03T07:00"),
        ("00:00", "2026-11-02T07:00"),
        ("06:59", "2026-11-02T07:00"),
        ("07:00", None),
    ],
)
def test_quiet_hours_over_midnight_end_on_the_persons_own_clock(at: str, end: str | None) -> None:
    letter = Letter("k", 1, "U1", 1, "America/Toronto", "22:00", "07:00")
    moment = datetime.fromisoformat(f"2026-11-02T{at}:00-05:00")
    found = notices.quiet_end(letter, moment)
    assert found == (datetime.fromisoformat(f"{end}:00-05:00") if end else None)


def test_quiet_hours_within_a_day_and_across_a_change_of_clocks() -> None:
    noon = Letter("k", 1, "U1", 1, "UTC", "12:00", "13:00")
    assert notices.quiet_end(noon, NOW.replace(hour=12)) == NOW.replace(hour=13)
    assert notices.quiet_end(noon, NOW.replace(hour=13)) is None
    night = Letter("k", 1, "U1", 1, "America/Toronto", "22:00", "02:30")
    # In the night in which 2:30 does not exist they end an hour later on the clock.
    assert notices.quiet_end(night, datetime(2027, 3, 14, 4, 0, tzinfo=UTC)) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_quiet_hours_have_a_begin_and_an_end_that_differ(town: Town, database: Database) -> None:
    ann = town.person()
    for since, until, code in (
        ("22:00", None, "empty"),
        ("22:00", "22:00", "quiet_all_day"),
        ("25:00", "1:00", "time"),
    ):
        with pytest.raises(Invalid, match=code), database.begin() as session:
            notices.choose_quiet(session, session.merge(ann), since, until)
    assert quiet(database, ann).quiet_from == "22:00"
    with database.begin() as session:
        notices.choose_quiet(session, session.merge(ann), None, None)


def test_what_comes_in_quiet_hours_waits_for_their_end_where_it_is_of_use_then(town: Town, database: Database) -> None:
    ann, ben = quiet(database, town.person(), "09:00", "11:00"), town.person()  # it is ten in Toronto
    done = sort_out(town, database, ann, ben)
    assert ([letter.member_id for letter in done.now], done.waiting, done.held) == ([ben.id], 1, 0)
    assert waiting(database, town) == {ann.id: NOW + HOUR}
    assert sort_out(town, database, ann).waiting == 0, "it waits already"
    assert sort_out(town, database, ann, until=NOW + HOUR, key="b").held == 1
    with database.read() as session:
        assert notices.put_off(session, "test:1", "b:") == notices.PutOff(late=1), "held back at once, and counted"
    for moment, going in ((NOW + HOUR / 2, []), (NOW + HOUR, [f"a:{ann.id}"])):
        with database.begin() as session:
            waited = notices.due(session, moment, 100, town.id)
            assert [letter.key for letter, _user in notices.go_on(session, waited, moment)] == going
    assert waiting(database, town) == {}


def test_nobody_gets_more_a_day_than_organizers_chose_and_the_rest_waits_for_the_morning(
    town: Town, database: Database
) -> None:
    ann = town.person()
    with database.begin() as session:
        notices.choose_limit(session, town.organizer, 2)
        with pytest.raises(NotAllowed):
            notices.choose_limit(session, ann, 3)
        with pytest.raises(Invalid, match="a_day_range"):
            notices.choose_limit(session, town.organizer, 0)
    assert [len(sort_out(town, database, ann, key=key).now) for key in "abc"] == [1, 1, 0]
    morning = datetime(2026, 11, 3, 13, 0, tzinfo=UTC)  # eight in Toronto
    assert waiting(database, town) == {ann.id: morning}
    assert sort_out(town, database, ann, key="d", until=morning).held == 1
    assert len(sort_out(town, database, ann, key="e", now=morning).now) == 1, "another day"
    with database.begin() as session:
        (waited,) = notices.due(session, NOW + WEEK, 100, town.id)
        assert notices.go_on(session, [waited], waited.useful_until) == []
        assert waited.state is LetterState.late


def test_many_processes_at_once_never_exceed_the_limit_of_a_day(town: Town, database: Database) -> None:
    crowd = town.people(3)
    with database.begin() as session:
        notices.choose_limit(session, town.organizer, 3)
    ready = threading.Barrier(8)
    went: list[int] = []

    def send(number: int) -> None:
        ready.wait()
        order = crowd if number % 2 else list(reversed(crowd))
        went.extend(letter.member_id for letter in sort_out(town, database, *order, key=str(number)).now)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(went) == sorted(member.id for member in crowd for _ in range(3))
    with database.read() as session:
        used = session.scalars(select(NoticeDay.used).where(NoticeDay.member_id.in_([m.id for m in crowd]))).all()
    assert list(used) == [3, 3, 3]


def test_what_waits_about_an_event_is_not_sent_to_whoever_declines_or_after_a_move(
    town: Town, database: Database
) -> None:
    event = town.event()
    ann, ben = (quiet(database, town.person(), "09:00", "11:00") for _ in range(2))
    with database.begin() as session:
        for member in (ann, ben):
            letter = notices.letter(f"e:{member.id}", member, 1)
            until = event.starts_at
            notices.sort_out(session, town.id, [letter], NOW, useful_until=until, subject="e", event_id=event.id)
        rsvp.respond(session, ann, event.id, Reply.not_going, NOW)
    assert set(waiting(database, town)) == {ben.id}
    with database.begin() as session:
        reminders.cancel(session, fresh(session, event), NOW)
    assert waiting(database, town) == {}


def test_the_outlook_and_the_preview_say_who_gets_what_and_when(town: Town, database: Database) -> None:
    event = town.event(NOW + timedelta(days=2, hours=1))  # eleven in Toronto
    going, maybe, declined, early = (town.person(name) for name in ("Going", "Maybe", "Declined", "Early"))
    early = quiet(database, early, "09:30", "10:30")
    with database.begin() as session:
        for member, reply in ((going, Reply.going), (maybe, Reply.maybe), (declined, Reply.not_going)):
            rsvp.respond(session, member, event.id, reply, NOW)
        rsvp.respond(session, early, event.id, Reply.going, NOW)
        people.choose_notifications(session, session.merge(maybe), reminders=False, announcements=False)
    with database.read() as session:
        ahead = outlook.ahead(session, town.id, NOW, 10)
        assert [(p.reminder.kind, p.people) for p in ahead] == [
            (K.day_before, 2),
            (K.hour_before, 2),
            (K.attendance_prompt, 2),
            (K.attendance_nudge, 2),
        ]
        hour = next(p.reminder for p in ahead if p.reminder.kind is K.hour_before)
        found = {person.member.name: person.at for person in outlook.people(session, hour, event)}
        assert found == {"Early": hour.due_at + HOUR / 2, "Going": hour.due_at}
        rules = reminder_rules.checked(
            ["day_before", "ten_minutes_before", "day_after"], ["day_before"], [("before", 95)]
        )
        seen = outlook.forecast(session, town.id, EventKind.learning_event, rules, NOW)
        assert seen is not None
        assert [(slot, [p.member.name for p in those]) for slot, _, those in seen.lines] == [
            ((K.day_before, 0), ["Early", "Going"]),
            ((K.before, 95), ["Early", "Going"]),
            ((K.ten_minutes_before, 0), ["Early", "Going"]),
            ((K.day_after, 0), ["Early", "Going"]),
        ]
        assert outlook.forecast(session, town.id, EventKind.course_session, rules, NOW) is None
