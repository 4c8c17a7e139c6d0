"""One Web API call: its arguments, and what can be wrong with them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workspace import ids
from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.people import Person
from workspace.state import Workspace


class ApiError(Exception):
    """What Slack refuses, with Slack's own code; `messages` say where."""

    def __init__(self, code: str, messages: list[str] | None = None, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.more = more

    def sentence(self, what: str) -> str:
        """Why Slack refuses `what`, for people."""
        return " ".join(self.messages) or f"Slack refuses {what}: {self.code}."

    def as_json(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error": self.code} | self.more
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


@dataclass
class Call:
    """A call with its decoded arguments, the token taken out."""

    ws: Workspace
    method: str
    args: Json

    def text(self, name: str, default: str = "") -> str:
        """A text argument."""
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, dict | list):
            raise ApiError("invalid_arguments", [f"[ERROR] must be a string [json-pointer:/{name}]"])
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes-or-no argument."""
        value = self.args.get(name)
        return default if value in (None, "") else str(value).lower() in ("1", "true")

    def whole(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise ApiError("invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{name}]"]) from None

    def value(self, name: str) -> Any:
        """An argument as it came."""
        return self.args.get(name)

    # What arguments name

    def conversation(self, name: str = "channel", *, open_im: bool = False) -> Conversation:
        """The conversation an argument names; with `open_im` a person's id names their direct messages."""
        wanted = self.text(name)
        found = self.ws.conversations.find(wanted)
        if found is None and open_im and (person := self.ws.people.by_id.get(wanted)) and person.im:
            found = self.ws.conversations.find(person.im)
        if found is None:
            raise ApiError("channel_not_found")
        return found

    def person(self, name: str = "user", error: str = "user_not_found") -> Person:
        """The person whose id an argument holds."""
        found = self.ws.people.by_id.get(self.text(name))
        if found is None:
            raise ApiError(error)
        return found

    def joined(self, conversation: Conversation) -> None:
        """Refuse unless the bot is a member."""
        if ids.BOT_USER not in conversation.members:
            raise ApiError("not_in_channel")

    # Pages of results

    def limit(self, default: int, most: int = 1000) -> int:
        """How many results a page holds."""
        limit = self.whole("limit", default) or default
        if limit < 1:
            raise ApiError("invalid_limit")
        return min(limit, most)

    def page(self, items: list[Any], default: int) -> tuple[list[Any], Json]:
        """One page of a list, and the response metadata that leads to the next."""
        start = decode_cursor(self.text("cursor"), "offset") if self.args.get("cursor") else 0
        if not 0 <= start <= len(items):
            raise ApiError("invalid_cursor")
        end = start + self.limit(default)
        return items[start:end], {"next_cursor": encode_cursor("offset", end) if end < len(items) else ""}


def encode_cursor(kind: str, value: int) -> str:
    """A cursor of Slack's look."""
    return base64.b64encode(f"{kind}:{value}".encode()).decode()


def decode_cursor(cursor: str, kind: str) -> int:
    """What `encode_cursor` put in; ApiError when it is none of ours."""
    try:
        found, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
        if found == kind:
            return int(value)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise ApiError("invalid_cursor")


@dataclass(frozen=True)
class Method:
    """A Web API method as registered; `scopes` are alternatives, one of which is needed."""

    name: str
    run: Callable[[Call], Json]
    tier: int
    scopes: tuple[str, ...]
    required: tuple[str, ...]
    optional: frozenset[str]
    caller: str  # whose token: "bot", "app" or "none"


METHODS: dict[str, Method] = {}


def method(
    name: str, *, tier: int, scopes: tuple[str, ...] = (), required: str = "", optional: str = "", caller: str = "bot"
) -> Callable[[Callable[[Call], Json]], Callable[[Call], Json]]:
    """Register a method; argument names stand in one string, separated by spaces."""

    def register(run: Callable[[Call], Json]) -> Callable[[Call], Json]:
        needs = tuple(required.split())
        known = frozenset((*needs, *optional.split(), "team_id"))
        METHODS[name] = Method(name, run, tier, scopes, needs, known, caller)
        return run

    return register
