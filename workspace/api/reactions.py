"""reactions.*."""

from __future__ import annotations

import re

from workspace import happenings, ids
from workspace.api.call import ApiError, Call, method
from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.messages import Message

NAME = re.compile(r"[\w+'’-]{1,100}(::skin-tone-[2-6])?")
_MOST = 23  # different emoji on one message


def _target(call: Call) -> tuple[Conversation, Message, str]:
    if not (call.args.get("channel") and call.args.get("timestamp")):
        raise ApiError("no_item_specified")
    name = call.text("name").strip(":")
    conversation = call.conversation()
    call.joined(conversation)
    if not re.fullmatch(r"\d{10}\.\d{6}", call.text("timestamp")):
        raise ApiError("bad_timestamp")
    message = conversation.by_ts.get(call.text("timestamp"))
    if message is None:
        raise ApiError("message_not_found")
    if not NAME.fullmatch(name):
        raise ApiError("invalid_name")
    return conversation, message, name


@method("reactions.add", tier=3, scopes=("reactions:write",), required="name", optional="channel timestamp")
def add(call: Call) -> Json:
    """The bot reacts."""
    conversation, message, name = _target(call)
    if name not in message.reactions and len(message.reactions) >= _MOST:
        raise ApiError("too_many_emoji")
    if not happenings.react(call.ws, conversation, message, ids.BOT_USER, name, add=True):
        raise ApiError("already_reacted")
    return {}


@method(
    "reactions.remove",
    tier=2,
    scopes=("reactions:write",),
    required="name",
    optional="file file_comment channel timestamp",
)
def remove(call: Call) -> Json:
    """The bot takes its reaction back."""
    conversation, message, name = _target(call)
    if not happenings.react(call.ws, conversation, message, ids.BOT_USER, name, add=False):
        raise ApiError("no_reaction")
    return {}
