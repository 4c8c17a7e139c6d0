"""When an event's reminders are due, around the nights clocks change."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from community import reminder_schedule, times
from community.errors import Invalid
from community.records import Event, ReminderKind
from community.reminder_rules import AFTER, BEFORE, FREE, USUAL, Rules

HOUR = timedelta(hours=1)
# Zone, the night clocks go ahead, the night they go back; Lord Howe's change is half an hour, and in the south.
CHANGES = [
    ("America/Toronto", date(2027, 3, 14), date(2027, 11, 7)),
    ("America/St_Johns", date(2027, 3, 14), date(2027, 11, 7)),
    ("Europe/London", date(2027, 3, 28), date(2027, 10, 31)),
    ("Australia/Lord_Howe", date(2027, 10, 3), date(2027, 4, 4)),
]

EVERY = {*BEFORE, *AFTER}
OWN = ((ReminderKind.before, 90), (ReminderKind.after, 90))


def planned(local: datetime, zone: str) -> Event:
    starts_at = times.instant(local.date(), local.time(), zone)
    return Event(
        local_start=local.strftime(times.LOCAL_FORMAT),
        time_zone=zone,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        check_in_opens_minutes=15,
        check_in_closes_minutes=0,
        nudge_after_minutes=10,
    )


@pytest.mark.parametrize("change", ["ahead", "back"])
@pytest.mark.parametrize(("zone", "ahead", "back"), CHANGES)
def test_hourly_events_around_a_change_remind_at_the_same_time_on_the_clock_the_day_before(
    zone: str, ahead: date, back: date, change: str
) -> None:
    midnight = datetime.combine(ahead if change == "ahead" else back, time(0))
    seen = 0
    for offset in range(-24, 60):
        local = midnight + offset * HOUR
        with suppress(Invalid):  # what clocks skip cannot be planned
            event = planned(local, zone)
            due = dict(reminder_schedule.schedule(event))
            assert set(due) == set(ReminderKind) - (EVERY - set(USUAL)) - set(FREE), "one of each"
            assert set(dict(reminder_schedule.schedule(event, Rules(tuple(EVERY), free=OWN)))) == set(ReminderKind)
            at = due[ReminderKind.day_before].astimezone(ZoneInfo(zone))
            wanted = local - timedelta(days=1)
            there_and_back = wanted.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
            assert at == there_and_back
            assert timedelta(0) <= at.replace(tzinfo=None) - wanted <= HOUR, "later only where clocks skip"
            assert at.date() == wanted.date()
            assert 23 * HOUR <= event.starts_at - due[ReminderKind.day_before] <= 25 * HOUR
            assert event.starts_at - due[ReminderKind.hour_before] == HOUR
            assert event.starts_at - due[ReminderKind.check_in_opens] == HOUR / 4
            assert sorted(due.values()) == list(due.values())
            seen += 1
    assert seen >= 83


@pytest.mark.parametrize(("zone", "ahead", "back"), CHANGES)
def test_a_daily_event_reminds_exactly_once_each_local_day(zone: str, ahead: date, back: date) -> None:
    for night in (ahead, back):
        for at in (time(1, 45), time(2, 15), time(2, 45), time(9)):
            days: Counter[date] = Counter()
            for offset in range(-5, 6):
                with suppress(Invalid):
                    event = planned(datetime.combine(night + timedelta(days=offset), at), zone)
                    due = dict(reminder_schedule.schedule(event))[ReminderKind.day_before]
                    days[due.astimezone(ZoneInfo(zone)).date()] += 1
            assert set(days.values()) == {1}
            assert len(days) >= 10
