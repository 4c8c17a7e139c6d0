"""Socket Mode: several connections, each watched, because one can go silent without closing."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketException

from delivery.client import is_loopback

log = structlog.get_logger("praxis.socket")

PING_S = 5.0
# A connection that left this many pings unanswered is deaf, whatever its socket says.
PINGS_MISSED = 3
GOODBYE_S = 1.0  # for Slack to answer a goodbye
RECONNECT_S = 2.0  # what a connection takes to open at most, on a slow machine


class _Client(SocketModeClient):
    """The SDK's client, with less between a frame and its acknowledgement.

    The SDK hands each message through a queue and a thread that only parse it, and websocket-client checks its UTF-8
    byte by byte in Python before the same bytes are decoded: a third of what an acknowledgement took.
    """

    def enqueue_message(self, message: str | bytes) -> None:
        """Have a worker parse and handle it; unvalidated, text comes as bytes."""
        with suppress(RuntimeError):  # closed meanwhile: Slack delivers elsewhere what is not acknowledged
            self.message_workers.submit(self._handle, message)

    def _handle(self, message: str | bytes) -> None:
        try:
            content = json.loads(message)
        except ValueError:  # Slack's own text lines, for people who listen with a terminal
            log.debug("socket.unreadable", size=len(message))
        else:
            self.run_message_listeners(content, "")

    def session_id(self) -> str:
        """What the SDK names where an answer met a closed connection; it defines it for its other client alone."""
        return str(id(self.current_session))

    def _run_current_session(self) -> None:
        """Read until the connection ends; called again and again by a thread of the SDK's."""
        session = self.current_session
        if session is None:
            return
        proxy: dict[str, Any] = {
            "http_proxy_host": self.http_proxy_host,
            "http_proxy_port": self.http_proxy_port,
            "http_proxy_auth": self.http_proxy_auth,
            "proxy_type": self.proxy_type,
        }
        if is_loopback(session.url):
            # A proxy of the environment cannot know this machine's loopback. Exceptions are heard beside a name alone.
            host = urlsplit(session.url).hostname
            proxy = {"http_proxy_host": host, "http_proxy_port": 1, "proxy_type": "http", "http_no_proxy": [host]}
        try:
            session.run_forever(
                ping_interval=self.ping_interval,
                skip_utf8_validation=True,
                **proxy,
            )
        except Exception as error:  # whatever it was, the watch opens another
            log.warning("socket.failed", error=type(error).__name__)
            session.close()


class _Handler(BaseSocketModeHandler):
    """Bolt's adapter on that client."""

    def __init__(self, app: App, app_token: str, ping_s: float, concurrency: int) -> None:
        self.app, self.app_token = app, app_token
        self.client: _Client = _Client(
            app_token=app_token,
            logger=app.logger,
            web_client=app.client,
            ping_interval=ping_s,
            concurrency=concurrency,
        )
        self.client.socket_mode_request_listeners.append(self.handle)

    def handle(self, client: Any, req: SocketModeRequest) -> None:
        """Dispatch a request and send what is acknowledged."""
        began = time.time()
        answer = run_bolt_app(self.app, req)
        try:
            send_response(client, req, answer, began)
        except (WebSocketException, OSError):
            # The request is written down; Slack delivers it again where it waits for an answer, and the inbox knows it.
            log.info("socket.answer_unsent", kind=req.type)


class _Connection:
    """One connection and when it was last heard; `open` is set once it has been opened."""

    def __init__(self, app: App, app_token: str, concurrency: int, ping_s: float, opened: threading.Event) -> None:
        self.handler = _Handler(app, app_token, ping_s, concurrency)
        self.deaf_after_s = PINGS_MISSED * ping_s
        self.client = self.handler.client
        self._opened = opened
        self._socket: Any = None
        self._sign: tuple[int, float] = (0, 0.0)
        self._heard_at = time.monotonic()
        self.client.on_open_listeners.append(self._on_open)
        # The SDK's own monitor looks before the first connection has had time to open, and then opens a second one.
        # Ours does its work as well.
        self.client.current_app_monitor_started = True

    def _on_open(self, _session: Any) -> None:
        self._heard_at = time.monotonic()
        self._opened.set()
        log.info("socket.open")

    def look(self) -> None:
        """Note whether anything was heard since the last look: a pong, or a new session."""
        session = self.client.current_session
        sign = (id(session), session.last_pong_tm if session else 0.0)
        if sign != self._sign:
            self._sign, self._heard_at = sign, time.monotonic()

    @property
    def silent_s(self) -> float:
        return time.monotonic() - self._heard_at

    @property
    def is_lost(self) -> bool:
        """Closed, and the SDK, which reconnects on most ways of closing, had its time to do so."""
        return not self.client.is_connected() and self.silent_s > RECONNECT_S

    @property
    def alive(self) -> bool:
        return bool(self.client.is_connected()) and self.silent_s < self.deaf_after_s

    def hang_up(self) -> None:
        """Say goodbye. Whoever reads leaves at the answer; closed under its feet it would wait ten seconds for more."""
        self.client.auto_reconnect_enabled = False
        self.client.current_session_runner.event.set()
        self.client.closed = True
        self.client.message_queue.put(None)  # wakes the SDK's thread that waits for a message, to see that it is over
        session = self.client.current_session
        if session is not None:
            session.on_error = None  # the library calls every end an error
            self._socket = session.sock
        if self._socket is not None:
            with suppress(OSError, WebSocketException):
                self._socket.send_close()

    def close(self) -> None:
        """Give everything back, with or without an answer to the goodbye."""
        self.client.current_session_runner.thread.join(GOODBYE_S)
        self.handler.close()  # type: ignore[no-untyped-call]  # the adapter declares no types
        if self._socket is not None:
            self._socket.shutdown()  # what Slack closed first, the library leaves open

    def renew(self) -> None:
        """Ask Slack for a new address and connect there. A failure is logged; the next look tries again."""
        log.warning("socket.renew", silent_s=round(self.silent_s, 1))
        self._heard_at = time.monotonic()
        try:
            self.client.connect_to_new_endpoint(force=True)
        except (SlackClientError, OSError) as error:
            log.warning("socket.renew_failed", error=type(error).__name__)


class Connections:
    """`count` Socket Mode connections of one Bolt app, pinged every `ping_s` seconds, `concurrency` threads each."""

    def __init__(
        self, app: App, app_token: str, count: int = 2, *, concurrency: int = 16, ping_s: float = PING_S
    ) -> None:
        self._ping_s = ping_s
        self._opened = threading.Event()
        self._stop = threading.Event()
        self._connections = [_Connection(app, app_token, concurrency, ping_s, self._opened) for _ in range(count)]
        self._watch = threading.Thread(target=self._keep_watch, name="socket-watch", daemon=True)

    def start(self, timeout: float = 30.0) -> None:
        """Open all connections; return once the first is open.

        Raises TimeoutError when none is open after `timeout` seconds, SlackApiError when Slack refuses the app token.
        """
        for connection in self._connections:
            connection.client.connect()
        if not self._opened.wait(timeout):
            raise TimeoutError(f"no Socket Mode connection after {timeout:.0f} s")
        self._watch.start()

    def stop(self) -> None:
        """Close every connection; what Slack has not seen acknowledged it delivers again elsewhere."""
        self._stop.set()
        for connection in self._connections:
            connection.hang_up()
        for connection in self._connections:
            connection.close()
        if self._watch.is_alive():
            self._watch.join(5)

    @property
    def alive(self) -> int:
        """How many connections are open and answer."""
        return sum(connection.alive for connection in self._connections)

    def _keep_watch(self) -> None:
        while not self._stop.wait(self._ping_s / 2):
            for connection in self._connections:
                connection.look()
                if connection.silent_s >= connection.deaf_after_s or connection.is_lost:
                    connection.renew()
