"""The page with an event's check-in code, for whoever has its address while it is shown."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from community import displays
from handlers.codes import PAGE_PATH
from handlers.services import Services
from views import code_page as view


def route(services: Services) -> Route:
    """GET /code/TOKEN: the code now; 404 for an address that nobody was given, or whose time is over."""

    def show(request: Request) -> HTMLResponse:
        now = services.now()
        with services.database.read() as session:
            shown = displays.page(session, request.path_params["token"], now)
            if shown is None:
                return HTMLResponse(view.gone(), status_code=404, headers=view.HEADERS)
            seconds = (shown.code.until - now).total_seconds()
            return HTMLResponse(view.page(shown.event, shown.code, shown.opens, seconds), headers=view.HEADERS)

    return Route(PAGE_PATH + "{token}", show, methods=["GET"])
