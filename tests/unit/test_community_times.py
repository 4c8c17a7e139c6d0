"""Local time to instant: gaps, folds, leap days, the ends of what can be planned."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community import times
from community.errors import Invalid

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def refused(call: object, *arguments: object) -> Invalid:
    with pytest.raises(Invalid) as caught:
        call(*arguments)  # type: ignore[operator]  # a function of times
    return caught.value


def test_ordinary_time_is_its_instant() -> None:
    assert times.instant(date(2026, 11, 25), time(9), "America/Toronto") == datetime(2026, 11, 25, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "zone", "next_time"),
    [
        (date(2027, 3, 14), time(2, 30), "America/Toronto", "03:00"),
        (date(2027, 3, 14), time(2, 0), "America/St_Johns", "03:00"),
        (date(2027, 3, 28), time(1, 59), "Europe/London", "02:00"),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", "02:30"),
        (date(2027, 3, 28), time(0, 30), "Asia/Beirut", "01:00"),
    ],
)
def test_skipped_time_is_refused_with_the_next_one_that_exists(day: date, at: time, zone: str, next_time: str) -> None:
    error = refused(times.instant, day, at, zone)
    assert (error.code, error.field) == ("time_skipped", "at")
    assert error.params == {"time": at.strftime("%H:%M"), "next": next_time}
    hour, minute = map(int, next_time.split(":"))
    times.instant(day, time(hour, minute), zone)


def test_doubled_time_is_the_first_of_the_two() -> None:
    # 1:30 happens at 05:30 UTC (still daylight time), and again at 06:30.
    assert times.instant(date(2026, 11, 1), time(1, 30), "America/Toronto") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001 - wall clock
    st.sampled_from(["America/St_Johns", "America/Toronto", "Europe/Paris", "Australia/Lord_Howe", "Asia/Tokyo"]),
)
def test_every_time_either_comes_back_as_typed_or_is_named_as_skipped(local: datetime, zone: str) -> None:
    local = local.replace(second=0, microsecond=0)
    exists = (
        local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    )
    if not exists:
        assert refused(times.instant, local.date(), local.time(), zone).code == "time_skipped"
        return
    moment = times.instant(local.date(), local.time(), zone)
    assert moment.tzinfo is UTC
    assert times.local_text(moment, ZoneInfo(zone)) == local.strftime(times.LOCAL_FORMAT)
    assert times.parse_local(times.local_text(moment, ZoneInfo(zone))) == local


def test_leap_day_exists_in_leap_years_only() -> None:
    assert times.future_start(times.parse_day("2028-02-29"), time(9), "America/Toronto", NOW) == datetime(
        2028, 2, 29, 14, tzinfo=UTC
    )
    assert refused(times.parse_day, "2027-02-29").code == "day_impossible"


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "2026-11-31", "99999-01-01", "\x00", "١٢"])
def test_what_is_no_day_is_named(text: str) -> None:
    error = refused(times.parse_day, text)
    assert (error.code, error.field) == ("day_impossible", "day")


@pytest.mark.parametrize("text", ["", "25:00", "09:60", "nine", "9", "09:30:61"])
def test_what_is_no_time_is_named(text: str) -> None:
    error = refused(times.parse_time, text)
    assert (error.code, error.field) == ("time_impossible", "at")


@pytest.mark.parametrize(
    "name", ["", "Moon/Base", "../../etc/passwd", "America", "a\x00b", "x" * 500, "Amérique/Montréal"]
)
def test_what_is_no_zone_is_named(name: str) -> None:
    error = refused(times.zone, name)
    assert (error.code, error.field) == ("time_zone_unknown", "time_zone")


def test_past_is_refused_at_the_field_that_is_past() -> None:
    assert refused(times.future_start, date(2026, 11, 21), time(9), "UTC", NOW).field == "day"
    assert refused(times.future_start, date(2026, 11, 22), time(11, 59), "UTC", NOW).field == "at"
    assert refused(times.future_start, date(1, 1, 1), time(0), "Pacific/Kiritimati", NOW).code == "in_the_past"


def test_today_is_judged_in_the_zone_of_the_event() -> None:
    # It is already the 23rd in Kiritimati and still the 22nd in Toronto.
    assert refused(times.future_start, date(2026, 11, 22), time(23), "Pacific/Kiritimati", NOW).field == "day"
    assert times.future_start(date(2026, 11, 22), time(23), "America/Toronto", NOW) > NOW


@pytest.mark.parametrize("day", [date(2031, 11, 23), date(2032, 2, 29), date(9999, 12, 31)])
def test_more_than_five_years_ahead_is_refused(day: date) -> None:
    error = refused(times.future_start, day, time(23, 59), "Pacific/Pago_Pago", NOW + timedelta(hours=12))
    assert (error.code, error.field, error.params) == ("too_far_ahead", "day", {"years": 5})


def test_five_years_are_whole_years_from_a_leap_day_too() -> None:
    assert times.future_start(date(2031, 11, 22), time(9), "UTC", NOW)
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert times.future_start(date(2033, 3, 1), time(9), "UTC", leap)
    assert refused(times.future_start, date(2033, 3, 2), time(9), "UTC", leap).code == "too_far_ahead"


def test_missing_or_unheard_of_zone_of_a_profile_gives_the_communitys() -> None:
    for bad in (None, "", "Mars/Olympus", "../x"):
        assert times.known_zone(bad, "America/Toronto") == "America/Toronto"
    assert times.known_zone("Europe/Paris", "America/Toronto") == "Europe/Paris"
