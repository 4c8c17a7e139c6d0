"""Series go on by themselves: dates that come near become events, and events get their card in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from community import rsvp, series
from community.errors import CommunityError
from community.records import Event
from community.rows import locked_event
from community.series_records import SeriesState
from delivery import outbox
from scheduler.apart import Apart
from storage import Database
from views.events import card, card_key, is_ahead

log = structlog.get_logger("praxis.scheduler")

CARDS_AT_ONCE = 20
AGAIN = timedelta(hours=1)


def go_on(database: Database, now: datetime, community_id: int | None = None, apart: Apart | None = None) -> int:
    """Plan what has come near and post the cards that are due; returns how many events and cards that were."""
    apart = apart or Apart()
    with database.read() as session:
        near = series.due(session, now, community_id)
        cards = [event.id for event in series.cards_due(session, now, CARDS_AT_ONCE, community_id)]
    planned = (apart.attempt("series", number, partial(_plan, database, number, now), now) or 0 for number in near)
    shown = (apart.attempt("card", number, partial(_show, database, number, now), now) or 0 for number in cards)
    return sum(planned) + sum(shown)


def _plan(database: Database, series_id: int, now: datetime) -> int:
    try:
        return _plan_one(database, series_id, now)
    except CommunityError as error:  # an organizer can mend it
        log.error("series.not_planned", series_id=series_id, code=error.code)
        with database.begin() as session:
            series.held(session, series_id).next_plan_at = now + AGAIN
        return 0


def _plan_one(database: Database, series_id: int, now: datetime) -> int:
    with database.begin() as session:
        of = series.held(session, series_id)
        if of.state is not SeriesState.active or of.next_plan_at is None or of.next_plan_at > now:
            return 0  # another process was faster
        made = series.upkeep(session, of, now)
    log.info("series.planned", series_id=series_id, events=len(made))
    return len(made)


def _show(database: Database, event_id: int, now: datetime) -> bool:
    with database.begin() as session:
        return _post(session, event_id, now)


def _post(session: Session, event_id: int, now: datetime) -> bool:
    event = session.get_one(Event, event_id)
    held = locked_event(session, event.community_id, event_id)
    if held is None or held.card_at is None or held.card_at > now:
        return False
    # Past the record's version: a card is no change that an organizer's open form must not overwrite.
    session.execute(update(Event).where(Event.id == event_id).values(card_at=None))
    if not is_ahead(held, now):
        return False
    return outbox.post(
        session,
        community_id=held.community_id,
        key=card_key(event_id),
        payload=card(held, rsvp.standing(session, held), now),
        channel=held.channel,
        subject=f"event:{event_id}",
    )
