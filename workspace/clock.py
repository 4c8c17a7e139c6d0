"""The workspace's clock: real time plus an offset that only grows, and message timestamps from it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from workspace.kinds import Json


class Clock:
    """Tells the time of the workspace; `next_due` is what the bot last said about its next reminder."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.next_due: datetime | None = None
        self.last = 0  # microseconds of the last timestamp given out

    def now(self) -> float:
        """Seconds since 1970, moved by the offset."""
        return time.time() + self.offset

    def ts(self) -> str:
        """A message timestamp: unique, and later than every one before it."""
        self.last = max(int(self.now() * 1_000_000), self.last + 1)
        return f"{self.last // 1_000_000}.{self.last % 1_000_000:06d}"

    def advance(self, seconds: float) -> None:
        """Move the clock ahead; ValueError when that would be backwards."""
        if not 0 <= seconds < 100 * 366 * 86_400:
            raise ValueError("The clock only moves forward, by at most a hundred years.")
        self.offset += seconds

    def as_json(self) -> Json:
        """What `GET /clock` answers."""
        return {
            "now": instant(datetime.fromtimestamp(self.now(), UTC)),
            "offset_seconds": round(self.offset, 3),
            "next_due": instant(self.next_due) if self.next_due else None,
        }


def instant(value: datetime) -> str:
    """ISO 8601 in UTC with a final Z."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(text: object) -> datetime:
    """An aware UTC instant; ValueError when `text` is none, or has no zone."""
    try:
        value = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise ValueError("An instant looks like 2026-12-01T09:00:00Z.")
    return value.astimezone(UTC)
