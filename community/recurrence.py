"""Recurrence rules of RFC 5545: which dates they name. Times of day and zones are the series' affair.

A rule is kept without DTSTART, and its UNTIL is a local date. What repeats more often than daily is no series of
meetings; parts that hardly anybody means (BYWEEKNO, BYYEARDAY) are refused rather than misunderstood.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from math import gcd, lcm
from zoneinfo import ZoneInfo

from dateutil import rrule

from community.errors import Invalid
from community.times import FURTHEST_YEARS

RULE_LIMIT = 500
MOST_DATES = 1_000
MOST_INTERVAL = 120
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What a part may look like, and with which frequencies: with others it would name nothing, and be searched for long.
_NUMBERS = r"[+-]?\d{1,2}(,[+-]?\d{1,2})*"
_PARTS = {
    "FREQ": (r"[A-Z]+", FREQUENCIES),
    "INTERVAL": (r"\d{1,4}", FREQUENCIES),
    "COUNT": (r"\d{1,6}", FREQUENCIES),
    "UNTIL": (r"\d{8}(T\d{6}Z?)?", FREQUENCIES),
    "WKST": (r"MO|TU|WE|TH|FR|SA|SU", FREQUENCIES),
    "BYMONTH": (r"\d{1,2}(,\d{1,2})*", FREQUENCIES),
    "BYDAY": (r"[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)(,[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU))*", FREQUENCIES),
    "BYMONTHDAY": (_NUMBERS, ("MONTHLY", "YEARLY")),
    "BYSETPOS": (_NUMBERS, ("MONTHLY", "YEARLY")),
}
PRESETS = ("weekly", "biweekly", "monthly_weekday", "monthly_date")

Parts = dict[str, str]


def preset(name: str, first: date) -> str:
    """The rule of one of `PRESETS`, beginning on this date.

    Where a month lacks the date or the fifth such weekday, its last takes the place: nobody wants a month left out.
    """
    day = DAYS[first.weekday()]
    match name:
        case "weekly":
            return f"FREQ=WEEKLY;BYDAY={day}"
        case "biweekly":
            return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}"
        case "monthly_weekday":
            return f"FREQ=MONTHLY;BYDAY={_nth(first)}{day}"
        case "monthly_date" if first.day > 28:
            return f"FREQ=MONTHLY;BYMONTHDAY={','.join(str(n) for n in range(28, first.day + 1))};BYSETPOS=-1"
        case "monthly_date":
            return f"FREQ=MONTHLY;BYMONTHDAY={first.day}"
    raise Invalid("rule_form", field="repeats")


def preset_of(rule: str, first: date) -> str:
    """The preset that the rule is, whenever it ends; `custom` when it is none."""
    parts = {name: value for name, value in _parts(rule).items() if name not in ("COUNT", "UNTIL", "WKST")}
    if parts.keys() <= {"FREQ", "INTERVAL"}:  # the day is then that of the first date, as other calendars write it
        if parts.get("FREQ") == "WEEKLY":
            parts["BYDAY"] = DAYS[first.weekday()]
        elif parts.get("FREQ") == "MONTHLY" and first.day <= 28:
            parts["BYMONTHDAY"] = str(first.day)
    bare = _written(parts)
    return next((name for name in PRESETS if preset(name, first) == bare), "custom")


def checked(rule: str, first: date, in_zone: ZoneInfo, field: str = "rule") -> str:
    """The rule as it is kept. Raises Invalid for what is no rule, names no date, or repeats too often."""
    parts = _parts(rule, field)
    frequency = parts.get("FREQ", "")
    if frequency in TOO_OFTEN or parts.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}:
        raise Invalid("rule_too_often", field=field)
    if frequency not in FREQUENCIES or {"COUNT", "UNTIL"} <= parts.keys():
        raise Invalid("rule_form", field=field)
    for name, value in parts.items():
        pattern, allowed = _PARTS.get(name, ("", ()))
        if frequency not in allowed:
            raise Invalid("rule_part", field=field, part=name)
        if not re.fullmatch(pattern, value):
            raise Invalid("rule_form", field=field)
    if frequency in ("DAILY", "WEEKLY") and re.search(r"\d", parts.get("BYDAY", "")):
        raise Invalid("rule_part", field=field, part="BYDAY")
    interval = int(parts.get("INTERVAL", "1"))
    if not 1 <= interval <= MOST_INTERVAL:
        raise Invalid("rule_interval", field=field, most=MOST_INTERVAL)
    if frequency == "DAILY" and interval > 1 and "BYDAY" in parts:
        raise Invalid("rule_part", field=field, part="BYDAY")
    if "COUNT" in parts and not 1 <= int(parts["COUNT"]) <= MOST_DATES:
        raise Invalid("rule_count", field="count", most=MOST_DATES)
    if "UNTIL" in parts:
        parts["UNTIL"] = f"{_until(parts['UNTIL'], first, in_zone, field):%Y%m%d}"
    kept = _written(parts)
    try:
        begins = next(dates(kept, first), None)
    except ValueError:  # the thirteenth month, the 40th of one
        raise Invalid("rule_form", field=field) from None
    if begins is None or begins > first + timedelta(days=366 * FURTHEST_YEARS):
        raise Invalid("rule_empty", field=field)
    return kept


def dates(rule: str, first: date, since: date | None = None) -> Iterator[date]:
    """The dates the rule names, in order, from `first` on, or from `since`; without end when it has none."""
    begins = first if since is None else _later(_parts(rule), first, since)
    for moment in rrule.rrulestr(rule, dtstart=datetime.combine(begins, time(0))):
        if since is None or moment.date() >= since:
            yield moment.date()


def named(rule: str, first: date, days: Collection[date]) -> set[date]:
    """Which of these days the rule names."""
    if "COUNT" in _parts(rule):
        return {day for day in dates(rule, first) if day in days}
    return {day for day in days if next(dates(rule, first, day), None) == day}


def _later(parts: Parts, first: date, since: date) -> date:
    """A start, not after `since`, with which the rule names the same dates from then on; centuries are passed over."""
    interval = int(parts.get("INTERVAL", "1"))
    if "COUNT" in parts or since <= first:
        return first
    if parts["FREQ"] in ("DAILY", "WEEKLY"):
        step = interval * (7 if parts["FREQ"] == "WEEKLY" else 1)
        return first + timedelta(days=(since - first).days // step * step)
    years = interval if parts["FREQ"] == "YEARLY" else interval // gcd(interval, 12)
    if (first.month, first.day) == (2, 29):
        years = lcm(years, 400)
    gone = max(0, since.year - 1 - first.year) // years * years
    return first.replace(year=first.year + gone)


def ends(rule: str) -> bool:
    """Whether it names a last date."""
    return bool(_parts(rule).keys() & {"COUNT", "UNTIL"})


def until(rule: str, last: date) -> str:
    """The same rule, up to and with this date."""
    parts = _parts(rule)
    parts.pop("COUNT", None)
    return _written(parts | {"UNTIL": f"{last:%Y%m%d}"})


def times(rule: str, count: int) -> str:
    """The same rule, for so many dates."""
    parts = _parts(rule)
    parts.pop("UNTIL", None)
    return _written(parts | {"COUNT": str(count)})


def rest(rule: str, first: date, since: date) -> str:
    """The rule for the dates from `since` on, when it began on `first`: of those counted, the ones before are gone."""
    parts = _parts(rule)
    if "COUNT" in parts:
        gone = sum(1 for day in islice(dates(rule, first), MOST_DATES) if day < since)
        parts["COUNT"] = str(max(1, int(parts["COUNT"]) - gone))
    return _written(parts)


def moved(rule: str, name: str, was: date, now: date) -> str:
    """The rule, of this preset or `custom`, when the date `was` becomes `now`. Raises Invalid `rule_moved`.

    A rule of one's own that names dates or places in the month cannot be moved by guessing.
    """
    apart = now - was
    if not apart:
        return rule
    parts = _parts(rule)
    if name != "custom":
        moved_parts = _parts(preset(name, now))
    elif parts["FREQ"] == "WEEKLY" and "BYMONTH" not in parts:
        days = [DAYS[(DAYS.index(day) + apart.days) % 7] for day in parts.get("BYDAY", DAYS[was.weekday()]).split(",")]
        moved_parts = {name: value for name, value in parts.items() if name in ("FREQ", "INTERVAL", "WKST")}
        moved_parts["BYDAY"] = ",".join(sorted(days, key=DAYS.index))
    elif parts.keys() <= {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"} and parts["FREQ"] == "DAILY":
        moved_parts = {name: value for name, value in parts.items() if name not in ("COUNT", "UNTIL")}
    else:
        raise Invalid("rule_moved", field="day")
    if "COUNT" in parts:
        moved_parts["COUNT"] = parts["COUNT"]
    if "UNTIL" in parts:
        moved_parts["UNTIL"] = f"{_day(parts['UNTIL']) + max(apart, timedelta(0)):%Y%m%d}"
    return _written(moved_parts)


def parts_of(rule: str) -> Parts:
    """The rule's parts by name, to say it in words."""
    return _parts(rule)


def last_day(rule: str) -> date | None:
    """The date it goes on to, when it names one."""
    written = _parts(rule).get("UNTIL")
    return _day(written) if written else None


def _parts(rule: str, field: str = "rule") -> Parts:
    text = re.sub(r"\s+", "", rule).upper().removeprefix("RRULE:").strip(";")
    if len(text) > RULE_LIMIT:
        raise Invalid("too_long", field=field, limit=RULE_LIMIT, length=len(text))
    pairs = [piece.partition("=") for piece in text.split(";")]
    parts = {name: value for name, _, value in pairs}
    if not text or len(parts) != len(pairs) or not all(name and value for name, value in parts.items()):
        raise Invalid("rule_form", field=field)
    return parts


def _written(parts: Parts) -> str:
    ordered = sorted(parts.items(), key=lambda item: list(_PARTS).index(item[0]))
    # An interval of one is none; the rest stands in one order, so that equal rules are written equally.
    return ";".join(f"{name}={value}" for name, value in ordered if (name, value) != ("INTERVAL", "1"))


def _until(written: str, first: date, in_zone: ZoneInfo, field: str) -> date:
    try:
        last = _day(written)
        if written.endswith("Z"):
            moment = datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            last = moment.astimezone(in_zone).date()
    except (ValueError, OverflowError):
        raise Invalid("rule_form", field=field) from None
    if last < first:
        raise Invalid("rule_until", field="until")
    return last


def _day(written: str) -> date:
    return date(int(written[:4]), int(written[4:6]), int(written[6:8]))


def _nth(day: date) -> int:
    number = (day.day - 1) // 7 + 1
    return number if number < 5 else -1
