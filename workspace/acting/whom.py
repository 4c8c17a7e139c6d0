"""Who acts, where, and with what: the common part of every route."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import Person
from workspace.state import Workspace


class Refused(Exception):
    """What cannot be done, with a code, a sentence and an HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


async def body(request: Request) -> Json:
    """The JSON object in the body; nothing counts as an empty one."""
    raw = await request.body()
    try:
        found = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        raise Refused("invalid_json", "The body is no JSON.") from None
    if not isinstance(found, dict):
        raise Refused("invalid_json", "The body must be a JSON object.")
    return found


def text(body: Json, name: str, *, required: bool = False) -> str:
    """A text in the body."""
    value = body.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise Refused("invalid_arguments", f"`{name}` must be a text.")
    return value


def person(ws: Workspace, request: Request) -> Person:
    """The person in the path, by id or name."""
    name = request.path_params["user"]
    found = ws.people.find(name)
    if found is None or not found.im:
        raise Refused("user_not_found", f"Nobody here is called {name!r}.", 404)
    return found


def conversation(ws: Workspace, who: Person, name: Any) -> Conversation:
    """A conversation that the person can see, by id, channel name, or @ and the bot's name."""
    if not isinstance(name, str) or not name:
        raise Refused("invalid_arguments", "`channel` must name a conversation.")
    if name in (f"@{ws.people.bot.name}", "@praxis", ws.people.bot.id):
        return ws.conversations.by_id[who.im]
    found = ws.conversations.find(name)
    if found is None or (found.is_im and found.user != who.id):
        raise Refused("channel_not_found", f"{who.name} sees no conversation {name!r}.", 404)
    return found


def inside(ws: Workspace, who: Person, name: Any) -> Conversation:
    """A conversation that the person is a member of."""
    found = conversation(ws, who, name)
    if who.deleted:
        raise Refused("user_disabled", f"{who.name} has left the workspace.", 403)
    if who.id not in found.members:
        raise Refused("not_in_channel", f"{who.name} is not in #{found.name}; join first.", 403)
    return found


def message(place: Conversation, who: Person, ts: Any) -> Message:
    """A message that the person sees."""
    found = place.find(ts, who.id) if isinstance(ts, str) else None
    if found is None:
        raise Refused("message_not_found", "There is no such message (any more).", 404)
    return found
