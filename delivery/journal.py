"""What is told in the log of each message, and how many of each kind there were."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime

import structlog

from delivery.claims import Settlement
from delivery.records import OutboxState

log = structlog.get_logger(__name__)

FIGURES_EVERY_S = 60.0


class Journal:
    """One line for each settlement, with ids and never with words; now and then one with the figures."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._told_at = time.monotonic()

    def note(self, settlement: Settlement) -> None:
        """Tell what became of a message."""
        claim = settlement.claim
        outcome = "retry" if settlement.state == OutboxState.pending else settlement.state.value
        outcome = "uploaded" if settlement.uploaded else outcome
        self._counts[outcome] += 1
        write = log.info if settlement.uploaded or settlement.state == OutboxState.sent else log.warning
        write(
            f"delivery.{outcome}",
            row=claim.id,
            key=claim.key,
            method=claim.method.value,
            channel=settlement.channel or claim.channel,
            attempts=claim.attempts,
            error=settlement.error,
            seconds=round((datetime.now(UTC) - claim.created_at).total_seconds(), 3),
        )

    def tell_figures(self, *, now: bool = False) -> None:
        """Tell how many there were since the last time, once a minute or `now`."""
        if self._counts and (now or time.monotonic() - self._told_at >= FIGURES_EVERY_S):
            self._told_at = time.monotonic()
            log.info("delivery.figures", **self._counts)
            self._counts.clear()
