"""Keeps the cards that show a check-in code in step with it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from community import codes, displays
from delivery import outbox
from storage import Database
from views import codes as view


def follow(database: Database, now: datetime, community_id: int | None = None) -> int:
    """Show the present code where another stands, and none where its time is over; returns how many cards changed.

    With `community_id`, those of that community.
    """
    with database.read() as session:
        behind = displays.stale(session, now, community_id)
    changed = 0
    for display_id in behind:
        with database.begin(urgent=True) as session:
            turned = displays.turn(session, display_id, now)
            if turned is None:
                continue
            event, goes_on = turned
            card = view.code_card(event, codes.shown(event, now)) if goes_on else view.code_over(event)
            # One restored from a backup may never have been posted.
            with suppress(LookupError):
                key = view.display_key(event.id, display_id)
                outbox.update(session, community_id=event.community_id, of=key, payload=card)
            changed += 1
    return changed
