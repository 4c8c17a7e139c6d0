"""Keeps the card that tells an announcement's author how far delivery has come in step with the deliveries."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices
from community.records import Announcement, Member
from delivery import outbox
from delivery.shown import newest_payload
from scheduler.apart import Apart
from storage import Database
from views import announcements as view

FOLLOWED = timedelta(days=7)
COUNTED_ANEW_S = 60.0


class Cards:
    """The cards of one community's announcements, or of everybody's.

    An announcement that has nothing pending is counted once and left alone: a broadcast has thousands of rows, and this
    runs all the time. What begins and ends between two looks, such as a retry, is found within a minute.
    """

    def __init__(self, database: Database, community_id: int | None = None) -> None:
        self._database = database
        self._community_id = community_id
        self._apart = Apart()
        self._counted_at: dict[int, float] = {}  # of those with nothing pending, on this machine's clock

    def follow(self, now: datetime) -> int:
        """Bring the last week's cards up to date where they are not; returns how many were not."""
        which = select(Announcement).where(Announcement.confirmed_at > now - FOLLOWED)
        if self._community_id is not None:
            which = which.where(Announcement.community_id == self._community_id)
        with self._database.read() as session:
            recent = {announcement.id: announcement for announcement in session.scalars(which)}
            moving = _pending(session, recent)
            looked_at = time.monotonic()
            self._counted_at = {
                number: at
                for number, at in self._counted_at.items()
                if number in recent and number not in moving and looked_at - at < COUNTED_ANEW_S
            }
            waiting = [one for number, one in recent.items() if number not in self._counted_at]
            behind = [
                one.id
                for one in waiting
                if self._apart.attempt("announcement", one.id, partial(_card, session, one), now) is not None
            ]
        for number in behind:
            with self._database.begin() as session:
                announcement = session.get_one(Announcement, number)
                card = _card(session, announcement)
                if card is not None:
                    key = view.status_key(number)
                    outbox.update(session, community_id=announcement.community_id, of=key, payload=card)
        self._counted_at |= {one.id: looked_at for one in waiting if one.id not in moving and one.id not in behind}
        return len(behind)


def _pending(session: Session, numbers: Iterable[int]) -> set[int]:
    """Those of these announcements of which something is yet to be sent."""
    subjects = {view.subject(number): number for number in numbers}
    return {subjects[subject] for subject in outbox.moving(session, subjects)}


def _card(session: Session, announcement: Announcement) -> dict[str, object] | None:
    """The card as it should be; None when it is so, or when there is none to change."""
    shown = newest_payload(session, announcement.community_id, view.status_key(announcement.id))
    if shown is None:
        return None
    counted = outbox.counts(session, view.subject(announcement.id))
    later = notices.put_off(session, view.subject(announcement.id))
    progress = view.Progress(counted.sent, counted.failed, counted.pending, counted.parked, later.waiting, later.late)
    card = view.status_card(session.get_one(Member, announcement.created_by_id), announcement, progress)
    return None if card == shown else card
