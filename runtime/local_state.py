"""What the command line knows of a local workspace that may be running or not: where it is kept, and its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from settings import ROOT, Mode, Settings
from workspace.state_file import kept_offset


def state_file(database_url: str) -> Path | None:
    """Where the local workspace is kept: beside the database's file, or in data/; nowhere when the database is not."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return ROOT / "data" / f"{url.database or 'praxis'}-workspace.db"
    if not url.database or url.database == ":memory:":
        return None
    path = Path(url.database)
    return path.with_name(f"{path.stem}-workspace.db")


def now(settings: Settings) -> datetime:
    """The time the community lives by: real time, and in a local workspace as far ahead as its clock was moved."""
    path = state_file(settings.database_url.get_secret_value()) if settings.mode is Mode.local else None
    return datetime.now(UTC) + timedelta(seconds=kept_offset(path) if path else 0.0)
