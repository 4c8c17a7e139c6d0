"""Who posts is woken the moment there is something to post: no polling in between."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy.orm import Session

from storage.database import after_commit

_lock = threading.Lock()
_sleepers: list[Callable[[], None]] = []


def subscribe(wake: Callable[[], None]) -> None:
    """Call `wake` after every commit of this process that left something to post."""
    with _lock:
        _sleepers.append(wake)


def unsubscribe(wake: Callable[[], None]) -> None:
    """Undo `subscribe`; a no-op without one."""
    with _lock:
        if wake in _sleepers:
            _sleepers.remove(wake)


def wake_after_commit(session: Session) -> None:
    """Wake this process's senders once the session's transaction is committed."""
    if not session.info.get("delivery_wakes"):
        session.info["delivery_wakes"] = True
        after_commit(session, _wake_all)


def _wake_all() -> None:
    with _lock:
        sleepers = list(_sleepers)
    for wake in sleepers:
        wake()
