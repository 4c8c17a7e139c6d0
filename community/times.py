"""Local time plus an IANA zone to an instant, and back.

Where clocks are put ahead, some local times do not exist: they are refused with the next one that does. Where clocks
are put back, some exist twice: the first is meant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from community.errors import Invalid

LOCAL_FORMAT = "%Y-%m-%dT%H:%M"
FURTHEST_YEARS = 5


def zone(name: str) -> ZoneInfo:
    """The IANA zone of this name. Raises Invalid `time_zone_unknown`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # ValueError: "../x" or a NUL; OSError: a folder's name
        raise Invalid("time_zone_unknown", field="time_zone", time_zone=name[:64]) from None


def known_zone(name: str | None, otherwise: str) -> str:
    """`name` where it is a zone, else `otherwise`: Slack's profiles hold zones that are missing or unheard of."""
    try:
        return zone(name).key if name else otherwise
    except Invalid:
        return otherwise


def parse_day(text: str, field: str = "day") -> date:
    """The day written as 2028-02-29. Raises Invalid `day_impossible`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("day_impossible", field=field, day=text.strip()[:20]) from None


def parse_time(text: str) -> time:
    """The time of day written as 09:30. Raises Invalid `time_impossible`."""
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone yet
    except ValueError:
        raise Invalid("time_impossible", field="at", time=text.strip()[:20]) from None


def resolve(local: datetime, in_zone: ZoneInfo) -> datetime:
    """The instant of a naive local time: a skipped one moves ahead by as much, of a doubled one it is the first."""
    return local.replace(tzinfo=in_zone, fold=0).astimezone(UTC)


def instant(day: date, at: time, time_zone: str) -> datetime:
    """The instant, in UTC. Raises Invalid `time_skipped` (params: `time`, `next`) in a gap, `time_zone_unknown`,
    and `day_impossible` at the ends of the calendar.
    """
    in_zone = zone(time_zone)
    local = datetime.combine(day, at.replace(second=0, microsecond=0, tzinfo=None))
    try:
        moment = resolve(local, in_zone)
    except OverflowError:
        raise Invalid("day_impossible", field="day", day=day.isoformat()) from None
    back = moment.astimezone(in_zone).replace(tzinfo=None)
    if back != local:
        raise Invalid("time_skipped", field="at", time=local.strftime("%H:%M"), next=_after_gap(local, in_zone))
    return moment


def _after_gap(local: datetime, in_zone: ZoneInfo) -> str:
    # Minute by minute: gaps last half an hour to a day, and the first minute after one is what a person should pick.
    candidate = local
    while resolve(candidate, in_zone).astimezone(in_zone).replace(tzinfo=None) != candidate:
        candidate += timedelta(minutes=1)
    return candidate.strftime("%H:%M" if candidate.date() == local.date() else "%Y-%m-%d %H:%M")


def local_text(moment: datetime, in_zone: ZoneInfo) -> str:
    """Wall clock of an instant, as records keep it: 2026-11-22T09:00."""
    return moment.astimezone(in_zone).strftime(LOCAL_FORMAT)


def parse_local(text: str) -> datetime:
    """The naive local time of such a text."""
    return datetime.strptime(text, LOCAL_FORMAT)  # noqa: DTZ007 - its zone is in the column beside it


def future_start(day: date, at: time, time_zone: str, now: datetime) -> datetime:
    """The instant of a start that is ahead, at most five years. Raises Invalid `in_the_past` or `too_far_ahead` too."""
    today = now.astimezone(zone(time_zone)).date()
    # Days are compared first: the ends of the calendar have no instant in every zone.
    if day < today:
        raise Invalid("in_the_past", field="day")
    if day > _years_on(today, FURTHEST_YEARS):
        raise Invalid("too_far_ahead", field="day", years=FURTHEST_YEARS)
    starts_at = instant(day, at, time_zone)
    if starts_at <= now:
        raise Invalid("in_the_past", field="at")
    return starts_at


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
