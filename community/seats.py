"""Seats and the waitlist: what is free, who is offered it, for how long.

A seat that becomes free is offered to the first who waits and kept for them for a set time. Whoever declines or lets
the time pass leaves the waitlist, so that nobody is offered the same seat again; the next one is. Shortly before the
start nothing is offered any more: whoever presses Going first then has the seat.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, select, update
from sqlalchemy.orm import Session

from community import choices, people
from community.errors import Invalid
from community.records import Attendance, Event, EventState, Member, Offer, Reply, Role, Rsvp, Seat, Status
from storage import unindexed

CHOICE = "waitlist"
OFFER_MINUTES = range(5, 7 * 24 * 60 + 1)
CUTOFF_MINUTES = range(7 * 24 * 60 + 1)


@dataclass(frozen=True)
class Terms:
    """How long an offer stands, and how long before the start offers end."""

    offer_minutes: int = 240
    cutoff_minutes: int = 120


@dataclass(frozen=True)
class Standing:
    """Counts of an event; `seats_left` is None without a limit. A seat on offer is not left; who is offered it waits.

    Of a hybrid event `going` and `waitlisted` count everybody, `seats_left` is about the room, `online_left` about the
    seats online. `here` are those recorded as present or late.
    """

    going: int
    waitlisted: int
    seats_left: int | None
    maybe: int = 0
    online: int = 0
    online_left: int | None = None
    here: int = 0


def terms(session: Session, community_id: int) -> Terms:
    """What the community's organizers chose."""
    chosen = choices.get(session, community_id, CHOICE, {})
    return Terms(**chosen)


def choose_terms(session: Session, by: Member, offer_minutes: int, cutoff_minutes: int) -> Terms:
    """Offer seats on these terms from now on. Raises NotAllowed, Invalid with the field."""
    people.require(session, by, Role.organizer)
    for field, value, allowed in (
        ("offer_minutes", offer_minutes, OFFER_MINUTES),
        ("cutoff_minutes", cutoff_minutes, CUTOFF_MINUTES),
    ):
        if value not in allowed:
            raise Invalid("minutes_between", field=field, low=allowed.start, high=allowed.stop - 1)
    chosen = Terms(offer_minutes, cutoff_minutes)
    choices.set(session, by.community_id, CHOICE, chosen.__dict__)
    return chosen


def capacity(event: Event, seat: Seat) -> int | None:
    """Seats of this sort; None without a limit."""
    return event.online_capacity if seat is Seat.online else event.capacity


def left(session: Session, event: Event, seat: Seat) -> int | None:
    """Seats of this sort that are neither taken nor offered; None without a limit."""
    limit = capacity(event, seat)
    if limit is None:
        return None
    taken = session.scalar(
        select(func.count()).where(
            Rsvp.event_id == event.id,
            Rsvp.seat == seat,
            (Rsvp.reply == Reply.going) | (Rsvp.offer == Offer.open),
        )
    )
    return max(0, limit - (taken or 0))


def standing(session: Session, event: Event) -> Standing:
    """How many are going, may come and wait, and the seats left."""
    statement = select(Rsvp.reply, Rsvp.seat, func.count()).where(Rsvp.event_id == event.id)
    counted = {(reply, seat): n for reply, seat, n in session.execute(statement.group_by(Rsvp.reply, Rsvp.seat))}

    def total(reply: Reply) -> int:
        return sum(n for (kind, _), n in counted.items() if kind is reply)

    return Standing(
        total(Reply.going),
        total(Reply.waitlisted),
        left(session, event, Seat.room),
        total(Reply.maybe),
        counted.get((Reply.going, Seat.online), 0),
        left(session, event, Seat.online) if event.hybrid else None,
        _here(session, event),
    )


def _here(session: Session, event: Event) -> int:
    came = Attendance.status.in_((Status.present, Status.late))
    return session.scalar(select(func.count()).where(Attendance.event_id == event.id, came)) or 0


def offer(session: Session, event: Event, now: datetime) -> list[Member]:
    """Offer free seats to the waitlist in its order, until the cut-off; returns who is offered one.

    The event's row must be held (`rows.locked_event`).
    """
    chosen = terms(session, event.community_id)
    if event.state is not EventState.scheduled or now >= event.starts_at - timedelta(minutes=chosen.cutoff_minutes):
        return []
    ends_at = min(now + timedelta(minutes=chosen.offer_minutes), event.starts_at)
    offered = []
    for row, member in _next_in_line(session, event):
        row.offer, row.offer_ends_at, row.offers = Offer.open, ends_at, row.offers + 1
        row.updated_at = now
        offered.append(member)
    session.flush()
    return offered


def _next_in_line(session: Session, event: Event) -> Iterator[tuple[Rsvp, Member]]:
    for seat in Seat:
        statement = (
            select(Rsvp, Member)
            .join(Member, Member.id == Rsvp.member_id)
            .where(
                Rsvp.event_id == event.id,
                Rsvp.reply == Reply.waitlisted,
                Rsvp.seat == seat,
                Rsvp.offer.is_distinct_from(Offer.open),
                Member.active,
            )
            .order_by(Rsvp.turn)
            .limit(left(session, event, seat))
        )
        yield from session.execute(statement).all()


def lapse(session: Session, event: Event, now: datetime) -> list[Member]:
    """Take back offers whose time is over; returns whose. The event's row must be held."""
    statement = (
        select(Rsvp, Member)
        .join(Member, Member.id == Rsvp.member_id)
        .where(Rsvp.event_id == event.id, Rsvp.offer == Offer.open, Rsvp.offer_ends_at <= now)
        .order_by(Rsvp.turn)
    )
    lapsed = []
    for row, member in session.execute(statement).all():
        row.reply, row.turn, row.offer, row.offer_ends_at = Reply.not_going, None, Offer.lapsed, None
        row.updated_at = now
        lapsed.append(member)
    session.flush()
    return lapsed


def waits(session: Session, event_id: int, member_id: int) -> bool:
    """Whether the member waits for a seat, be one offered to them or not."""
    return session.scalar(_waiting(event_id, member_id)) is not None


def take_at_the_door(session: Session, event: Event, member: Member, now: datetime) -> bool:
    """Have who waits take the seat offered to them, or a free one; False when none is. The event must be held."""
    row = session.scalar(_waiting(event.id, member.id))
    if row is not None and row.offer is not Offer.open and left(session, event, row.seat) == 0:
        return False
    let_in(session, event, member, now)
    return True


def let_in(session: Session, event: Event, member: Member, now: datetime) -> None:
    """Whoever waits has a seat from now on, whether one was free or not."""
    row = session.scalar(_waiting(event.id, member.id))
    if row is not None:
        row.offer = Offer.taken if row.offer is Offer.open else row.offer
        row.reply, row.turn, row.offer_ends_at, row.updated_at = Reply.going, None, None, now
        row.let_in_at = now
        session.flush()


def _waiting(event_id: int, member_id: int) -> Select[Rsvp]:
    return select(Rsvp).where(Rsvp.event_id == event_id, Rsvp.member_id == member_id, Rsvp.reply == Reply.waitlisted)


def follow_change(session: Session, event: Event) -> None:
    """Once the event was moved, called off or is hybrid no more: offers end with it, and seats are of one sort."""
    if event.state is EventState.cancelled:
        open_offers = update(Rsvp).where(Rsvp.event_id == event.id, Rsvp.offer == Offer.open)
        session.execute(open_offers.values(offer=None, offer_ends_at=None))
    too_long = update(Rsvp).where(Rsvp.event_id == event.id, Rsvp.offer_ends_at > event.starts_at)
    session.execute(too_long.values(offer_ends_at=event.starts_at))
    if not event.hybrid:
        session.execute(update(Rsvp).where(Rsvp.event_id == event.id, Rsvp.seat == Seat.online).values(seat=Seat.room))


def lapsing(session: Session, now: datetime, limit: int, community_id: int | None = None) -> list[tuple[int, int]]:
    """(community, event) of offers whose time is over, oldest first; with `community_id`, of that community."""
    statement = (
        select(Event.community_id, Event.id)
        .join(Rsvp, Rsvp.event_id == Event.id)
        .where(_offered(), Rsvp.offer_ends_at <= now)
        .order_by(Rsvp.offer_ends_at)
        .limit(limit)
    )
    if community_id is not None:
        statement = statement.where(unindexed(Event.community_id) == community_id)
    return list(dict.fromkeys((home, event_id) for home, event_id in session.execute(statement)))


def next_due(session: Session, community_id: int | None = None) -> datetime | None:
    """When the next offer ends; None when none is open."""
    statement = select(func.min(Rsvp.offer_ends_at)).where(_offered())
    if community_id is not None:
        of_community = unindexed(Event.community_id) == community_id
        statement = statement.join(Event, Event.id == Rsvp.event_id).where(of_community)
    return session.scalar(statement)


def _offered() -> ColumnElement[bool]:
    """The condition that an offer is open, in the words of the index on those: a parameter could be anything."""
    return Rsvp.offer == literal(Offer.open, Rsvp.offer.type, literal_execute=True)


def position(session: Session, row: Rsvp) -> int | None:
    """Place on the waitlist for the row's sort of seat, counted from 1; None when it does not wait."""
    if row.reply is not Reply.waitlisted or row.turn is None:
        return None
    ahead = select(func.count()).where(
        Rsvp.event_id == row.event_id, Rsvp.reply == Reply.waitlisted, Rsvp.seat == row.seat, Rsvp.turn < row.turn
    )
    return 1 + (session.scalar(ahead) or 0)
