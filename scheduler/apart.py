"""What is done one by one, so that one that fails stops no other: it is logged and left alone for a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from storage.errors import StorageError

log = structlog.get_logger("praxis.scheduler")

REST = timedelta(minutes=5)

T = TypeVar("T")


class Apart:
    """Remembers what failed, so that it is not tried, and its trace not logged, with every look."""

    def __init__(self) -> None:
        self._rests_until: dict[tuple[str, int], datetime] = {}

    def attempt(self, what: str, number: int, do: Callable[[], T], now: datetime) -> T | None:
        """What `do` returns; None when it failed, now or a while ago. `what` and `number` tell things apart.

        Raises StorageError: when the database cannot be used, nothing is wrong with the thing.
        """
        if self._rests_until.get((what, number), now) > now:
            return None
        try:
            done = do()
        except StorageError:
            raise
        except Exception as error:
            log.exception(f"{what}.failed", id=number, error=type(error).__name__)
            self._rests_until[what, number] = now + REST
            return None
        self._rests_until.pop((what, number), None)
        return done
