"""The waitlist at the door: nobody attends without a seat."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete

from community import attendance, codes, invitations, materials, rsvp
from community.attendance import CheckIn
from community.errors import Invalid, NotAllowed
from community.group_records import EventInvitation, InvitedBy
from community.records import Event, Member, Reply, Role, Rsvp, Status
from reports import presence
from reports.selection import Selection
from storage import Database
from tests.town import NOW, Town


def going(database: Database, event: Event, *members: Member) -> None:
    with database.begin() as session:
        for member in members:
            rsvp.respond(session, member, event.id, Reply.going, NOW)


@pytest.mark.parametrize("by", ["button", "code"])
def test_whoever_waits_gets_in_only_with_a_seat(town: Town, database: Database, by: str) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = (town.person(name) for name in ("Ann", "Ben", "Cleo"))
    going(database, event, ann, ben, cleo)
    at = event.starts_at

    def arrive(who: Member) -> CheckIn:
        with database.begin() as session:
            if by == "button":
                return attendance.check_in(session, who, event.id, at)
            return attendance.check_in_with_code(session, who, codes.shown(event, at).digits, at)

    with pytest.raises(Invalid, match="check_in_full"):
        arrive(ben)
    with database.begin() as session:
        assert attendance.mine(session, event.id, ben.id) is None
        assert [m.id for m in rsvp.waitlisted(session, event)] == [ben.id, cleo.id]
        session.execute(delete(Rsvp).where(Rsvp.member_id == ann.id))  # her seat is free: who comes first takes it
    first, again = arrive(cleo), arrive(cleo)
    assert (first.status, first.seated) == (Status.present, True)
    assert (again.status, again.seated) == (Status.present, False)
    with pytest.raises(Invalid, match="check_in_full"):
        arrive(ben)
    with database.begin() as session:
        assert rsvp.standing(session, event).going == 1
        assert [m.id for m in attendance.expected(session, event)] == [cleo.id]


def test_whoever_was_not_invited_is_let_in_by_who_runs_the_event_and_never_lets_themselves_in(
    town: Town, database: Database
) -> None:
    event, ann, ben = town.event(), town.person("Ann"), town.person("Ben")
    fred = town.person("Fred", role=Role.facilitator)
    at = event.starts_at
    with database.begin() as session:
        invitations.keep_out_others(session, invitations.open_for(session, town.organizer, event.id, NOW), True)
        invitations.add(session, event, [ann], InvitedBy.list, NOW)
    with database.begin() as session:
        code = codes.shown(event, at).digits
        for _ in range(codes.TRIES + 1):  # a right code is no wrong guess
            with pytest.raises(NotAllowed, match="check_in_invited"):
                attendance.check_in_with_code(session, ben, code, at)
        with pytest.raises(NotAllowed, match="check_in_invited"):
            attendance.check_in(session, ben, event.id, at)
        with pytest.raises(NotAllowed, match="material_invited"):
            materials.seen_by(session, ben, event.id)
        assert attendance.mine(session, event.id, ben.id) is None
        assert attendance.check_in(session, ann, event.id, at).first
        assert attendance.check_in(session, fred, event.id, at).first, "who runs it is there"
        attendance.correct(session, fred, event.id, ben.id, Status.present, at)
        assert attendance.check_in_with_code(session, ben, code, at).first, "let in, and now at this time"


def test_whoever_runs_the_event_lets_somebody_in_who_waits(town: Town, database: Database) -> None:
    event, ann, ben = town.event(capacity=1), town.person("Ann"), town.person("Ben")
    facilitator = town.person(role=Role.facilitator)
    going(database, event, ann, ben)
    with database.begin() as session:
        attendance.correct(session, facilitator, event.id, ben.id, Status.absent, event.starts_at)
        assert rsvp.mine(session, event.id, ben.id) is Reply.waitlisted
        attendance.correct(session, facilitator, event.id, ben.id, Status.late, event.starts_at)
        assert rsvp.mine(session, event.id, ben.id) is Reply.going
        assert [m.id for m in attendance.expected(session, event)] == [ann.id, ben.id]


def test_whoever_is_let_in_after_the_start_was_not_expected_then(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = (town.person(name) for name in ("Ann", "Ben", "Cleo"))
    going(database, event, ann, ben, cleo)
    with database.begin() as session:
        session.add(EventInvitation(event_id=event.id, member_id=cleo.id, enrolled=True, source="list", invited_at=NOW))
        for who, minute in ((ben, -1), (cleo, 1)):
            moment = event.starts_at + timedelta(minutes=minute)
            attendance.correct(session, town.organizer, event.id, who.id, Status.present, moment)
        roster = attendance.close(session, event, event.ends_at)
    assert [(line.member.name, line.status, line.expected) for line in roster.lines] == [
        ("Ann", Status.absent, True),
        ("Ben", Status.present, True),
        ("Cleo", Status.present, False),
    ]
    with database.read() as session:
        counted = presence.figures(session, Selection(town.id))[None]
        assert (counted.expected, counted.came, counted.absent, counted.unexpected) == (2, 1, 1, 1)


def test_two_who_wait_do_not_both_take_the_last_seat(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = (town.person(name) for name in ("Ann", "Ben", "Cleo"))
    going(database, event, ann, ben, cleo)
    with database.begin() as session:
        session.execute(delete(Rsvp).where(Rsvp.member_id == ann.id))
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def arrive(who: Member) -> None:
        ready.wait()
        try:
            with database.begin() as session:
                outcomes.append(attendance.check_in(session, who, event.id, event.starts_at).status.value)
        except Invalid as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=arrive, args=(who,)) for who in (ben, cleo)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["check_in_full", "present"]
