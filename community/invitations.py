"""Who is invited to an event, and guests from outside the list, whom an organizer lets in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import people
from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.group_records import EventAudience, EventInvitation, GuestRequest, InvitedBy
from community.records import Attendance, Event, EventState, Member, Role, Rsvp
from community.rows import HOLD, insert_new, locked_event


def open_for(session: Session, by: Member, event_id: int, now: datetime) -> Event:
    """The event, held, for its organizers to invite to. Raises NotAllowed, NotFound, Invalid once it cannot be."""
    people.require(session, by, Role.organizer)
    return _ahead(session, by.community_id, event_id, now)


def add(
    session: Session,
    event: Event,
    guests: Iterable[Member],
    source: InvitedBy,
    now: datetime,
    *,
    enrolled: bool = False,
) -> list[Member]:
    """Invite people, bots left out; whoever was invited before may become enrolled by it. Returns the new ones."""
    known = {
        row.member_id: row
        for row in session.scalars(select(EventInvitation).where(EventInvitation.event_id == event.id))
    }
    new = []
    for member in guests:
        if member.is_bot or not member.active or member.community_id != event.community_id:
            continue
        row = known.get(member.id)
        if row is None:
            row = known[member.id] = EventInvitation(
                event_id=event.id, member_id=member.id, source=source, enrolled=enrolled, invited_at=now
            )
            session.add(row)
            new.append(member)
        row.enrolled = row.enrolled or enrolled
    session.flush()
    return new


def for_cohort(session: Session, event: Event, cohort_id: int, *, enrolled: bool) -> None:
    """Whoever joins the cohort from now on is invited too."""
    insert_new(session, EventAudience, event_id=event.id, cohort_id=cohort_id, enrolled=enrolled)
    if enrolled:
        row = session.scalars(
            select(EventAudience).where(EventAudience.event_id == event.id, EventAudience.cohort_id == cohort_id)
        ).one()
        row.enrolled = True
        session.flush()


def keep_out_others(session: Session, event: Event, only: bool) -> None:
    """Whether only those invited may come without asking."""
    if event.by_invitation is not only:
        event.by_invitation = only
        session.flush()


def expect_no_more(session: Session, event: Event, member_ids: Iterable[int]) -> None:
    """These people stay invited, but are expected only if they say that they come."""
    session.execute(
        update(EventInvitation)
        .where(EventInvitation.event_id == event.id, EventInvitation.member_id.in_(list(member_ids)))
        .values(enrolled=False)
    )


def invited(session: Session, event: Event) -> list[tuple[Member, EventInvitation]]:
    """Everybody invited, by name."""
    statement = (
        select(Member, EventInvitation)
        .join(EventInvitation, EventInvitation.member_id == Member.id)
        .where(EventInvitation.event_id == event.id)
        .order_by(Member.name, Member.id)
    )
    return [(member, row) for member, row in session.execute(statement)]


def enrolled(session: Session, event: Event) -> set[int]:
    """Ids of those who are expected without a reply."""
    statement = select(EventInvitation.member_id).where(EventInvitation.event_id == event.id, EventInvitation.enrolled)
    return set(session.scalars(statement))


def may_come(session: Session, event: Event, member: Member) -> bool:
    """Whether the person need not ask."""
    if not event.by_invitation:
        return True
    mine = select(EventInvitation.id).where(
        EventInvitation.event_id == event.id, EventInvitation.member_id == member.id
    )
    return session.scalar(mine) is not None


def concerns(session: Session, event: Event, member: Member) -> bool:
    """Whether an event for those invited alone is the member's: invited, let in, with a reply, there, or running it."""
    if may_come(session, event, member):
        return True
    if not people.roles(session, member).isdisjoint({Role.organizer, Role.facilitator}):
        return True
    rows = (
        select(record.id).where(record.event_id == event.id, record.member_id == member.id)
        for record in (Rsvp, Attendance)
    )
    return any(session.scalar(row) is not None for row in rows)


def ask(session: Session, member: Member, event_id: int, now: datetime) -> GuestRequest:
    """Ask to come as a guest; again is no harm. Raises NotFound, NotAllowed, Invalid, Conflict `guest_declined`."""
    if not member.active or member.is_bot:
        raise NotAllowed("member_inactive")
    event = _ahead(session, member.community_id, event_id, now)
    if may_come(session, event, member):
        raise Invalid("guest_needless")
    insert_new(session, GuestRequest, event_id=event.id, member_id=member.id, asked_at=now)
    request = session.scalars(
        select(GuestRequest).where(GuestRequest.event_id == event.id, GuestRequest.member_id == member.id)
    ).one()
    if request.approved is False:
        raise Conflict("guest_declined")
    return request


def decide(session: Session, by: Member, request_id: int, approve: bool, now: datetime) -> tuple[Event, Member]:
    """Let a guest in, or not. Raises NotAllowed, NotFound, Invalid, Conflict `guest_decided` the second time."""
    people.require(session, by, Role.organizer)
    found = session.get(GuestRequest, request_id)
    if found is None:
        raise NotFound("guest_unknown")
    event = _ahead(session, by.community_id, found.event_id, now)
    request = session.get_one(GuestRequest, request_id, with_for_update=HOLD, populate_existing=True)
    if request.approved is not None:
        raise Conflict("guest_decided")
    request.approved, request.decided_by_id, request.decided_at = approve, by.id, now
    guest = session.get_one(Member, request.member_id)
    if approve:
        add(session, event, [guest], InvitedBy.guest, now)
    session.flush()
    return event, guest


def _ahead(session: Session, community_id: int, event_id: int, now: datetime) -> Event:
    event = locked_event(session, community_id, event_id)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if event.state is EventState.closed or event.ends_at <= now:
        raise Invalid("event_over")
    if event.starts_at <= now:
        raise Invalid("event_begun")
    return event
