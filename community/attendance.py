"""Who was there. Expected are those going when the event starts and those enrolled.

Whoever else checks in counts as present all the same. Check-in opens some minutes before the start and closes at the
end. The first time is kept, the best evidence wins: closing < button < code < organizer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, union
from sqlalchemy.orm import Session

from community import codes, people
from community.codes import opens_at
from community.errors import Invalid, NotAllowed, NotFound
from community.group_records import EventInvitation
from community.records import (
    Attendance,
    AttendanceChange,
    Event,
    EventState,
    Evidence,
    Member,
    Reply,
    Role,
    Rsvp,
    Status,
)
from community.rows import insert_new, locked_event

__all__ = [
    "CheckIn",
    "Line",
    "Roster",
    "check_in",
    "check_in_with_code",
    "close",
    "closes_at",
    "correct",
    "expected",
    "late_from",
    "mine",
    "opens_at",
    "recorded",
    "roster",
]

_RANK = {evidence: rank for rank, evidence in enumerate(Evidence)}


@dataclass(frozen=True)
class CheckIn:
    """What was recorded: `at` is the first time, `first` says whether this call recorded it."""

    event: Event
    status: Status
    at: datetime
    first: bool


@dataclass(frozen=True)
class Line:
    """One person of a roster; without `status` nothing is known yet."""

    member: Member
    reply: Reply | None
    status: Status | None
    checked_in_at: datetime | None
    evidence: Evidence | None
    expected: bool = True


@dataclass(frozen=True)
class Roster:
    """Everybody expected or recorded, by name."""

    event: Event
    lines: list[Line]

    def count(self, status: Status | None) -> int:
        """How many have this status."""
        return sum(line.status is status for line in self.lines)


def expected(session: Session, event: Event) -> list[Member]:
    """Those going, and those enrolled whatever they replied, by name; whoever only waits for a seat is not.

    Replies end at the start, so this is how it was then.
    """
    going = select(Rsvp.member_id).where(Rsvp.event_id == event.id, Rsvp.reply == Reply.going)
    waiting = select(Rsvp.member_id).where(Rsvp.event_id == event.id, Rsvp.reply == Reply.waitlisted)
    enrolled = select(EventInvitation.member_id).where(
        EventInvitation.event_id == event.id,
        EventInvitation.enrolled,
        EventInvitation.member_id.not_in(waiting),
    )
    statement = select(Member).where(Member.id.in_(union(going, enrolled)))
    return list(session.scalars(statement.order_by(Member.name, Member.id)))


def late_from(event: Event) -> datetime:
    """Whoever checks in after this is late."""
    return event.starts_at + timedelta(minutes=event.late_after_minutes)


def closes_at(event: Event) -> datetime:
    """From when on nobody can check in: the end."""
    return event.ends_at


def check_in(session: Session, member: Member, event_id: int, now: datetime) -> CheckIn:
    """By button. Raises NotFound, NotAllowed, Invalid `event_cancelled`, `check_in_early`, `check_in_over`."""
    _must_be_person(member)
    event = locked_event(session, member.community_id, event_id, shared=True)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if now < opens_at(event):
        raise Invalid("check_in_early", opens_at=opens_at(event), event=event)
    if now >= closes_at(event):
        raise Invalid("check_in_over", event=event)
    return _present(session, event, member, Evidence.button, now)


def check_in_with_code(
    session: Session, member: Member, code: str, now: datetime, *, event_id: int | None = None
) -> CheckIn:
    """By the code shown at the event; with `event_id` it must be that event's.

    Raises Invalid `code_form`, `code_wrong`, `code_early`, `code_late`, `code_old`, `code_other_event` or
    `event_cancelled`, and NotAllowed `code_tries` after five refusals in ten minutes. Refusals are counted: commit
    although it raised (`keep`).
    """
    _must_be_person(member)
    event = codes.event_for(session, member, code, now, event_id)
    return _present(session, event, member, Evidence.code, now)


def correct(session: Session, by: Member, event_id: int, member_id: int, status: Status, now: datetime) -> None:
    """An organizer or facilitator says how it was; it stands whatever comes after. Excusing is possible ahead of time.

    Raises NotAllowed, NotFound, Invalid `event_cancelled`, `roster_early` before check-in opens.
    """
    people.require(session, by, Role.facilitator)
    event = locked_event(session, by.community_id, event_id, shared=True)
    if event is None:
        raise NotFound("event_unknown")
    member = session.get(Member, member_id)
    if member is None or member.community_id != by.community_id or member.is_bot:
        raise NotFound("member_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if status is not Status.excused and now < opens_at(event):
        raise Invalid("roster_early", opens_at=opens_at(event), event=event)
    _record(session, event, member, status, Evidence.organizer, None, by, now)


def roster(session: Session, by: Member, event_id: int) -> Roster:
    """Everybody expected or recorded. Raises NotAllowed unless organizer or facilitator, NotFound."""
    people.require(session, by, Role.facilitator)
    event = session.get(Event, event_id)
    if event is None or event.community_id != by.community_id:
        raise NotFound("event_unknown")
    return _roster(session, event)


def close(session: Session, event: Event, now: datetime) -> Roster:
    """Settle the event: whoever was expected and has no record is absent. Again is no harm.

    Raises Invalid `event_cancelled`, `event_running` before the end.
    """
    held = locked_event(session, event.community_id, event.id)
    if held is None:
        raise NotFound("event_unknown")
    if held.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if now < closes_at(held):
        raise Invalid("event_running")
    if held.state is not EventState.closed:
        _absent(session, held, [m.id for m in expected(session, held)], now)
        held.state, held.updated_at = EventState.closed, now
        session.flush()
    return _roster(session, held)


def recorded(session: Session, event: Event) -> set[int]:
    """Ids of the members with a record at the event, whatever it says."""
    return set(session.scalars(select(Attendance.member_id).where(Attendance.event_id == event.id)))


def mine(session: Session, event_id: int, member_id: int) -> Attendance | None:
    """The member's record at the event."""
    return session.scalar(select(Attendance).where(Attendance.event_id == event_id, Attendance.member_id == member_id))


def _must_be_person(member: Member) -> None:
    if not member.active or member.is_bot:
        raise NotAllowed("member_inactive")


def _present(session: Session, event: Event, member: Member, evidence: Evidence, now: datetime) -> CheckIn:
    status = Status.late if now > late_from(event) else Status.present
    row, first = _record(session, event, member, status, evidence, now, member, now)
    return CheckIn(event, row.status, row.checked_in_at or now, first)


def _record(
    session: Session,
    event: Event,
    member: Member,
    status: Status,
    evidence: Evidence,
    checked_in_at: datetime | None,
    by: Member | None,
    now: datetime,
) -> tuple[Attendance, bool]:
    """Write or better the record; also says whether this was the first check-in."""
    new = insert_new(
        session,
        Attendance,
        event_id=event.id,
        member_id=member.id,
        status=status,
        evidence=evidence,
        checked_in_at=checked_in_at,
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
    if not new and not _better(row, evidence):
        if first:
            row.checked_in_at = checked_in_at
        session.flush()
        return row, first
    if not new:
        # A second check-in is better evidence of the same arrival: what the first one said about time stays.
        if row.checked_in_at is None or evidence is Evidence.organizer:
            row.status = status
        row.checked_in_at = row.checked_in_at or checked_in_at
        row.evidence, row.recorded_at = evidence, now
    session.add(
        AttendanceChange(
            event_id=event.id,
            member_id=member.id,
            before=before,
            after=row.status,
            evidence=evidence,
            changed_by_id=by.id if by else None,
            changed_at=now,
        )
    )
    session.flush()
    return row, first


def _absent(session: Session, event: Event, expected_ids: Iterable[int], now: datetime) -> None:
    """Record who did not come. The event is held, so nobody checks in meanwhile: rows go in by the thousand."""
    missing = sorted(set(expected_ids) - recorded(session, event))
    common = {"event_id": event.id, "evidence": Evidence.closing}
    for record, values in (
        (Attendance, {"status": Status.absent, "recorded_at": now}),
        (AttendanceChange, {"after": Status.absent, "changed_at": now}),
    ):
        if missing:
            session.execute(insert(record), [{**common, **values, "member_id": member_id} for member_id in missing])


def _better(row: Attendance, evidence: Evidence) -> bool:
    return _RANK[evidence] > _RANK[row.evidence] or evidence is Evidence.organizer


def _roster(session: Session, event: Event) -> Roster:
    statement = select(Rsvp.member_id, Rsvp.reply).where(Rsvp.event_id == event.id)
    replies = dict(session.execute(statement).all())
    records = {r.member_id: r for r in session.scalars(select(Attendance).where(Attendance.event_id == event.id))}
    awaited = {member.id for member in expected(session, event)}
    members = session.scalars(
        select(Member).where(Member.id.in_(awaited | set(records))).order_by(Member.name, Member.id)
    )
    return Roster(event, [_line(m, replies.get(m.id), records.get(m.id), m.id in awaited) for m in members])


def _line(member: Member, reply: Reply | None, record: Attendance | None, awaited: bool) -> Line:
    if record is None:
        return Line(member, reply, None, None, None, awaited)
    return Line(member, reply, record.status, record.checked_in_at, record.evidence, awaited)
