"""A year's events from an .ics file, those that repeat date by date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from community import recurrence
from community.errors import Invalid
from community.programmes import MOST_LINES, Line, Programme, uid_of
from community.tables import Trouble, decoded
from community.times import zone

AHEAD = timedelta(days=400)


def read_calendar(content: bytes, time_zone: str, now: datetime) -> Programme:
    """The events of a calendar; times without a zone, and those in UTC, are told in `time_zone`.

    What repeats is read for the 400 days ahead, each date with a UID of its own.
    """
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
    events = calendar.walk("VEVENT")
    if len(events) > MOST_LINES:
        return Programme(troubles=[Trouble(begins[MOST_LINES], Invalid("file_lines", limit=MOST_LINES))])
    for number, event in zip(begins, events, strict=False):
        if "rrule" in event:
            _repeated(found, number, event, calendar, zone(time_zone), now)
        elif not ("recurrence-id" in event and _repeats(event, events)):
            found.attempt(number, lambda event=event, number=number: _line(number, event, zone(time_zone)))  # type: ignore[misc]
    return found


def _repeats(event: Any, events: list[Any]) -> bool:
    """Whether it is one date of what is read with all its dates."""
    return any("rrule" in other and other.get("uid") == event.get("uid") for other in events)


def _repeated(
    found: Programme, number: int, event: Any, calendar: icalendar.Calendar, own: ZoneInfo, now: datetime
) -> None:
    uid = str(event.get("uid") or "")
    try:
        _check_rule(event, own)
        alone = icalendar.Calendar()
        for one in calendar.walk("VTIMEZONE"):
            alone.add_component(one)
        for one in calendar.walk("VEVENT"):
            if str(one.get("uid") or "") == uid:
                alone.add_component(one)
        dates = recurring_ical_events.of(alone).between(now, now + AHEAD)
    except Invalid as error:
        found.troubles.append(Trouble(number, error))
        return
    except (ValueError, TypeError, KeyError, AttributeError):
        found.troubles.append(Trouble(number, Invalid("rule_form")))
        return
    for one in dates[:MOST_LINES]:
        found.attempt(number, lambda one=one: _dated(_line(number, one, own), one))  # type: ignore[misc]


def _check_rule(event: Any, own: ZoneInfo) -> None:
    rules, start = event["rrule"], event.get("dtstart")
    if isinstance(rules, list) or start is None:
        raise Invalid("rule_form")
    first = start.dt.date() if isinstance(start.dt, datetime) else start.dt
    recurrence.checked(rules.to_ical().decode(), first, own)


def _dated(line: Line, one: Any) -> Line:
    which = one.get("recurrence-id", one["dtstart"]).dt
    day = which.date() if isinstance(which, datetime) else which
    return Line(line.number, uid_of(f"{line.uid[:240]}/{day:%Y-%m-%d}"), line.values, line.cancelled)


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
