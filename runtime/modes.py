"""The three ways to run: with the local workspace, by Socket Mode, over HTTP."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable

import uvicorn
from pydantic import SecretStr

from runtime.errors import StartError
from runtime.http_mode import asgi
from runtime.process import Access, Process
from settings import ROOT, Settings

PORTS_TRIED = 50
Say = Callable[[str], object]


def access_from(settings: Settings) -> Access:
    """How to reach the Slack that the settings name."""

    def plain(secret: SecretStr | None) -> str | None:
        return secret.get_secret_value() if secret else None

    return Access(
        api_url=settings.slack_api_url,
        bot_token=plain(settings.slack_bot_token) or "",
        app_token=plain(settings.slack_app_token),
        signing_secret=plain(settings.slack_signing_secret),
    )


def run_local(settings: Settings, stop: threading.Event, say: Say) -> None:
    """The local workspace and the bot in one process, until `stop` is set."""
    from workspace import server  # a real workspace never needs it

    port = free_port(settings.host, settings.port)
    if port != settings.port and settings.port:
        say(f"Port {settings.port} is taken; using {port} instead.")
    workspace = server.start(port=port, manifest=ROOT / "manifest.json")
    try:
        access = Access(workspace.api_url, workspace.bot_token, workspace.app_token, workspace.signing_secret)
        _run(Process(settings, access), stop, lambda: say(f"Praxis is ready. Open {workspace.url} (Ctrl+C stops it)."))
    finally:
        workspace.stop()


def run_socket(settings: Settings, stop: threading.Event, say: Say) -> None:
    """Socket Mode with the tokens given, until `stop` is set."""
    process = Process(settings, access_from(settings))
    _run(process, stop, lambda: say("Praxis is connected to Slack by Socket Mode (Ctrl+C stops it)."))


def run_http(settings: Settings, say: Say) -> None:
    """Serve Slack's requests and `/healthz` until interrupted. Raises StartError when the port is taken."""
    if settings.port and free_port(settings.host, settings.port) != settings.port:
        raise StartError(f"Port {settings.port} on {settings.host} is taken. Free it, or set PRAXIS_PORT to another.")
    process = Process(settings, access_from(settings))
    try:
        process.start()
        say(f"Praxis serves Slack at http://{settings.host}:{settings.port}/slack/events (health: /healthz).")
        uvicorn.run(
            asgi(process.app, process.health), host=settings.host, port=settings.port, log_config=None, access_log=False
        )
    finally:
        process.stop()


def _run(process: Process, stop: threading.Event, ready: Callable[[], object]) -> None:
    try:
        process.start()
        ready()
        stop.wait()
    finally:
        process.stop()


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next port above it that is free. Raises StartError when none of fifty is."""
    if wanted == 0:
        return 0
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno in (errno.EADDRINUSE, errno.EACCES):
                    continue
                raise StartError(f"Cannot listen on {host}: {error.strerror}. Check PRAXIS_HOST.") from None
            return port
    raise StartError(f"No free port from {wanted} to {wanted + PORTS_TRIED - 1}. Set PRAXIS_PORT to another.")
