"""Check-in by button and code, corrections, and the settling at the end."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from community import attendance, codes, events, people, rsvp
from community.attendance import CheckIn
from community.errors import Invalid, NotAllowed, NotFound
from community.group_records import EventInvitation, InvitedBy
from community.people import Profile
from community.records import Attendance, AttendanceChange, Event, EventState, Evidence, Member, Reply, Role, Status
from storage import Database
from tests.town import NOW, Town, fresh

MINUTE = timedelta(minutes=1)


def press(database: Database, member: Member, event: Event, now: datetime) -> CheckIn:
    with database.begin() as session:
        return attendance.check_in(session, member, event.id, now)


def going(database: Database, event: Event, *members: Member) -> None:
    with database.begin() as session:
        for member in members:
            rsvp.respond(session, member, event.id, Reply.going, NOW)


def record(database: Database, event: Event, member: Member) -> Attendance:
    with database.read() as session:
        found = attendance.mine(session, event.id, member.id)
        assert found is not None
        return found


def audit(
    database: Database, event: Event, member: Member
) -> list[tuple[Status | None, Status | None, Evidence, int | None]]:
    with database.read() as session:
        rows = session.scalars(
            select(AttendanceChange)
            .where(AttendanceChange.event_id == event.id, AttendanceChange.member_id == member.id)
            .order_by(AttendanceChange.id)
        )
        return [(r.before, r.after, r.evidence, r.changed_by_id) for r in rows]


def test_window_opens_before_the_start_and_closes_at_the_end(town: Town, database: Database) -> None:
    event, ann, ben = town.event(), town.person(), town.person()
    assert attendance.opens_at(event) == event.starts_at - 15 * MINUTE
    for moment, code in (
        (attendance.opens_at(event) - MINUTE / 60, "check_in_early"),
        (event.ends_at, "check_in_over"),
    ):
        with pytest.raises(Invalid, match=code) as caught:
            press(database, ann, event, moment)
        assert caught.value.params["event"].id == event.id  # type: ignore[attr-defined]  # an event
    assert press(database, ann, event, attendance.opens_at(event)).status is Status.present
    assert press(database, ben, event, event.ends_at - MINUTE / 60).status is Status.late


def test_late_is_after_the_set_minutes(town: Town, database: Database) -> None:
    event, ann, ben = town.event(), town.person(), town.person()
    assert press(database, ann, event, event.starts_at + 10 * MINUTE).status is Status.present
    assert press(database, ben, event, event.starts_at + 10 * MINUTE + MINUTE / 60).status is Status.late


def test_second_check_in_keeps_first_time(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    first = press(database, ann, event, event.starts_at)
    again = press(database, ann, event, event.starts_at + 30 * MINUTE)
    assert (first.first, first.at) == (True, event.starts_at)
    assert (again.first, again.at, again.status) == (False, event.starts_at, Status.present)
    assert audit(database, event, ann) == [(None, Status.present, Evidence.button, ann.id)]


def test_fifty_simultaneous_check_ins_of_one_person_make_one_record(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    ready, seen, failures = threading.Barrier(50), [], []

    def check_in(number: int) -> None:
        ready.wait()
        try:
            seen.append(press(database, ann, event, event.starts_at + number * MINUTE / 60))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=check_in, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [c.first for c in seen].count(True) == 1
    (winner,) = [c for c in seen if c.first]
    assert {c.at for c in seen} == {winner.at} == {record(database, event, ann).checked_in_at}
    assert len(audit(database, event, ann)) == 1


def test_who_did_not_reply_may_check_in_and_counts_as_present(town: Town, database: Database) -> None:
    event, ann, ben = town.event(), town.person("Ann"), town.person("Ben")
    going(database, event, ben)
    press(database, ann, event, event.starts_at)
    with database.begin() as session:
        assert [m.id for m in attendance.expected(session, event)] == [ben.id]
        roster = attendance.roster(session, town.organizer, event.id)
    assert [(line.member.name, line.reply, line.status) for line in roster.lines] == [
        ("Ann", None, Status.present),
        ("Ben", Reply.going, None),
    ]


def test_waitlisted_people_are_not_expected(town: Town, database: Database) -> None:
    event, ann, ben = town.event(capacity=1), town.person("Ann"), town.person("Ben")
    going(database, event, ann, ben)
    with database.begin() as session:
        roster = attendance.close(session, event, event.ends_at)
    assert [(line.member.name, line.status) for line in roster.lines] == [("Ann", Status.absent)]


def test_cancelled_event_and_strangers_are_refused(town: Town, database: Database) -> None:
    event, other = town.event(), Town(database)
    with pytest.raises(NotFound, match="event_unknown"):
        press(database, other.person(), event, event.starts_at)
    with pytest.raises(NotAllowed, match="member_inactive"):
        press(database, town.person(is_bot=True), event, event.starts_at)
    with database.begin() as session:
        events.cancel(session, town.organizer, event.id, event.version, NOW)
        for attempt in (
            lambda s: attendance.check_in(s, town.organizer, event.id, event.starts_at),
            lambda s: attendance.close(s, event, event.ends_at),
            lambda s: attendance.correct(
                s, town.organizer, event.id, town.organizer.id, Status.present, event.starts_at
            ),
        ):
            with pytest.raises(Invalid, match="event_cancelled"):
                attempt(session)


def test_organizer_or_facilitator_corrects_and_nothing_later_overrules_it(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    facilitator, stranger = town.person(role=Role.facilitator), Town(database).organizer
    press(database, ann, event, event.starts_at)
    with database.begin() as session:
        with pytest.raises(NotFound, match="member_unknown"):
            attendance.correct(session, facilitator, event.id, stranger.id, Status.present, event.starts_at)
        attendance.correct(session, facilitator, event.id, ann.id, Status.excused, event.starts_at + MINUTE)
        at = event.starts_at + 2 * MINUTE
        again = attendance.check_in_with_code(session, ann, codes.shown(event, at).digits, at)
        assert (again.status, again.at, again.first) == (Status.excused, event.starts_at, False)
        attendance.correct(session, town.organizer, event.id, ann.id, Status.absent, event.ends_at + 300 * MINUTE)
    assert audit(database, event, ann) == [
        (None, Status.present, Evidence.button, ann.id),
        (Status.present, Status.excused, Evidence.organizer, facilitator.id),
        (Status.excused, Status.absent, Evidence.organizer, town.organizer.id),
    ]


def test_person_excused_ahead_who_comes_after_all_has_their_time_recorded(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    with database.begin() as session:
        attendance.correct(session, town.organizer, event.id, ann.id, Status.excused, NOW)
        with pytest.raises(Invalid, match="roster_early"):
            attendance.correct(session, town.organizer, event.id, ann.id, Status.present, NOW)
    came = press(database, ann, event, event.starts_at)
    assert (came.status, came.first, came.at) == (Status.excused, True, event.starts_at)


def test_roster_is_for_organizers_and_facilitators(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    with database.begin() as session:
        with pytest.raises(NotAllowed, match="needs_facilitator"):
            attendance.roster(session, ann, event.id)
        with pytest.raises(NotAllowed, match="needs_facilitator"):
            attendance.correct(session, ann, event.id, ann.id, Status.present, event.starts_at)
        with pytest.raises(NotFound, match="event_unknown"):
            attendance.roster(session, town.organizer, 2**62)
        with pytest.raises(NotFound, match="member_unknown"):
            attendance.correct(session, town.organizer, event.id, 2**62, Status.present, event.starts_at)


def test_closing_makes_those_who_did_not_come_absent_once(town: Town, database: Database) -> None:
    event, ann, ben, cleo = town.event(), *(town.person(name) for name in ("Ann", "Ben", "Cleo"))
    going(database, event, ann, ben, cleo)
    press(database, ann, event, event.starts_at)
    with database.begin() as session:
        attendance.correct(session, town.organizer, event.id, cleo.id, Status.excused, NOW)
        with pytest.raises(Invalid, match="event_running"):
            attendance.close(session, event, event.ends_at - MINUTE)
    for _twice in range(2):
        with database.begin() as session:
            roster = attendance.close(session, event, event.ends_at)
        assert [(line.member.name, line.status, line.evidence) for line in roster.lines] == [
            ("Ann", Status.present, Evidence.button),
            ("Ben", Status.absent, Evidence.closing),
            ("Cleo", Status.excused, Evidence.organizer),
        ]
    assert roster.count(Status.absent) == 1
    assert audit(database, event, ben) == [(None, Status.absent, Evidence.closing, None)]
    with database.read() as session:
        assert fresh(session, event).state is EventState.closed


def test_check_in_made_in_time_counts_though_the_closing_committed_first(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    going(database, event, ann)
    with database.begin() as session:
        attendance.close(session, event, event.ends_at)
    came = press(database, ann, event, event.ends_at - MINUTE)
    assert (came.status, came.first) == (Status.late, True)
    assert audit(database, event, ann)[-1] == (Status.absent, Status.late, Evidence.button, ann.id)


def test_simultaneous_closings_record_each_absence_once(town: Town, database: Database) -> None:
    event = town.event()
    crowd = town.people(5)
    going(database, event, *crowd)
    ready = threading.Barrier(4)

    def close() -> None:
        ready.wait()
        with database.begin() as session:
            attendance.close(session, event, event.ends_at)

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(audit(database, event, member)) == 1 for member in crowd)


def test_who_left_slack_before_the_event_is_not_expected(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    going(database, event, ann)
    with database.begin() as session:
        gone = people.ensure_member(
            session, town.community, ann.slack_user_id, NOW, Profile(ann.slack_user_id, ann.name, deleted=True)
        )
        rsvp.give_up(session, gone, NOW)
        assert attendance.expected(session, event) == []


def test_enrolled_people_are_expected_whatever_they_reply_but_never_while_they_wait(
    town: Town, database: Database
) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo, dan, eve = (town.person(name) for name in ("Ann", "Ben", "Cleo", "Dan", "Eve"))
    with database.begin() as session:
        for member, enrolled in ((ben, True), (cleo, True), (dan, True), (eve, False)):
            session.add(
                EventInvitation(
                    event_id=event.id, member_id=member.id, source=InvitedBy.cohort, enrolled=enrolled, invited_at=NOW
                )
            )
        rsvp.respond(session, cleo, event.id, Reply.not_going, NOW)
    going(database, event, ann, dan)
    with database.read() as session:
        assert [m.name for m in attendance.expected(session, event)] == ["Ann", "Ben", "Cleo"]
    with database.begin() as session:
        lines = attendance.close(session, event, event.ends_at).lines
    assert [(line.member.name, line.status) for line in lines] == [(n, Status.absent) for n in ("Ann", "Ben", "Cleo")]
