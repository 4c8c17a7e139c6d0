"""Slash commands and shortcuts, and what the app answers at once."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workspace import happenings, ids, interactions
from workspace.acting import whom
from workspace.acting.whom import Refused
from workspace.api import content
from workspace.api.call import ApiError, Call
from workspace.conversations import Conversation
from workspace.envelopes import Unanswered
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import SLACKBOT, Person
from workspace.state import Workspace
from workspace.text import clean, escape, rich_text, typed

_SENTENCES = {
    "operation_timeout": "The app did not answer within 3 seconds.",
    "no_bot": "No app is connected to this workspace.",
    "http_error": "The app answered with an error.",
}


async def asked(ws: Workspace, kind: str, payload: Json) -> Json | None:
    """What the app answers; Refused with 504 when it does not."""
    try:
        return await ws.ask(kind, payload)
    except Unanswered as error:
        raise Refused(error.code, _SENTENCES[error.code], 504) from None


async def command(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/command`."""
    who, body = whom.person(ws, request), await whom.body(request)
    place = whom.inside(ws, who, body.get("channel"))
    name = whom.text(body, "command", required=True)
    declared = ws.manifest.command(name)
    if not re.fullmatch(r"/[\w-]{1,31}", name) or declared is None:
        raise Refused("unknown_command", f"{name} is not a valid command.", 404)
    raw = whom.text(body, "text")
    text = typed(raw, ws.people, ws.conversations) if declared.get("should_escape") else escape(clean(raw))
    try:
        answer = await asked(ws, "slash_commands", interactions.command(ws, who, place, name, text.strip()))
    except Refused as error:
        failed = f'{name} failed with the error "{"dispatch_failed" if error.code == "no_bot" else error.code}"'
        ts = ws.clock.ts()
        notice = Message(ts, SLACKBOT.id, failed, blocks=rich_text(failed, ts[-5:]))
        happenings.whisper(ws, place, who.id, notice)
        raise
    if answer and (answer.get("text") or answer.get("blocks") or answer.get("attachments")):
        reply(ws, who, place, answer)
    return JSONResponse({"acked": True, "response": answer})


def reply(ws: Workspace, who: Person, place: Conversation, answer: Json, thread: str | None = None) -> Message:
    """Show what the app answered: to the person alone, or in the channel when it says so."""
    try:
        call = Call(ws, "response", {key: answer.get(key) for key in ("text", "blocks", "attachments")})
        found = content.read(call)
    except ApiError as error:
        raise Refused(error.code, error.sentence("this answer"), 502) from None
    ts = ws.clock.ts()
    blocks = found.blocks or (rich_text(found.text, ts[-5:]) if found.text and not found.attachments else None)
    message = Message(ts, ids.BOT_USER, found.text, bot=True, blocks=blocks, attachments=found.attachments)
    message.thread_ts = thread
    if answer.get("response_type") == "in_channel":
        return happenings.post(ws, place, message)
    return happenings.whisper(ws, place, who.id, message)


async def shortcut(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/shortcut`."""
    who, body = whom.person(ws, request), await whom.body(request)
    callback = whom.text(body, "callback_id", required=True)
    wanted = "message" if body.get("ts") else "global"
    if ws.manifest.declared and not any(
        one.get("callback_id") == callback and one.get("type") == wanted for one in ws.manifest.shortcuts
    ):
        raise Refused("unknown_shortcut", f"The app declares no {wanted} shortcut {callback!r}.", 404)
    if wanted == "message":
        place = whom.conversation(ws, who, body.get("channel"))
        message = whom.message(place, who, body["ts"])
        if message.ephemeral:
            raise Refused("message_not_found", "A message that only one person sees has no shortcuts.", 404)
        payload = interactions.message_shortcut(ws, who, place, message, callback)
    else:
        payload = interactions.global_shortcut(ws, who, callback)
    await asked(ws, "interactive", payload)
    return JSONResponse({"acked": True})
