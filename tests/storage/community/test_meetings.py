"""Attendance from a meeting's list: sure names, names to be asked about, and nobody's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community import attendance, meetings, rsvp
from community.errors import Invalid, NotAllowed, NotFound
from community.meeting_files import Attendee
from community.records import Event, Evidence, Member, Reply, Role, Status
from storage import Database
from tests.town import NOW, Town

MINUTE = timedelta(minutes=1)


def known(database: Database, event: Event, member: Member) -> tuple[Status, Evidence, int | None] | None:
    with database.read() as session:
        found = attendance.mine(session, event.id, member.id)
        return (found.status, found.evidence, found.minutes) if found else None


def test_sure_names_are_recorded_and_the_others_asked(town: Town, database: Database) -> None:
    event = town.event()
    names = ("Amélie Côté", "Ben Nakamura", "Jean Tremblay", "Jeanne Tremblay", "Zoë O’Neil", "Sam Reid")
    amelie, ben, jean, jeanne, zoe, sam = (town.person(name) for name in names)
    like = town.person("Katherine Osborne")
    with database.begin() as session:
        for member in (amelie, ben, jean, sam):
            rsvp.respond(session, member, event.id, Reply.going, NOW)
        attendance.check_in(session, sam, event.id, event.starts_at)
    listed = [
        Attendee("AMELIE COTE (Guest)", None, 30),
        Attendee("Amélie Côté", None, 20),
        Attendee("Nakamura, Ben / IM Services", None, 29),
        Attendee("iPhone de Jean", None, 60),
        Attendee("J. Tremblay", None, 60),
        Attendee("Jean Tremblay", None, 60),  # Jeanne's is too like it
        Attendee("Catherine Osborne", None, 60),
        Attendee("somebody", zoe.email, 60),
        Attendee("Sam Reid", None, 60),
        Attendee("xqzw", None, 60),
    ]
    with database.begin() as session:
        done = meetings.take(session, town.organizer, event.id, listed, event.ends_at)
        meetings.take(session, town.organizer, event.id, listed, event.ends_at)
        waiting = meetings.questions(session, event.id)
    assert {m.name for m in done.recorded} == {"Amélie Côté", "Zoë O’Neil", "Sam Reid"}
    assert [m.name for m in done.brief] == ["Ben Nakamura"], "half of an hour is not reached"
    assert known(database, event, amelie) == (Status.present, Evidence.minutes, 50)
    assert known(database, event, sam) == (Status.present, Evidence.button, 60), "better evidence stays"
    assert known(database, event, jean) is None
    assert "xqzw" in done.unknown
    asked = {item.name: {m.id for m in item.candidates} for item in done.unsure}
    assert {jean.id, jeanne.id} <= asked["J. Tremblay"]
    assert {jean.id, jeanne.id} <= asked["Jean Tremblay"]
    assert like.id in asked["Catherine Osborne"]
    assert [q.name for q in waiting] == list(asked), "the same list again asks nothing again"

    number = next(q.id for q in waiting if q.name == "J. Tremblay")
    with database.begin() as session:
        with pytest.raises(NotFound, match="member_unknown"):
            meetings.answer(session, town.organizer, event.id, {number: ben.id}, event.ends_at)
        answered = meetings.answer(
            session,
            town.organizer,
            event.id,
            {q.id: jeanne.id if q.id == number else None for q in waiting},
            event.ends_at,
        )
        assert meetings.questions(session, event.id) == []
    assert [m.id for m in answered.recorded] == [jeanne.id]


def test_who_waited_and_was_there_has_a_seat_and_who_was_not_waits_on(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    going, there, ruled, away = (town.person(name) for name in ("Ann Going", "Bea There", "Cleo Ruled", "Dan Away"))
    with database.begin() as session:
        for member in (going, there, ruled, away):
            rsvp.respond(session, member, event.id, Reply.going, NOW)
        attendance.correct(session, town.organizer, event.id, ruled.id, Status.absent, event.ends_at)
        listed = [Attendee("Bea There", None, 60), Attendee("Cleo Ruled", None, 60), Attendee("Dan Away", None, 5)]
        meetings.take(session, town.organizer, event.id, listed, event.ends_at)
    with database.read() as session:
        assert rsvp.mine(session, event.id, there.id) is Reply.going
        assert rsvp.mine(session, event.id, ruled.id) is Reply.waitlisted, "what an organizer said stands"
        assert rsvp.mine(session, event.id, away.id) is Reply.waitlisted


def test_a_list_after_the_end_makes_the_absent_present_and_leaves_corrections(town: Town, database: Database) -> None:
    event, ann, ben = town.event(), town.person("Ann Martin"), town.person("Ben Nakamura")
    with database.begin() as session:
        for member in (ann, ben):
            rsvp.respond(session, member, event.id, Reply.going, NOW)
        attendance.close(session, event, event.ends_at)
        attendance.correct(session, town.organizer, event.id, ben.id, Status.excused, event.ends_at)
        meetings.take(session, None, event.id, [Attendee(m.name, None, 60) for m in (ann, ben)], event.ends_at)
    assert known(database, event, ann) == (Status.present, Evidence.minutes, 60)
    assert known(database, event, ben) == (Status.excused, Evidence.organizer, 60)


def test_who_may_and_when(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    facilitator, stranger = town.person(role=Role.facilitator), Town(database).organizer
    cases: list[tuple[Member, timedelta, type[Exception], str]] = [
        (ann, timedelta(0), NotAllowed, "needs_facilitator"),
        (stranger, timedelta(0), NotFound, "event_unknown"),
        (facilitator, -16 * MINUTE, Invalid, "roster_early"),
    ]
    for who, after, kind, code in cases:
        with database.begin() as session, pytest.raises(kind, match=code):
            meetings.take(session, who, event.id, [Attendee("Ann", None, 60)], event.starts_at + after)


def test_two_accounts_of_one_name_are_not_taken_for_one_person(town: Town, database: Database) -> None:
    event, ben = town.event(), town.person("Ben Nakamura")
    listed = [Attendee("Ben Nakamura", f"{name}@example.com", 40) for name in ("ben", "benjamin")]
    with database.begin() as session:
        sure, unsure, _ = meetings.match(session, event, listed)
        assert (sure, [(one.minutes, one.candidates[0].id) for one in unsure]) == ([], [(40, ben.id), (40, ben.id)])
        sure, unsure, _ = meetings.match(session, event, [listed[0], Attendee("ben nakamura (phone)", None, 15)])
        assert ([(member.id, spent) for member, spent in sure], unsure) == ([(ben.id, 55)], [])
        sure, unsure, _ = meetings.match(session, event, [Attendee("B. N.", ben.email, 30), listed[1]])
        assert ([member.id for member, _ in sure], len(unsure)) == ([ben.id], 1)
