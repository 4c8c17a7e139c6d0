"""conversations.history and conversations.replies."""

from __future__ import annotations

import re

from workspace.api.call import ApiError, Call, decode_cursor, encode_cursor, method
from workspace.api.conversations import scoped
from workspace.kinds import Json
from workspace.messages import Message

SCOPES = ("channels:history", "groups:history", "im:history", "mpim:history")
_TS = re.compile(r"\d{1,10}(\.\d{1,6})?")


def _bound(call: Call, name: str) -> str | None:
    """A timestamp in the form that sorts as text."""
    value = call.text(name)
    if value in ("", "0", "now"):
        return None
    if not _TS.fullmatch(value):
        raise ApiError(f"invalid_ts_{name}")
    seconds, _, fraction = value.partition(".")
    return f"{seconds:0>10}.{fraction:0<6}"


def _shown(call: Call, message: Message) -> Json:
    return message.as_slack(call.ws.bot_name, metadata=call.flag("include_all_metadata"))


@method(
    "conversations.history",
    tier=3,
    scopes=SCOPES,
    required="channel",
    optional="cursor include_all_metadata inclusive latest limit oldest",
)
def history(call: Call) -> Json:
    """Top-level messages, newest first."""
    conversation = call.conversation()
    scoped(call, conversation, "history")
    call.joined(conversation)
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    first, last = conversation.between(oldest, latest, inclusive=call.flag("inclusive"))
    if call.args.get("cursor"):
        ts = decode_cursor(call.text("cursor"), "next_ts")
        last = conversation.between(None, f"{ts // 1_000_000}.{ts % 1_000_000:06d}", inclusive=True)[1]
    start = max(first, last - call.limit(100))
    messages = conversation.timeline[start:last][::-1]
    out: Json = {
        "messages": [_shown(call, message) for message in messages],
        "has_more": start > first,
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if start > first:
        following = int(conversation.timeline[start - 1].ts.replace(".", ""))
        out["response_metadata"] = {"next_cursor": encode_cursor("next_ts", following)}
    return out


@method(
    "conversations.replies",
    tier=3,
    scopes=SCOPES,
    required="channel ts",
    optional="cursor include_all_metadata inclusive latest limit oldest",
)
def replies(call: Call) -> Json:
    """A thread, oldest first, its parent at the head of every page."""
    conversation = call.conversation()
    scoped(call, conversation, "history")
    call.joined(conversation)
    parent = conversation.by_ts.get(call.text("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    if parent.is_reply:
        return {"messages": [_shown(call, parent)], "has_more": False}
    oldest, latest, same = _bound(call, "oldest"), _bound(call, "latest"), call.flag("inclusive")
    found = [
        reply
        for reply in parent.replies
        if (oldest is None or reply.ts > oldest or (same and reply.ts == oldest))
        and (latest is None or reply.ts < latest or (same and reply.ts == latest))
    ]
    page, metadata = call.page(found, 1000)
    out: Json = {
        "messages": [_shown(call, message) for message in (parent, *page)],
        "has_more": bool(metadata["next_cursor"]),
    }
    return out | ({"response_metadata": metadata} if metadata["next_cursor"] else {})
