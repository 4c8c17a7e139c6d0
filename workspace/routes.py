"""Every address of the workspace and what answers there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from workspace import api, bytes_of_files, responses
from workspace.acting import asking, control, forms, pressing, reading, talking, team
from workspace.acting.whom import Refused
from workspace.guard import Guard
from workspace.state import Workspace

STATIC = Path(__file__).parent / "static"
Answer = Callable[[Workspace, Request], Awaitable[Response]]

_USER = "/people/{user}"
ROUTES: tuple[tuple[str, str, Answer], ...] = (
    ("GET", "/people", reading.people),
    ("POST", "/people", team.add),
    ("GET", f"{_USER}/conversations", reading.conversations),
    ("GET", f"{_USER}/conversations/{{channel:path}}", reading.messages),
    ("POST", f"{_USER}/say", talking.say),
    ("POST", f"{_USER}/command", asking.command),
    ("POST", f"{_USER}/click", pressing.click),
    ("POST", f"{_USER}/submit", forms.submit),
    ("POST", f"{_USER}/close", forms.close),
    ("POST", f"{_USER}/home", forms.open_home),
    ("GET", f"{_USER}/home", reading.home),
    ("GET", f"{_USER}/view", reading.view),
    ("POST", f"{_USER}/shortcut", asking.shortcut),
    ("POST", f"{_USER}/suggest", pressing.suggest),
    ("POST", f"{_USER}/react", talking.react),
    ("POST", f"{_USER}/join", talking.join),
    ("POST", f"{_USER}/leave", talking.leave),
    ("POST", f"{_USER}/profile", team.profile),
    ("POST", f"{_USER}/upload", talking.upload),
    ("POST", f"{_USER}/payload", control.payload),
    ("GET", f"{_USER}/stream", reading.stream),
    ("GET", "/shortcuts", reading.shortcuts),
    ("GET", "/clock", control.clock),
    ("POST", "/clock", control.move_clock),
    ("POST", "/clock/next_due", control.next_due),
    ("GET", "/calls", control.calls),
    ("DELETE", "/calls", control.forget_calls),
    ("GET", "/faults", control.faults),
    ("POST", "/faults", control.add_fault),
    ("DELETE", "/faults", control.remove_faults),
    ("GET", "/delivery", control.delivery),
    ("POST", "/delivery", control.set_delivery),
    ("GET", "/files/{file}/{name:path}", bytes_of_files.download),
    # Slack's own protocol
    ("GET", "/api/{method}", api.answer),
    ("POST", "/api/{method}", api.answer),
    ("POST", "/upload/v1/{file}", bytes_of_files.upload),
    ("POST", "/response/{team}/{key}", responses.respond),
)


def application(ws: Workspace) -> Starlette:
    """The ASGI application around one workspace."""

    def bound(run: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return await run(ws, request)
            except Refused as error:
                return JSONResponse({"error": error.code, "message": error.message}, error.status)
            except ClientDisconnect:
                # Killed before it had said all: nobody reads this, and it is no fault of the server's to log.
                return Response(status_code=400)

        return endpoint

    async def link(socket: WebSocket) -> None:
        await ws.socket.serve(socket)

    async def index(_: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache", "X-Frame-Options": "DENY"})

    routes: list[BaseRoute] = [Route(path, bound(run), methods=[verb]) for verb, path, run in ROUTES]
    routes += [
        WebSocketRoute("/link/", link),
        Route("/", index),
        Route("/archives/{channel}/{message}", index),
        Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard)])
