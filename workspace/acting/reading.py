"""What people see: who is here, conversations, messages, modals, Home, and the stream of changes."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from workspace import ids
from workspace.acting import whom
from workspace.acting.whom import Refused
from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.people import Person
from workspace.state import Workspace

_MOST = 1_000


async def people(ws: Workspace, _: Request) -> Response:
    """`GET /people`."""
    bot = ws.people.bot
    return JSONResponse(
        {
            "people": [person.summary() for person in ws.people.humans()],
            "team": {"id": ids.TEAM, "name": f"{ws.bot_name} community", "domain": ids.DOMAIN},
            "bot": {"id": bot.id, "name": bot.name, "real_name": bot.real_name},
        }
    )


def summary(ws: Workspace, who: Person, place: Conversation) -> Json:
    """A line in somebody's side bar."""
    out: Json = {
        "id": place.id,
        "name": ws.people.bot.name if place.is_im else place.name,
        "kind": place.kind,
        "is_member": who.id in place.members,
        "unread": place.unread(who.id) if who.id in place.members else 0,
        "with": ids.BOT_USER if place.is_im else None,
        "bot_is_member": ids.BOT_USER in place.members,
    }
    return out | ({} if place.is_im else {"purpose": place.purpose, "members": len(place.members)})


async def conversations(ws: Workspace, request: Request) -> Response:
    """`GET /people/USER/conversations`."""
    who = whom.person(ws, request)
    places = [*ws.conversations.channels(), ws.conversations.by_id[who.im]]
    return JSONResponse({"conversations": [summary(ws, who, place) for place in places]})


async def messages(ws: Workspace, request: Request) -> Response:
    """`GET /people/USER/conversations/CHANNEL`."""
    who = whom.person(ws, request)
    place = whom.conversation(ws, who, request.path_params["channel"])
    query = request.query_params
    thread_ts, since, limit = query.get("thread_ts"), query.get("since"), query.get("limit", str(_MOST))
    if not re.fullmatch(r"\d{1,6}", limit) or int(limit) < 1:
        raise Refused("invalid_arguments", "`limit` must be a whole number from 1.")
    if thread_ts is not None and place.find(thread_ts) is None:
        raise Refused("message_not_found", "There is no such message (any more).", 404)
    found = place.seen_by(who.id, thread_ts, since, int(limit))
    if since is None and thread_ts is None and who.id in place.members:
        place.mark_read(who.id)
        ws.keeper.conversation(place)
    return JSONResponse({"messages": [message.as_seen(ws.bot_name) for message in found]})


async def view(ws: Workspace, request: Request) -> Response:
    """`GET /people/USER/view`."""
    top = ws.views.top(whom.person(ws, request).id)
    return JSONResponse({"view": top.as_slack() if top else None})


async def home(ws: Workspace, request: Request) -> Response:
    """`GET /people/USER/home`."""
    found = ws.views.homes.get(whom.person(ws, request).id)
    return JSONResponse({"view": found.as_slack() if found else None})


async def stream(ws: Workspace, request: Request) -> Response:
    """`GET /people/USER/stream`."""
    who = whom.person(ws, request)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(ws.streams.watch(who.id), media_type="text/event-stream", headers=headers)


async def shortcuts(ws: Workspace, _: Request) -> Response:
    """`GET /shortcuts`."""
    return JSONResponse(ws.manifest.as_json())
