"""A year's events from an .ics file; what repeats by a rule is a series, with its exceptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from community import recurrence
from community.errors import Invalid
from community.programmes import MOST_LINES, Line, Made, Programme, Repeated, uid_of, uid_of_date
from community.tables import Trouble, decoded
from community.times import zone

Numbered = tuple[int, Any]  # a VEVENT and the line that it begins on
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError)


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
    exceptions: dict[str, list[Numbered]] = defaultdict(list)
    for number, event in events:
        if "recurrence-id" in event:
            exceptions[_uid(event)].append((number, event))
    whole = {_uid(event) for _, event in events if "recurrence-id" not in event}
    for number, event in events:
        if "recurrence-id" not in event:
            found.attempt(number, partial(_understood, _made, number, event, exceptions[_uid(event)], own))
        elif _uid(event) not in whole:
            found.attempt(number, partial(_understood, _alone, number, event, own))
        if len(found.lines) + len(found.series) > MOST_LINES:
            return Programme(troubles=[Trouble(number, Invalid("file_lines", limit=MOST_LINES))])
    return found


def _uid(event: Any) -> str:
    return _text(event, "uid")


def _text(event: Any, name: str) -> str:
    written = event.get(name) or ""
    return str(written[0] if isinstance(written, list) else written)


def _understood(read: Callable[..., Made], *given: Any) -> Made:
    """What is made of an event. Raises Invalid: the library reads a property when asked, and gives a list of two."""
    try:
        return read(*given)
    except UNREADABLE:
        raise Invalid("file_date_form") from None


def _made(number: int, event: Any, exceptions: list[Numbered], own: ZoneInfo) -> Made:
    """The event or series, and the dates that it has beside."""
    line = _line(number, event, own)
    rule = _rule(event, line) if "rrule" in event else None
    differing = {_local(one["recurrence-id"].dt, line): (at, one) for at, one in exceptions}
    excluded = {_local(one.dt, line) for one in _dates(event, "exdate")}
    further = list(_further(event, line, rule, excluded, differing, own))
    dated = [_date(at, one, own) for at, one in differing.values()]
    if rule is None:
        return [line, *further, *dated]
    left_out = {_day(one) for one in excluded} | {_occurrence(one) for one in dated if one.cancelled}
    different = {_occurrence(one): replace(one, date_of=None, occurrence=None) for one in dated if not one.cancelled}
    return [Repeated(number, line.uid, line.values, rule, frozenset(left_out), different, line.cancelled), *further]


def _rule(event: Any, line: Line) -> str:
    rules = event["rrule"]
    if isinstance(rules, list):
        raise Invalid("rule_form")
    written, first = event["dtstart"].dt.date(), line.values["day"]
    rule = recurrence.checked(rules.to_ical().decode(), written, zone(line.values["time_zone"]))
    # A rule in UTC names days that may be others where the community is.
    return recurrence.moved(rule, "custom", written, first)


def _further(
    event: Any, line: Line, rule: str | None, excluded: set[date], differing: dict[date, Numbered], own: ZoneInfo
) -> Iterator[Line]:
    """Dates that the event has on top of its rule (RDATE), each an event of its own; what differs of them is taken out.

    A second one on a day has its time in its UID too: the day alone names the first, or the date of the rule.
    """
    first, at = line.values["day"], line.values["at"]
    beside: dict[datetime, dict[str, Any]] = {}
    for one in _dates(event, "rdate"):
        if len(beside) > MOST_LINES:
            raise Invalid("file_lines", limit=MOST_LINES)
        start, end = one.dt if isinstance(one.dt, tuple) else (one.dt, None)
        local = _local(start, line)
        if not isinstance(local, datetime):
            local = datetime.combine(local, at)
        length = {} if end is None else {"minutes": _length(start, end)}
        beside[local] = line.values | {"day": local.date(), "at": local.time()} | length
    days = {local.date() for local in beside}
    taken = {first} if rule is None else recurrence.named(rule, first, days)
    for local, values in beside.items():
        day = local.date()
        if local in excluded or day in excluded or (day in taken and local.time() == at):
            continue
        uid = uid_of(f"{line.uid[:240]}/{local:%Y-%m-%dT%H%M}") if day in taken else uid_of_date(line.uid, day)
        differs = differing.pop(local, None) or (None if day in taken else differing.pop(day, None))
        taken.add(day)
        if differs is None:
            yield Line(line.number, uid, values, line.cancelled)
        else:
            dated = _date(*differs, own)
            yield Line(dated.number, uid, dated.values, dated.cancelled)


def _dates(event: Any, name: str) -> Iterator[Any]:
    written = event.get(name, [])
    for some in written if isinstance(written, list) else [written]:
        yield from some.dts


def _local(moment: date, line: Line) -> date:
    """The moment, or whole day, as the clock has it in the series' zone."""
    if isinstance(moment, datetime) and moment.tzinfo:
        return moment.astimezone(zone(line.values["time_zone"])).replace(tzinfo=None)
    return moment


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _occurrence(line: Line) -> date:
    if line.occurrence is None:
        raise Invalid("file_date_form")
    return line.occurrence


def _alone(number: int, event: Any, own: ZoneInfo) -> Made:
    return [_date(number, event, own)]


def _date(number: int, event: Any, own: ZoneInfo) -> Line:
    """One date of what repeats, as it differs."""
    which = event["recurrence-id"]
    if which.params.get("RANGE"):
        raise Invalid("rule_part", part="RANGE")
    line = _line(number, event, own)
    day = _day(_local(which.dt, line))
    return Line(number, uid_of_date(line.uid, day), line.values, line.cancelled, line.uid, day)


def _line(number: int, event: Any, own: ZoneInfo) -> Line:
    start = getattr(event.get("dtstart"), "dt", None)
    if start is None:
        raise Invalid("empty", field="DTSTART")
    if not isinstance(start, datetime):
        raise Invalid("file_whole_day")
    local, time_zone = _told(start, own)
    summary = _text(event, "summary")
    values: dict[str, Any] = {
        "day": local.date(),
        "at": local.time(),
        "time_zone": time_zone,
        "minutes": _minutes(event, start),
        "title_en": summary,
        "title_fr": summary,
        "description_en": _text(event, "description"),
        "description_fr": _text(event, "description"),
        "place": _text(event, "location"),
    }
    link = _text(event, "url")
    if link.startswith(("http://", "https://")):
        values["link"] = link
    cancelled = _text(event, "status").upper() == "CANCELLED"
    return Line(number, uid_of(_text(event, "uid")), values, cancelled)


def _told(moment: datetime, own: ZoneInfo) -> tuple[datetime, str]:
    if moment.tzinfo is None:
        return moment, own.key
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key not in ("UTC", "Etc/UTC"):
        return moment.replace(tzinfo=None), zone(moment.tzinfo.key).key
    return moment.astimezone(own).replace(tzinfo=None), own.key


def _minutes(event: Any, start: datetime) -> int:
    end, length = getattr(event.get("dtend"), "dt", None), getattr(event.get("duration"), "dt", None)
    return _length(start, length if isinstance(length, timedelta) else end)


def _length(start: datetime, end: date | timedelta | None) -> int:
    if isinstance(end, timedelta):
        return int(end.total_seconds() // 60)
    if isinstance(end, datetime) and (end.tzinfo is None) == (start.tzinfo is None):
        if start.tzinfo is not None:
            start, end = start.astimezone(UTC), end.astimezone(UTC)
        return int((end - start).total_seconds() // 60)
    if isinstance(end, date):
        raise Invalid("file_whole_day")
    return 0  # of no length: refused with the sentence for lengths
