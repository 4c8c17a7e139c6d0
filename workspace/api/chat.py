"""chat.*: what the bot says, changes and takes back."""

from __future__ import annotations

import re

from workspace import happenings, ids
from workspace.api import content
from workspace.api.call import ApiError, Call, method
from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.messages import Message
from workspace.text import rich_text

_TS = re.compile(r"\d{10}\.\d{6}")
_LOOK = "as_user icon_emoji icon_url link_names parse username"


def _thread(call: Call, conversation: Conversation) -> str | None:
    """The thread to answer in; a reply's ts leads to its parent."""
    wanted = call.text("thread_ts")
    if not wanted:
        return None
    parent = conversation.by_ts.get(wanted)
    if not _TS.fullmatch(wanted) or parent is None:
        raise ApiError("thread_not_found" if _TS.fullmatch(wanted) else "invalid_thread_ts")
    return parent.thread_ts if parent.is_reply else parent.ts


def said(call: Call, found: content.Content) -> Message:
    """A message of the bot."""
    ts = call.ws.clock.ts()
    blocks = found.blocks or (rich_text(found.text, ts[-5:]) if found.text and not found.attachments else None)
    return Message(
        ts, ids.BOT_USER, found.text, bot=True, blocks=blocks, attachments=found.attachments, metadata=found.metadata
    )


@method(
    "chat.postMessage",
    tier=5,
    scopes=("chat:write",),
    required="channel",
    optional=f"{_LOOK} attachments blocks current_draft_last_updated_ts markdown_text metadata mrkdwn reply_broadcast "
    "text thread_ts unfurl_links unfurl_media",
)
def post_message(call: Call) -> Json:
    """Say something."""
    conversation = call.conversation(open_im=True)
    call.joined(conversation)
    if conversation.is_archived:
        raise ApiError("is_archived")
    message = said(call, content.read(call))
    message.thread_ts = _thread(call, conversation)
    if message.is_reply and call.flag("reply_broadcast"):
        message.broadcast, message.subtype = True, "thread_broadcast"
    happenings.post(call.ws, conversation, message)
    shown = message.as_slack(call.ws.bot_name, metadata=True)
    return {"channel": conversation.id, "ts": message.ts, "message": shown}


@method(
    "chat.postEphemeral",
    tier=4,
    scopes=("chat:write",),
    required="channel user",
    optional=f"{_LOOK} attachments blocks markdown_text metadata text thread_ts",
)
def post_ephemeral(call: Call) -> Json:
    """Say something that one person sees."""
    conversation = call.conversation()
    call.joined(conversation)
    person = call.person(error="user_not_in_channel")
    if person.id not in conversation.members:
        raise ApiError("user_not_in_channel")
    message = said(call, content.read(call))
    message.thread_ts = _thread(call, conversation)
    happenings.whisper(call.ws, conversation, person.id, message)
    return {"message_ts": message.ts}


def own(call: Call, conversation: Conversation, error: str) -> Message:
    """The bot's message that `ts` names."""
    message = conversation.by_ts.get(call.text("ts"))
    if message is None or message.subtype == "tombstone":
        raise ApiError("message_not_found")
    if not message.bot:
        raise ApiError(error)
    return message


@method(
    "chat.update",
    tier=3,
    scopes=("chat:write",),
    required="channel ts",
    optional="as_user attachments unfurled_attachments blocks markdown_text metadata link_names parse text "
    "reply_broadcast file_ids",
)
def update(call: Call) -> Json:
    """Change one of the bot's messages; blocks and metadata that the call does not name stay."""
    conversation = call.conversation()
    message = own(call, conversation, "cant_update_message")
    found = content.read(call, longest=content.LONGEST_UPDATE)
    before = happenings.nested(call.ws, message)
    message.text = found.text
    if found.blocks is not None:
        message.blocks = found.blocks or None
    if found.attachments is not None:
        message.attachments = found.attachments or None
    if found.metadata is not None:
        message.metadata = found.metadata
    message.edited = {"user": ids.BOT_USER, "ts": call.ws.clock.ts()}
    happenings.change(call.ws, conversation, message, before)
    shown = message.as_slack(call.ws.bot_name)
    return {"channel": conversation.id, "ts": message.ts, "text": message.text, "message": shown}


@method("chat.delete", tier=3, scopes=("chat:write",), required="channel ts", optional="as_user")
def delete(call: Call) -> Json:
    """Take one of the bot's messages back."""
    conversation = call.conversation()
    message = own(call, conversation, "cant_delete_message")
    happenings.delete(call.ws, conversation, message)
    return {"channel": conversation.id, "ts": message.ts}


@method("chat.getPermalink", tier=5, required="channel message_ts")
def get_permalink(call: Call) -> Json:
    """The address of a message on the page."""
    conversation = call.conversation()
    message = conversation.by_ts.get(call.text("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"{call.ws.url}/archives/{conversation.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": link}
