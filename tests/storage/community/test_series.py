"""Series: dates become events, once; one or this and the following ones change; what was changed alone stays."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from community import cohorts, events, invitations, rsvp, series, series_audiences, series_changes, times
from community.cohorts import CohortDraft
from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.group_records import InvitedBy
from community.records import Event, EventState, Reminder, ReminderState, Reply
from community.series import Repetition
from community.series_records import OnHoliday, Series, SeriesState
from storage import Database
from tests.town import NOW, ZONE, Town, draft, fresh

TORONTO = ZoneInfo(ZONE)
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=TORONTO)
WEEKLY = Repetition("FREQ=WEEKLY;BYDAY=TU;COUNT=6")


def planned(town: Town, repetition: Repetition = WEEKLY, start: datetime = TUESDAY, **changes: Any) -> Series:
    with town.database.begin() as session:
        kept = series.draft(session, town.organizer, draft(start, **changes), repetition, NOW)
        return series.confirm(session, town.organizer, kept.id, NOW)[0]


def found(database: Database, of: Series) -> list[Event]:
    with database.read() as session:
        return series.members(session, session.get_one(Series, of.id))


def days(rows: list[Event]) -> list[str]:
    return [row.local_start[:10] for row in rows if row.state is EventState.scheduled]


def everything(town: Town) -> list[Event]:
    with town.database.read() as session:
        mine = select(Event).where(Event.community_id == town.id)
        return list(session.scalars(mine.order_by(Event.starts_at)))


def edit(event: Event, **changes: Any) -> Any:
    local = times.parse_local(event.local_start)
    return replace(draft(day=local.date(), at=local.time()), **changes)


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
