"""What is known of one person at one event: the best evidence wins, the first time is kept, every change is noted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, aliased

from community.records import Attendance, AttendanceChange, Event, Evidence, Member, Status
from community.rows import insert_new

_RANK = {evidence: rank for rank, evidence in enumerate(Evidence)}


def mine(session: Session, event_id: int, member_id: int) -> Attendance | None:
    """The member's record at the event."""
    return session.scalar(select(Attendance).where(Attendance.event_id == event_id, Attendance.member_id == member_id))


def recorded(session: Session, event: Event) -> set[int]:
    """Ids of the members with a record at the event, whatever it says."""
    return set(session.scalars(select(Attendance.member_id).where(Attendance.event_id == event.id)))


def record(
    session: Session,
    event: Event,
    member: Member,
    status: Status,
    evidence: Evidence,
    checked_in_at: datetime | None,
    by: Member | None,
    now: datetime,
    *,
    reason: str | None = None,
    minutes: int | None = None,
) -> tuple[Attendance, bool]:
    """Write or better the record; also says whether this was the first check-in. The event must be held.

    The time of the first check-in and the `minutes` are kept whatever the evidence; the rest only where it is better
    than what is known. Whatever changes is written into the audit.
    """
    new = insert_new(
        session,
        Attendance,
        event_id=event.id,
        member_id=member.id,
        status=status,
        evidence=evidence,
        checked_in_at=checked_in_at,
        minutes=minutes,
        recorded_at=now,
    )
    row = session.scalars(
        select(Attendance)
        .where(Attendance.event_id == event.id, Attendance.member_id == member.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    before = None if new else row.status
    first = checked_in_at is not None and (new or row.checked_in_at is None)
    longer = minutes is not None and (new or row.minutes != minutes)
    row.minutes = row.minutes if minutes is None else minutes
    if not new and not _better(row, evidence):
        if first:
            row.checked_in_at = checked_in_at
        if first or longer:
            note(session, row, before, row.status, by, now, reason, evidence)
        return row, first
    if not new:
        # A second check-in is better evidence of the same arrival: what the first one said about time stays.
        if row.checked_in_at is None or evidence is Evidence.organizer:
            row.status = status
        row.checked_in_at = row.checked_in_at or checked_in_at
        row.evidence, row.recorded_at = evidence, now
    note(session, row, before, row.status, by, now, reason)
    return row, first


def excused_ahead() -> Select[int, int]:
    """Events and members (of their attendance) of excuses that were not taken back, whatever became known since."""
    given, back = aliased(AttendanceChange), aliased(AttendanceChange)
    by_excuse = given.evidence == Evidence.excuse
    same = (back.event_id == given.event_id) & (back.member_id == given.member_id)
    taken_back = select(back.id).where(same, back.evidence == Evidence.excuse, back.after.is_(None), back.id > given.id)
    return (
        select(Attendance.event_id, Attendance.member_id)
        .join(given, (given.event_id == Attendance.event_id) & (given.member_id == Attendance.member_id))
        .where(by_excuse, given.after.is_not(None), ~taken_back.exists())
    )


def lift_excuse(session: Session, event: Event, member: Member, now: datetime) -> bool:
    """The member comes after all: their excuse is taken back; says whether there was one. The event must be held."""
    known = mine(session, event.id, member.id)
    if known is None or known.evidence is not Evidence.excuse:
        return False
    session.execute(delete(Attendance).where(Attendance.id == known.id))
    note(session, known, known.status, None, member, now, None)
    return True


def note(
    session: Session,
    known: Attendance,
    before: Status | None,
    after: Status | None,
    by: Member | None,
    now: datetime,
    reason: str | None,
    evidence: Evidence | None = None,
) -> None:
    """Write into the audit what the record was and is; `evidence` is what it changed by, if not what it rests on."""
    session.add(
        AttendanceChange(
            event_id=known.event_id,
            member_id=known.member_id,
            before=before,
            after=after,
            evidence=evidence or known.evidence,
            reason=reason,
            changed_by_id=by.id if by else None,
            changed_at=now,
        )
    )
    session.flush()


def _better(row: Attendance, evidence: Evidence) -> bool:
    return _RANK[evidence] > _RANK[row.evidence] or evidence is Evidence.organizer
