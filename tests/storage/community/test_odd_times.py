"""Events of no length, across a change of clocks, across midnight: refused in words, or right to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from community import events, windows
from community.errors import Invalid
from storage import Database
from tests.town import NOW, ZONE, Town, draft, fresh

TORONTO = ZoneInfo(ZONE)


@pytest.mark.parametrize("minutes", [0, -60, 4, 7 * 24 * 60 + 1])
def test_an_event_of_no_length_or_of_weeks_is_refused(town: Town, database: Database, minutes: int) -> None:
    with database.begin() as session, pytest.raises(Invalid, match="minutes_range") as refused:
        events.plan(session, town.organizer, draft(NOW + timedelta(days=1), minutes=minutes), NOW)
    assert refused.value.field == "minutes"


@pytest.mark.parametrize(
    ("start", "minutes", "ends"),
    [
        ("2027-03-14T01:30", 60, "2027-03-14T03:30"),  # clocks go on from two to three
        ("2026-11-08T23:30", 90, "2026-11-09T01:00"),
        ("2027-11-07T00:30", 180, "2027-11-07T02:30"),  # the hour from one to two comes twice
        ("2027-03-13T23:00", 5 * 60, "2027-03-14T05:00"),  # both
    ],
)
def test_an_event_lasts_as_long_as_it_says(town: Town, database: Database, start: str, minutes: int, ends: str) -> None:
    with database.begin() as session:
        local = datetime.fromisoformat(start).replace(tzinfo=TORONTO)
        event = events.plan(session, town.organizer, draft(local, minutes=minutes), NOW)
        assert event.local_start == start
        assert event.ends_at - event.starts_at == timedelta(minutes=minutes)
        assert f"{event.ends_at.astimezone(TORONTO):%Y-%m-%dT%H:%M}" == ends
        assert windows.closes_at(event) == event.ends_at
        assert windows.is_open(event, event.ends_at - timedelta(minutes=1))
    with database.read() as session:
        assert fresh(session, event).starts_at == local.astimezone(UTC), "as it is read back"
