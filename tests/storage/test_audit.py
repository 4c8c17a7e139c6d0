"""Who corrected attendance last is known for each person, and every change there ever was."""

from __future__ import annotations

from dataclasses import astuple
from datetime import timedelta

import pytest

from community import attendance, audit, codes, excuses, meetings, rsvp
from community.errors import NotAllowed, NotFound
from community.meeting_files import Attendee
from community.records import Reply, Role, Status
from storage import Database
from tests.town import NOW, Town

MINUTE = timedelta(minutes=1)


def test_the_latest_correction_of_each_person_is_told_and_check_ins_are_none(database: Database) -> None:
    town = Town(database)
    facilitator = town.person("Fay Facilitator", role=Role.facilitator)
    ben, amelie = town.people(2)
    event = town.event()
    start = event.starts_at
    with database.begin() as session:
        attendance.check_in(session, ben, event.id, start)
        attendance.check_in(session, amelie, event.id, start)
        attendance.correct(session, town.organizer, event.id, ben.id, Status.absent, start + MINUTE)
        attendance.correct(session, facilitator, event.id, ben.id, Status.late, start + 2 * MINUTE, "The bus")
    with database.read() as session:
        corrections = audit.corrections(session, event.id)
    assert corrections == {ben.id: audit.Correction("Fay Facilitator", start + 2 * MINUTE, Status.absent, "The bus")}


def test_every_way_to_a_record_is_in_the_history_with_who_when_and_why(database: Database) -> None:
    town = Town(database)
    names = ("Ann", "Ben", "Cleo", "Dan", "Eve")
    ann, ben, cleo, dan, eve = (town.person(name) for name in names)
    event, other = town.event(), Town(database)
    start, end = event.starts_at, event.ends_at
    with database.begin() as session:
        for member in (ann, ben, cleo, dan, eve):
            rsvp.respond(session, member, event.id, Reply.going, NOW)
        excuses.give(session, ann, event.id, "On leave", NOW)
        attendance.check_in(session, ben, event.id, start)
        attendance.check_in_with_code(session, ben, codes.shown(event, start).digits, start)
        attendance.check_in_with_code(session, cleo, codes.shown(event, start).digits, start)
        listed = [Attendee("Cleo", cleo.email, 30), Attendee("Dan", dan.email, 55)]
        meetings.take(session, town.organizer, event.id, listed, end)
        meetings.take(session, None, event.id, listed, end)
        attendance.close(session, event, end)
        attendance.correct(session, town.organizer, event.id, eve.id, Status.excused, end, "Training")
    olivia = town.organizer.name
    expected = [
        ("Ann", None, "excused", "excuse", "Ann", NOW, "On leave"),
        ("Ben", None, "present", "button", "Ben", start, None),
        ("Ben", "present", "present", "code", "Ben", start, None),
        ("Cleo", None, "present", "code", "Cleo", start, None),
        ("Cleo", "present", "present", "minutes", olivia, end, "30 min"),
        ("Dan", None, "present", "minutes", olivia, end, "55 min"),
        ("Eve", None, "absent", "closing", None, end, None),
        ("Eve", "absent", "excused", "organizer", olivia, end, "Training"),
    ]
    with database.read() as session:
        _, steps, count = audit.history(session, town.organizer, event.id, 0, 50)
        assert [astuple(step) for step in reversed(steps)] == expected
        _, page, _ = audit.history(session, town.organizer, event.id, 6, 6)
        assert (page, count) == (steps[6:], 8)
        with pytest.raises(NotAllowed):
            audit.history(session, ann, event.id, 0, 50)
        with pytest.raises(NotFound):
            audit.history(session, other.organizer, event.id, 0, 50)
