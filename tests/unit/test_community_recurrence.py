"""Which dates a rule names, and what is refused with a sentence rather than searched for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule

from community import recurrence
from community.days_off import CALENDARS, DaysOff, checked_days
from community.errors import Invalid
from views.errors import SENTENCES

TUESDAY = date(2026, 11, 24)  # the fourth of the month, and the last
TORONTO = ZoneInfo("America/Toronto")


def first(rule: str, count: int = 4, since: date = TUESDAY) -> list[str]:
    return [day.isoformat() for day in islice(recurrence.dates(recurrence.checked(rule, since, TORONTO), since), count)]


@pytest.mark.parametrize(
    ("name", "since", "dates"),
    [
        ("weekly", TUESDAY, ["2026-11-24", "2026-12-01", "2026-12-08"]),
        ("biweekly", TUESDAY, ["2026-11-24", "2026-12-08", "2026-12-22"]),
        ("monthly_weekday", TUESDAY, ["2026-11-24", "2026-12-22", "2027-01-26"]),
        ("monthly_weekday", date(2027, 3, 30), ["2027-03-30", "2027-04-27", "2027-05-25"]),  # the fifth is the last
        ("monthly_date", TUESDAY, ["2026-11-24", "2026-12-24", "2027-01-24"]),
        ("monthly_date", date(2027, 1, 31), ["2027-01-31", "2027-02-28", "2027-03-31"]),  # no month is left out
    ],
)
def test_presets_begin_on_their_day_and_leave_no_month_out(name: str, since: date, dates: list[str]) -> None:
    rule = recurrence.preset(name, since)
    assert first(rule, 3, since) == dates
    assert recurrence.preset_of(recurrence.times(rule, 12), since) == name


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=SECONDLY", "rule_too_often"),
        ("FREQ=HOURLY;COUNT=3", "rule_too_often"),
        ("FREQ=DAILY;BYHOUR=9,10", "rule_too_often"),
        ("FREQ=DAILY;BYSECOND=0,1", "rule_too_often"),
        ("", "rule_form"),
        ("every tuesday", "rule_form"),
        ("FREQ=WEEKLY;FREQ=DAILY", "rule_form"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "rule_form"),
        ("FREQ=WEEKLY;UNTIL=20270231", "rule_form"),
        ("FREQ=MONTHLY;BYMONTHDAY=45", "rule_empty"),
        ("FREQ=WEEKLY;BYDAY=XX", "rule_form"),
        ("FREQ=YEARLY;BYMONTH=13", "rule_empty"),
        ("FREQ=MONTHLY;BYMONTH=0", "rule_empty"),
        ("FREQ=MONTHLY;BYSETPOS=99;BYDAY=MO", "rule_empty"),
        ("FREQ=WEEKLY;INTERVAL=0", "rule_interval"),
        ("FREQ=DAILY;INTERVAL=9999", "rule_interval"),
        ("FREQ=WEEKLY;COUNT=0", "rule_count"),
        ("FREQ=WEEKLY;COUNT=999999", "rule_count"),
        ("FREQ=WEEKLY;UNTIL=20200101", "rule_until"),
        ("FREQ=YEARLY;BYWEEKNO=20", "rule_part"),
        ("FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2", "rule_part"),
        ("FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2", "rule_empty"),
        ("FREQ=WEEKLY;X-ODD=1", "rule_part"),
        ("FREQ=WEEKLY;BYDAY=" + "MO," * 400, "too_long"),
    ],
)
def test_what_is_no_rule_of_meetings_is_refused_at_once_and_in_words(rule: str, code: str) -> None:
    began = time.monotonic()
    with pytest.raises(Invalid) as caught:
        recurrence.checked(rule, TUESDAY, TORONTO)
    assert caught.value.code == code
    assert code in SENTENCES
    assert time.monotonic() - began < 5, "a rule that names nothing is not searched for until the year 9999, day by day"


def test_a_rule_without_end_is_taken_and_never_read_to_its_end() -> None:
    assert first("RRULE:FREQ=DAILY", 2) == ["2026-11-24", "2026-11-25"]
    assert not recurrence.ends("FREQ=DAILY")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=DAILY;BYDAY=MO,WE",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=3;WKST=SU;BYDAY=MO,SU",
        "FREQ=WEEKLY;COUNT=700",
        "FREQ=MONTHLY;INTERVAL=5",
        "FREQ=MONTHLY;INTERVAL=7;BYDAY=MO,TU;BYSETPOS=-1",
        "FREQ=YEARLY;INTERVAL=3;BYMONTH=2,5;BYMONTHDAY=-1",
        "FREQ=YEARLY;UNTIL=20290301",
    ],
)
@pytest.mark.parametrize("first", [date(2016, 2, 29), date(2015, 8, 31), date(2014, 11, 6)])
def test_dates_from_a_later_day_are_those_that_the_rule_names(rule: str, first: date) -> None:
    whole = list(islice(recurrence.dates(rule, first), 2_000))
    for since in (date(2010, 1, 1), date(2016, 2, 28), date(2024, 3, 1), date(2026, 11, 22)):
        wanted = [day for day in whole if day >= since][:4]
        assert list(islice(recurrence.dates(rule, first, since), len(wanted))) == wanted
        some = [*wanted, date(2026, 12, 25)]
        assert recurrence.named(rule, first, some) == {day for day in some if day in whole}


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=1,2,3", "FREQ=YEARLY;BYDAY=MO,TU,WE"])
def test_a_rule_from_the_first_century_is_not_searched_date_by_date(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dates, searched = rrule.rrulestr, 0

    def counted(*given: Any, **options: Any) -> Iterator[object]:
        nonlocal searched
        for moment in dates(*given, **options):
            searched += 1
            yield moment

    monkeypatch.setattr(rrule, "rrulestr", counted)
    assert next(recurrence.dates(rule, date(1, 1, 1), date(2026, 11, 22))).year == 2026
    assert searched < 1_000


def test_an_end_in_utc_is_the_local_date() -> None:
    # 03:30 UTC is still the day before in Toronto.
    assert recurrence.checked("FREQ=DAILY;UNTIL=20261127T033000Z", TUESDAY, TORONTO) == "FREQ=DAILY;UNTIL=20261126"


def test_what_is_left_of_a_counted_rule() -> None:
    assert recurrence.rest("FREQ=WEEKLY;COUNT=5", TUESDAY, date(2026, 12, 8)) == "FREQ=WEEKLY;COUNT=3"


@pytest.mark.parametrize(
    ("rule", "to", "dates"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", date(2026, 11, 26), ["2026-11-26", "2026-12-03"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH", date(2026, 11, 25), ["2026-11-25", "2026-11-27", "2026-12-02"]),
        ("FREQ=MONTHLY;BYDAY=4TU", date(2026, 11, 19), ["2026-11-19", "2026-12-17"]),
        ("FREQ=DAILY;COUNT=2", date(2026, 11, 25), ["2026-11-25", "2026-11-26"]),
    ],
)
def test_a_rule_moves_with_its_date(rule: str, to: date, dates: list[str]) -> None:
    moved = recurrence.moved(rule, recurrence.preset_of(rule, TUESDAY), TUESDAY, to)
    assert [day.isoformat() for day in islice(recurrence.dates(moved, to), len(dates))] == dates


def test_a_rule_of_ones_own_that_names_dates_is_not_moved_by_guessing() -> None:
    with pytest.raises(Invalid, match="rule_moved"):
        recurrence.moved("FREQ=MONTHLY;BYMONTHDAY=1,15", "custom", TUESDAY, date(2026, 11, 25))


def test_holidays_are_the_federal_ones_with_a_provinces_where_chosen() -> None:
    federal, quebec = DaysOff("CA"), DaysOff("CA-QC")
    assert federal.name(date(2027, 7, 1)) == ("Canada Day", "Fête du Canada")
    assert federal.name(date(2027, 12, 28)) is not None, "Boxing Day is observed on the Tuesday"
    assert federal.name(date(2027, 6, 24)) is None
    assert quebec.name(date(2027, 6, 24)) == ("Saint Jean Baptiste Day", "Fête nationale du Québec")
    assert quebec.name(date(2027, 9, 30)) is not None
    assert DaysOff(None).name(date(2027, 7, 1)) is None
    assert DaysOff(None, ["2027-03-02"]).name(date(2027, 3, 2)) == ("", "")


@pytest.mark.parametrize("calendar", CALENDARS)
def test_every_calendar_has_both_languages(calendar: str) -> None:
    names = DaysOff(calendar).name(date(2027, 12, 25))
    assert names is not None
    assert names[0] != names[1]


def test_the_working_day_beside_a_holiday_is_no_weekend() -> None:
    federal = DaysOff("CA")
    assert federal.working_day(date(2027, 12, 27), 1) == date(2027, 12, 29)
    assert federal.working_day(date(2027, 12, 27), -1) == date(2027, 12, 24)


def test_days_off_are_read_one_a_line_or_with_commas() -> None:
    assert checked_days("2027-03-02, 2027-03-01\n\n2027-03-02") == ["2027-03-01", "2027-03-02"]
    with pytest.raises(Invalid, match="day_written"):
        checked_days("March break")
    with pytest.raises(Invalid, match="days_off_many"):
        checked_days("\n".join(date.fromordinal(740_000 + n).isoformat() for n in range(101)))
