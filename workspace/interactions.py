"""The payloads of presses, commands, shortcuts and submissions."""

from __future__ import annotations

from workspace import ids
from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import Person
from workspace.state import Workspace
from workspace.triggers import ResponseUrl
from workspace.views import View


def _base(kind: str, person: Person) -> Json:
    return {
        "type": kind,
        "team": {"id": ids.TEAM, "domain": ids.DOMAIN},
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": ids.TEAM},
        "api_app_id": ids.APP,
        "token": ids.VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel(conversation: Conversation) -> Json:
    return {"id": conversation.id, "name": conversation.name}


def response_url(
    ws: Workspace, person: Person, conversation: Conversation, message: Message | None = None, thread: str | None = None
) -> str:
    """A new response URL for an interaction in a conversation."""
    ts = message.ts if message else None
    thread_ts = message.thread_ts if message and message.is_reply else thread
    return ws.url + ws.triggers.response_path(ResponseUrl(person.id, conversation.id, ts, thread_ts))


def command(ws: Workspace, person: Person, conversation: Conversation, name: str, text: str) -> Json:
    """A slash command."""
    return {
        "token": ids.VERIFICATION_TOKEN,
        "team_id": ids.TEAM,
        "team_domain": ids.DOMAIN,
        "channel_id": conversation.id,
        "channel_name": conversation.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": ids.APP,
        "is_enterprise_install": "false",
        "response_url": response_url(ws, person, conversation),
        "trigger_id": ws.triggers.give(person.id),
    }


def message_action(ws: Workspace, person: Person, conversation: Conversation, message: Message, action: Json) -> Json:
    """A press on an element of a message."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": conversation.id,
        "is_ephemeral": message.ephemeral,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    out = _base("block_actions", person) | {
        "container": container,
        "trigger_id": ws.triggers.give(person.id),
        "channel": _channel(conversation),
        "state": {"values": {}},
        "response_url": response_url(ws, person, conversation, message),
        "actions": [action],
    }
    if not message.ephemeral:  # Slack does not keep ephemeral messages and cannot send them along
        out["message"] = _carried(ws, message)
    return out


def view_action(ws: Workspace, person: Person, view: View, action: Json) -> Json:
    """A press on an element of a modal or Home."""
    shown = view.as_slack()
    modal = view.source["type"] == "modal"
    return _base("block_actions", person) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": ws.triggers.give(person.id, view.id if modal else None),
        "view": shown,
        "actions": [action],
    }


def submission(ws: Workspace, person: Person, view: View) -> Json:
    """A modal is submitted."""
    return _base("view_submission", person) | {
        "trigger_id": ws.triggers.give(person.id, view.id),
        "view": view.as_slack(),
        "response_urls": [],
    }


def closed(person: Person, view: View, *, cleared: bool) -> Json:
    """A modal is closed."""
    return _base("view_closed", person) | {"view": view.as_slack(), "is_cleared": cleared}


def suggestion(
    ws: Workspace, person: Person, element: Json, block_id: str, value: str, view: View | None,
    at: tuple[Conversation, Message] | None,
) -> Json:  # fmt: skip
    """What is typed into an external select."""
    out = _base("block_suggestion", person) | {
        "action_id": element["action_id"],
        "block_id": block_id,
        "value": value,
    }
    if view is not None:
        return out | {"container": {"type": "view", "view_id": view.id}, "view": view.as_slack()}
    if at is not None:
        conversation, message = at
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": conversation.id}
        container["is_ephemeral"] = message.ephemeral
        out |= {"container": container, "channel": _channel(conversation), "message": _carried(ws, message)}
    return out


def global_shortcut(ws: Workspace, person: Person, callback_id: str) -> Json:
    """A shortcut from the lightning menu."""
    out = _base("shortcut", person)
    del out["api_app_id"]  # shortcuts come without it
    return out | {
        "action_ts": ws.clock.ts(),
        "callback_id": callback_id,
        "trigger_id": ws.triggers.give(person.id),
    }


def message_shortcut(
    ws: Workspace, person: Person, conversation: Conversation, message: Message, callback_id: str
) -> Json:
    """A shortcut from a message's menu."""
    out = _base("message_action", person)
    del out["api_app_id"], out["user"]["username"]
    return out | {
        "action_ts": ws.clock.ts(),
        "callback_id": callback_id,
        "trigger_id": ws.triggers.give(person.id),
        "response_url": response_url(ws, person, conversation, message),
        "message_ts": message.ts,
        "channel": _channel(conversation),
        "message": _carried(ws, message),
    }


def _carried(ws: Workspace, message: Message) -> Json:
    out = message.as_slack(ws.bot_name)
    for key in ("reply_users", "files", "client_msg_id"):
        out.pop(key, None)
    return out


def handmade(ws: Workspace, person: Person, payload: Json) -> Json:
    """A payload that no element of the app's would send, on behalf of a person; it cannot pretend to be another's."""
    base = _base(str(payload["type"]), person)
    return payload | base | {"trigger_id": ws.triggers.give(person.id)}
