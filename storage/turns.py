"""Whose turn it is to write: first come, first served, with a second queue for those whom somebody waits for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A fair lock. Who is `urgent` goes before all who are not: an acknowledgement has seconds, its effect has time.

    A plain lock serves whoever happens to run: with a dozen writers one may wait for many of the others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._urgent: deque[threading.Event] = deque()
        self._patient: deque[threading.Event] = deque()

    @contextmanager
    def take(self, *, urgent: bool, timeout: float) -> Iterator[bool]:
        """Hold the turn; yields False when it did not come within `timeout` seconds, and is then not held."""
        held = self._acquire(self._urgent if urgent else self._patient, timeout)
        try:
            yield held
        finally:
            if held:
                self._release()

    def _acquire(self, queue: deque[threading.Event], timeout: float) -> bool:
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            queue.append(mine)
        if mine.wait(timeout):
            return True
        with self._lock:
            if mine.is_set():  # the turn was handed over in the last moment
                return True
            queue.remove(mine)
            return False

    def _release(self) -> None:
        with self._lock:
            queue = self._urgent or self._patient
            if queue:
                queue.popleft().set()  # stays taken: by the one who is woken
            else:
                self._taken = False
