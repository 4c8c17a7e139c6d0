"""Server-sent events: what changed for a person, told to every page that watches as them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from workspace.kinds import Json

HEARTBEAT_SECONDS = 10.0
_LONGEST_QUEUE = 2_000  # a page that reads this slowly is sent away and reads everything again


class Streams:
    """Who watches as whom."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[str | None]]] = {}

    def watched(self) -> list[str]:
        """The people as whom somebody watches now."""
        return list(self._queues)

    def tell(self, user: str, event: str, data: Json) -> None:
        """Tell every page of a person, in order."""
        for queue in list(self._queues.get(user, ())):
            if queue.qsize() >= _LONGEST_QUEUE:
                self._drop(user, queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(f"event: {event}\ndata: {json.dumps(data)}\n\n")

    def tell_all(self, event: str, data: Json) -> None:
        """Tell everybody."""
        for user in self.watched():
            self.tell(user, event, data)

    def close(self) -> None:
        """End every stream."""
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)
        self._queues.clear()

    def _drop(self, user: str, queue: asyncio.Queue[str | None]) -> None:
        queues = self._queues.get(user, set())
        queues.discard(queue)
        if not queues:
            self._queues.pop(user, None)

    async def watch(self, user: str) -> AsyncIterator[str]:
        """The stream of one page, with a heartbeat whenever nothing happens for a while."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.setdefault(user, set()).add(queue)
        try:
            yield "retry: 500\nevent: hello\ndata: {}\n\n"
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        piece = await queue.get()
                except TimeoutError:
                    piece = ": still here\n\n"
                if piece is None:
                    return
                yield piece
        finally:
            self._drop(user, queue)
