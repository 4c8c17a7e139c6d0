"""Ending on request: Ctrl+C or SIGTERM, at whatever moment of a run they come."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 3.0  # how long a stop takes at most; who asks again after that is let go at once
_LOOK_S = 0.2


class Stopped(BaseException):
    """Somebody asked to stop. Raised in the main thread, wherever it is; who holds something gives it back."""


class Request:
    """Whether and when somebody asked to stop."""

    def __init__(self) -> None:
        self._asked_at: float | None = None

    def receive(self, *_: object) -> None:
        """The signal handler: the first request raises Stopped, one more during a stop that hangs ends the process."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            raise Stopped
        if time.monotonic() - self._asked_at > PATIENCE_S:
            os._exit(1)

    def wait(self) -> None:
        """Wait for it; raises Stopped."""
        # Python drops what a signal handler raises when it strikes in a destructor or a callback: the note remains.
        while self._asked_at is None:
            time.sleep(_LOOK_S)
        raise Stopped


@contextmanager
def on_request() -> Iterator[Request]:
    """Run until the body returns or somebody asks to stop; then leave the process with exit code 0."""
    request = Request()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, request.receive)
    try:
        yield request
    except Stopped:
        # Everything is given back; what still computes in the background must not hold up the end.
        sys.stdout.flush()
        logging.shutdown()
        os._exit(0)
