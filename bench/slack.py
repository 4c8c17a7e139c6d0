"""The least Slack that a load test needs: it sends envelopes at a chosen pace and notes when each is acknowledged.

It stands apart from the local workspace so that what is measured is the bot: no validation, no limits, no page.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

TEAM, BOT, BOT_ID, APP = "T0BENCH", "U0BENCHBOT", "B0BENCHBOT", "A0BENCH"
_numbers = itertools.count(1)


@dataclass
class Flight:
    """One envelope: seconds (monotonic) at which it was sent, acknowledged, and answered by a posted message."""

    sent: float = 0.0
    acked: float | None = None
    posted: float | None = None


@dataclass
class LoadSlack:
    """Runs in a thread of its own; `flights` by envelope id, `by_channel` for answers to questions in DMs."""

    flights: dict[str, Flight] = field(default_factory=dict)
    by_channel: dict[str, Flight] = field(default_factory=dict)
    sockets: list[WebSocket] = field(default_factory=list)
    connected: threading.Event = field(default_factory=threading.Event)
    posts: int = 0
    updates: list[tuple[float, dict[str, Any]]] = field(default_factory=list)  # when, and the message as it is then
    url: str = ""

    def start(self) -> LoadSlack:
        """Listen on a free loopback port."""
        app = Starlette(
            routes=[Route("/api/{method}", self._api, methods=["GET", "POST"]), WebSocketRoute("/link", self._link)]
        )
        config = uvicorn.Config(app, port=0, log_config=None, access_log=False, ws_ping_interval=None)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/api/"
        return self

    def stop(self) -> None:
        """Stop listening."""
        self._server.should_exit = True
        self._thread.join(10)

    def __enter__(self) -> LoadSlack:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def environment(self) -> dict[str, str]:
        """What a bot needs in its environment to come here."""
        return {"SLACK_API_URL": self.url, "SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_APP_TOKEN": "xapp-bench"}

    def send_at(self, payloads: list[dict[str, Any]], per_second: float | None) -> list[Flight]:
        """Send events at an even pace (all at once for None), round the sockets; returns their flights, still open."""
        future = asyncio.run_coroutine_threadsafe(self._send_all(payloads, per_second), self._loop)
        return future.result()

    async def _send_all(self, payloads: list[dict[str, Any]], per_second: float | None) -> list[Flight]:
        flights = []
        begin = time.monotonic()
        for index, payload in enumerate(payloads):
            if per_second:
                wait = begin + index / per_second - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
            envelope = f"env-{next(_numbers)}"
            flight = self.flights[envelope] = Flight()
            kind = "events_api" if "event" in payload else "interactive"
            channel = payload["event"].get("channel") if kind == "events_api" else None
            if isinstance(channel, str):
                self.by_channel[channel] = flight
            body = {
                "envelope_id": envelope,
                "type": kind,
                "payload": payload,
                "accepts_response_payload": False,
                "retry_attempt": 0,
                "retry_reason": "",
            }
            flight.sent = time.monotonic()
            await self.sockets[index % len(self.sockets)].send_text(json.dumps(body))
            flights.append(flight)
        return flights

    async def _link(self, socket: WebSocket) -> None:
        await socket.accept()
        self._loop = asyncio.get_running_loop()
        self.sockets.append(socket)
        await socket.send_text(json.dumps({"type": "hello", "num_connections": len(self.sockets)}))
        self.connected.set()
        try:
            while True:
                answer = json.loads(await socket.receive_text())
                flight = self.flights.get(answer.get("envelope_id", ""))
                if flight and flight.acked is None:
                    flight.acked = time.monotonic()
        except WebSocketDisconnect:
            self.sockets.remove(socket)

    async def _api(self, request: Request) -> JSONResponse:
        method = request.path_params["method"]
        raw = await request.body()
        now = time.monotonic()
        body: dict[str, Any] = {"ok": True}
        if method == "auth.test":
            body |= {"team_id": TEAM, "team": "Bench", "user_id": BOT, "user": "praxis", "bot_id": BOT_ID}
        elif method == "apps.connections.open":
            body["url"] = self.url.replace("http", "ws").replace("/api/", "/link")
        elif method == "chat.postMessage":
            arguments = json.loads(raw) if raw[:1] == b"{" else dict(await request.form())
            flight = self.by_channel.get(str(arguments.get("channel")))
            if flight and flight.posted is None:
                flight.posted = now
            self.posts += 1
            body |= {"channel": arguments.get("channel"), "ts": f"{time.time():.6f}", "message": {}}
        elif method == "chat.update":
            self.updates.append((now, json.loads(raw)))
            body |= {"channel": json.loads(raw).get("channel"), "ts": json.loads(raw).get("ts")}
        elif method == "users.info":
            body["user"] = profile("U0ASKER")
        elif method == "conversations.open":
            body["channel"] = {"id": "D0BENCH"}
        else:
            body |= {"members": [], "channels": [], "messages": [], "view": {}, "response_metadata": {}}
        return JSONResponse(body)


def profile(user: str) -> dict[str, Any]:
    """A person as users.info describes them."""
    return {
        "id": user,
        "team_id": TEAM,
        "name": user.lower(),
        "real_name": user,
        "tz": "America/Toronto",
        "locale": "en-CA",
        "is_bot": False,
        "deleted": False,
        "profile": {"real_name": user, "display_name": user},
    }


def event(inner: dict[str, Any]) -> dict[str, Any]:
    """An Events API payload around `inner`, with an event_id of its own."""
    number = next(_numbers)
    return {
        "token": "unused",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{number:010d}",
        "event_time": int(time.time()),
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
    }


def question(text: str, user: str, channel: str) -> dict[str, Any]:
    """Somebody asks in their DM with the bot."""
    ts = f"{time.time():.6f}"
    return event(
        {
            "type": "message",
            "channel": channel,
            "channel_type": "im",
            "user": user,
            "text": text,
            "ts": ts,
            "event_ts": ts,
        }
    )
