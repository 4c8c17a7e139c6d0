"""Starting and stopping the workspace's server."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from workspace import ids
from workspace.envelopes import ACK_SECONDS, RETRY_SECONDS, Patience
from workspace.limits import Limits
from workspace.manifest import Manifest, read
from workspace.record import Record
from workspace.restoring import taken_up
from workspace.routes import application
from workspace.state import Workspace

HOST = "127.0.0.1"  # never anywhere else: whoever reaches this server can act as everybody in it
_START_SECONDS = 20.0
_PING_SECONDS = 10.0
IDLE_SECONDS = 75  # an idle connection stays open longer than clients keep one, or a request would meet its end


class PortTaken(OSError):
    """Something else listens on the port."""


@dataclass(frozen=True)
class Running:
    """A running server, and what a bot needs to connect to it."""

    url: str
    api_url: str
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    workspace: Workspace = field(repr=False)
    _server: uvicorn.Server = field(repr=False)
    _thread: threading.Thread | None = field(repr=False)
    notice: str | None = None  # what the person who started it should know

    def as_line(self) -> str:
        """The JSON line that `python -m workspace` prints."""
        keys = ("url", "api_url", "bot_token", "app_token", "signing_secret")
        return json.dumps({key: getattr(self, key) for key in keys})

    def stop(self) -> None:
        """Stop serving; returns once the port is free."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_START_SECONDS)


class _Server(uvicorn.Server):
    """Ends the streams before it waits for connections to end."""

    def __init__(self, config: uvicorn.Config, workspace: Workspace) -> None:
        super().__init__(config)
        self._workspace = workspace

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._workspace.close()
        await super().shutdown(sockets)
        await self._workspace.keeper.close()


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; PortTaken when somebody else has the port, 0 takes a free one."""
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        raise PortTaken(f"Port {port} on {HOST} cannot be used ({error}); choose another with --port.") from None
    return listener


def _prepare(
    port: int,
    record: Path | None,
    manifest: Path | None,
    *,
    limits: bool,
    ack_seconds: float,
    retry_seconds: Iterable[float],
    state: Path | None,
) -> tuple[Workspace, uvicorn.Server, socket.socket, str | None]:
    declared = read(manifest) if manifest else Manifest()
    patience = Patience(ack_seconds, tuple(retry_seconds))
    listener = listen(port)
    calls = Record(record)

    def make() -> Workspace:
        ws = Workspace(declared, calls, Limits(on=limits), patience)
        ws.url = f"http://{HOST}:{listener.getsockname()[1]}"
        return ws

    try:
        ws, notice = taken_up(make, state) if state else (make(), None)
    except BaseException:
        listener.close()
        calls.close()
        raise
    config = uvicorn.Config(
        application(ws),
        http=ws.wires.http_class(),
        ws=ws.wires.socket_class(),
        ws_ping_interval=_PING_SECONDS,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=1,
    )
    return ws, _Server(config, ws), listener, notice


def _running(ws: Workspace, server: uvicorn.Server, thread: threading.Thread | None, notice: str | None) -> Running:
    return Running(
        ws.url, f"{ws.url}/api/", ids.BOT_TOKEN, ids.APP_TOKEN, ids.SIGNING_SECRET, ws, server, thread, notice
    )  # fmt: skip


async def _serve(ws: Workspace, server: uvicorn.Server, listener: socket.socket, ready: Callable[[], object]) -> None:
    """Serve until told to stop; call `ready` once it answers."""
    ws.begin()
    task = asyncio.ensure_future(server.serve([listener]))
    while not server.started and not task.done():
        await asyncio.sleep(0.005)
    ready()
    await task


def start(
    port: int = 0,
    record: Path | None = None,
    manifest: Path | None = None,
    *,
    limits: bool = True,
    ack_seconds: float = ACK_SECONDS,
    retry_seconds: Iterable[float] = RETRY_SECONDS,
    state: Path | None = None,
) -> Running:
    """Serve in a thread of this process and return once it answers.

    `retry_seconds`: after how long an unanswered event is sent again, the first time, the second, …; `state`: the file
    in which everything is kept. Raises PortTaken, StateError.
    """
    ws, server, listener, notice = _prepare(
        port, record, manifest, limits=limits, ack_seconds=ack_seconds, retry_seconds=retry_seconds, state=state
    )
    ready = threading.Event()
    serving = _serve(ws, server, listener, ready.set)
    thread = threading.Thread(target=asyncio.run, args=(serving,), name="workspace", daemon=True)
    thread.start()
    if not ready.wait(_START_SECONDS) or not server.started:
        raise RuntimeError("The workspace's server did not start.")
    return _running(ws, server, thread, notice)


def serve(
    port: int,
    record: Path | None,
    manifest: Path | None,
    *,
    limits: bool,
    retry_seconds: Iterable[float],
    request_url: str | None,
    state: Path | None,
) -> None:
    """Serve in this thread until a signal comes; prints one JSON line once ready. Raises PortTaken, StateError."""
    ws, server, listener, notice = _prepare(
        port, record, manifest, limits=limits, ack_seconds=ACK_SECONDS, retry_seconds=retry_seconds, state=state
    )
    ws.http.url = request_url
    if notice:
        print(notice, file=sys.stderr)
    line = _running(ws, server, None, notice).as_line()
    asyncio.run(_serve(ws, server, listener, lambda: print(line, flush=True)))
