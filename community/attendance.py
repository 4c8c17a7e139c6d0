"""Who was there. Expected are those going when the event starts and those enrolled.

Whoever else checks in counts as present all the same, but for those on the waitlist: nobody attends without a seat, so
they take a free one by checking in, or are let in by who runs the event. So are those who were not invited to an event
for those invited alone. Check-in opens some minutes before the start and closes at the end or some minutes after it.
The first time is kept, the best evidence wins: closing < excuse < minutes < button < code < organizer. A facilitator
who was there knows best; the code was read in the room; a button can be pressed anywhere, but by nobody else than the
person; a meeting's list names accounts, and names are matched, not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, insert, select, union
from sqlalchemy.orm import Session

from community import codes, invitations, people, seats
from community.errors import Invalid, NotAllowed, NotFound
from community.evidence import excused_ahead, mine, record, recorded
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
from community.rows import locked_event
from community.windows import closes_at, has_button, late_from, opens_at

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
    "is_enrolled",
    "late_from",
    "mine",
    "opens_at",
    "recorded",
    "roster",
]


@dataclass(frozen=True)
class CheckIn:
    """What was recorded: `at` is the first time, `first` says whether this call recorded it.

    `seated`: the person waited for a seat and took one by this.
    """

    event: Event
    status: Status
    at: datetime
    first: bool
    seated: bool = False


@dataclass(frozen=True)
class Line:
    """One person of a roster; without `status` nothing is known yet."""

    member: Member
    reply: Reply | None
    status: Status | None
    checked_in_at: datetime | None
    evidence: Evidence | None
    expected: bool = True
    minutes: int | None = None


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

    Replies end at the start, so this is how it was then; whoever waited at the start and was let in later was not.
    Whoever excused themselves gave their seat to others; they count as excused, not as somebody who declined.
    """
    let_in = and_(Rsvp.let_in_at.is_not(None), Rsvp.let_in_at > event.starts_at)
    of_event = select(Rsvp.member_id).where(Rsvp.event_id == event.id)
    going = of_event.where(Rsvp.reply == Reply.going, ~let_in)
    waiting = of_event.where((Rsvp.reply == Reply.waitlisted) | let_in)
    enrolled = select(EventInvitation.member_id).where(
        EventInvitation.event_id == event.id,
        EventInvitation.enrolled,
        EventInvitation.member_id.not_in(waiting),
    )
    excused = excused_ahead().where(Attendance.event_id == event.id).with_only_columns(Attendance.member_id)
    statement = select(Member).where(Member.id.in_(union(going, enrolled, excused)))
    return list(session.scalars(statement.order_by(Member.name, Member.id)))


def is_enrolled(session: Session, event_id: int, member_id: int) -> bool:
    """Whether the member is expected without a reply."""
    enrolled = select(EventInvitation.id).where(
        EventInvitation.event_id == event_id, EventInvitation.member_id == member_id, EventInvitation.enrolled
    )
    return session.scalar(enrolled) is not None


def check_in(session: Session, member: Member, event_id: int, now: datetime) -> CheckIn:
    """By button.

    Raises NotFound, NotAllowed `check_in_invited`, Invalid `event_cancelled`, `check_in_early`, `check_in_over`,
    `check_in_code_needed`, `check_in_full`.
    """
    _must_be_person(member)
    # Of two who wait for the last seat one is to see that the other took it.
    waits = seats.waits(session, event_id, member.id)
    event = locked_event(session, member.community_id, event_id, shared=not waits)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if now < opens_at(event):
        raise Invalid("check_in_early", opens_at=opens_at(event), event=event)
    if now >= closes_at(event):
        raise Invalid("check_in_over", event=event)
    if not has_button(event):
        raise Invalid("check_in_code_needed", event=event)
    return _present(session, event, member, Evidence.button, now)


def check_in_with_code(
    session: Session, member: Member, code: str, now: datetime, *, event_id: int | None = None
) -> CheckIn:
    """By the code shown at the event; with `event_id` it must be that event's.

    Raises Invalid `code_form`, `code_wrong`, `code_early`, `code_late`, `code_old`, `code_other_event`,
    `event_cancelled` or `check_in_full`, and NotAllowed `check_in_invited`, `code_tries` after five refusals in ten
    minutes, `code_tries_event`, `code_tries_all`. Refusals are counted: commit although it raised (`keep`).
    """
    _must_be_person(member)
    event = codes.event_for(session, member, code, now, event_id)
    return _present(session, event, member, Evidence.code, now)


def correct(
    session: Session,
    by: Member,
    event_id: int,
    member_id: int,
    status: Status,
    now: datetime,
    reason: str | None = None,
) -> None:
    """An organizer or facilitator says how it was; it stands whatever comes after. Excusing is possible ahead of time.

    Who waited for a seat and was there was let in, and has one from then on.

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
    if status in (Status.present, Status.late):
        seats.let_in(session, event, member, now)
    record(session, event, member, status, Evidence.organizer, None, by, now, reason=reason)


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


def _must_be_person(member: Member) -> None:
    if not member.active or member.is_bot:
        raise NotAllowed("member_inactive")


def _present(session: Session, event: Event, member: Member, evidence: Evidence, now: datetime) -> CheckIn:
    if not invitations.concerns(session, event, member):
        raise NotAllowed("check_in_invited", event=event)
    waited = seats.waits(session, event.id, member.id)
    if waited and not seats.take_at_the_door(session, event, member, now):
        raise Invalid("check_in_full", event=event)
    status = Status.late if now > late_from(event) else Status.present
    row, first = record(session, event, member, status, evidence, now, member, now)
    return CheckIn(event, row.status, row.checked_in_at or now, first, seated=waited)


def _absent(session: Session, event: Event, expected_ids: Iterable[int], now: datetime) -> None:
    """Record who did not come. The event is held, so nobody checks in meanwhile: rows go in by the thousand."""
    missing = sorted(set(expected_ids) - recorded(session, event))
    common = {"event_id": event.id, "evidence": Evidence.closing}
    for table, values in (
        (Attendance, {"status": Status.absent, "recorded_at": now}),
        (AttendanceChange, {"after": Status.absent, "changed_at": now}),
    ):
        if missing:
            session.execute(insert(table), [{**common, **values, "member_id": member_id} for member_id in missing])


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
    return Line(member, reply, record.status, record.checked_in_at, record.evidence, awaited, record.minutes)
