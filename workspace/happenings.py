"""What happens in conversations, whoever does it: it is kept, shown on the pages, and told to the app."""

from __future__ import annotations

import time

from workspace import ids
from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import SLACKBOT, Person
from workspace.state import Workspace


def _kind(conversation: Conversation) -> str:
    return "message.im" if conversation.is_im else "message.channels"


def _told(ws: Workspace, conversation: Conversation) -> bool:
    """Whether the app hears of what is said here: only where it is a member."""
    return ids.BOT_USER in conversation.members and ws.manifest.hears(_kind(conversation))


def post(ws: Workspace, conversation: Conversation, message: Message) -> Message:
    """A message is said: everybody sees it, the app gets its message and app_mention events."""
    conversation.is_open = True
    if message.thread_ts and (parent := conversation.by_ts.get(message.thread_ts)):
        message.parent_user = parent.user
    conversation.add(message)
    if message.bot is False:
        conversation.last_read[message.user] = message.ts
    ws.show("message", conversation, message)
    if message.is_reply and message.thread_ts in conversation.by_ts:
        ws.show("message_changed", conversation, conversation.by_ts[message.thread_ts])
    if ids.BOT_USER not in conversation.members:
        return message
    if _told(ws, conversation):
        ws.event(message_event(ws, conversation, message), _kind(conversation))
    if not conversation.is_im and not message.bot and f"<@{ids.BOT_USER}>" in message.text:
        mention = {key: value for key, value in message.core(ws.bot_name).items() if key not in _NOT_IN_MENTION}
        ws.event(mention | {"type": "app_mention", "channel": conversation.id, "event_ts": message.ts})
    return message


_NOT_IN_MENTION = {"attachments", "files", "parent_user_id"}


def message_event(ws: Workspace, conversation: Conversation, message: Message) -> Json:
    """The event that tells of a new message."""
    event = message.core(ws.bot_name) | {
        "channel": conversation.id,
        "event_ts": message.ts,
        "channel_type": conversation.event_kind,
    }
    if message.subtype == "file_share":
        event.pop("team")
        event["display_as_bot"] = False
        event.pop("client_msg_id", None)
    if message.broadcast and (root := conversation.by_ts.get(message.thread_ts or "")):
        event["root"] = {key: value for key, value in nested(ws, root).items() if key in _IN_ROOT}
    if message.metadata:
        event["metadata"] = message.metadata
    return event


_IN_ROOT = {
    "type",
    "ts",
    "thread_ts",
    "user",
    "team",
    "text",
    "bot_id",
    "reply_count",
    "reply_users_count",
    "latest_reply",
}


def whisper(ws: Workspace, conversation: Conversation, user: str, message: Message) -> Message:
    """An ephemeral message: one person sees it, nobody keeps it."""
    message.ephemeral = True
    conversation.whisper(user, message)
    ws.show("message", conversation, message, user)
    return message


def change(ws: Workspace, conversation: Conversation, message: Message, before: Json) -> None:
    """A message was changed; `before` is its event form from before."""
    message.last_modified = int(time.time())
    ws.show("message_changed", conversation, message)
    if _told(ws, conversation):
        ts = ws.clock.ts()
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": nested(ws, message),
            "previous_message": before,
            "channel": conversation.id,
            "channel_type": conversation.event_kind,
            "ts": ts,
            "event_ts": ts,
        }
        ws.event(event, _kind(conversation))


def nested(ws: Workspace, message: Message) -> Json:
    """A message as message_changed and message_deleted carry it."""
    out = message.core(ws.bot_name)
    if message.replies:
        summary = message.thread_summary()
        out |= {key: summary[key] for key in ("reply_count", "reply_users_count", "latest_reply")}
    out.pop("files", None)
    return out


def delete(ws: Workspace, conversation: Conversation, message: Message) -> None:
    """A message is taken back; one with replies leaves a tombstone that holds the thread together."""
    before = nested(ws, message)
    ws.show("message_deleted", conversation, message)
    if message.replies:
        message.subtype, message.user, message.bot = "tombstone", SLACKBOT.id, False
        message.text, message.blocks, message.attachments, message.files = "This message was deleted.", None, None, []
        message.metadata, message.client_msg_id = None, None
    else:
        conversation.remove(message)
    if _told(ws, conversation):
        ts = ws.clock.ts()
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": message.ts,
            "previous_message": before,
            "channel": conversation.id,
            "channel_type": conversation.event_kind,
            "ts": ts,
            "event_ts": ts,
        }
        ws.event(event, _kind(conversation))


def react(ws: Workspace, conversation: Conversation, message: Message, user: str, name: str, *, add: bool) -> bool:
    """Add or take back a reaction; False when it was so already."""
    users = message.reactions.setdefault(name, [])
    if (user in users) == add:
        if not users:
            del message.reactions[name]
        return False
    if add:
        users.append(user)
    else:
        users.remove(user)
        if not users:
            del message.reactions[name]
    ws.show("message_changed", conversation, message)
    if ids.BOT_USER in conversation.members:
        event = {
            "type": "reaction_added" if add else "reaction_removed",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": conversation.id, "ts": message.ts},
            "item_user": message.user,
            "event_ts": ws.clock.ts(),
        }
        ws.event(event)
    return True


def join(ws: Workspace, conversation: Conversation, user: str) -> bool:
    """Somebody joins a channel; False when they were in it."""
    if user in conversation.members:
        return False
    conversation.members[user] = None
    ws.keeper.conversation(conversation)
    ws.streams.tell_all("conversation", {"channel": conversation.id})
    _membership(ws, conversation, user, "member_joined_channel")
    return True


def leave(ws: Workspace, conversation: Conversation, user: str) -> bool:
    """Somebody leaves a channel; False when they were not in it."""
    if user not in conversation.members:
        return False
    _membership(ws, conversation, user, "member_left_channel")
    del conversation.members[user]
    ws.keeper.conversation(conversation)
    ws.streams.tell_all("conversation", {"channel": conversation.id})
    return True


def _membership(ws: Workspace, conversation: Conversation, user: str, kind: str) -> None:
    if ids.BOT_USER in conversation.members:
        event = {
            "type": kind,
            "user": user,
            "channel": conversation.id,
            "channel_type": "C",
            "team": ids.TEAM,
            "event_ts": ws.clock.ts(),
        }
        ws.event(event)


def arrive(ws: Workspace, person: Person) -> None:
    """Somebody new is in the team, and so in the channels everybody is in: the app is told of both."""
    person_event(ws, person, "team_join")
    for conversation in ws.conversations.channels():
        _membership(ws, conversation, person.id, "member_joined_channel")


def person_event(ws: Workspace, person: Person, kind: str) -> None:
    """Somebody joined the team or changed: keep that, and tell the app."""
    ws.keeper.person(person)
    email = "users:read.email" in ws.manifest.scopes
    user = person.as_slack(locale=True, email=email, now=ws.clock.now())
    event: Json = {"type": kind, "user": user}
    if kind == "user_change":
        event["cache_ts"] = int(ws.clock.now())
    ws.event(event)
    ws.streams.tell_all("people", {"id": person.id})
