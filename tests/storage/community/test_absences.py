"""Whoever stays away is noticed early, and once."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from community import absences, attendance, rsvp, series, series_changes
from community.absences import Worry
from community.errors import Invalid, NotAllowed
from community.records import Event, Member, Reply, Status
from community.series import Repetition
from storage import Database
from tests.storage.community.series_kit import edit, found, planned
from tests.town import NOW, Town, draft, fresh

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
    told, names = [], set[str]()
    for number, status in enumerate(course):
        event = town.event(NOW + (number + 1) * DAY)
        worth = settle(database, town, event, {ann: Status(status), ben: Status.present})
        told.append([(c.member.name, c.worry, c.absences) for c in worth if c.name not in names])
        names |= {c.name for c in worth}
    row = [("Ann", Worry.row, 3)]
    assert told == [[], [], [], row, [], [], [], [], row], "who is excused is neither here nor there"


def test_an_absence_that_comes_out_afterwards_is_told_then(town: Town, database: Database) -> None:
    ann = town.person("Ann")
    events = [town.event(NOW + (number + 1) * DAY) for number in range(4)]
    for event, status in zip(events, ("absent", "absent", "present", "absent"), strict=True):
        assert settle(database, town, event, {ann: Status(status)}) == []
    doubtful = events[2]
    with database.begin() as session:
        attendance.correct(session, town.organizer, doubtful.id, ann.id, Status.absent, events[3].ends_at)
        ((concern, told),) = absences.to_tell(session, fresh(session, doubtful))
        row = f"row:{ann.id}:{events[0].id}"
        assert (concern.name, concern.absences, told.id) == (row, 4, town.organizer.id)
    open_event = town.event(NOW + 9 * DAY)
    with database.begin() as session:
        assert absences.to_tell(session, fresh(session, open_event)) == [], "nothing before it is settled"


def test_a_certificate_out_of_reach_is_told_at_the_absence_that_makes_it_so(town: Town, database: Database) -> None:
    ann = town.person("Ann")
    first = draft(NOW + 2 * DAY)
    with database.begin() as session:
        draft_of = series.draft(session, town.organizer, first, Repetition("FREQ=WEEKLY;COUNT=10"), NOW)
        _, events = series.confirm(session, town.organizer, draft_of.id, NOW)
    told = []
    for event, status in zip(events, ("present", "absent", "absent", "absent"), strict=False):
        worth = settle(database, town, event, {ann: Status(status)})
        told += [(c.worry, c.reachable, c.need) for c in worth if c.worry is Worry.rate]
    assert len(events) >= 4
    assert told == [(Worry.rate, 70, 80)], "with two of ten missed 80 % can be reached, with three no longer"


def test_a_series_whose_following_events_changed_is_one(town: Town, database: Database) -> None:
    ann, of = town.person("Ann"), planned(town)
    first, second, third, *_ = found(database, of)
    with database.begin() as session:
        moved = edit(third, at=time(14))
        series_changes.change_following(session, town.organizer, third.id, third.version, moved, NOW)
        assert fresh(session, third).series_id != of.id
    told = []
    for event in (first, second, third):
        with database.read() as session:
            event = fresh(session, event)
        told += settle(database, town, event, {ann: Status.absent})
    # Of six dates five are needed for 80 %.
    assert [(c.worry, c.reachable) for c in told if c.worry is Worry.rate] == [(Worry.rate, 66), (Worry.rate, 50)]
    assert {c.name for c in told} == {f"rate:{ann.id}:series{of.id}", f"row:{ann.id}:{first.id}"}


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
