"""Series go on by themselves: dates that come near become events, and events get their card in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from community import rsvp, series
from community.errors import CommunityError
from community.records import Event
from community.rows import locked_event
from community.series_records import SeriesState
from delivery import outbox
from storage import Database
from views.events import card, card_key, is_ahead

log = structlog.get_logger("praxis.scheduler")

CARDS_AT_ONCE = 20
AGAIN = timedelta(hours=1)


def go_on(database: Database, now: datetime, community_id: int | None = None) -> int:
    """Plan what has come near and post the cards that are due; returns how many events and cards that were."""
    return _plan(database, now, community_id) + _show(database, now, community_id)


def _plan(database: Database, now: datetime, community_id: int | None) -> int:
    planned = 0
    with database.read() as session:
        waiting = series.due(session, now, community_id)
    for series_id in waiting:
        try:
            planned += _plan_one(database, series_id, now)
        except CommunityError as error:  # one that cannot be planned is to stop no other
            log.error("series.not_planned", series_id=series_id, code=error.code)
            with database.begin() as session:
                series.held(session, series_id).next_plan_at = now + AGAIN
    return planned


def _plan_one(database: Database, series_id: int, now: datetime) -> int:
    with database.begin() as session:
        of = series.held(session, series_id)
        if of.state is not SeriesState.active or of.next_plan_at is None or of.next_plan_at > now:
            return 0  # another process was faster
        made = series.upkeep(session, of, now)
    log.info("series.planned", series_id=series_id, events=len(made))
    return len(made)


def _show(database: Database, now: datetime, community_id: int | None) -> int:
    with database.read() as session:
        waiting = [event.id for event in series.cards_due(session, now, CARDS_AT_ONCE, community_id)]
    shown = 0
    for event_id in waiting:
        with database.begin() as session:
            shown += _post(session, event_id, now)
    return shown


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
