"""HTTP mode: Bolt's ASGI adapter and `/healthz` in one Starlette application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anyio.to_thread
from slack_bolt import App
from slack_bolt.adapter.asgi.builtin import SlackRequestHandler
from slack_bolt.adapter.asgi.http_request import AsgiHttpRequest
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

PATH = "/slack/events"
# Slack's own stay far below; whoever sends more is not Slack, and is not to fill the memory before being told so.
BODY_LIMIT = 4 * 1024 * 1024


class ThreadedRequestHandler(SlackRequestHandler):
    """Bolt's adapter, off the event loop, where a listener that takes a while would hold up every other request."""

    async def dispatch(self, request: AsgiHttpRequest) -> BoltResponse:
        """Hand one request to the sync app in a worker thread; 413 for one with more than `BODY_LIMIT` bytes."""
        body = bytearray()
        more = True
        while more:
            chunk = await request.receive()
            body += chunk.get("body") or b""
            # A connection that breaks off has nothing more either, and Bolt finds that the signature does not fit.
            more = bool(chunk.get("more_body"))
            if len(body) > BODY_LIMIT:
                return BoltResponse(status=413, body="")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return BoltResponse(status=400, body="")
        bolt_request = BoltRequest(body=text, query=request.query_string, headers=request.get_headers())
        return await anyio.to_thread.run_sync(self.app.dispatch, bolt_request)


def asgi(app: App, health: Callable[[], dict[str, Any]], pages: Sequence[BaseRoute] = ()) -> Starlette:
    """The application: Slack posts to `/slack/events`; `/healthz` answers 200 while all is well, else 503.

    `pages` are what people's browsers are shown.
    """

    def healthz(_request: Request) -> JSONResponse:
        report = health()
        return JSONResponse(report, status_code=200 if report["ok"] else 503)

    slack: Any = ThreadedRequestHandler(app, path=PATH)  # Bolt types the ASGI messages more narrowly than Starlette
    return Starlette(routes=[Route("/healthz", healthz), *pages, Mount("/", slack)])
