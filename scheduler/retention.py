"""What is no longer needed is deleted, so that the database grows with the community and not with its traffic."""

from __future__ import annotations

from datetime import datetime

import structlog

from community import codes, notices, series
from delivery import retention
from storage import Database

log = structlog.get_logger("praxis.scheduler")


def forget(database: Database, now: datetime) -> None:
    """Delete refused check-in codes that no longer count, unconfirmed series, and what delivery is done with.

    What was deleted since the last time leaves SQLite's log as well.
    """
    with database.begin() as session:
        codes.forget_tries(session, now)
        notices.forget(session, now)
        series.forget_drafts(session, now)
    cleaned = retention.clean(database)
    database.checkpoint()
    if cleaned.requests or cleaned.messages or cleaned.payloads:
        log.info("delivery.forgotten", requests=cleaned.requests, messages=cleaned.messages, payloads=cleaned.payloads)
