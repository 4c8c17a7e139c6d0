"""Sessions of courses: events that carry a course's code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.records import Event, EventState


def upcoming(
    session: Session, community_id: int, codes: Collection[str], now: datetime, limit: int = 10
) -> list[Event]:
    """Sessions of these courses that are planned and have not begun, the next first."""
    if not codes:
        return []
    return list(
        session.scalars(
            select(Event)
            .where(
                Event.community_id == community_id,
                Event.course_code.in_(codes),
                Event.state == EventState.scheduled,
                Event.starts_at > now,
            )
            .order_by(Event.starts_at, Event.id)
            .limit(limit)
        )
    )


def next_of_each(session: Session, community_id: int, codes: Collection[str], now: datetime) -> dict[str, Event]:
    """The next session of each of these courses that has one."""
    found: dict[str, Event] = {}
    for event in upcoming(session, community_id, codes, now, limit=500):
        found.setdefault(event.course_code or "", event)
    return found
