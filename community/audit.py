"""The audit of attendance: who changed what into what, when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from community import people
from community.errors import NotFound
from community.records import AttendanceChange, Event, Evidence, Member, Role, Status


@dataclass(frozen=True)
class Correction:
    """The latest correction of one person's attendance; `before` is None where nothing was recorded."""

    by: str
    at: datetime
    before: Status | None
    reason: str | None = None


@dataclass(frozen=True)
class Step:
    """One change: without `after` a record was taken back; without `by` it came by itself or from the operator."""

    member: str
    before: Status | None
    after: Status | None
    evidence: Evidence
    by: str | None
    at: datetime
    reason: str | None


def corrections(session: Session, event_id: int) -> dict[int, Correction]:
    """The latest correction by an organizer or facilitator for each member of an event's roster who has one."""
    statement = (
        select(AttendanceChange, Member.name)
        .join(Member, Member.id == AttendanceChange.changed_by_id)
        .where(AttendanceChange.event_id == event_id, AttendanceChange.evidence == Evidence.organizer)
        .order_by(AttendanceChange.id)
    )
    return {
        change.member_id: Correction(name, change.changed_at, change.before, change.reason)
        for change, name in session.execute(statement)
    }


def history(session: Session, by: Member, event_id: int, skip: int, most: int) -> tuple[Event, list[Step], int]:
    """Changes of an event's attendance, the newest first, and how many there are in all.

    Raises NotAllowed unless organizer or facilitator, NotFound.
    """
    people.require(session, by, Role.facilitator)
    event = session.get(Event, event_id)
    if event is None or event.community_id != by.community_id:
        raise NotFound("event_unknown")
    whose = AttendanceChange.event_id == event.id
    actor = aliased(Member)
    rows = session.execute(
        select(AttendanceChange, Member.name, actor.name)
        .join(Member, Member.id == AttendanceChange.member_id)
        .outerjoin(actor, actor.id == AttendanceChange.changed_by_id)
        .where(whose)
        .order_by(AttendanceChange.id.desc())
        .offset(skip)
        .limit(most)
    )
    steps = [
        Step(name, change.before, change.after, change.evidence, acted, change.changed_at, change.reason)
        for change, name, acted in rows
    ]
    return event, steps, session.scalar(select(func.count()).select_from(AttendanceChange).where(whose)) or 0
