"""Series from a calendar's file whose dates were moved, split off or held early: none is lost, none is doubled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from community import drafts, events, invitations, rsvp, series_changes
from community.group_records import EventInvitation, InvitedBy
from community.programme_import import Report
from community.records import Event, EventState, Reply, Rsvp
from community.series_records import Series, SeriesState
from delivery.records import Outbox
from runtime import event_import
from tests.storage.community.calendar_kit import differs, left_out, vevent, written
from tests.town import CHANNEL, Town

EARLY = datetime(2026, 11, 1, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)  # a Sunday
FRIDAYS = [date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 27), date(2026, 12, 4)]
THIRD = FRIDAYS[2]
AHEAD = date(2026, 12, 2)
Import = Callable[..., Report]


def master(*lines: str, count: int = 5, day: date = FRIDAYS[0], title: str = "Circle") -> list[str]:
    return vevent(day, f"RRULE:FREQ=WEEKLY;COUNT={count}", *lines, title=title)


@pytest.fixture
def take(town: Town, tmp_path: Path) -> Import:
    """Imports events as a calendar at a moment, where there is nothing to complain of."""

    def call(*lines: list[str], now: datetime = NOW) -> Report:
        path = written(tmp_path, lines)
        report, problems = event_import.run(town.database, town.id, path, now, channel=CHANNEL, dry_run=False)
        assert problems == []
        return report

    return call


def rows(town: Town) -> list[Event]:
    with town.database.read() as session:
        mine = select(Event).where(Event.community_id == town.id)
        return list(session.scalars(mine.order_by(Event.starts_at, Event.id)))


def days(town: Town) -> list[date]:
    return [date.fromisoformat(row.local_start[:10]) for row in rows(town) if row.state is EventState.scheduled]


def of_date(town: Town, occurrence: date) -> Event:
    (found,) = [row for row in rows(town) if row.occurrence == occurrence]
    return found


def move(town: Town, occurrence: date, day: date) -> None:
    with town.database.begin() as session:
        event = session.get_one(Event, of_date(town, occurrence).id)
        events.change(session, town.organizer, event.id, event.version, replace(drafts.of(event), day=day), EARLY)


def signed_up(town: Town, occurrence: date) -> None:
    ben = town.person("Ben")
    with town.database.begin() as session:
        rsvp.respond(session, ben, of_date(town, occurrence).id, Reply.going, EARLY)


def letters(town: Town) -> int:
    with town.database.read() as session:
        mine = select(Outbox.id).where(Outbox.community_id == town.id, Outbox.user.is_not(None))
        return len(session.scalars(mine).all())


def test_a_date_that_an_organizer_moved_past_the_rules_day_stays(town: Town, take: Import) -> None:
    take(master(), now=EARLY)
    move(town, THIRD, AHEAD)
    signed_up(town, THIRD)
    report = take(master(title="Round"))
    assert [event.id for event in report.series[0].kept] == [of_date(town, THIRD).id]
    assert report.series[0].cancelled == []
    assert days(town) == [*FRIDAYS[:2], FRIDAYS[3], AHEAD, FRIDAYS[4]]
    assert {row.title_en for row in rows(town) if row.starts_at > NOW} == {"Circle", "Round"}
    assert letters(town) == 0, "nothing of Ben's has changed"
    # Mondays for Fridays: the others move, the n-th to the n-th, and none takes its place.
    before = {row.id for row in rows(town)}
    take(master(day=date(2026, 11, 2), title="Round"))
    assert days(town) == [*FRIDAYS[:2], date(2026, 11, 23), date(2026, 11, 30), AHEAD]
    assert {row.id for row in rows(town)} == before


def test_a_date_that_the_file_moved_past_the_rules_day_stays_with_its_replies(town: Town, take: Import) -> None:
    moved = differs(THIRD, AHEAD)
    take(master(), moved, now=EARLY)
    signed_up(town, THIRD)
    event = of_date(town, THIRD)
    report = take(master(title="Round"), moved)
    assert (report.series[0].cancelled, report.series[0].made) == ([], [])
    assert of_date(town, THIRD).id == event.id
    assert days(town) == [*FRIDAYS[:2], FRIDAYS[3], AHEAD, FRIDAYS[4]]
    # The file moves it once more, then says that it was on its own day, which is over: nothing takes place then.
    take(master(title="Round"), differs(THIRD, date(2026, 12, 3)))
    assert (of_date(town, THIRD).id, of_date(town, THIRD).local_start[:10]) == (event.id, "2026-12-03")
    take(master(title="Round"))
    assert days(town) == [*FRIDAYS[:2], FRIDAYS[3], FRIDAYS[4]]
    assert letters(town) == 2
    with town.database.read() as session:
        assert len(session.scalars(select(Rsvp).where(Rsvp.event_id == event.id)).all()) == 1


def test_a_moved_date_that_the_file_leaves_out_is_called_off(town: Town, take: Import) -> None:
    take(master(), now=EARLY)
    move(town, THIRD, AHEAD)
    signed_up(town, THIRD)
    report = take(master(left_out(THIRD)))
    assert len(report.series[0].cancelled) == 1
    assert days(town) == [*FRIDAYS[:2], *FRIDAYS[3:]]
    assert letters(town) == 1


def test_a_series_is_over_only_when_its_moved_dates_are(town: Town, take: Import) -> None:
    file = [master(count=3), differs(THIRD, AHEAD)]
    report = take(*file)
    assert (len(report.planned), report.past, days(town)) == (1, 0, [AHEAD])
    event = of_date(town, THIRD)
    report = take(master("LOCATION:Room 9", count=3), differs(THIRD, AHEAD, "LOCATION:Room 9"))
    assert [one.change.event.id for one in report.series[0].changed] == [event.id]
    assert of_date(town, THIRD).place == "Room 9"
    assert take(master("LOCATION:Room 9", count=3), differs(THIRD, AHEAD, "LOCATION:Room 9")).unchanged == 1
    take(master("LOCATION:Room 9", count=3), now=datetime(2026, 12, 3, tzinfo=UTC))
    with town.database.read() as session:
        (of,) = session.scalars(select(Series).where(Series.community_id == town.id)).all()
        assert of.state is SeriesState.ended
    assert days(town) == [AHEAD], "it took place"


def test_what_an_organizer_moved_outlasts_the_rule(town: Town, take: Import) -> None:
    take(master(count=3), now=EARLY)
    move(town, THIRD, AHEAD)
    report = take(master(count=3, title="Round"))
    assert ([event.id for event in report.series[0].kept], report.series[0].cancelled) == (
        [of_date(town, THIRD).id], [],
    )  # fmt: skip
    assert days(town) == [*FRIDAYS[:2], AHEAD]
    take(master(count=5, title="Round"))
    assert days(town) == [*FRIDAYS[:2], FRIDAYS[3], AHEAD, FRIDAYS[4]], "it may go on"
    take(master("STATUS:CANCELLED", count=5, title="Round"))
    assert days(town) == FRIDAYS[:2], "what the file calls off is off"


@pytest.mark.parametrize("split", [False, True])
def test_a_date_that_took_place_before_its_time_is_not_planned_again(town: Town, take: Import, split: bool) -> None:
    take(master(), now=EARLY)
    if split:
        with town.database.begin() as session:
            event = session.get_one(Event, of_date(town, FRIDAYS[1]).id)
            rest = replace(drafts.of(event), place="Room 9")
            series_changes.change_following(session, town.organizer, event.id, event.version, rest, EARLY)
    move(town, FRIDAYS[4], date(2026, 11, 21))
    move(town, THIRD, date(2026, 11, 14))
    held = [*FRIDAYS[:2], date(2026, 11, 14), date(2026, 11, 21)]
    before = {row.id for row in rows(town)}
    take(master(title="Round"))
    assert days(town) == [*held, FRIDAYS[3]]
    take(master(title="Round"), differs(THIRD, AHEAD))
    assert days(town) == [*held, FRIDAYS[3]], "it was held already"
    take(master(day=date(2026, 11, 5), title="Round"))
    assert days(town) == [*held, date(2026, 11, 26)]
    assert {row.id for row in rows(town)} == before


@pytest.mark.parametrize(("first", "then"), [(date(2026, 11, 7), date(2026, 11, 28)), (date(2026, 11, 5), None)])
def test_a_file_with_another_weekday_on_the_day_of_a_meeting_plans_it_once(
    town: Town, take: Import, first: date, then: date | None
) -> None:
    take(master(), now=EARLY)
    before = {row.id for row in rows(town)}
    take(master(day=first), now=datetime(2026, 11, 20, 20, tzinfo=UTC))  # that day's is over
    assert days(town)[3:] == ([then, date(2026, 12, 5)] if then else [date(2026, 11, 26), date(2026, 12, 3)])
    assert {row.id for row in rows(town)} == before


def test_a_date_that_the_file_brings_back_is_for_those_invited(town: Town, take: Import) -> None:
    take(master(left_out(FRIDAYS[4]), count=6), now=EARLY)
    ben = town.person("Ben")
    with town.database.begin() as session:
        for row in rows(town):
            event = session.get_one(Event, row.id)
            invitations.add(session, event, [session.merge(ben)], InvitedBy.list, EARLY, enrolled=True)
            invitations.keep_out_others(session, event, True)
    take(master(count=6), differs(FRIDAYS[4], date(2026, 12, 5)))
    back = of_date(town, FRIDAYS[4])
    assert (back.local_start[:10], back.by_invitation) == ("2026-12-05", True)
    with town.database.read() as session:
        invited = session.scalars(select(EventInvitation.member_id).where(EventInvitation.event_id == back.id))
        assert list(invited) == [ben.id]


def test_what_a_calendar_has_beside_a_rule_is_planned_once(town: Town, take: Import) -> None:
    beside = "RDATE;TZID=America/Toronto:20261126T120000,20261127T120000,20261127T160000,20261204T150000"
    file = master(left_out(FRIDAYS[4]), beside)
    for _ in range(2):
        take(file)
        starts = [row.local_start[5:13] for row in rows(town) if row.state is EventState.scheduled]
        assert starts == ["11-26T12", "11-27T12", "11-27T16", "12-04T15"]
    before = {row.id for row in rows(town)}
    take(master(left_out(FRIDAYS[4]), beside, title="Round"), differs(date(2026, 11, 26), date(2026, 11, 28)))
    starts = [row.local_start[5:13] for row in rows(town) if row.state is EventState.scheduled]
    assert starts == ["11-27T12", "11-27T16", "11-28T12", "12-04T15"]
    assert {row.id for row in rows(town)} == before


def test_a_file_with_dates_at_the_end_of_the_calendar_is_refused_by_line(town: Town, tmp_path: Path) -> None:
    table, calendar = tmp_path / "year.csv", tmp_path / "year.ics"
    table.write_text("uid,title_en,title_fr,date,time\na,A,A,9999-12-31,23:00\nb,B,B,0001-01-01,00:00\n")
    last = ["BEGIN:VCALENDAR", *vevent(date(9999, 12, 31), at="23"), *master("RDATE:junk"), "END:VCALENDAR", ""]
    calendar.write_text("\r\n".join(last))
    found = []
    for path in (table, calendar):
        report, _ = event_import.run(town.database, town.id, path, NOW, channel=CHANNEL, dry_run=False)
        found.append([(trouble.number, trouble.error.code) for trouble in report.troubles])
    assert found == [[(2, "day_impossible")], [(2, "day_impossible"), (8, "file_date_form")]]
    assert rows(town) == []


def test_a_date_that_differs_by_the_file_and_was_changed_in_slack_since_stays_so(town: Town, take: Import) -> None:
    moved = differs(FRIDAYS[4], date(2026, 12, 5))
    take(master(), moved, now=EARLY)
    move(town, FRIDAYS[4], date(2026, 12, 8))
    take(master(title="Round"), moved)
    assert days(town)[3:] == [FRIDAYS[3], date(2026, 12, 8)]
    take(master(title="Round"), differs(FRIDAYS[4], date(2026, 12, 9)))
    assert days(town)[3:] == [FRIDAYS[3], date(2026, 12, 9)], "what the file says anew of that date counts"


def test_dates_far_ahead_and_beside_the_rule_that_differ_keep_their_events(town: Town, take: Import) -> None:
    far, beside = date(2028, 12, 1), date(2026, 12, 2)
    file = [differs(far, date(2028, 12, 4)), differs(beside, date(2026, 12, 3)), differs(FRIDAYS[4], FRIDAYS[4])]
    take(master(count=200), *file, now=EARLY)
    before = {row.id: row.local_start for row in rows(town)}
    report = take(master(count=200, title="Round"), *file)
    assert report.series[0].cancelled == []
    assert {row.id: row.local_start for row in rows(town) if row.id in before} == before
    assert len(days(town)) == len(set(days(town)))
    # It is taken back: the date far ahead is the rule's again, with its event.
    take(master(count=200, title="Round"), *file[1:])
    assert of_date(town, far).id in before
    assert of_date(town, far).local_start[:10] == far.isoformat()


def test_a_date_imported_alone_and_moved_past_the_rules_day_becomes_the_series_own(town: Town, take: Import) -> None:
    moved = differs(THIRD, AHEAD)
    take(moved, now=EARLY)
    (event,) = rows(town)
    take(master(count=3), moved)
    assert days(town) == [AHEAD]
    assert (of_date(town, THIRD).id, of_date(town, THIRD).apart) == (event.id, True)
