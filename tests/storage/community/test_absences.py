"""Whoever stays away is noticed early, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community import absences, attendance, rsvp, series
from community.absences import Worry
from community.errors import Invalid, NotAllowed
from community.records import Event, Member, Reply, Status
from community.series import Repetition
from storage import Database
from tests.town import NOW, Town, draft

DAY = timedelta(days=1)


def settle(database: Database, town: Town, event: Event, records: dict[Member, Status]) -> list[absences.Concern]:
    """The event as it was: everybody going, then recorded so; returns who is worth a word."""
    with database.begin() as session:
        for member, status in records.items():
            if event.starts_at > NOW:
                rsvp.respond(session, member, event.id, Reply.going, NOW)
            if status is not Status.absent:
                attendance.correct(session, town.organizer, event.id, member.id, status, event.ends_at)
        closed = attendance.close(session, event, event.ends_at)
        return absences.concerns(session, closed.event)


def test_three_absences_in_a_row_are_told_at_the_third_and_not_again(town: Town, database: Database) -> None:
    ann, ben = town.person("Ann"), town.person("Ben")
    course = ["absent", "absent", "excused", "absent", "absent", "present", "absent", "absent", "absent"]
    told = []
    for number, status in enumerate(course):
        event = town.event(NOW + (number + 1) * DAY)
        found = settle(database, town, event, {ann: Status(status), ben: Status.present})
        told.append([(c.member.name, c.worry) for c in found])
    row = [("Ann", Worry.row)]
    assert told == [[], [], [], row, [], [], [], [], row], "who is excused is neither here nor there"


def test_a_certificate_out_of_reach_is_told_at_the_absence_that_makes_it_so(town: Town, database: Database) -> None:
    ann = town.person("Ann")
    first = draft(NOW + 2 * DAY)
    with database.begin() as session:
        draft_of = series.draft(session, town.organizer, first, Repetition("FREQ=WEEKLY;COUNT=10"), NOW)
        _, planned = series.confirm(session, town.organizer, draft_of.id, NOW)
    told = []
    for event, status in zip(planned, ("present", "absent", "absent", "absent"), strict=False):
        found = settle(database, town, event, {ann: Status(status)})
        told += [(c.worry, c.reachable, c.need) for c in found if c.worry is Worry.rate]
    assert len(planned) >= 4
    assert told == [(Worry.rate, 70, 80)], "with two of ten missed 80 % can be reached, with three no longer"


def test_the_need_is_set_by_organizers(town: Town, database: Database) -> None:
    ann = town.person()
    with database.begin() as session:
        assert absences.need(session, town.id) == 80
        absences.choose_need(session, town.organizer, 60)
        assert absences.need(session, town.id) == 60
        with pytest.raises(NotAllowed):
            absences.choose_need(session, ann, 0)
        with pytest.raises(Invalid, match="percent_range"):
            absences.choose_need(session, town.organizer, 101)
