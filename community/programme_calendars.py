"""A year's events from an .ics file; what repeats by a rule is a series, with its exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from community import recurrence
from community.errors import Invalid
from community.programmes import MOST_LINES, Line, Programme, Repeated, uid_of, uid_of_date
from community.tables import Trouble, decoded
from community.times import zone

Numbered = tuple[int, Any]  # a VEVENT and the line that it begins on


def read_calendar(content: bytes, time_zone: str) -> Programme:
    """The events and series of a calendar; times without a zone, and those in UTC, are told in `time_zone`."""
    found = Programme()
    try:
        source = decoded(content)
        if "BEGIN:VCALENDAR" not in source.upper():
            raise Invalid("file_no_calendar")
        calendar = icalendar.Calendar.from_ical(source)
    except ValueError:  # whatever icalendar cannot make sense of
        return Programme(troubles=[Trouble(1, Invalid("file_no_calendar"))])
    except Invalid as error:
        return Programme(troubles=[Trouble(1, error)])
    begins = [n for n, line in enumerate(source.splitlines(), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    events: list[Numbered] = list(zip(begins, calendar.walk("VEVENT"), strict=False))
    if len(events) > MOST_LINES:
        return Programme(troubles=[Trouble(begins[MOST_LINES], Invalid("file_lines", limit=MOST_LINES))])
    own = zone(time_zone)
    exceptions = [(number, event) for number, event in events if "recurrence-id" in event]
    with_rule = {_uid(event) for _, event in events if "rrule" in event}
    for number, event in events:
        if "rrule" in event:
            mine = [(n, one) for n, one in exceptions if _uid(one) == _uid(event)]
            found.attempt(number, lambda number=number, event=event, mine=mine: _series(number, event, mine, own))  # type: ignore[misc]
            for day in _further(event):
                found.attempt(number, lambda number=number, event=event, day=day: _on(number, event, day, own))  # type: ignore[misc]
        elif "recurrence-id" not in event:
            found.attempt(number, lambda number=number, event=event: _line(number, event, own))  # type: ignore[misc]
        elif _uid(event) not in with_rule:
            found.attempt(number, lambda number=number, event=event: _date(number, event, own))  # type: ignore[misc]
    return found


def _uid(event: Any) -> str:
    return str(event.get("uid") or "")


def _series(number: int, event: Any, exceptions: list[Numbered], own: ZoneInfo) -> Repeated:
    line, rules = _line(number, event, own), event["rrule"]
    if isinstance(rules, list):
        raise Invalid("rule_form")
    written, first = event["dtstart"].dt.date(), line.values["day"]
    rule = recurrence.checked(rules.to_ical().decode(), written, zone(line.values["time_zone"]))
    # A rule in UTC names days that may be others where the community is.
    rule = recurrence.moved(rule, "custom", written, first)
    left_out = {_day(one.dt, line) for one in _dates(event, "exdate")}
    different = {}
    for at, one in exceptions:
        dated = _date(at, one, own)
        day = _day(one["recurrence-id"].dt, line)
        if dated.cancelled:
            left_out.add(day)
        else:
            different[day] = Line(at, uid_of_date(line.uid, day), dated.values)
    return Repeated(number, line.uid, line.values, rule, frozenset(left_out), different, line.cancelled)


def _further(event: Any) -> Iterator[Any]:
    """Dates that the event has on top of its rule (RDATE); periods, which have a length of their own, are none."""
    for one in _dates(event, "rdate"):
        if isinstance(one.dt, datetime):
            yield one.dt


def _dates(event: Any, name: str) -> Iterator[Any]:
    written = event.get(name, [])
    for some in written if isinstance(written, list) else [written]:
        yield from some.dts


def _day(moment: date | datetime, line: Line) -> date:
    """The date in the series' zone that an exception is for."""
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(zone(line.values["time_zone"])).date() if moment.tzinfo else moment.date()


def _on(number: int, event: Any, moment: datetime, own: ZoneInfo) -> Line:
    """The event on one more day, on its own."""
    line = _line(number, event, own)
    local, _ = _local(moment, zone(line.values["time_zone"]))
    values = line.values | {"day": local.date(), "at": local.time()}
    return Line(number, uid_of_date(line.uid, local.date()), values, line.cancelled)


def _date(number: int, event: Any, own: ZoneInfo) -> Line:
    """One date of what repeats, as it differs."""
    which = event["recurrence-id"]
    if which.params.get("RANGE"):
        raise Invalid("rule_part", part="RANGE")
    line = _line(number, event, own)
    day = _day(which.dt, line)
    return Line(number, uid_of_date(line.uid, day), line.values, line.cancelled, line.uid, day)


def _line(number: int, event: Any, own: ZoneInfo) -> Line:
    start = getattr(event.get("dtstart"), "dt", None)
    if start is None:
        raise Invalid("empty", field="DTSTART")
    if not isinstance(start, datetime):
        raise Invalid("file_whole_day")
    local, time_zone = _local(start, own)
    summary = str(event.get("summary") or "")
    values: dict[str, Any] = {
        "day": local.date(),
        "at": local.time(),
        "time_zone": time_zone,
        "minutes": _minutes(event, start),
        "title_en": summary,
        "title_fr": summary,
        "description_en": str(event.get("description") or ""),
        "description_fr": str(event.get("description") or ""),
        "place": str(event.get("location") or ""),
    }
    link = str(event.get("url") or "")
    if link.startswith(("http://", "https://")):
        values["link"] = link
    cancelled = str(event.get("status") or "").upper() == "CANCELLED"
    return Line(number, uid_of(str(event.get("uid") or "")), values, cancelled)


def _local(moment: datetime, own: ZoneInfo) -> tuple[datetime, str]:
    if moment.tzinfo is None:
        return moment, own.key
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key not in ("UTC", "Etc/UTC"):
        return moment.replace(tzinfo=None), zone(moment.tzinfo.key).key
    return moment.astimezone(own).replace(tzinfo=None), own.key


def _minutes(event: Any, start: datetime) -> int:
    end, length = getattr(event.get("dtend"), "dt", None), getattr(event.get("duration"), "dt", None)
    if isinstance(length, timedelta):
        return int(length.total_seconds() // 60)
    if isinstance(end, datetime) and (end.tzinfo is None) == (start.tzinfo is None):
        if start.tzinfo is not None:
            start, end = start.astimezone(UTC), end.astimezone(UTC)
        return int((end - start).total_seconds() // 60)
    if isinstance(end, date):
        raise Invalid("file_whole_day")
    return 0  # of no length: refused with the sentence for lengths
