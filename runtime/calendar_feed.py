"""A person's calendar, for the calendar program that knows its secret address."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community import calendars
from community.records import Community
from handlers.calendars import FEED_PATH, SUFFIX
from handlers.services import Services

# Nothing on the way keeps a calendar that its owner may take back, and no page learns its address.
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def route(services: Services) -> Route:
    """GET /calendar/TOKEN.ics; 404 for an address that nobody was given or that was given up."""

    def show(request: Request) -> Response:
        from reports import calendars as files  # its library takes a sixth of a second, which a start need not wait for

        now = services.now()
        with services.database.read() as session:
            owner = calendars.owner(session, services.community_id, request.path_params["token"])
            if owner is None:
                return Response(status_code=404, headers=HEADERS)
            community = session.get_one(Community, services.community_id)
            content = files.feed(calendars.events_of(session, owner, now), community.name, owner.locale)
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {**HEADERS, "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)

    return Route(FEED_PATH + "{token}" + SUFFIX, show, methods=["GET"])
