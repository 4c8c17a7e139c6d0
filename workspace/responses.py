"""Response URLs: what the app answers later to a command, a press or a shortcut."""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from workspace import happenings, ids
from workspace.acting import asking, whom
from workspace.acting.whom import Refused
from workspace.api import content
from workspace.api.call import ApiError, Call
from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.messages import Message
from workspace.state import Workspace
from workspace.triggers import RESPONSE_SECONDS, RESPONSE_USES, ResponseUrl


async def respond(ws: Workspace, request: Request) -> Response:
    """`POST /response/TEAM/KEY`: five times within half an hour."""
    key = request.path_params["key"]
    url = ws.triggers.responses.get(key)
    if url is None or time.monotonic() - url.at > RESPONSE_SECONDS:
        return _no("expired_url")
    if url.uses >= RESPONSE_USES:
        return _no("used_url")
    answer = await whom.body(request)
    url.uses += 1
    ws.keeper.response(key, url)
    place = ws.conversations.by_id[url.channel]
    message = place.find(url.message_ts, url.user) if url.message_ts else None
    try:
        if answer.get("delete_original") is True:
            _delete(ws, url, place, message)
        elif answer.get("replace_original") is True and message is not None:
            _replace(ws, url, place, message, answer)
        else:
            thread = whom.text(answer, "thread_ts") or url.thread_ts
            asking.reply(ws, ws.people.by_id[url.user], place, answer, thread)
    except (ApiError, Refused) as error:
        return _no(error.code)
    return PlainTextResponse("ok")


def _no(code: str) -> Response:
    return JSONResponse({"ok": False, "error": code}, 404)


def _delete(ws: Workspace, url: ResponseUrl, place: Conversation, message: Message | None) -> None:
    if message is None or not message.bot:
        raise ApiError("message_not_found")
    if message.ephemeral:
        place.ephemerals[url.user].remove(message)
        ws.show("message_deleted", place, message, url.user)
    else:
        happenings.delete(ws, place, message)


def _replace(ws: Workspace, url: ResponseUrl, place: Conversation, message: Message, answer: Json) -> None:
    if not message.bot:
        raise ApiError("cant_update_message")
    call = Call(ws, "response", {key: answer.get(key) for key in ("text", "blocks", "attachments", "metadata")})
    found = content.read(call)
    before = happenings.nested(ws, message)
    message.text, message.blocks, message.attachments = found.text, found.blocks, found.attachments
    message.edited = {"user": ids.BOT_USER, "ts": ws.clock.ts()}
    if message.ephemeral:
        ws.show("message_changed", place, message, url.user)
    else:
        happenings.change(ws, place, message, before)
