"""Connections below HTTP: cutting one off without a word, and making one deaf and mute."""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast
from weakref import WeakValueDictionary

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

Address = tuple[str, int]


class Wires:
    """Every open connection by its client's address."""

    def __init__(self) -> None:
        self._transports: WeakValueDictionary[Address, asyncio.Transport] = WeakValueDictionary()
        self._sockets: WeakValueDictionary[Address, _Socket] = WeakValueDictionary()

    async def cut(self, client: Address) -> None:
        """Drop a connection at once: the peer sees a reset, whatever was still unsent is lost."""
        transport = self._transports.get(client)
        if transport is not None:
            transport.abort()
            await asyncio.sleep(0)

    def silence(self, client: Address, seconds: float) -> None:
        """Keep a WebSocket open but say and hear nothing on it, not even pings, for a while."""
        socket = self._sockets.get(client)
        if socket is not None:
            socket.silence(seconds)

    def http_class(self) -> type[asyncio.Protocol]:
        """The protocol class for uvicorn that reports to these wires."""
        wires = self

        class Http(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its parent
                super().connection_made(transport)
                if self.client is not None:
                    wires._transports[self.client] = transport

        return Http

    def socket_class(self) -> type[asyncio.Protocol]:
        """The WebSocket class for uvicorn that reports to these wires."""
        wires = self

        class Socket(_Socket):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                super().connection_made(transport)
                if self.client is not None:
                    wires._sockets[self.client] = self

        return Socket


class _Socket(WebSocketsSansIOProtocol):
    """A WebSocket that can fall silent: what arrives meanwhile is read afterwards, what is sent meanwhile is lost."""

    _until = 0.0
    _heard = b""

    def silence(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self.loop.call_later(seconds, self._wake)

    @property
    def _silent(self) -> bool:
        return time.monotonic() < self._until

    def _wake(self) -> None:
        if not self._silent and self._heard and not self.transport.is_closing():
            data, self._heard = self._heard, b""
            super().data_received(data)

    def data_received(self, data: bytes) -> None:
        if self._silent:
            self._heard += data
        else:
            super().data_received(data)

    def send_keepalive_ping(self) -> None:
        if self._silent:
            self.schedule_ping()
        else:
            super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        if self._silent:
            self.pong_timer = None
            self.schedule_ping()
        else:
            super().keepalive_timeout()

    async def send(self, message: Any) -> None:
        if self._silent and message["type"] == "websocket.send":
            return
        await super().send(cast("Any", message))
