"""Excusing oneself ahead: the seat goes to others, the reason stays with those who run the event."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community import attendance, events, excuses, rsvp
from community.errors import Invalid, NotFound
from community.records import AttendanceChange, Event, Evidence, Member, Reply, Status
from storage import Database
from tests.town import NOW, Town

MINUTE = timedelta(minutes=1)


def going(database: Database, event: Event, *members: Member) -> None:
    with database.begin() as session:
        for member in members:
            rsvp.respond(session, member, event.id, Reply.going, NOW)


def test_an_excuse_frees_the_seat_and_counts_as_excused(town: Town, database: Database) -> None:
    event, ann, ben = town.event(capacity=1), town.person("Ann"), town.person("Ben")
    going(database, event, ann, ben)
    with database.begin() as session:
        done = excuses.give(session, ann, event.id, " My child is ill ", NOW)
        assert [m.id for m in done.offered] == [ben.id]
    going(database, event, ben)
    with database.begin() as session:
        assert [m.id for m in attendance.expected(session, event)] == [ann.id, ben.id]
        roster = attendance.close(session, event, event.ends_at)
        assert excuses.reasons(session, event.id) == {ann.id: "My child is ill"}
    assert [(line.member.name, line.status, line.evidence) for line in roster.lines] == [
        ("Ann", Status.excused, Evidence.excuse),
        ("Ben", Status.absent, Evidence.closing),
    ]


def test_coming_after_all_is_better_evidence(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    going(database, event, ann)
    with database.begin() as session:
        excuses.give(session, ann, event.id, "", NOW)
        came = attendance.check_in(session, ann, event.id, event.starts_at)
        assert (came.status, came.first) == (Status.present, True)
        assert [m.id for m in attendance.expected(session, event)] == [ann.id]


def test_going_again_takes_the_excuse_back_and_the_audit_keeps_it(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    going(database, event, ann)
    with database.begin() as session:
        excuses.give(session, ann, event.id, "a", NOW)
        excuses.give(session, ann, event.id, "b", NOW)
        rsvp.respond(session, ann, event.id, Reply.going, NOW)
        assert attendance.mine(session, event.id, ann.id) is None
        rsvp.respond(session, ann, event.id, Reply.not_going, NOW)
        assert attendance.expected(session, event) == []
        attendance.check_in(session, ann, event.id, event.starts_at)
        assert attendance.expected(session, event) == [], "who declined and came all the same was not expected"
        rows = session.scalars(
            select(AttendanceChange).where(AttendanceChange.event_id == event.id).order_by(AttendanceChange.id)
        )
        assert [(r.before, r.after, r.reason, r.changed_by_id) for r in rows] == [
            (None, Status.excused, "a", ann.id),
            (Status.excused, Status.excused, "b", ann.id),
            (Status.excused, None, None, ann.id),
            (None, Status.present, None, ann.id),
        ]


def test_who_excused_themselves_may_come_then_comes(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    going(database, event, ann)
    with database.begin() as session:
        excuses.give(session, ann, event.id, "", NOW)
        rsvp.respond(session, ann, event.id, Reply.maybe, NOW)
        assert attendance.mine(session, event.id, ann.id) is not None
        rsvp.respond(session, ann, event.id, Reply.going, NOW)
        assert attendance.mine(session, event.id, ann.id) is None


def test_who_cannot_be_excused_hears_why(town: Town, database: Database) -> None:
    event, ann, ben = town.event(), town.person(), town.person()
    cancelled = town.event()
    going(database, event, ann)
    with database.begin() as session:
        events.cancel(session, town.organizer, cancelled.id, cancelled.version, NOW)
    cases = [
        (ann, event.id, "", event.starts_at, "excuse_late"),
        (ben, event.id, "", NOW, "excuse_not_expected"),
        (ann, event.id, "x" * 1001, NOW, "too_long"),
        (ann, cancelled.id, "", NOW, "event_cancelled"),
    ]
    for member, event_id, reason, moment, code in cases:
        with database.begin() as session, pytest.raises(Invalid, match=f"^{code}$"):
            excuses.give(session, member, event_id, reason, moment)
    with database.begin() as session:
        attendance.check_in(session, ann, event.id, event.starts_at - MINUTE)
        with pytest.raises(Invalid, match="excuse_settled"):
            excuses.give(session, ann, event.id, "", event.starts_at - MINUTE)
    stranger = Town(database).person()
    with database.begin() as session, pytest.raises(NotFound):
        excuses.give(session, stranger, event.id, "", NOW)
