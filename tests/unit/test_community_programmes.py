"""A year's events read from files: what is understood, and what is refused line by line."""

from __future__ import annotations

import time as clock
from datetime import date, time

import pytest

from community import programmes, tables
from community.errors import Invalid
from community.programme_calendars import read_calendar
from community.programmes import Programme, read_table
from views.errors import SENTENCES

HEADER = "uid,title_en,title_fr,date,time"
DAILY = ["DTSTART:20270112T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=9"]
LINE = "a,Plain language,Langage clair,2027-01-12,09:00"


def codes(found: Programme) -> list[tuple[int, str]]:
    assert all(trouble.error.code in SENTENCES for trouble in found.troubles)
    return [(trouble.number, trouble.error.code) for trouble in found.troubles]


def table(*lines: str) -> Programme:
    return read_table("\n".join(lines).encode())


def calendar(*lines: str) -> Programme:
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]
    return read_calendar("\r\n".join(whole).encode(), "America/Toronto")


def event(*lines: str, uid: str = "one") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Circle", *lines, "END:VEVENT"]


def test_a_table_with_commas_or_semicolons_a_mark_and_french_times_is_read() -> None:
    found = read_table(f"\ufeff{HEADER};seats".replace(",", ";").encode() + b"\r\n" + LINE.replace(",", ";").encode())
    assert codes(found) == []
    found = table(f"{HEADER},seats,place,cancelled", f'{LINE},12,"Room 1, left",oui', "", "b,B,B,2027-01-13,9 h 30,,,")
    first, second = found.lines
    assert (first.number, first.uid, first.cancelled) == (2, "a", True)
    assert (first.values["day"], first.values["at"], first.values["capacity"]) == (date(2027, 1, 12), time(9), 12)
    assert first.values["place"] == "Room 1, left"
    assert (second.number, second.values["at"], second.values["capacity"]) == (4, time(9, 30), None)
    assert "minutes" not in second.values, "what the file does not name is left as it is"


@pytest.mark.parametrize(
    ("lines", "troubles"),
    [
        ([], [(1, "file_column_missing")]),
        (["uid,title_en"], [(1, "file_column_missing")]),
        ([f"{HEADER},colour"], [(1, "file_column_unknown")]),
        ([f"{HEADER},time"], [(1, "file_column_twice")]),
        ([HEADER, "a,A,A,2027-02-30,09:00"], [(2, "day_impossible")]),
        ([HEADER, "a,A,A,tomorrow,09:00"], [(2, "day_impossible")]),
        ([HEADER, "a,A,A,2027-02-03,25:00"], [(2, "time_impossible")]),
        ([HEADER, ",A,A,2027-02-03,09:00"], [(2, "empty")]),
        ([HEADER, "a,A,,2027-02-03,09:00"], [(2, "empty")]),
        ([HEADER, '"=HYPERLINK(""x"")",A,A,2027-02-03,09:00'], [(2, "file_formula")]),
        ([HEADER, LINE, LINE], [(3, "file_uid_twice")]),
        ([HEADER, f"{LINE},more"], [(2, "file_cells")]),
        ([HEADER, "a"], [(2, "empty")]),
        ([f"{HEADER},hybrid", f"{LINE},both"], [(2, "file_yes")]),
        ([f"{HEADER},hybrid,online_seats", f"{LINE},yes,some"], [(2, "number_form")]),
        ([f"{HEADER},seats", f"{LINE},many"], [(2, "number_form")]),
        ([f"{HEADER},minutes", f"{LINE},-5"], [(2, "number_form")]),
        ([f"{HEADER},cancelled", f"{LINE},perhaps"], [(2, "file_yes")]),
        ([HEADER, f"{'x' * 300},A,A,2027-02-03,09:00"], [(2, "too_long")]),
        ([HEADER, f'b,"{"x" * 200_000}",A,2027-02-03,09:00'], [(2, "file_no_table")]),
    ],
)
def test_what_cannot_be_used_in_a_table_is_named_by_its_line(lines: list[str], troubles: list[tuple[int, str]]) -> None:
    assert codes(table(*lines)) == troubles


def test_a_hundred_thousand_lines_of_nonsense_are_refused_soon() -> None:
    began = clock.monotonic()
    found = table(HEADER, *("=x,\x00,<!channel>,never,99:99" for _ in range(100_000)))
    assert codes(found)[-1] == (programmes.MOST_LINES + 2, "file_lines")
    assert found.lines == []
    assert clock.monotonic() - began < 10


@pytest.mark.parametrize("read", [read_table, lambda content: read_calendar(content, "America/Toronto")])
def test_files_that_are_neither_are_refused_as_a_whole(read: object) -> None:
    assert callable(read)
    assert codes(read("Réunion".encode("latin-1"))) == [(1, "file_not_utf8")]
    assert codes(read(b"x" * (tables.LARGEST + 1))) == [(1, "file_too_large")]
    assert codes(read(b"\xff\xfe\x00")) == [(1, "file_not_utf8")]
    assert next(code for _, code in codes(read(b"nothing of the kind"))) in ("file_column_unknown", "file_no_calendar")


def test_a_calendar_is_read_in_its_own_zones() -> None:
    found = calendar(
        *event("DTSTART;TZID=America/Vancouver:20270112T090000", "DTEND;TZID=America/Vancouver:20270112T160000"),
        *event("DTSTART:20270112T140000Z", "DURATION:PT90M", "LOCATION:Room 1", uid="two"),
        *event("DTSTART:20270112T090000", "DTEND:20270113T003000", "STATUS:CANCELLED", uid="three"),
        *event(
            "DTSTART;TZID=America/Toronto:20270314T013000", "DTEND;TZID=America/Toronto:20270314T033000", uid="four"
        ),
    )
    assert codes(found) == []
    told = [(line.uid, line.values["time_zone"], line.values["at"], line.values["minutes"]) for line in found.lines]
    assert told == [
        ("one", "America/Vancouver", time(9), 420),
        ("two", "America/Toronto", time(9), 90),
        ("three", "America/Toronto", time(9), 930),  # across midnight
        ("four", "America/Toronto", time(1, 30), 60),  # an hour is missing that night
    ]
    assert [line.cancelled for line in found.lines] == [False, False, True, False]
    assert [line.number for line in found.lines] == [3, 9, 16, 23]


def test_what_repeats_is_a_series_with_its_exceptions() -> None:
    found = calendar(
        *event("DTSTART;TZID=America/Toronto:20270105T120000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=5",
               "EXDATE;TZID=America/Toronto:20270112T120000", "RDATE;TZID=America/Toronto:20270107T150000"),
        *event("RECURRENCE-ID;TZID=America/Toronto:20270119T120000", "DTSTART;TZID=America/Toronto:20270120T130000",
               "DURATION:PT1H"),
        *event("RECURRENCE-ID:20270126T170000Z", "DTSTART:20270126T170000Z", "DURATION:PT1H", "STATUS:CANCELLED"),
    )  # fmt: skip
    assert codes(found) == []
    (one,) = found.series
    assert (one.uid, one.rule, one.values["day"], one.values["at"]) == (
        "one", "FREQ=WEEKLY;COUNT=5", date(2027, 1, 5), time(12),
    )  # fmt: skip
    assert one.left_out == {date(2027, 1, 12), date(2027, 1, 26)}
    assert {day: (line.values["day"].day, line.values["at"].hour) for day, line in one.different.items()} == {
        date(2027, 1, 19): (20, 13)
    }
    assert [(line.uid, line.values["at"].hour) for line in found.lines] == [("one/2027-01-07", 15)]


def test_a_rule_in_utc_names_the_days_where_the_community_is() -> None:
    late = ["DTSTART:20270105T020000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TU", "EXDATE:20270112T020000Z"]
    (one,) = calendar(*event(*late)).series
    assert (one.rule, one.values["day"], one.values["at"]) == ("FREQ=WEEKLY;BYDAY=MO", date(2027, 1, 4), time(21))
    assert one.left_out == {date(2027, 1, 11)}
    assert codes(calendar(*event(*late[:2], "RRULE:FREQ=MONTHLY;BYDAY=1TU"))) == [(3, "rule_moved")]


def test_dates_of_a_series_that_is_not_in_the_file_are_told_apart() -> None:
    dates = [
        event(f"RECURRENCE-ID:202701{day}T170000Z", f"DTSTART:202701{day}T180000Z", "DURATION:PT1H") for day in (12, 19)
    ]
    found = calendar(*dates[0], *dates[1])
    assert [(line.uid, line.date_of, line.occurrence) for line in found.lines] == [
        ("one/2027-01-12", "one", date(2027, 1, 12)), ("one/2027-01-19", "one", date(2027, 1, 19)),
    ]  # fmt: skip
    whole = [line.replace("RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE") for line in dates[0]]
    assert codes(calendar(*whole)) == [(3, "rule_part")]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["DTSTART:20270112T090000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"], "rule_too_often"),
        (["DTSTART:20270112T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYHOUR=1,2,3"], "rule_too_often"),
        (["DTSTART:20270112T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY"], "rule_form"),
        (["DTSTART;VALUE=DATE:20270112"], "file_whole_day"),
        (["DTSTART;VALUE=DATE:20270112", "RRULE:FREQ=WEEKLY"], "file_whole_day"),
        (["SEQUENCE:1"], "empty"),
        (["DTSTART:junk", "DURATION:PT1H"], "file_date_form"),
        (["DTSTART:00010101T000000Z", "DURATION:PT1H"], "file_date_form"),
        (["DTSTART:99991231T235959Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"], "file_date_form"),
        ([*DAILY, "EXDATE:junk"], "file_date_form"),
        ([*DAILY, "RDATE:junk"], "file_date_form"),
        ([*DAILY[:2], "RECURRENCE-ID:junk"], "file_date_form"),
        ([*DAILY[:2], "RECURRENCE-ID:20270112T090000Z", "RECURRENCE-ID:20270113T090000Z"], "file_date_form"),
    ],
)
def test_what_cannot_be_used_in_a_calendar_is_named_by_its_line(lines: list[str], code: str) -> None:
    assert codes(calendar(*event(*lines))) == [(3, code)]


def test_an_exception_that_cannot_be_read_is_named_with_its_series() -> None:
    assert codes(calendar(*event(*DAILY), *event(*DAILY[:2], "RECURRENCE-ID:junk"))) == [(3, "file_date_form")]


def test_dates_beside_a_rule_are_told_from_those_that_it_names() -> None:
    weekly = ["DTSTART;TZID=America/Toronto:20270105T120000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=5"]
    found = calendar(
        *event(
            *weekly,
            "EXDATE;TZID=America/Toronto:20270119T120000,20270108T120000",
            # the rule's own; a second on that day; one in place of that left out; one left out; one twice, in two zones
            "RDATE;TZID=America/Toronto:20270112T120000,20270112T150000,20270119T150000,20270108T120000",
            "RDATE;TZID=Asia/Tokyo:20270107T020000",
            "RDATE:20270106T170000Z",
            "RDATE;VALUE=DATE:20270107",
            "RDATE;VALUE=PERIOD:20270113T170000Z/PT3H,20270114T170000Z/20270114T190000Z",
        ),
        *event("RECURRENCE-ID;TZID=America/Toronto:20270107T120000", "DTSTART;TZID=America/Toronto:20270109T120000",
               "DURATION:PT1H"),
    )  # fmt: skip
    assert codes(found) == []
    assert [
        (line.uid, f"{line.values['day']:%d} {line.values['at']:%H}", line.values["minutes"]) for line in found.lines
    ] == [
        ("one/2027-01-12T1500", "12 15", 60),
        ("one/2027-01-19T1500", "19 15", 60),
        ("one/2027-01-06", "06 12", 60),
        ("one/2027-01-07", "09 12", 60),
        ("one/2027-01-13", "13 12", 180),
        ("one/2027-01-14", "14 12", 120),
    ]
    assert found.series[0].left_out == {date(2027, 1, 19), date(2027, 1, 8)}
    assert found.series[0].different == {}


def test_dates_beside_an_event_without_a_rule_are_events_too() -> None:
    once = ["DTSTART;TZID=America/Toronto:20270105T120000", "DURATION:PT1H"]
    found = calendar(*event(*once, "RDATE;TZID=America/Toronto:20270105T120000,20270107T120000"))
    assert codes(found) == []
    assert [(line.uid, line.values["day"].day) for line in found.lines] == [("one", 5), ("one/2027-01-07", 7)]


def test_dates_beside_count_as_lines() -> None:
    many = ",".join(f"2027{month:02}{day:02}T{hour:02}0000Z" for month in range(1, 13) for day in range(1, 29)
                    for hour in range(24))  # fmt: skip
    assert codes(calendar(*event(*DAILY, f"RDATE:{many}"))) == [(3, "file_lines")]
    begin = date(2028, 1, 1).toordinal()
    days = [",".join(f"{date.fromordinal(begin + day):%Y%m%d}T140000Z" for day in range(first, first + 1_100))
            for first in (0, 1_100)]  # fmt: skip
    found = calendar(*(line for some in days for line in event(*DAILY[:2], f"RDATE:{some}", uid=some[:8])))
    assert codes(found) == [(10, "file_lines")]


def test_an_event_of_no_length_is_refused_by_the_rule_for_lengths() -> None:
    (line,) = calendar(*event("DTSTART:20270112T090000Z")).lines
    assert line.values["minutes"] == 0


def test_an_event_without_a_uid_is_refused() -> None:
    found = calendar("BEGIN:VEVENT", "DTSTART:20270112T090000Z", "DURATION:PT1H", "SUMMARY:x", "END:VEVENT")
    assert codes(found) == [(3, "empty")]


def test_errors_are_the_kind_that_people_are_told() -> None:
    assert all(isinstance(trouble.error, Invalid) for trouble in table(HEADER, "a,A,A,x,y").troubles)
