"""Who waits for a change is woken the moment it is committed in this process: no polling in between."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy.orm import Session

from storage.database import after_commit


class Bell:
    """Rings for one kind of change; `name` tells it from others."""

    def __init__(self, name: str) -> None:
        self._noted = f"bell:{name}"
        self._lock = threading.Lock()
        self._sleepers: list[Callable[[], None]] = []

    def subscribe(self, wake: Callable[[], None]) -> None:
        """Call `wake` after every commit of this process that made such a change."""
        with self._lock:
            self._sleepers.append(wake)

    def unsubscribe(self, wake: Callable[[], None]) -> None:
        """Undo `subscribe`; a no-op without one."""
        with self._lock:
            if wake in self._sleepers:
                self._sleepers.remove(wake)

    def ring(self, session: Session) -> None:
        """Wake them once the session's transaction is committed, however often this is called in it."""
        if not session.info.get(self._noted):
            session.info[self._noted] = True
            after_commit(session, self._wake_all)

    def _wake_all(self) -> None:
        with self._lock:
            sleepers = list(self._sleepers)
        for wake in sleepers:
            wake()
