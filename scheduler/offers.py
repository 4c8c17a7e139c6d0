"""Seats that were offered and not taken in time go to whoever is next."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.orm import Session

from community import rsvp, seats
from community.records import Event, EventState, Member
from community.rows import locked_event
from delivery import outbox
from scheduler.apart import Apart
from storage import Database
from views import event_news
from views.events import card, card_key
from views.text import Block

log = structlog.get_logger("praxis.scheduler")

AT_ONCE = 100


def work_off(
    database: Database, clock: Callable[[], datetime], community_id: int | None = None, apart: Apart | None = None
) -> int:
    """Take back every offer whose time is over, event by event; returns at how many events that was."""
    apart, now = apart or Apart(), clock()
    with database.read() as session:
        found = seats.lapsing(session, now, AT_ONCE, community_id)
    return sum(bool(apart.attempt("offers", ids[1], partial(_one, database, *ids, clock), now)) for ids in found)


def _one(database: Database, community_id: int, event_id: int, clock: Callable[[], datetime]) -> bool:
    with database.begin() as session:
        event, now = locked_event(session, community_id, event_id), clock()
        if event is None:
            return False
        lapsed = seats.lapse(session, event, now)
        if not lapsed:  # another clock was first
            return False
        offered = seats.offer(session, event, now)
        if event.state is EventState.scheduled and now < event.starts_at:
            for member in lapsed:
                row = rsvp.row_of(session, event.id, member.id)
                number = row.offers if row else 0
                _tell(session, event, member, f"event:{event.id}:lapsed:{member.id}:{number}", event_news.lapsed)
            for member in offered:
                _tell_offered(session, event, member)
            shown = card(event, seats.standing(session, event), now)
            with suppress(LookupError):  # an event without a card has none to refresh
                outbox.update(session, community_id=event.community_id, of=card_key(event.id), payload=shown)
    log.info("offers.lapsed", event_id=event_id, lapsed=len(lapsed), offered=len(offered))
    return True


def _tell_offered(session: Session, event: Event, member: Member) -> None:
    row = rsvp.row_of(session, event.id, member.id)
    if row is not None and row.offer_ends_at is not None:
        seat, ends_at = row.seat, row.offer_ends_at
        key = event_news.offer_key(event.id, member.id, row.offers)
        _tell(session, event, member, key, lambda reader, about: event_news.offered(reader, about, seat, ends_at))


def _tell(session: Session, event: Event, member: Member, key: str, say: Callable[[Member, Event], Block]) -> None:
    if member.active:
        outbox.post(
            session,
            community_id=event.community_id,
            key=key,
            payload=say(member, event),
            user=member.slack_user_id,
            subject=f"event:{event.id}",
        )
