"""Keeps the workspace in a file: what changed is written shortly afterwards, in one go, beside the event loop."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from workspace import rows
from workspace.clock import Clock
from workspace.conversations import Conversation
from workspace.envelopes import Envelope
from workspace.files import Stored
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import Person
from workspace.state_file import Row, StateError, StateFile
from workspace.triggers import ResponseUrl
from workspace.views import Views

log = logging.getLogger("praxis.workspace")

SAVE_SECONDS = 0.25  # from a change to its writing: what a killed process loses at most, with the writing itself
_RETRY_SECONDS = 5.0
_AT_ONCE = 50  # rows made before others get their turn: about a millisecond
_MOST_EVENTS = 30_000  # that wait for an app, as many as Socket Mode holds

Render = Callable[[], Json | None]


class Keeper:
    """Notes what changed and writes it down. Without a file it does nothing, and everything stays in memory."""

    def __init__(self, views: Views, clock: Clock) -> None:
        self._views, self._clock = views, clock
        self._file: StateFile | None = None
        self._dirty: dict[tuple[str, str], Render] = {}
        self._data: dict[str, bytes] = {}
        self._events: dict[str, Envelope] = {}
        self._stored_events: set[str] = set()
        self._waiting: list[Json] = []
        self._timer: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task[None] | None = None
        self._thread: ThreadPoolExecutor | None = None
        self.problem: str | None = None  # why the last attempt to write failed

    # What changes

    def changed(self, kind: str, key: str, render: Render) -> None:
        """Write this soon, as it is then; None from `render` takes it out of the file."""
        if self._file is not None:
            self._dirty[kind, key] = render
            if self._timer is None and self._saving is None:
                self._timer = asyncio.get_running_loop().call_later(SAVE_SECONDS, self._begin)

    def message(self, place: Conversation, said: Message, only: str | None, *, gone: bool) -> None:
        """A message came, changed or went; `only` names who alone sees it."""
        if only is None:
            self.changed("message", f"{place.id}/{said.ts}", partial(rows.message, place, said))
            self.conversation(place)
        else:
            render = (lambda: None) if gone else partial(rows.ephemeral, said)
            self.changed("ephemeral", f"{place.id}/{only}/{said.ts}", render)

    def conversation(self, place: Conversation) -> None:
        """Somebody joined, left or read."""
        self.changed("conversation", place.id, partial(rows.conversation, place))

    def person(self, who: Person) -> None:
        """Somebody came, or changed."""
        self.changed("person", who.id, partial(rows.person, who))

    def views(self, user: str) -> None:
        """A Home or modals changed, or what is entered there."""
        self.changed("views", user, partial(rows.views, self._views, user))

    def file(self, stored: Stored) -> None:
        """A file is expected, has arrived, or was shared."""
        if self._file is not None and stored.data is not None:
            self._data[stored.id] = stored.data
        self.changed("file", stored.id, partial(rows.file, stored))

    def response(self, key: str, url: ResponseUrl) -> None:
        """A response URL was given out or used."""
        self.changed("response", key, partial(rows.response, url))

    def clock(self) -> None:
        """The clock was moved."""
        self.changed("clock", "", partial(rows.clock, self._clock))

    def event(self, number: str, envelope: Envelope) -> None:
        """An event is on its way to the app: kept until it is acknowledged or given up."""
        if self._file is None:
            return
        self._events[number] = envelope
        if len(self._events) > _MOST_EVENTS:
            self._settled(next(iter(self._events)))
        envelope.answer.add_done_callback(lambda _: self._settled(number))
        self.changed("event", number, partial(self._event_row, number))

    def _settled(self, number: str) -> None:
        self._events.pop(number, None)
        if number in self._stored_events:
            self.changed("event", number, partial(self._event_row, number))
        else:
            self._dirty.pop(("event", number), None)

    def _event_row(self, number: str) -> Json | None:
        envelope = self._events.get(number)
        (self._stored_events.discard if envelope is None else self._stored_events.add)(number)
        return envelope.payload if envelope else None

    # Opening, writing, closing

    @property
    def keeps(self) -> bool:
        """Whether there is a file."""
        return self._file is not None

    def keep_in(self, file: StateFile, unacknowledged: list[Json]) -> None:
        """Keep the workspace there from now on; the app has yet to acknowledge these events that the file holds."""
        self._file = file
        self._waiting = unacknowledged
        self._thread = ThreadPoolExecutor(1, "workspace-keeper")

    def unacknowledged(self) -> list[Json]:
        """The events that the file held, once: whoever takes them sends them again."""
        waiting, self._waiting = self._waiting, []
        self._stored_events.update(payload["event_id"] for payload in waiting)
        return waiting

    def _begin(self) -> None:
        self._timer = None
        self._saving = asyncio.get_running_loop().create_task(self._save())

    async def _save(self) -> None:
        pause, self.problem = SAVE_SECONDS, None
        try:
            await self._write()
        except StateError as error:
            log.error("What happens here is not kept for now, tried again in %.0f s: %s", _RETRY_SECONDS, error)
            pause, self.problem = _RETRY_SECONDS, str(error)
        finally:
            self._saving = None
        if self._dirty:
            self._timer = asyncio.get_running_loop().call_later(pause, self._begin)

    async def _write(self) -> None:
        if self._file is None or self._thread is None:
            return
        self.clock()  # every message moves its last timestamp on
        dirty, self._dirty = self._dirty, {}
        data, self._data = self._data, {}
        out: list[Row] = []
        for count, ((kind, key), render) in enumerate(dirty.items(), 1):
            body = render()
            out.append((kind, key, None if body is None else json.dumps(body)))
            if count % _AT_ONCE == 0:
                await asyncio.sleep(0)
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._file.write, out, data)
        except StateError:
            self._dirty, self._data = dirty | self._dirty, data | self._data
            raise

    async def close(self) -> None:
        """Write what is left and let go of the file."""
        if self._file is None or self._thread is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        if self._saving is not None:
            await self._saving
        if self._timer is not None:
            self._timer.cancel()
        try:
            await self._write()
        except StateError as error:
            log.error("The last changes could not be kept: %s", error)
        self._thread.shutdown()
        self._file.close()
        self._file = None
