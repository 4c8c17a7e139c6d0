"""Keeps the answers in step with the entries, changed here or in another process."""

from __future__ import annotations

import gc
import threading

import structlog

from knowledge import gaps, store
from knowledge.answering import Answers
from storage import Database

log = structlog.get_logger("praxis.process")

PAUSE_S = 1.0  # between two looks whether another process changed entries


class Reader:
    """Reads a community's entries, then what changes: at once where this process changed it, else in a second."""

    def __init__(self, database: Database, community_id: int, answers: Answers) -> None:
        self._database = database
        self._community_id = community_id
        self._answers = answers
        self._wake = threading.Event()
        self._ending = False

    def run(self) -> None:
        """Until `stop`."""
        store.changed.subscribe(self._wake.set)
        try:
            well = True
            while not self._ending:
                well = self._look(well)
                self._wake.wait(PAUSE_S)
                self._wake.clear()
        finally:
            store.changed.unsubscribe(self._wake.set)

    def stop(self) -> None:
        """Have `run` return soon."""
        self._ending = True
        self._wake.set()

    def _look(self, well: bool) -> bool:
        try:
            if self._answers.refresh():
                _set_aside()
            gaps.compare(self._database, self._community_id, self._answers)
        except Exception as error:  # the database is away: what was read goes on answering
            if well:
                log.warning("knowledge.not_refreshed", error=type(error).__name__)
            return False
        return True


def _set_aside() -> None:
    """Let go of what was read before, and spare the garbage collector what was read to stay.

    It would stop every thread while it goes through it all.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
