"""Who corrected attendance, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.records import AttendanceChange, Evidence, Member, Status


@dataclass(frozen=True)
class Correction:
    """The latest correction of one person's attendance; `before` is None where nothing was recorded."""

    by: str
    at: datetime
    before: Status | None


def corrections(session: Session, event_id: int) -> dict[int, Correction]:
    """The latest correction by an organizer or facilitator for each member of an event's roster who has one."""
    statement = (
        select(AttendanceChange, Member.name)
        .join(Member, Member.id == AttendanceChange.changed_by_id)
        .where(AttendanceChange.event_id == event_id, AttendanceChange.evidence == Evidence.organizer)
        .order_by(AttendanceChange.id)
    )
    return {
        change.member_id: Correction(name, change.changed_at, change.before)
        for change, name in session.execute(statement)
    }
