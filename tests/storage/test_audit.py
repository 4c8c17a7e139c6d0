"""Who corrected attendance last is known for each person."""

from __future__ import annotations

from datetime import timedelta

from community import attendance, audit
from community.records import Role, Status
from storage import Database
from tests.town import Town

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
        attendance.correct(session, facilitator, event.id, ben.id, Status.late, start + 2 * MINUTE)
    with database.read() as session:
        corrections = audit.corrections(session, event.id)
    assert corrections == {ben.id: audit.Correction("Fay Facilitator", start + 2 * MINUTE, Status.absent)}
