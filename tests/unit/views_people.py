"""People and an event to render views with, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from community.codes import Code
from community.records import Event, EventKind, EventState, Member
from knowledge.gaps import Group, Wording

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
START = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)  # 9:00 in Toronto, 6:00 in Vancouver
CODE = Code("482915", 1, START)
HOSTILE = "<!channel> & <@U1|x> *b* `c` =2+5 '; DROP TABLE event;-- <https://evil.example|Slack>"


@dataclass(frozen=True)
class Reader:
    """Somebody who reads views."""

    locale: str
    time_zone: str


READERS = {"en": Reader("en", "America/Toronto"), "fr": Reader("fr", "America/Vancouver")}


def an_event(**changes: object) -> Event:
    """An event of an hour with twelve seats."""
    values: dict[str, object] = {
        "id": 7,
        "community_id": 1,
        "kind": EventKind.learning_event,
        "state": EventState.scheduled,
        "title_en": "Plain language & you",
        "title_fr": "Le langage clair et vous",
        "description_en": "Bring a page of your own.\nSee https://example.org/plain.",
        "description_fr": "Apportez une page de votre cru.\nVoir https://example.org/clair.",
        "local_start": "2026-12-01T09:00",
        "time_zone": "America/Toronto",
        "minutes": 90,
        "starts_at": START,
        "ends_at": START + timedelta(minutes=90),
        "place": "Room 2, 5th floor",
        "link": "https://example.org/join?a=1&b=2",
        "capacity": 12,
        "hybrid": False,
        "online_capacity": None,
        "by_invitation": False,
        "channel": "C0EVENTS",
        "check_in_secret": "00" * 32,
        "check_in_opens_minutes": 15,
        "check_in_closes_minutes": 0,
        "late_after_minutes": 10,
        "version": 3,
        "revision": 0,
        "created_by_id": 1,
        "updated_by_id": None,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Event(**(values | changes))


def a_member(number: int, name: str) -> Member:
    """Somebody on a roster."""
    return Member(id=number, slack_user_id=f"U{number:04}", name=name, time_zone="America/Toronto")


def a_group(text: str, count: int = 1, *, waiting: int = 0) -> Group:
    """A group of questions without an answer."""
    return Group(1, 9, count, waiting, NOW, (Wording(text, "en"),))
