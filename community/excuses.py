"""Excusing oneself ahead: the seat goes to others, and one counts as excused; going again takes it back.

The reason is for organizers and facilitators alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import attendance, rsvp
from community.errors import Invalid, NotAllowed, NotFound
from community.evidence import mine, note, record
from community.records import (
    AttendanceChange,
    Event,
    EventState,
    Evidence,
    Member,
    Reply,
    Status,
)
from community.rows import locked_event
from community.text import clean, within

REASON_LIMIT = 1_000


@dataclass(frozen=True)
class Excuse:
    """An excuse as it was taken; `offered` are offered the seat that became free."""

    event: Event
    offered: list[Member]


def give(session: Session, member: Member, event_id: int, reason: str, now: datetime) -> Excuse:
    """Excuse the member from an event that has not begun; again replaces the reason, which may be empty.

    Raises NotFound, NotAllowed, Invalid `event_cancelled`, `excuse_late`, `excuse_not_expected`, `excuse_settled` where
    an organizer has recorded them already, `too_long`.
    """
    event = _ahead(session, member, event_id, now)
    reason = within(clean(reason), REASON_LIMIT, "reason")
    known = mine(session, event.id, member.id)
    if known is not None and known.evidence is not Evidence.excuse:
        raise Invalid("excuse_settled")
    going = rsvp.mine(session, event.id, member.id) is Reply.going
    if known is None and not going and member.id not in {other.id for other in attendance.expected(session, event)}:
        raise Invalid("excuse_not_expected")
    offered: list[Member] = []
    if going:
        offered = rsvp.respond(session, member, event.id, Reply.not_going, now).offered
    if known is None:
        record(session, event, member, Status.excused, Evidence.excuse, None, member, now, reason=reason or None)
    else:
        note(session, known, Status.excused, Status.excused, member, now, reason or None)
    return Excuse(event, offered)


def reasons(session: Session, event_id: int) -> dict[int, str]:
    """The latest reason of each member who gave one; for organizers and facilitators alone."""
    statement = (
        select(AttendanceChange.member_id, AttendanceChange.reason)
        .where(AttendanceChange.event_id == event_id, AttendanceChange.evidence == Evidence.excuse)
        .order_by(AttendanceChange.id)
    )
    return {member_id: reason for member_id, reason in session.execute(statement) if reason}


def _ahead(session: Session, member: Member, event_id: int, now: datetime) -> Event:
    if not member.active or member.is_bot:
        raise NotAllowed("member_inactive")
    event = locked_event(session, member.community_id, event_id)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if now >= event.starts_at:
        raise Invalid("excuse_late")
    return event
