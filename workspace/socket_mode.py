"""Socket Mode: connections served in turn, acknowledgements, redelivery, refresh."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections import deque
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from workspace import ids
from workspace.envelopes import Envelope, Patience
from workspace.faults import Fault, Faults
from workspace.kinds import Json
from workspace.wire import Address, Wires

MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0
_CONNECTION_SECONDS = 18_060
_GOODBYE_SECONDS = 10.0  # between a refresh notice and the close
_MOST_HELD = 30_000  # what Slack sends in an hour at most; the oldest go first
_HOST = "applink-local"


@dataclass(eq=False)
class _Connection:
    socket: WebSocket
    client: Address
    outgoing: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    leaving: bool = False
    seconds: float = _CONNECTION_SECONDS


@dataclass(eq=False)
class _Flight:
    envelope: Envelope
    connection: _Connection
    timer: asyncio.TimerHandle


class SocketMode:
    """All Socket Mode connections of the app."""

    def __init__(self, wires: Wires, faults: Faults, patience: Patience) -> None:
        self._wires, self._faults, self._patience = wires, faults, patience
        self._tickets: dict[str, float] = {}
        self._connections: list[_Connection] = []
        self._turn = 0
        self._flights: dict[str, _Flight] = {}
        self._held: deque[Envelope] = deque(maxlen=_MOST_HELD)  # found nobody: the next connection gets them
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> int:
        """How many connections take envelopes."""
        return sum(not connection.leaving for connection in self._connections)

    def ticket(self) -> str:
        """A ticket for one connection, good for half a minute."""
        now = time.monotonic()
        self._tickets = {key: until for key, until in self._tickets.items() if until > now}
        key = str(uuid.uuid4())
        self._tickets[key] = now + TICKET_SECONDS
        return key

    # Sending

    def send(self, envelope: Envelope) -> None:
        """Send to the next connection in turn; an event without one waits, a press fails at once."""
        self._launch(envelope, None)

    def _launch(self, envelope: Envelope, avoid: _Connection | None) -> None:
        if envelope.answer.done():
            return
        connection = self._next(avoid)
        if connection is None:
            if envelope.is_event:
                self._held.append(envelope)
            else:
                envelope.give_up("no_bot")
            return
        for copy in range(envelope.copies):
            number = envelope.id
            if copy:
                number, connection = str(uuid.uuid4()), self._next(None) or connection
            timer = asyncio.get_running_loop().call_later(self._patience.ack_seconds, self._late, number)
            self._flights[number] = _Flight(envelope, connection, timer)
            connection.outgoing.put_nowait(envelope.as_text(number))
        envelope.copies = 1

    def _next(self, avoid: _Connection | None) -> _Connection | None:
        ready = [connection for connection in self._connections if not connection.leaving]
        if len(ready) > 1 and avoid in ready:
            ready.remove(avoid)
        if not ready:
            return None
        self._turn += 1
        return ready[self._turn % len(ready)]

    def _late(self, number: str) -> None:
        flight = self._flights.pop(number, None)
        if flight is None or flight.envelope.answer.done():
            return
        envelope = flight.envelope
        delays = self._patience.retry_seconds
        if not envelope.is_event or envelope.attempt >= len(delays):
            envelope.give_up("operation_timeout")
            return
        delay = delays[envelope.attempt]
        self._again(envelope)
        asyncio.get_running_loop().call_later(delay, self._launch, envelope, flight.connection)

    @staticmethod
    def _again(envelope: Envelope) -> None:
        envelope.id = str(uuid.uuid4())
        if envelope.is_event:
            envelope.attempt += 1
            envelope.reason = "timeout"

    # Serving

    async def serve(self, socket: WebSocket) -> None:
        """One connection from its ticket to its end."""
        until = self._tickets.pop(socket.query_params.get("ticket", ""), 0.0)
        if until < time.monotonic() or socket.client is None or self.connected >= MOST_CONNECTIONS:
            await socket.close(1008)
            return
        await socket.accept()
        quick = socket.query_params.get("debug_reconnects") == "true"
        connection = _Connection(
            socket, (socket.client.host, socket.client.port), seconds=360 if quick else _CONNECTION_SECONDS
        )
        self._connections.append(connection)
        connection.outgoing.put_nowait(json.dumps(self._hello(connection)))
        writer = asyncio.create_task(self._write(connection))
        refresh = asyncio.get_running_loop().call_later(connection.seconds, self._refresh, connection)
        while self._held:
            self._launch(self._held.popleft(), None)
        try:
            while True:
                self._hear(await socket.receive_text())
        except (WebSocketDisconnect, KeyError):
            pass
        finally:
            refresh.cancel()
            writer.cancel()
            self._gone(connection)

    def _hello(self, connection: _Connection) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected,
            "debug_info": {
                "host": _HOST,
                "build_number": 1,
                "approximate_connection_time": int(connection.seconds),
            },
            "connection_info": {"app_id": ids.APP},
        }

    async def _write(self, connection: _Connection) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await connection.socket.send_text(await connection.outgoing.get())

    def _hear(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        number = message.get("envelope_id") if isinstance(message, dict) else None
        flight = self._flights.pop(number, None) if isinstance(number, str) else None
        if flight is None:
            return
        flight.timer.cancel()
        payload = message.get("payload")
        if isinstance(payload, str):
            payload = {"text": payload} if payload else None
        flight.envelope.settle(payload if isinstance(payload, dict) and payload else None)

    def _gone(self, connection: _Connection) -> None:
        self._connections.remove(connection)
        lost = [(number, flight) for number, flight in self._flights.items() if flight.connection is connection]
        for number, flight in lost:
            flight.timer.cancel()
            del self._flights[number]
            if not flight.envelope.answer.done():
                self._again(flight.envelope)
                self._launch(flight.envelope, connection)

    # Trouble on demand

    async def strike(self, fault: Fault) -> None:
        """Cut, silence or refresh every connection there is now."""
        for connection in list(self._connections):
            if fault.kind == "socket_cut":
                await self._wires.cut(connection.client)
            elif fault.kind == "socket_silent":
                self._wires.silence(connection.client, float(fault.options["seconds"]))
            else:
                self._refresh(connection)

    def _refresh(self, connection: _Connection) -> None:
        if connection.leaving:
            return
        connection.leaving = True
        notice = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": _HOST}}
        connection.outgoing.put_nowait(json.dumps(notice))
        task = asyncio.create_task(self._part(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @staticmethod
    async def _part(connection: _Connection) -> None:
        await asyncio.sleep(_GOODBYE_SECONDS)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await connection.socket.close()
