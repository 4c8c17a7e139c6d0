"""Keeps the card that tells an announcement's author how far delivery has come in step with the deliveries."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.records import Announcement, Member
from delivery import outbox
from delivery.shown import newest_payload
from storage import Database
from views import announcements as view

FOLLOWED = timedelta(days=7)


def follow(database: Database, now: datetime, community_id: int | None = None) -> int:
    """Bring the cards of the last week's announcements up to date where they are not; returns how many were not.

    With `community_id`, those of that community.
    """
    which = select(Announcement).where(Announcement.confirmed_at > now - FOLLOWED)
    if community_id is not None:
        which = which.where(Announcement.community_id == community_id)
    with database.read() as session:
        recent = session.scalars(which).all()
        behind = [announcement.id for announcement in recent if _card(session, announcement) is not None]
    for announcement_id in behind:
        with database.begin() as session:
            announcement = session.get_one(Announcement, announcement_id)
            card = _card(session, announcement)
            if card is not None:
                key = view.status_key(announcement_id)
                outbox.update(session, community_id=announcement.community_id, of=key, payload=card)
    return len(behind)


def _card(session: Session, announcement: Announcement) -> dict[str, object] | None:
    """The card as it should be; None when it is so, or when there is none to change."""
    shown = newest_payload(session, announcement.community_id, view.status_key(announcement.id))
    if shown is None:
        return None
    counted = outbox.counts(session, view.subject(announcement.id))
    progress = view.Progress(counted.sent, counted.failed, counted.pending, counted.parked)
    card = view.status_card(session.get_one(Member, announcement.created_by_id), announcement, progress)
    return None if card == shown else card
