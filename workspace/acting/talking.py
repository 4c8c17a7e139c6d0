"""Saying things, reacting, joining, uploading."""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workspace import happenings
from workspace.acting import whom
from workspace.acting.whom import Refused
from workspace.api.reactions import NAME
from workspace.conversations import Conversation
from workspace.files import LARGEST
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import Person
from workspace.state import Workspace
from workspace.text import rich_text, typed

_MOST_AT_ONCE = 10_000


async def say(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/say`."""
    who, body = whom.person(ws, request), await whom.body(request)
    place = whom.inside(ws, who, body.get("channel"))
    thread = _thread(place, body)
    files = [_file(ws, number) for number in body.get("files") or ()]
    if "texts" not in body:
        message = _said(ws, who, place, whom.text(body, "text", required=not files), thread, files)
        return JSONResponse(message.as_seen(ws.bot_name))
    texts = body["texts"]
    if not isinstance(texts, list) or len(texts) > _MOST_AT_ONCE or not all(isinstance(text, str) for text in texts):
        raise Refused("invalid_arguments", f"`texts` is a list of at most {_MOST_AT_ONCE} texts.")
    return JSONResponse({"messages": [_said(ws, who, place, text, thread, []).ts for text in texts]})


def _thread(place: Conversation, body: Json) -> str | None:
    wanted = whom.text(body, "thread_ts")
    if not wanted:
        return None
    parent = place.by_ts.get(wanted)
    if parent is None:
        raise Refused("thread_not_found", "There is no message to reply to.", 404)
    return parent.thread_ts if parent.is_reply else parent.ts


def _file(ws: Workspace, number: object) -> Json:
    file = ws.files.by_id.get(str(number))
    if file is None or file.data is None:
        raise Refused("file_not_found", f"There is no file {number!r}.", 404)
    return file.as_slack(ws.url)


def _said(
    ws: Workspace, who: Person, place: Conversation, raw: str, thread: str | None, files: list[Json]
) -> Message:  # fmt: skip
    text = typed(raw, ws.people, ws.conversations)
    if not text.strip() and not files:
        raise Refused("no_text", "There is nothing in this message.")
    ts = ws.clock.ts()
    message = Message(
        ts,
        who.id,
        text,
        blocks=rich_text(text, ts[-5:]) if text else None,
        files=files,
        thread_ts=thread,
        subtype="file_share" if files else None,
        client_msg_id=str(uuid.uuid4()),
    )
    return happenings.post(ws, place, message)


async def react(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/react`."""
    who, body = whom.person(ws, request), await whom.body(request)
    place = whom.inside(ws, who, body.get("channel"))
    message = whom.message(place, who, body.get("ts"))
    name = whom.text(body, "name", required=True).strip(":")
    if not NAME.fullmatch(name):
        raise Refused("invalid_name", "An emoji's name looks like thumbsup.")
    if message.ephemeral:
        raise Refused("not_reactable", "Nobody can react to a message that only they see.")
    added = happenings.react(ws, place, message, who.id, name, add=True)
    if not added:  # pressing the same reaction again takes it back, as in Slack
        happenings.react(ws, place, message, who.id, name, add=False)
    return JSONResponse({"added": added})


async def join(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/join`."""
    who, body = whom.person(ws, request), await whom.body(request)
    place = whom.conversation(ws, who, body.get("channel"))
    return JSONResponse({"joined": happenings.join(ws, place, who.id)})


async def leave(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/leave`."""
    who, body = whom.person(ws, request), await whom.body(request)
    place = whom.conversation(ws, who, body.get("channel"))
    if place.is_im:
        raise Refused("invalid_arguments", "Nobody leaves their own direct messages.")
    return JSONResponse({"left": happenings.leave(ws, place, who.id)})


async def upload(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/upload?name=FILENAME`."""
    who = whom.person(ws, request)
    name = request.query_params.get("name", "").strip()[:255]
    data = await request.body()
    if not name or not data:
        raise Refused("invalid_arguments", "A file needs a name and at least one byte.")
    if len(data) > LARGEST:
        raise Refused("file_too_large", "A file holds at most 50 MB.", 413)
    file = ws.files.expect(name, len(data), who.id, ws.clock.now())
    file.data, file.done = data, True
    ws.keeper.file(file)
    return JSONResponse({"file": file.as_slack(ws.url)})
