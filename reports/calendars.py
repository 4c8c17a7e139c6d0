"""Events as calendar programs read them (RFC 5545), each with its zone's rules, in one language.

An event keeps its UID through every move; SEQUENCE grows with each change, so that a program knows which is newer. The
method is PUBLISH, and CANCEL for what does not take place: people reply in Slack, and a REQUEST would have programs
answer by e-mail to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from community.events import description, title
from community.records import Event, EventState
from community.text import one_line

PRODUCT = "-//Praxis//Praxis//EN"
NO_ADDRESS = "invalid:nomail"  # RFC 5546's name for an organizer who takes no mail
REFRESH = timedelta(hours=1)


def file_name(event: Event) -> str:
    """The name of an event's file."""
    return f"event-{event.id}.ics"


def single(event: Event, community: str, locale: str) -> bytes:
    """One event as a file to open: an invitation, an update when it is newer than what is there, or a cancellation."""
    method = "CANCEL" if event.state is EventState.cancelled else "PUBLISH"
    return _written(_calendar(method), [event], [_event(event, community, locale)])


def feed(events: Sequence[tuple[Event, bool]], community: str, locale: str) -> bytes:
    """A person's events as a calendar to subscribe to; those that are not certain are tentative."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", one_line(community))
    calendar.add("x-wr-calname", one_line(community))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    shown = (_event(event, community, locale, certain=certain) for event, certain in events)
    return _written(calendar, [event for event, _certain in events], shown)


def _calendar(method: str) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _written(calendar: icalendar.Calendar, events: Sequence[Event], shown: Iterable[icalendar.Event]) -> bytes:
    years = [event.starts_at.year for event in events]
    for name in sorted({event.time_zone for event in events} - {"UTC"}):
        calendar.add_component(_zone(name, min(years) - 1, max(years) + 1))
    for one in shown:
        calendar.add_component(one)
    return bytes(calendar.to_ical())


def _zone(name: str, first_year: int, last_year: int) -> icalendar.Timezone:
    """The zone's rules in these years: a part for each change of clocks.

    Lists of changes in one part (RDATE), which icalendar would write, are half read by some programs.
    """
    in_zone, zone = ZoneInfo(name), icalendar.Timezone()
    zone.add("tzid", name)
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    zone.add_component(_observance(in_zone, moment, moment))
    while moment < end:
        before, moment = moment, moment + timedelta(days=1)
        if _offset(in_zone, before) != _offset(in_zone, moment):
            zone.add_component(_observance(in_zone, before, _change(in_zone, before, moment)))
    return zone


def _change(in_zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The minute between the two in which clocks are changed."""
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if _offset(in_zone, middle) == _offset(in_zone, before):
            before = middle
        else:
            after = middle
    return after


def _observance(in_zone: ZoneInfo, before: datetime, since: datetime) -> icalendar.Component:
    local = since.astimezone(in_zone)
    part = icalendar.TimezoneDaylight() if local.dst() else icalendar.TimezoneStandard()
    part.add("dtstart", (since + _offset(in_zone, before)).replace(tzinfo=None))  # by the clock as it was until then
    part.add("tzoffsetfrom", _offset(in_zone, before))
    part.add("tzoffsetto", _offset(in_zone, since))
    part.add("tzname", local.tzname() or in_zone.key)
    return part


def _offset(in_zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(in_zone).utcoffset() or timedelta(0)


def _event(event: Event, community: str, locale: str, *, certain: bool = True) -> icalendar.Event:
    in_zone = ZoneInfo(event.time_zone)
    shown = icalendar.Event()
    shown.add("uid", event.uid)
    shown.add("sequence", event.version - 1)
    shown.add("dtstamp", event.updated_at)
    shown.add("created", event.created_at)
    shown.add("last-modified", event.updated_at)
    shown.add("dtstart", event.starts_at.astimezone(in_zone))
    shown.add("dtend", event.ends_at.astimezone(in_zone))
    shown.add("summary", title(event, locale))
    text = "\n\n".join(part for part in (description(event, locale), event.link) if part)
    if text:
        shown.add("description", text)
    if place := event.place or event.link:
        shown.add("location", place)
    if event.link:
        shown.add("url", event.link)
    cancelled = event.state is EventState.cancelled
    shown.add("status", "CANCELLED" if cancelled else "CONFIRMED" if certain else "TENTATIVE")
    organizer = icalendar.vCalAddress(NO_ADDRESS)
    organizer.params["CN"] = icalendar.vText(one_line(community).replace('"', "'"))
    shown["organizer"] = organizer
    return shown
