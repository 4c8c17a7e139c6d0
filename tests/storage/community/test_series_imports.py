"""Series from a calendar's file: planned once, changed when the file is, never twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from community import drafts, events, rsvp, series, series_changes
from community.programme_import import Report
from community.records import Event, EventState, Reply
from community.series_records import Series
from delivery.records import Outbox, Payload
from runtime import event_import
from runtime.line_files import Problem
from storage import Database
from tests.storage.community.calendar_kit import differs, left_out, vevent, written
from tests.town import CHANNEL, Town

NOW = datetime.now(UTC)
MONDAY = (day := NOW.date() + timedelta(days=21)) - timedelta(days=day.weekday())
Import = Callable[..., Report]


def on(weeks: int, days: int = 0) -> date:
    return MONDAY + timedelta(days=7 * weeks + days)


def master(*lines: str, day: date = MONDAY, count: int = 6, title: str = "Circle", at: str = "12") -> list[str]:
    return vevent(day, f"RRULE:FREQ=WEEKLY;COUNT={count}", *lines, title=title, at=at)


@pytest.fixture
def take(town: Town, tmp_path: Path) -> Import:
    """Imports events as a calendar, where there is nothing to complain of."""

    def call(*lines: list[str], dry_run: bool = False) -> Report:
        path = written(tmp_path, lines)
        found: tuple[Report, list[Problem]] = event_import.run(
            town.database, town.id, path, NOW, channel=CHANNEL, dry_run=dry_run
        )
        assert found[1] == []
        return found[0]

    return call


def rows(town: Town) -> list[Event]:
    with town.database.read() as session:
        mine = select(Event).where(Event.community_id == town.id, Event.series_id.is_not(None))
        return list(session.scalars(mine.order_by(Event.starts_at, Event.id)))


def days(town: Town) -> list[date]:
    return [date.fromisoformat(row.local_start[:10]) for row in rows(town) if row.state is EventState.scheduled]


def planned(town: Town) -> list[Series]:
    with town.database.read() as session:
        return list(session.scalars(select(Series).where(Series.community_id == town.id).order_by(Series.id)))


def told(database: Database, town: Town) -> list[str]:
    with database.read() as session:
        mine = select(Outbox, Payload).outerjoin(Payload, Payload.id == Outbox.payload_id)
        rows = session.execute(mine.where(Outbox.community_id == town.id).order_by(Outbox.id)).all()
        return [str((row.payload or stored.body).get("text")) for row, stored in rows if row.user]


def test_what_repeats_is_planned_once_and_the_same_file_again_changes_nothing(town: Town, take: Import) -> None:
    file = [*master(left_out(on(2))), *differs(on(3), on(3, 1), at="15")]
    tried = take(file, dry_run=True)
    assert (len(tried.planned), planned(town), rows(town)) == (1, [], [])
    assert tried.lines[0] == "+ Circle: Every week on Monday"
    assert f"  + {on(3, 1)} 15:00 Circle" in tried.lines
    assert len(tried.lines) == 6
    take(file)
    assert days(town) == [on(0), on(1), on(3, 1), on(4), on(5)]
    (of,) = planned(town)
    assert (of.uid, of.left_out) == ("circle", [on(2).isoformat()])
    assert [row.apart for row in rows(town)] == [False, False, True, False, False]
    with town.database.begin() as session:
        assert series.upkeep(session, series.held(session, of.id), NOW) == [], "what is left out stays so"
    again = take(file)
    assert (again.planned, again.series, again.added, again.unchanged) == ([], [], [], 1)
    assert len(rows(town)) == 5


def test_a_file_that_says_something_else_is_shown_applied_and_told_once(town: Town, take: Import) -> None:
    take(master())
    ben, before = town.person("Ben"), rows(town)
    with town.database.begin() as session:
        for row in before:
            rsvp.respond(session, ben, row.id, Reply.going, NOW)
    file = [*master("LOCATION:Room 9", left_out(on(1)), count=7), *differs(on(4), on(4, 2), at="09")]
    tried = take(file, dry_run=True)
    assert any(line.startswith(f"  - {on(1)}") for line in tried.lines)
    assert f"  ~ {on(4, 2)} 09:00 Circle (time, was {on(4)} 12:00)" in tried.lines
    assert f"  ~ {on(0)} 12:00 Circle (place)" in tried.lines
    assert [row.place for row in rows(town)] == [""] * 6, "a dry run changes nothing"
    take(file)
    assert days(town) == [on(0), on(2), on(3), on(4, 2), on(5), on(6)]
    assert [row.id for row in rows(town)][:6] == [row.id for row in before], "each keeps its replies"
    (text,) = told(town.database, town)
    assert "6 dates of *Circle* that you signed up for have changed." in text
    assert take(file).unchanged == 1
    # The exception is taken back: the date is as the others again, for it had differed by the file's own word.
    take(master("LOCATION:Room 9", left_out(on(1)), count=7))
    assert days(town) == [on(0), on(2), on(3), on(4), on(5), on(6)]


def test_tuesdays_for_mondays_keep_their_replies(town: Town, take: Import) -> None:
    take(master())
    before = rows(town)
    take(master(day=on(0, 1), title="Round", at="10"))
    assert days(town) == [on(week, 1) for week in range(6)]
    assert [row.id for row in rows(town)] == [row.id for row in before]
    assert {(row.title_en, row.local_start[11:]) for row in rows(town)} == {("Round", "10:00")}


def test_what_was_changed_in_slack_stands_until_the_file_says_something_else(town: Town, take: Import) -> None:
    take(master())
    of = rows(town)
    with town.database.begin() as session:
        events.cancel(session, town.organizer, of[0].id, of[0].version, NOW)
        alone = replace(drafts.of(session.get_one(Event, of[1].id)), place="The garden")
        events.change(session, town.organizer, of[1].id, of[1].version, alone, NOW)
        rest = replace(drafts.of(session.get_one(Event, of[3].id)), day=on(3, 2), title_fr="Cercle")
        series_changes.change_following(session, town.organizer, of[3].id, of[3].version, rest, NOW)
    assert take(master()).unchanged == 1
    moved = [on(1), on(2), on(3, 2), on(4, 2), on(5, 2)]
    assert days(town) == moved
    # A new file holds again for all but what was called off, or changed on its own.
    take(master("LOCATION:Room 9"))
    assert days(town) == [on(week) for week in range(1, 6)]
    assert [(row.place, row.title_fr) for row in rows(town)[1:]] == [("The garden", "Circle")] + [
        ("Room 9", "Cercle")
    ] * 4
    assert rows(town)[0].state is EventState.cancelled
    assert {row.series_id for row in rows(town)} == {planned(town)[0].id}


def test_a_series_called_off_in_the_file_is_called_off_and_one_that_is_over_is_left(town: Town, take: Import) -> None:
    assert take(master(day=on(-60), count=3)).past == 1
    assert planned(town) == []
    take(master())
    report = take(master("STATUS:CANCELLED"))
    assert len(report.series[0].cancelled) == 6
    assert days(town) == []
    assert take(master("STATUS:CANCELLED")).unchanged == 1


def test_one_that_began_years_ago_goes_on_and_one_without_end_is_planned_a_year_ahead(town: Town, take: Import) -> None:
    take(vevent(on(-52 * 8), "RRULE:FREQ=WEEKLY;INTERVAL=2"))
    assert len(rows(town)) in (28, 29)
    assert {(day - on(0)).days % 14 for day in days(town)} == {0}
    assert planned(town)[0].next_plan_at is not None


def test_dates_that_were_imported_one_by_one_become_the_series(town: Town, take: Import) -> None:
    singles = [differs(on(week), on(week)) for week in range(3)]
    take(*singles)
    with town.database.read() as session:
        before = session.scalars(select(Event.id).where(Event.community_id == town.id).order_by(Event.starts_at)).all()
    assert len(before) == 3
    take(master())
    assert [row.id for row in rows(town)][:3] == list(before)
    assert days(town) == [on(week) for week in range(6)]
    # A date that comes alone finds its event in the series.
    take(differs(on(2), on(2, 1)))
    assert days(town) == [on(0), on(1), on(2, 1), on(3), on(4), on(5)]
    assert [row.apart for row in rows(town)] == [False, False, True, False, False, False]
