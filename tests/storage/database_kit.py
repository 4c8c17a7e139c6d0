"""A community to write and to count."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from community.records import Community
from storage import Database


def here(slack_team_id: str = "T1") -> Community:
    return Community(slack_team_id=slack_team_id, name="x", locale="en", time_zone="UTC", created_at=datetime.now(UTC))


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Community)) or 0
