"""What Slack sends, read in one place: what it is, who did it and where, by which key it is known when sent again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community.errors import Invalid

Body = Mapping[str, Any]

REPLAYED = "praxis_replayed"  # in a request's context: the key under which it is in the inbox already

# Of message events only these are a person saying something; the rest are edits, joins and the like.
SPOKEN_SUBTYPES = {None, "file_share", "thread_broadcast", "me_message"}
PERSONAL_EVENTS = {"message", "app_mention", "app_home_opened"}


@dataclass(frozen=True)
class Place:
    """Who did something and where. `channel` is None in App Home and in modals.

    `container` is what a button was part of: `message`, `ephemeral` or `view`; None for what was not pressed.
    """

    user: str | None
    channel: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None
    container: str | None = None

    @property
    def is_dm(self) -> bool:
        """Whether it was in a conversation of two; for a command that need not be the one with the bot."""
        return bool(self.channel and self.channel.startswith("D"))


def event_of(body: Body) -> Mapping[str, Any]:
    """The event of an Events API request, or nothing."""
    event = body.get("event")
    return event if isinstance(event, Mapping) else {}


def is_command(body: Body) -> bool:
    """Whether it is a slash command."""
    return "command" in body and "type" not in body


def kind_of(body: Body) -> str:
    """What was received: `event:app_mention`, `block_actions`, `view_submission`, `command`, …"""
    if body.get("type") == "event_callback":
        return f"event:{event_of(body).get('type')}"[:64]
    return "command" if is_command(body) else str(body.get("type"))[:64]


def key_of(body: Body) -> str | None:
    """The key by which the same thing is known when Slack sends it again; None for what has no effect to protect."""
    kind = kind_of(body)
    if kind in ("block_suggestion", "url_verification", "ssl_check", "None"):
        return None
    if event_id := body.get("event_id"):
        return str(event_id)[:255]
    parts = [kind, str(body.get("trigger_id") or "")]
    if kind == "block_actions":
        parts += [str(action.get("action_ts")) + str(action.get("action_id")) for action in body.get("actions") or ()]
    if kind in ("view_submission", "view_closed") and isinstance(body.get("view"), Mapping):
        parts += [str(body["view"].get("id")), str(body["view"].get("hash"))]
    if len(parts) == 2 and not parts[1]:
        parts.append(hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest())
    key = ":".join(parts)
    return key if len(key) <= 120 else f"{kind}:{hashlib.sha256(key.encode()).hexdigest()}"


def place_of(body: Body) -> Place:
    """Who did it and where."""
    if event := event_of(body):
        return _place_of_event(event)
    if is_command(body):
        return Place(body.get("user_id"), body.get("channel_id"))
    user = (body.get("user") or {}).get("id")
    container = body.get("container") or {}
    message = body.get("message") or {}
    if body.get("type") == "message_action" or container.get("type") == "message":
        ephemeral = bool(container.get("is_ephemeral") or message.get("is_ephemeral"))
        return Place(
            user,
            (body.get("channel") or {}).get("id") or container.get("channel_id"),
            container.get("thread_ts") or message.get("thread_ts"),
            container.get("message_ts") or message.get("ts") or body.get("message_ts"),
            "ephemeral" if ephemeral else "message",
        )
    return Place(user, container="view" if body.get("view") else None)


def _place_of_event(event: Mapping[str, Any]) -> Place:
    user = event.get("user")
    user_id = user.get("id") if isinstance(user, Mapping) else user
    return Place(user_id, event.get("channel"), event.get("thread_ts"), event.get("ts"))


def waits(body: Body) -> bool:
    """Whether somebody did this and waits for an answer.

    Of the rest (a profile changed, a channel was entered or left) Slack tells by itself: the person named in it may not
    even know.
    """
    kind = event_of(body).get("type")
    return kind is None or kind in PERSONAL_EVENTS


def is_home(body: Body) -> bool:
    """Whether it was pressed in App Home."""
    return (body.get("view") or {}).get("type") == "home"


def is_modal(body: Body) -> bool:
    """Whether it was pressed in a modal."""
    return (body.get("view") or {}).get("type") == "modal"


def metadata_of(body: Body) -> dict[str, Any]:
    """What a view was given to remember, as JSON; nothing where it holds something else."""
    try:
        found = json.loads((body.get("view") or {}).get("private_metadata") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def pressed(body: Body) -> Mapping[str, Any]:
    """The element that was pressed or changed; empty for a payload made by hand."""
    actions = body.get("actions") or ()
    return actions[0] if actions and isinstance(actions[0], Mapping) else {}


def value_of(action: Mapping[str, Any]) -> str:
    """The value of a button or of the option that was chosen, as text; empty when there is none."""
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or action.get("selected_user") or "")


def number_of(action: Mapping[str, Any]) -> int:
    """The value of a button as the id of a row; 0, which no row has, when it is none."""
    return row_id(value_of(action))


def row_id(text: object) -> int:
    """The id of a row that a payload names; 0, which no row has, for what is none or more than a database holds."""
    written = str(text)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0


def whole_number(text: str, field: str) -> int:
    """The number that was typed into an input. Raises Invalid `number_form`."""
    try:
        return int(text)
    except ValueError:  # also for thousands of digits
        raise Invalid("number_form", field=field) from None
