"""The clock people live by: real time, or, in a local workspace, a time that was moved ahead."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset that only grows. Safe among threads."""

    def __init__(self, offset_seconds: float = 0.0) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta(seconds=offset_seconds)
        self._listeners: list[Callable[[], object]] = []

    @property
    def offset_seconds(self) -> float:
        """How far ahead of real time."""
        return self._offset.total_seconds()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC) + self._offset

    def advance_to(self, offset_seconds: float) -> bool:
        """Move ahead to this offset; a smaller one than now changes nothing. Says whether it moved."""
        offset = timedelta(seconds=offset_seconds)
        with self._lock:
            if offset <= self._offset:
                return False
            self._offset = offset
            listeners = tuple(self._listeners)
        for call in listeners:
            call()
        return True

    def when_advanced(self, call: Callable[[], object]) -> None:
        """Call this after each move, in the thread that moved the clock."""
        with self._lock:
            self._listeners.append(call)
