"""Keeps the answers in step with the entries, changed here or in another process."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from datetime import datetime

import structlog

from knowledge import gaps, newly, store
from knowledge.answering import Answers
from knowledge.words import load_words
from storage import Database

log = structlog.get_logger("praxis.process")

PAUSE_S = 1.0  # between two looks whether another process changed entries


class Reader:
    """Reads a community's entries, then what changes: at once where this process changed it, else in a second."""

    def __init__(self, database: Database, community_id: int, answers: Answers, now: Callable[[], datetime]) -> None:
        self._database = database
        self._community_id = community_id
        self._answers = answers
        self._now = now
        self._asked: int | None = None  # up to which open question the entries were asked anew; None: all of them
        self._read_before = False
        self._wake = threading.Event()
        self._ending = False

    def run(self) -> None:
        """Until `stop`."""
        store.changed.subscribe(self._wake.set)
        try:
            well = True
            while not self._ending:
                well = self._look(well)
                load_words().read()  # after the entries: nobody waits for it to start, and no question later
                self._wake.wait(PAUSE_S)
                self._wake.clear()
        finally:
            store.changed.unsubscribe(self._wake.set)
            gc.unfreeze()

    def stop(self) -> None:
        """Have `run` return soon."""
        self._ending = True
        self._wake.set()

    def _look(self, well: bool) -> bool:
        try:
            if self._answers.refresh():
                self._set_aside()
                self._asked = 0
            self._ask_anew()
            gaps.compare(self._database, self._community_id, self._answers)
        except Exception as error:  # the database is away: what was read goes on answering
            if well:
                log.warning("knowledge.not_refreshed", error=type(error).__name__)
            return False
        return True

    def _set_aside(self) -> None:
        """Let go of what was read before, and spare the garbage collector what was read to stay.

        It would stop every thread while it goes through it all; so at a start, when there is nothing to let go of, it
        is not asked to.
        """
        if self._read_before:
            gc.unfreeze()
            gc.collect()
        gc.freeze()
        self._read_before = True

    def _ask_anew(self) -> None:
        """Open questions whose askers want news, once the entries changed and their thresholds are chosen."""
        if self._asked is None or self._answers.busy:
            return
        looked = newly.look(self._database, self._community_id, self._answers, self._now(), self._asked)
        self._asked = looked.after
        if looked.answered:
            log.info("questions.answered_since", questions=looked.answered)
        if looked.after:
            self._wake.set()  # the next few at once, unless entries changed meanwhile
