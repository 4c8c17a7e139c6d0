"""Follows the clock of the local workspace, which people can move ahead, and tells it when the next reminder is due."""

from __future__ import annotations

import json
import threading
import urllib.request
from typing import Any

import structlog

from scheduler.clock import Clock
from scheduler.service import Service
from storage.errors import StorageError

log = structlog.get_logger("praxis.clock")

INTERVAL_S = 0.5
# Past the proxies of the environment, which cannot know this machine's loopback.
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ClockFollower:
    """Asks the workspace for its clock twice a second; it is on this machine, and nobody waits for the answer."""

    def __init__(self, workspace_url: str, clock: Clock, service: Service) -> None:
        self._url = workspace_url.rstrip("/")
        self._clock = clock
        self._service = service
        self._stop = threading.Event()
        self._told: str | None = "never told"
        self._thread = threading.Thread(target=self._follow, name="clock-follower", daemon=True)

    def start(self) -> None:
        """Take over the workspace's time now, then keep following."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """Stop following; the clock keeps the time it has."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def look(self) -> None:
        """One exchange. A workspace or a database that does not answer is tried again at the next look."""
        try:
            offset = float(self._call("/clock")["offset_seconds"])
            if offset > self._clock.offset_seconds:
                self._clock.advance_to(offset)
                self._service.wake()
                log.info("clock.moved", offset_seconds=offset)
            due = self._service.next_due()
            told = due.strftime("%Y-%m-%dT%H:%M:%SZ") if due else None
            if told != self._told:
                self._call("/clock/next_due", {"next_due": told})
                self._told = told
        except (OSError, ValueError, KeyError, StorageError) as error:
            log.debug("clock.unreachable", error=type(error).__name__)

    def _follow(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            self.look()

    def _call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - the address is http on this machine, checked by is_loopback
            self._url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with direct.open(request, timeout=2) as response:
            answer: dict[str, Any] = json.loads(response.read())
            return answer
