"""Messages that waited for the end of somebody's quiet hours, or for another day, go out or are late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

import structlog

from community import notices
from delivery import outbox
from storage import Database

log = structlog.get_logger("praxis.scheduler")

AT_ONCE = 200


def work_off(database: Database, clock: Callable[[], datetime], community_id: int | None = None) -> int:
    """Send what has waited long enough; returns how many letters were looked at."""
    done = 0
    while True:
        now = clock()
        with database.read() as session:
            first = notices.next_due(session, community_id)
        if first is None or first > now:
            return done
        with database.begin() as session:
            waited = notices.due(session, now, AT_ONCE, community_id)
            going = notices.go_on(session, waited, now)
            together: dict[tuple[int, str], list[tuple[str, str, int]]] = defaultdict(list)
            for letter, user in going:
                together[letter.community_id, letter.subject].append((letter.key, user, letter.payload_id))
            for (home, subject), letters in together.items():
                outbox.broadcast(session, community_id=home, letters=letters, subject=subject)
        if not waited:  # another clock has them
            return done
        done += len(waited)
        log.info("letters.waited", letters=len(waited), sent=len(going))
