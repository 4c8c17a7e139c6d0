"""What an organizer typed for an event, checked field by field."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from community import text
from community.errors import Invalid
from community.records import Event, EventKind
from community.times import LOCAL_FORMAT, future_start, parse_local, zone

TITLE_LIMIT = 150  # a Slack header holds no more
DESCRIPTION_LIMIT = 2_900  # a Slack section holds 3,000
PLACE_LIMIT = 300
LINK_LIMIT = 2_000
COURSE_CODE_LIMIT = 32
SEATS = range(1, 10_001)
MINUTES = range(5, 7 * 24 * 60 + 1)
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")


@dataclass(frozen=True)
class EventDraft:
    """An event as planned: local day and time in an IANA zone, length in minutes, seats or None for no limit.

    Of a `hybrid` event `capacity` is the room's, and whoever comes says whether they come there or online.
    """

    kind: EventKind | str
    title_en: str
    title_fr: str
    description_en: str
    description_fr: str
    day: date
    at: time
    time_zone: str
    minutes: int
    place: str
    link: str | None
    capacity: int | None
    channel: str
    course_code: str | None = None
    hybrid: bool = False
    online_capacity: int | None = None


def checked(draft: EventDraft) -> EventDraft:
    """The draft, cleaned. Raises Invalid with the field that cannot be used."""
    kind = _kind(draft.kind)
    return replace(
        draft,
        kind=kind,
        title_en=text.required(text.one_line(draft.title_en), TITLE_LIMIT, "title_en"),
        title_fr=text.required(text.one_line(draft.title_fr), TITLE_LIMIT, "title_fr"),
        description_en=text.within(text.clean(draft.description_en), DESCRIPTION_LIMIT, "description_en"),
        description_fr=text.within(text.clean(draft.description_fr), DESCRIPTION_LIMIT, "description_fr"),
        at=draft.at.replace(second=0, microsecond=0, tzinfo=None),
        time_zone=zone(draft.time_zone).key,
        minutes=_between(draft.minutes, MINUTES, "minutes_range", "minutes"),
        place=text.within(text.one_line(draft.place), PLACE_LIMIT, "place"),
        link=text.web_link(draft.link, LINK_LIMIT, "link"),
        capacity=_seats(draft.capacity, "capacity"),
        channel=_channel(draft.channel),
        course_code=_course(draft.course_code, kind),
        online_capacity=_online_seats(draft),
    )


def of(event: Event) -> EventDraft:
    """The draft that the event stands for."""
    start = parse_local(event.local_start)
    same = {item.name: getattr(event, item.name) for item in fields(EventDraft) if item.name not in ("day", "at")}
    return EventDraft(day=start.date(), at=start.time(), **same)


def columns(draft: EventDraft, starts_at: datetime) -> dict[str, Any]:
    """The event's columns that the draft decides."""
    return {
        "kind": draft.kind,
        "title_en": draft.title_en,
        "title_fr": draft.title_fr,
        "description_en": draft.description_en,
        "description_fr": draft.description_fr,
        "local_start": datetime.combine(draft.day, draft.at).strftime(LOCAL_FORMAT),
        "time_zone": draft.time_zone,
        "minutes": draft.minutes,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=draft.minutes),
        "place": draft.place,
        "link": draft.link,
        "capacity": draft.capacity,
        "channel": draft.channel,
        "course_code": draft.course_code,
        "hybrid": draft.hybrid,
        "online_capacity": draft.online_capacity,
    }


def start_of(draft: EventDraft, now: datetime) -> datetime:
    """The instant the draft starts at. Raises Invalid as `times.future_start` does."""
    return future_start(draft.day, draft.at, draft.time_zone, now)


def _kind(value: EventKind | str) -> EventKind:
    try:
        return EventKind(value)
    except ValueError:
        raise Invalid("kind_unknown", field="kind") from None


def _course(code: str | None, kind: EventKind) -> str | None:
    code = text.one_line(code or "")
    if code and kind is not EventKind.course_session:
        raise Invalid("course_needs_session", field="course_code")
    return text.within(code, COURSE_CODE_LIMIT, "course_code") or None


def _between(value: int, allowed: range, code: str, field: str) -> int:
    if value not in allowed:
        raise Invalid(code, field=field, low=allowed.start, high=allowed.stop - 1)
    return value


def _seats(value: int | None, field: str) -> int | None:
    return None if value is None else _between(value, SEATS, "seats_range", field)


def _online_seats(draft: EventDraft) -> int | None:
    if draft.online_capacity is not None and not draft.hybrid:
        raise Invalid("online_seats_need_hybrid", field="online_capacity")
    return _seats(draft.online_capacity, "online_capacity")


def _channel(value: str) -> str:
    if not _CHANNEL.fullmatch(value):
        raise Invalid("channel_form", field="channel")
    return value
