"""Replies to events. Replies end when the event starts; of seats and the waitlist `seats` knows more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import invitations, notices, seats, text
from community.errors import Invalid, NotAllowed, NotFound
from community.evidence import lift_excuse
from community.records import Event, EventState, Member, Offer, Reply, Rsvp, Seat
from community.rows import locked_event
from community.seats import Standing as Standing
from community.seats import standing as standing

REASON_LIMIT = 500


@dataclass(frozen=True)
class Answer:
    """What a reply led to: `position` counts from 1 on the waitlist, `offered` are offered a seat that became free."""

    event: Event
    reply: Reply
    position: int | None = None
    offered: list[Member] = field(default_factory=list)
    seat: Seat = Seat.room
    offer_ends_at: datetime | None = None


def respond(
    session: Session, member: Member, event_id: int, reply: Reply, now: datetime, seat: Seat = Seat.room
) -> Answer:
    """Record going (waitlisted when full), maybe or not going; the same again changes nothing.

    Going with an offer open takes the seat; coming back means the end of the waitlist; whoever has a seat and wants the
    other sort keeps theirs until that one is free. Raises NotFound, NotAllowed, Invalid `event_cancelled`,
    `event_begun`, `event_over`, `not_hybrid` or `seats_taken`, NotAllowed `by_invitation`.
    """
    event = _open(session, member, event_id, now)
    row = session.scalar(select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.member_id == member.id))
    if row is None and not invitations.may_come(session, event, member):
        raise NotAllowed("by_invitation")
    if reply is not Reply.going:
        row = _set(session, event, member, row, reply, now)
    elif seat is Seat.online and not event.hybrid:
        raise Invalid("not_hybrid")
    elif row is None or (row.reply, row.seat) != (Reply.going, seat):
        lift_excuse(session, event, member, now)
        row = _come(session, event, member, row, seat, now)
    offered = seats.offer(session, event, now)
    return Answer(event, row.reply, seats.position(session, row), offered, row.seat, row.offer_ends_at)


def give_reason(session: Session, member: Member, event_id: int, reason: str, now: datetime) -> Event:
    """Say why one does not come, or take the reason back; organizers alone see it.

    Raises NotFound, Invalid `reason_needs_no`, `too_long` and as `respond` does.
    """
    event = _open(session, member, event_id, now)
    row = session.scalar(select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.member_id == member.id))
    if row is None or row.reply is not Reply.not_going:
        raise Invalid("reason_needs_no", field="reason")
    row.reason = text.within(text.clean(reason), REASON_LIMIT, "reason") or None
    session.flush()
    return event


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
            _set(session, event, member, row, Reply.not_going, now)
            answers.append(Answer(event, Reply.not_going, None, seats.offer(session, event, now)))
    return answers


def departed(session: Session, community_id: int, now: datetime) -> list[Member]:
    """Those who left Slack and still have a seat, or a place in line, at an event ahead."""
    holding = (
        select(Rsvp.member_id)
        .join(Event, Event.id == Rsvp.event_id)
        .where(
            Event.community_id == community_id,
            Event.state == EventState.scheduled,
            Event.starts_at > now,
            Rsvp.reply != Reply.not_going,
        )
    )
    gone = select(Member).where(Member.community_id == community_id, ~Member.active, Member.id.in_(holding))
    return list(session.scalars(gone.order_by(Member.id)))


def mine(session: Session, event_id: int, member_id: int) -> Reply | None:
    """The member's reply, None when there is none."""
    return session.scalar(select(Rsvp.reply).where(Rsvp.event_id == event_id, Rsvp.member_id == member_id))


def row_of(session: Session, event_id: int, member_id: int) -> Rsvp | None:
    """The member's reply with all that belongs to it."""
    return session.scalar(select(Rsvp).where(Rsvp.event_id == event_id, Rsvp.member_id == member_id))


def rows(session: Session, event: Event) -> list[tuple[Member, Rsvp]]:
    """Everybody's reply, by name."""
    statement = select(Member, Rsvp).join(Rsvp, Rsvp.member_id == Member.id).where(Rsvp.event_id == event.id)
    return [(member, row) for member, row in session.execute(statement.order_by(Member.name, Member.id))]


def going(session: Session, event: Event) -> list[Member]:
    """Those with a seat, by name."""
    return replied(session, event, Reply.going)


def waitlisted(session: Session, event: Event) -> list[Member]:
    """Those waiting, the next first."""
    return replied(session, event, Reply.waitlisted)


def concerned(session: Session, event: Event) -> list[Member]:
    """Active people who must hear when the event changes: going, then waiting, then those who may come."""
    wanted = (Reply.going, Reply.waitlisted, Reply.maybe)
    return [m for reply in wanted for m in replied(session, event, reply) if m.active and not m.is_bot]


def _come(session: Session, event: Event, member: Member, row: Rsvp | None, seat: Seat, now: datetime) -> Rsvp:
    """Take the seat offered or a free one, else the end of the waitlist."""
    if row is not None and row.offer is Offer.open and row.seat is seat:
        return _set(session, event, member, row, Reply.going, now, seat=seat)
    # Nobody waits without an offer while a seat is free, unless offers have ended: then the first to ask has it.
    if seats.left(session, event, seat) != 0:
        return _set(session, event, member, row, Reply.going, now, seat=seat)
    if row is not None and (row.reply is Reply.going or row.offer is Offer.open):
        raise Invalid("seats_taken")
    if row is not None and (row.reply, row.seat) == (Reply.waitlisted, seat):
        return row
    last = session.scalar(select(func.max(Rsvp.turn)).where(Rsvp.event_id == event.id)) or 0
    return _set(session, event, member, row, Reply.waitlisted, now, seat=seat, turn=last + 1)


def replied(session: Session, event: Event, reply: Reply) -> list[Member]:
    """Those with this reply: by name, on the waitlist the next first."""
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
    session: Session,
    event: Event,
    member: Member,
    row: Rsvp | None,
    reply: Reply,
    now: datetime,
    *,
    seat: Seat | None = None,
    turn: int | None = None,
) -> Rsvp:
    if row is None:
        row = Rsvp(
            event_id=event.id, member_id=member.id, reply=reply, seat=seat or Seat.room, turn=turn, updated_at=now
        )
        session.add(row)
    elif (row.reply, row.seat) != (reply, seat or row.seat):
        if row.offer is Offer.open:
            row.offer = Offer.taken if reply is Reply.going and row.seat is seat else Offer.declined
        row.reply, row.turn, row.seat, row.offer_ends_at = reply, turn, seat or row.seat, None
        row.reason, row.updated_at = None, now
    if reply is Reply.not_going:
        notices.withdraw(session, event.id, member.id)
    session.flush()
    return row
