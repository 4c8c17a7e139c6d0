"""“This and the following ones”: changed or called off; what was changed alone stays."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from community import events, rsvp, series, series_changes
from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.records import Reply
from community.series import Repetition
from community.series_records import OnHoliday, Series, SeriesState
from storage import Database
from tests.storage.community.series_kit import TUESDAY, WEEKLY, days, edit, everything, found, planned
from tests.town import NOW, Town, draft, fresh


def test_only_organizers_plan_and_only_in_their_community(town: Town, database: Database) -> None:
    of, member = planned(town), town.person()
    event = found(database, of)[0]
    with database.begin() as session:
        for attempt in (
            lambda: series.draft(session, member, draft(TUESDAY), WEEKLY, NOW),
            lambda: series_changes.change_following(session, member, event.id, event.version, edit(event), NOW),
            lambda: series_changes.cancel_following(session, member, event.id, event.version, NOW),
        ):
            with pytest.raises(NotAllowed):
                attempt()
        with pytest.raises(NotFound):
            series.get(session, town.id + 1, of.id)


def test_one_moved_on_its_own_stays_when_the_following_ones_move(town: Town, database: Database) -> None:
    of = planned(town)
    rows = found(database, of)
    ben = town.person("Ben")
    with database.begin() as session:
        rsvp.respond(session, ben, rows[4].id, Reply.going, NOW)
        alone = events.change(
            session, town.organizer, rows[3].id, rows[3].version, edit(rows[3], day=date(2026, 12, 17)), NOW
        )
        assert alone.event.apart
    with database.begin() as session:
        done = series_changes.change_following(
            session, town.organizer, rows[1].id, rows[1].version,
            edit(rows[1], day=date(2026, 12, 2), at=time(14), title_en="Plainer language"), NOW,
        )  # fmt: skip
    assert days(everything(town)) == [
        "2026-11-24", "2026-12-02", "2026-12-09", "2026-12-17", "2026-12-23", "2026-12-30",
    ]  # fmt: skip
    assert [row.id for row in done.kept] == [rows[3].id]
    assert {one.change.event.id for one in done.changed} == {rows[n].id for n in (1, 2, 4, 5)}
    assert all(one.change.moved for one in done.changed)
    assert days(found(database, of)) == ["2026-11-24"]
    with database.read() as session:
        stayed = fresh(session, rows[0])
        assert (stayed.title_en, stayed.local_start[11:]) == ("Plain language", "10:00")
        assert rsvp.mine(session, rows[4].id, ben.id) is Reply.going
        assert [member.id for member in rsvp.concerned(session, fresh(session, rows[4]))] == [ben.id]
        new = session.get_one(Series, done.series.id)
        assert (series.root_id(new), new.rule) == (of.id, "FREQ=WEEKLY;COUNT=5;BYDAY=WE")
        assert series.upkeep(session, new, NOW + timedelta(days=30)) == [], "nothing is planned a second time"


def test_chosen_so_those_changed_on_their_own_follow_too(town: Town, database: Database) -> None:
    rows = found(database, planned(town))
    with database.begin() as session:
        events.change(session, town.organizer, rows[2].id, rows[2].version, edit(rows[2], at=time(18)), NOW)
    with database.begin() as session:
        series_changes.change_following(
            session, town.organizer, rows[0].id, rows[0].version, edit(rows[0], at=time(9)), NOW, apart_too=True
        )
    assert {row.local_start[11:] for row in everything(town)} == {"09:00"}
    assert not any(row.apart for row in everything(town))


def test_one_cancelled_stays_cancelled_and_is_not_planned_again(town: Town, database: Database) -> None:
    of = planned(town)
    rows = found(database, of)
    with database.begin() as session:
        events.cancel(session, town.organizer, rows[2].id, rows[2].version, NOW)
        assert series.upkeep(session, series.held(session, of.id), NOW) == []
    with database.begin() as session:
        series_changes.change_following(
            session, town.organizer, rows[1].id, rows[1].version, edit(rows[1], day=date(2026, 12, 2)), NOW
        )
    assert days(everything(town)) == ["2026-11-24", "2026-12-02", "2026-12-16", "2026-12-23", "2026-12-30"]


def test_following_dates_that_fall_on_a_holiday_by_the_new_day_are_cancelled(town: Town, database: Database) -> None:
    of = planned(town, Repetition("FREQ=WEEKLY;BYDAY=TU;COUNT=6", "CA", OnHoliday.skip))
    rows = found(database, of)
    with database.begin() as session:
        done = series_changes.change_following(
            session, town.organizer, rows[0].id, rows[0].version, edit(rows[0], day=date(2026, 11, 27)), NOW
        )
    assert [row.id for row in done.cancelled] == [rows[4].id, rows[5].id], "Christmas and New Year's Day are Fridays"
    assert days(everything(town)) == ["2026-11-27", "2026-12-04", "2026-12-11", "2026-12-18"]


def test_cancelling_from_one_on_ends_the_series(town: Town, database: Database) -> None:
    of = planned(town, Repetition("FREQ=WEEKLY"))
    rows = found(database, of)
    with database.begin() as session:
        done = series_changes.cancel_following(session, town.organizer, rows[2].id, rows[2].version, NOW)
    assert len(done.cancelled) == len(rows) - 2
    assert days(found(database, of)) == ["2026-11-24", "2026-12-01"]
    with database.begin() as session:
        assert series.due(session, NOW + timedelta(days=400), town.id) == []
    with database.begin() as session:
        series_changes.cancel_following(session, town.organizer, rows[0].id, rows[0].version, NOW)
    with database.read() as session:
        assert session.get_one(Series, of.id).state is SeriesState.ended


def test_what_somebody_else_changed_first_is_not_overwritten(town: Town, database: Database) -> None:
    event = found(database, planned(town))[0]
    with database.begin() as session:
        events.change(session, town.organizer, event.id, event.version, edit(event, at=time(11)), NOW)
    with database.begin() as session, pytest.raises(Conflict, match="event_changed"):
        series_changes.change_following(session, town.organizer, event.id, event.version, edit(event, at=time(9)), NOW)
    assert {row.local_start[11:] for row in everything(town)} == {"10:00", "11:00"}


def test_what_has_begun_or_belongs_to_no_series_has_no_following(town: Town, database: Database) -> None:
    event, single = found(database, planned(town))[0], town.event()
    with database.begin() as session:
        with pytest.raises(Invalid, match="event_begun"):
            series_changes.cancel_following(session, town.organizer, event.id, event.version, event.starts_at)
        with pytest.raises(Invalid, match="event_single"):
            series_changes.cancel_following(session, town.organizer, single.id, single.version, NOW)
