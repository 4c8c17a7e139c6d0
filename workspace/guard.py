"""Who may talk to the server: this machine, under its own name, and no other site's page."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_NAMES = {"127.0.0.1", "localhost", "::1"}


class Guard:
    """Refuses a foreign Host (DNS rebinding) and a foreign Origin (another site's page acting through a browser)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] in ("http", "websocket"):
            problem = self._problem(Headers(scope=scope))
            if problem is not None:
                response = JSONResponse({"error": "forbidden", "message": problem}, 403)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    @staticmethod
    def _problem(headers: Headers) -> str | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        try:
            name = urlsplit(f"//{host}").hostname
            foreign = origin is not None and urlsplit(origin).netloc != host
        except ValueError:
            return "This is no address."
        if name not in _NAMES:
            return "This server answers to 127.0.0.1 and localhost only."
        return "Another site's page may not act here." if foreign else None
