"""Replies to events: seats, the waitlist, and who moves up. Replies end when the event starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.errors import Invalid, NotAllowed, NotFound
from community.evidence import lift_excuse
from community.records import Event, EventState, Member, Reply, Rsvp
from community.rows import locked_event


@dataclass(frozen=True)
class Answer:
    """What a reply led to: `position` counts from 1 on the waitlist, `promoted` got the seat that became free."""

    event: Event
    reply: Reply
    position: int | None
    promoted: list[Member]


@dataclass(frozen=True)
class Standing:
    """Counts of an event; `seats_left` is None without a limit."""

    going: int
    waitlisted: int
    seats_left: int | None


def respond(session: Session, member: Member, event_id: int, reply: Reply, now: datetime) -> Answer:
    """Record going (waitlisted when full) or not going; the same again changes nothing.

    Leaving gives the seat to the first on the waitlist; coming back means the end of it. Raises NotFound, NotAllowed,
    Invalid `event_cancelled`, `event_begun` or `event_over`.
    """
    event = _open(session, member, event_id, now)
    row = session.scalar(select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.member_id == member.id))
    if reply is Reply.not_going:
        _set(session, event, member, row, Reply.not_going, None, now)
        return Answer(event, Reply.not_going, None, promote(session, event, now))
    promoted: list[Member] = []
    if row is None or row.reply is Reply.not_going:
        # Everybody queues, then whoever is first gets what is free: one rule for the first seat and the last.
        lift_excuse(session, event, member, now)
        row = _set(session, event, member, row, Reply.waitlisted, _last_turn(session, event) + 1, now)
        promoted = [other for other in promote(session, event, now) if other.id != member.id]
    return Answer(event, row.reply, _position(session, row), promoted)


def give_up(session: Session, member: Member, now: datetime) -> list[Answer]:
    """Free the seats and places in line of somebody who left Slack, at every event still ahead."""
    ahead = session.scalars(
        select(Event.id)
        .join(Rsvp, Rsvp.event_id == Event.id)
        .where(
            Rsvp.member_id == member.id,
            Rsvp.reply != Reply.not_going,
            Event.state == EventState.scheduled,
            Event.starts_at > now,
        )
        .order_by(Event.id)
    ).all()
    answers = []
    for event_id in ahead:
        event = locked_event(session, member.community_id, event_id)
        if event is not None:
            row = session.scalar(select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.member_id == member.id))
            _set(session, event, member, row, Reply.not_going, None, now)
            answers.append(Answer(event, Reply.not_going, None, promote(session, event, now)))
    return answers


def promote(session: Session, event: Event, now: datetime) -> list[Member]:
    """Give free seats to the waitlist in its order, unless the event has begun; returns who got one.

    The event's row must be held (`rows.locked_event`).
    """
    left = standing(session, event).seats_left
    if event.state is not EventState.scheduled or event.starts_at <= now or left == 0:
        return []
    statement = (
        select(Rsvp, Member)
        .join(Member, Member.id == Rsvp.member_id)
        .where(Rsvp.event_id == event.id, Rsvp.reply == Reply.waitlisted, Member.active)
        .order_by(Rsvp.turn)
        .limit(left)
    )
    promoted = []
    for row, member in session.execute(statement):
        row.reply, row.turn, row.updated_at = Reply.going, None, now
        promoted.append(member)
    session.flush()
    return promoted


def standing(session: Session, event: Event) -> Standing:
    """How many are going and waiting, and the seats left."""
    statement = select(Rsvp.reply, func.count()).where(Rsvp.event_id == event.id).group_by(Rsvp.reply)
    counted = dict(session.execute(statement).all())
    going_now = counted.get(Reply.going, 0)
    left = None if event.capacity is None else max(0, event.capacity - going_now)
    return Standing(going_now, counted.get(Reply.waitlisted, 0), left)


def mine(session: Session, event_id: int, member_id: int) -> Reply | None:
    """The member's reply, None when there is none."""
    return session.scalar(select(Rsvp.reply).where(Rsvp.event_id == event_id, Rsvp.member_id == member_id))


def going(session: Session, event: Event) -> list[Member]:
    """Those with a seat, by name."""
    return _replied(session, event, Reply.going)


def waitlisted(session: Session, event: Event) -> list[Member]:
    """Those waiting, the next first."""
    return _replied(session, event, Reply.waitlisted)


def concerned(session: Session, event: Event) -> list[Member]:
    """Active people who must hear when the event changes: going, then waiting."""
    return [m for m in going(session, event) + waitlisted(session, event) if m.active and not m.is_bot]


def _replied(session: Session, event: Event, reply: Reply) -> list[Member]:
    order = (Rsvp.turn,) if reply is Reply.waitlisted else (Member.name, Member.id)
    statement = select(Member).join(Rsvp, Rsvp.member_id == Member.id)
    return list(session.scalars(statement.where(Rsvp.event_id == event.id, Rsvp.reply == reply).order_by(*order)))


def _open(session: Session, member: Member, event_id: int, now: datetime) -> Event:
    if not member.active or member.is_bot:
        raise NotAllowed("member_inactive")
    event = locked_event(session, member.community_id, event_id)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if event.state is EventState.closed or event.ends_at <= now:
        raise Invalid("event_over")
    if event.starts_at <= now:
        raise Invalid("event_begun")
    return event


def _set(
    session: Session, event: Event, member: Member, row: Rsvp | None, reply: Reply, turn: int | None, now: datetime
) -> Rsvp:
    if row is None:
        row = Rsvp(event_id=event.id, member_id=member.id, reply=reply, turn=turn, updated_at=now)
        session.add(row)
    elif row.reply is not reply:
        row.reply, row.turn, row.updated_at = reply, turn, now
    session.flush()
    return row


def _last_turn(session: Session, event: Event) -> int:
    return session.scalar(select(func.max(Rsvp.turn)).where(Rsvp.event_id == event.id)) or 0


def _position(session: Session, row: Rsvp) -> int | None:
    if row.turn is None:
        return None
    ahead = select(func.count()).where(
        Rsvp.event_id == row.event_id, Rsvp.reply == Reply.waitlisted, Rsvp.turn < row.turn
    )
    return 1 + (session.scalar(ahead) or 0)
