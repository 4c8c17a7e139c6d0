"""The three ways to run: with the local workspace, by Socket Mode, over HTTP."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from pydantic import SecretStr

from runtime import calendar_feed, code_page, logs
from runtime.errors import StartError
from runtime.http_mode import asgi
from runtime.local_people import add_organizer, offer_samples
from runtime.local_state import state_file
from runtime.process import Access, Process
from runtime.stopping import Request
from settings import ROOT, Settings

if TYPE_CHECKING:
    from workspace.server import Running

PORTS_TRIED = 50
HTTP_GOODBYE_S = 5  # Slack waits three for an answer; a connection that lingers must not hold up the end
HTTP_IDLE_S = 75  # longer than the minute for which usual proxies keep an idle connection, or they would answer 502
WELCOME = """
Praxis is ready. Open this page in your browser:

    {url}

Choose a person there, ask a question, plan an event, move the clock ahead: only you see it, and it is still there
after a restart. Ctrl+C stops it."""
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


def run_local(settings: Settings, stop: Request, say: Say) -> None:
    """The local workspace and the bot in one process, until Stopped. Raises StartError."""
    say("Praxis starts; the first time it takes a little longer.")
    if "log_level" not in settings.model_fields_set:
        logs.quieter_on_a_terminal()
    state = state_file(settings.database_url.get_secret_value())
    begins = state is None or not state.exists()
    workspace = _workspace(settings.port, state)

    def ready() -> None:
        if begins:
            offer_samples(workspace.url, process.database, process.services.community_id, process.clock.now())
        say(WELCOME.format(url=workspace.url))

    try:
        if begins:
            add_organizer(workspace.url)
        if workspace.notice:
            say(workspace.notice)
        if settings.port and not workspace.url.endswith(f":{settings.port}"):
            say(f"Port {settings.port} is taken; using {workspace.url.rpartition(':')[2]} instead.")
        access = Access(workspace.api_url, workspace.bot_token, workspace.app_token, workspace.signing_secret)
        process = Process(settings, access)
        _run(process, stop, ready)
    finally:
        workspace.stop()


def _workspace(wanted: int, state: Path | None) -> Running:
    from workspace import server  # a real workspace never needs them
    from workspace.state_file import StateError, StateInUse

    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        try:
            return server.start(port=port, manifest=ROOT / "manifest.json", state=state)
        except server.PortTaken:
            continue
        except StateInUse as error:
            where = f" Open {error.url}" if error.url else " Open its page"
            raise StartError(
                f"Praxis is running already with this database.{where}, or stop it there first (Ctrl+C). "
                "For another one beside it, set DATABASE_URL to another file."
            ) from None
        except StateError as error:
            raise StartError(str(error)) from None
    raise StartError(f"No free port from {wanted} to {wanted + PORTS_TRIED - 1}. Set PRAXIS_PORT to another.")


def run_socket(settings: Settings, stop: Request, say: Say) -> None:
    """Socket Mode with the tokens given, until Stopped."""
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
            asgi(
                process.app, process.health, [code_page.route(process.services), calendar_feed.route(process.services)]
            ),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            timeout_keep_alive=HTTP_IDLE_S,
            timeout_graceful_shutdown=HTTP_GOODBYE_S,
        )
    finally:
        process.stop()


def _run(process: Process, stop: Request, ready: Callable[[], object]) -> None:
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
