"""A running series repeats in another way from one date on: what is named by both stays, with all its replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest

from community import events, rsvp, series, series_dates
from community.errors import Conflict, Invalid, NotAllowed
from community.records import Event, EventState, Reply
from community.series import Repetition
from community.series_records import OnHoliday
from storage import Database
from tests.storage.community.series_kit import TORONTO, WEEKLY, days, edit, everything, found, planned
from tests.town import NOW, Town, fresh


def test_a_shorter_series_calls_the_rest_off_and_a_longer_one_plans_it_anew(town: Town, database: Database) -> None:
    of, ben = planned(town), town.person("Ben")
    rows = found(database, of)
    with database.begin() as session:
        for row in rows:
            rsvp.respond(session, ben, row.id, Reply.going, NOW)
    shorter = Repetition("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208")
    with database.begin() as session:
        version = fresh(session, rows[1]).version
        outcome = series_dates.outcome(session, town.organizer, rows[1].id, version, shorter, NOW)
        assert [len(kind) for kind in (outcome.stay, outcome.moved, outcome.dropped, outcome.new)] == [2, 0, 3, 0]
    assert len(days(everything(town))) == 6, "a preview changes nothing"
    with database.begin() as session:
        done = series_dates.change(session, town.organizer, rows[1].id, version, shorter, NOW)
        assert [event.id for event in done.cancelled] == [row.id for row in rows[3:]]
        assert all(rsvp.concerned(session, event) == [fresh_member(session, ben)] for event in done.cancelled)
        assert (done.changed, done.kept, done.made) == ([], [], [])
        assert series.root_id(done.series) == of.id
    assert days(everything(town)) == ["2026-11-24", "2026-12-01", "2026-12-08"]

    longer = Repetition("FREQ=WEEKLY;BYDAY=TU;COUNT=5")
    with database.begin() as session:
        event = fresh(session, rows[1])
        again = series_dates.change(session, town.organizer, event.id, event.version, longer, NOW)
        assert [row.local_start[:10] for row in again.made] == ["2026-12-15", "2026-12-22", "2026-12-29"]
        assert series.root_id(again.series) == of.id
        assert series.upkeep(session, again.series, NOW) == [], "nothing is planned twice"
        assert [rsvp.mine(session, row.id, ben.id) for row in rows[:3]] == [Reply.going] * 3
        assert rsvp.mine(session, again.made[0].id, ben.id) is None
    assert days(everything(town)) == [
        "2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29",
    ]  # fmt: skip


def test_another_rule_keeps_the_dates_that_both_name(town: Town, database: Database) -> None:
    rows = found(database, planned(town, Repetition("FREQ=WEEKLY;BYDAY=TU;COUNT=5")))
    with database.begin() as session:
        events.change(session, town.organizer, rows[2].id, rows[2].version, edit(rows[2], at=time(18)), NOW)
        events.change(session, town.organizer, rows[3].id, rows[3].version, edit(rows[3], at=time(18)), NOW)
    rule = Repetition("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=4")
    with database.begin() as session:
        done = series_dates.change(session, town.organizer, rows[0].id, rows[0].version, rule, NOW)
        assert [event.id for event in done.kept] == [rows[2].id], "changed on its own, and still named"
        assert [event.id for event in done.cancelled] == [rows[1].id, rows[3].id], "the rule names it no more"
        assert [event.local_start for event in done.made] == ["2027-01-05T10:00"]
    assert [row.local_start for row in everything(town) if row.state is EventState.scheduled] == [
        "2026-11-24T10:00", "2026-12-08T18:00", "2026-12-22T10:00", "2027-01-05T10:00",
    ]  # fmt: skip


def test_holidays_are_chosen_anew_and_one_called_off_by_hand_stays_so(town: Town, database: Database) -> None:
    friday = datetime(2026, 12, 11, 10, 0, tzinfo=TORONTO)
    of = planned(town, Repetition("FREQ=WEEKLY;COUNT=5", "CA", OnHoliday.skip), friday)
    rows = found(database, of)
    assert days(rows) == ["2026-12-11", "2026-12-18", "2027-01-08"]
    with database.begin() as session:
        events.cancel(session, town.organizer, rows[1].id, rows[1].version, NOW)
    after = Repetition("FREQ=WEEKLY;COUNT=5", "CA", OnHoliday.after)
    with database.begin() as session:
        outcome = series_dates.outcome(session, town.organizer, rows[0].id, rows[0].version, after, NOW)
        assert (len(outcome.stay), len(outcome.new), outcome.dropped) == (2, 2, [])
        first = series_dates.change(session, town.organizer, rows[0].id, rows[0].version, after, NOW)
        assert [event.local_start[:10] for event in first.made] == ["2026-12-29", "2027-01-04"]
    before = replace(after, on_holiday=OnHoliday.before)
    with database.begin() as session:
        event = fresh(session, rows[0])
        second = series_dates.change(session, town.organizer, event.id, event.version, before, NOW)
        assert [one.change.event.id for one in second.changed] == [event.id for event in first.made], "they move"
        assert second.made == []
    assert days(everything(town)) == ["2026-12-11", "2026-12-24", "2026-12-31", "2027-01-08"]


def test_dates_that_cannot_be_are_refused_and_whoever_comes_second_hears_so(town: Town, database: Database) -> None:
    rows = found(database, planned(town))
    single, member = town.event(), town.person()
    refused: list[tuple[Any, Event, Repetition, type[Exception], str]] = [
        (town.organizer, rows[0], Repetition("FREQ=SECONDLY"), Invalid, "rule_too_often"),
        (town.organizer, rows[0], Repetition("FREQ=WEEKLY;UNTIL=20201231"), Invalid, "rule_until"),
        (town.organizer, rows[0], Repetition("FREQ=WEEKLY", "US"), Invalid, "holidays_unknown"),
        (town.organizer, single, WEEKLY, Invalid, "event_single"),
        (member, rows[0], WEEKLY, NotAllowed, "needs_organizer"),
    ]
    for who, event, repetition, kind, code in refused:
        with database.begin() as session, pytest.raises(kind, match=code):
            series_dates.change(session, who, event.id, event.version, repetition, NOW)
    with database.begin() as session:
        series_dates.change(session, town.organizer, rows[2].id, rows[2].version, WEEKLY, NOW)
    with database.begin() as session, pytest.raises(Conflict, match="event_changed"):
        series_dates.change(session, town.organizer, rows[2].id, rows[2].version, WEEKLY, NOW)
    assert len(days(everything(town))) == 9, "six dates from the third on, and the single one"


def fresh_member(session: Any, member: Any) -> Any:
    return session.get_one(type(member), member.id)
