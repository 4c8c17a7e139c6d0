"""What leaves for people's calendars: copies of single events, and the secret address of a person's own calendar."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from community.group_records import EventInvitation
from community.records import Event, EventState, Member, Reply, Rsvp
from community.rows import insert_new
from community.series_records import CalendarCopy, CalendarFeed

TOKEN_PREFIX = "pxcal-"  # noqa: S105  # what it is known by, so that logs can hide it
TOKEN_LIMIT = 100
KEPT_DAYS = timedelta(days=90)  # how far back a calendar goes


def take(session: Session, member: Member, event: Event, now: datetime) -> None:
    """Remember that the person has the event in their calendar as it is now."""
    content = digest(event)
    key = {"event_id": event.id, "member_id": member.id}
    if not insert_new(session, CalendarCopy, **key, digest=content, version=event.version, taken_at=now):
        copy = session.scalars(select(CalendarCopy).filter_by(**key).with_for_update()).one()
        copy.digest, copy.version, copy.taken_at = content, event.version, now
    session.flush()


def outdated(session: Session, now: datetime, limit: int, community_id: int | None = None) -> list[CalendarCopy]:
    """Copies of events changed since they were taken and not over; the change may be none that a calendar shows."""
    statement = (
        select(CalendarCopy)
        .join(Event, Event.id == CalendarCopy.event_id)
        .where(CalendarCopy.version < Event.version, Event.ends_at > now)
    )
    if community_id is not None:
        statement = statement.where(Event.community_id == community_id)
    return list(session.scalars(statement.order_by(CalendarCopy.id).limit(limit)))


def renew(session: Session, copy_id: int) -> tuple[Event, Member] | None:
    """Count the copy as up to date; event and person when a calendar shows something else, unless they declined."""
    copy = session.scalar(
        select(CalendarCopy)
        .where(CalendarCopy.id == copy_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if copy is None:
        return None
    event, member = session.get_one(Event, copy.event_id), session.get_one(Member, copy.member_id)
    if copy.version >= event.version:
        return None
    content = digest(event)
    changed = copy.digest != content
    copy.version, copy.digest = event.version, content
    session.flush()
    declined = session.scalar(select(Rsvp.reply).filter_by(event_id=event.id, member_id=member.id)) is Reply.not_going
    return (event, member) if changed and member.active and not declined else None


def digest(event: Event) -> str:
    """Changes exactly when a calendar would show something else."""
    shown = [
        event.title_en, event.title_fr, event.description_en, event.description_fr, event.local_start,
        event.time_zone, event.minutes, event.place, event.link, event.state is EventState.cancelled,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def open_feed(session: Session, member: Member, now: datetime) -> str:
    """A new secret for the person's calendar, shown this once; the one before opens nothing any more."""
    close_feed(session, member)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    session.add(
        CalendarFeed(community_id=member.community_id, member_id=member.id, token_hash=_hash(token), created_at=now)
    )
    session.flush()
    return token


def close_feed(session: Session, member: Member) -> None:
    """The person's calendar has no address any more."""
    session.execute(delete(CalendarFeed).where(CalendarFeed.member_id == member.id))


def feed_since(session: Session, member: Member) -> datetime | None:
    """Since when the person's calendar has an address; None when it has none."""
    return session.scalar(select(CalendarFeed.created_at).where(CalendarFeed.member_id == member.id))


def owner(session: Session, community_id: int, token: str) -> Member | None:
    """Whose calendar the secret opens, in this community; None when it opens none, or they have left."""
    if not token.startswith(TOKEN_PREFIX) or len(token) > TOKEN_LIMIT:
        return None
    return session.scalar(
        select(Member)
        .join(CalendarFeed, CalendarFeed.member_id == Member.id)
        .where(CalendarFeed.token_hash == _hash(token), CalendarFeed.community_id == community_id, Member.active)
    )


def events_of(session: Session, member: Member, now: datetime) -> list[tuple[Event, bool]]:
    """The person's events from ninety days back on, in order; whether each is certain: going, or enrolled.

    Those they may come to and those they wait for are not. Cancelled events are there, to be shown as such.
    """
    enrolled = (
        select(EventInvitation.id)
        .where(EventInvitation.event_id == Event.id, EventInvitation.member_id == member.id, EventInvitation.enrolled)
        .exists()
    )
    rows = session.execute(
        select(Event, Rsvp.reply)
        .outerjoin(Rsvp, (Rsvp.event_id == Event.id) & (Rsvp.member_id == member.id))
        .where(
            Event.community_id == member.community_id,
            Event.ends_at > now - KEPT_DAYS,
            or_(Rsvp.reply != Reply.not_going, Rsvp.reply.is_(None) & enrolled),
        )
        .order_by(Event.starts_at, Event.id)
    )
    return [(event, reply in (None, Reply.going)) for event, reply in rows]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
