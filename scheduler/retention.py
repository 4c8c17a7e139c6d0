"""What is no longer needed is deleted."""

from __future__ import annotations

from datetime import datetime

from community import codes
from storage import Database


def forget(database: Database, now: datetime) -> None:
    """Delete refused check-in codes that no longer count."""
    with database.begin() as session:
        codes.forget_tries(session, now)
