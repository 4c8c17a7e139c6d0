"""Series: dates become events, once, whatever holidays and clocks do."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community import cohorts, invitations, series, series_audiences
from community.cohorts import CohortDraft
from community.errors import Invalid
from community.group_records import InvitedBy
from community.records import Event, Reminder, ReminderState
from community.series import Repetition
from community.series_records import OnHoliday, Series
from storage import Database
from tests.storage.community.series_kit import TORONTO, TUESDAY, WEEKLY, days, everything, found, planned
from tests.town import NOW, Town, draft, fresh


def test_dates_become_events_at_the_same_local_time_across_the_change_of_clocks(town: Town, database: Database) -> None:
    start = datetime(2027, 3, 9, 10, 0, tzinfo=TORONTO)
    of = planned(town, Repetition("FREQ=WEEKLY;COUNT=3"), start)
    rows = found(database, of)
    assert [row.local_start for row in rows] == ["2027-03-09T10:00", "2027-03-16T10:00", "2027-03-23T10:00"]
    assert [row.starts_at.astimezone(UTC).hour for row in rows] == [15, 14, 14]
    with database.read() as session:
        pending = select(Reminder.event_id).join(Event).where(Event.community_id == town.id)
        pending = pending.where(Reminder.state == ReminderState.pending)
        assert set(session.scalars(pending)) == {row.id for row in rows}, "each reminds as any event does"


def test_a_time_that_clocks_skip_begins_when_they_go_on(town: Town, database: Database) -> None:
    start = datetime(2027, 3, 7, 2, 30, tzinfo=TORONTO)
    rows = found(database, planned(town, Repetition("FREQ=WEEKLY;COUNT=3"), start))
    assert [row.local_start[11:] for row in rows] == ["02:30", "03:30", "02:30"]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (OnHoliday.keep, ["2026-12-18", "2026-12-25", "2027-01-01", "2027-01-08"]),
        (OnHoliday.skip, ["2026-12-18", "2027-01-08"]),
        (OnHoliday.before, ["2026-12-18", "2026-12-24", "2026-12-31", "2027-01-08"]),
        (OnHoliday.after, ["2026-12-18", "2026-12-29", "2027-01-04", "2027-01-08"]),
    ],
)
def test_holidays_are_treated_as_the_organizer_chose(
    town: Town, database: Database, choice: OnHoliday, expected: list[str]
) -> None:
    friday = datetime(2026, 12, 18, 10, 0, tzinfo=TORONTO)
    of = planned(town, Repetition("FREQ=WEEKLY;COUNT=4", "CA", choice), friday)
    assert days(found(database, of)) == expected
    names = [slot.holiday for slot in series.preview(of, 4)]
    assert names[1] == ("Christmas Day", "Jour de Noël")
    assert names[0] is None


def test_a_communitys_own_days_off_are_left_out_too(town: Town, database: Database) -> None:
    of = planned(town, replace(WEEKLY, on_holiday=OnHoliday.skip, days_off=("2026-12-01",)))
    assert days(found(database, of)) == ["2026-11-24", "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29"]


def test_a_rule_without_end_is_planned_some_way_ahead_and_then_on(town: Town, database: Database) -> None:
    of = planned(town, Repetition("FREQ=DAILY"))
    assert len(found(database, of)) == series.MOST_AHEAD
    later = NOW + timedelta(days=40)
    with database.begin() as session:
        assert series.due(session, later, town.id) == [of.id]
        made = series.upkeep(session, series.held(session, of.id), later)
        assert series.upkeep(session, series.held(session, of.id), later) == []
        assert series.due(session, later, town.id) == []
    rows = found(database, of)
    assert len(made) == len([row for row in rows if row.starts_at <= later])
    assert len({row.occurrence for row in rows}) == len(rows)
    assert [row.card_at for row in rows[:1]] == [NOW]
    assert all(row.card_at == max(later, row.starts_at - series.CARD_AHEAD) for row in made)


def test_many_who_plan_at_once_plan_each_date_once(town: Town, database: Database) -> None:
    of = planned(town, Repetition("FREQ=DAILY"))
    later, ready, failed = NOW + timedelta(days=40), threading.Barrier(4), []

    def look() -> None:
        ready.wait()
        try:
            with database.begin() as session:
                series.upkeep(session, series.held(session, of.id), later)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    occurrences = [row.occurrence for row in found(database, of)]
    assert len(occurrences) == len(set(occurrences)) == series.MOST_AHEAD + 19


def test_a_draft_plans_nothing_and_is_confirmed_once(town: Town, database: Database) -> None:
    with database.begin() as session:
        kept = series.draft(session, town.organizer, draft(TUESDAY), WEEKLY, NOW)
        series.revise(session, town.organizer, kept.id, replace(WEEKLY, rule="FREQ=WEEKLY;COUNT=2"), NOW)
    assert everything(town) == []
    with database.begin() as session:
        series.confirm(session, town.organizer, kept.id, NOW)
    with database.begin() as session, pytest.raises(Invalid, match="series_planned"):
        series.confirm(session, town.organizer, kept.id, NOW)
    assert len(everything(town)) == 2


def test_a_draft_that_nobody_confirms_is_forgotten(town: Town, database: Database) -> None:
    with database.begin() as session:
        series.draft(session, town.organizer, draft(TUESDAY), WEEKLY, NOW)
        kept = series.draft(session, town.organizer, draft(TUESDAY), WEEKLY, NOW + timedelta(days=2))
        series.forget_drafts(session, NOW + timedelta(days=8))
        left = select(Series.id).where(Series.community_id == town.id)
        assert session.scalars(left).all() == [kept.id]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rule": "FREQ=SECONDLY"}, "rule_too_often"),
        ({"holidays": "US"}, "holidays_unknown"),
        ({"on_holiday": "party"}, "holidays_unknown"),
        ({"rule": "FREQ=WEEKLY;UNTIL=20990101"}, "too_far_ahead"),
        ({"rule": "FREQ=DAILY;COUNT=1", "on_holiday": "skip", "days_off": ("2026-11-24",)}, "rule_empty"),
    ],
)
def test_what_cannot_repeat_is_refused(town: Town, database: Database, changes: dict[str, Any], code: str) -> None:
    with database.begin() as session, pytest.raises(Invalid, match=code):
        series.draft(session, town.organizer, draft(TUESDAY), replace(WEEKLY, **changes), NOW)


@pytest.mark.parametrize(
    ("changes", "code"), [({"minutes": 0}, "minutes_range"), ({"at": time(2, 30)}, "time_skipped")]
)
def test_an_event_of_no_length_or_at_a_skipped_time_is_refused_as_a_first_date(
    town: Town, database: Database, changes: dict[str, Any], code: str
) -> None:
    start = datetime(2027, 3, 14, 10, 0, tzinfo=TORONTO)
    with database.begin() as session, pytest.raises(Invalid, match=code):
        series.draft(session, town.organizer, draft(start, **changes), WEEKLY, NOW)


def test_who_is_invited_to_one_date_is_invited_to_those_after_it_and_to_new_ones(
    town: Town, database: Database
) -> None:
    of = planned(town, Repetition("FREQ=DAILY"))
    rows = found(database, of)
    ben, amelie, guest = town.people(3)
    with database.begin() as session:
        planned_cohort = CohortDraft("2027", "Cohort of 2027", "Cohorte de 2027")
        cohort = cohorts.create(session, town.organizer, planned_cohort, NOW)
        cohorts.add(session, town.organizer, cohort.id, [amelie], NOW)
        event = invitations.open_for(session, town.organizer, rows[1].id, NOW)
        invitations.for_cohort(session, event, cohort.id, enrolled=True)
        invitations.add(session, event, [amelie], InvitedBy.cohort, NOW, enrolled=True)
        invitations.add(session, event, [ben], InvitedBy.list, NOW)
        invitations.add(session, event, [guest], InvitedBy.guest, NOW)
        invitations.keep_out_others(session, event, True)
        assert len(series_audiences.pass_on(session, event, NOW)) == series.MOST_AHEAD - 2
    later = NOW + timedelta(days=40)
    with database.begin() as session:
        made = series.upkeep(session, series.held(session, of.id), later)

        def invited(event: Event) -> set[tuple[int, bool]]:
            return {(member.id, row.enrolled) for member, row in invitations.invited(session, event)}

        assert invited(fresh(session, rows[0])) == set()
        for event in (rows[2], rows[-1], made[0], made[-1]):
            assert invited(fresh(session, event)) == {(ben.id, False), (amelie.id, True)}
            assert fresh(session, event).by_invitation
