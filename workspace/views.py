"""Modals and Home tabs: who sees which, on what stack, with what entered."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field

from workspace import ids, values
from workspace.kinds import Json

DEEPEST = 3


@dataclass
class View:
    """One modal or Home of one person; `source` is what the app sent, with missing block and action ids filled in."""

    id: str
    user: str
    source: Json
    hash: str
    root: str
    previous: str | None = None
    state: Json = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        """The app's own name for it, or nothing."""
        return str(self.source.get("external_id") or "")

    def as_slack(self) -> Json:
        """Slack's view object."""
        source = self.source
        return {
            "id": self.id,
            "team_id": ids.TEAM,
            "type": source["type"],
            "blocks": source["blocks"],
            "private_metadata": source.get("private_metadata") or "",
            "callback_id": source.get("callback_id") or "",
            "state": {"values": self.state},
            "hash": self.hash,
            "title": source.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": bool(source.get("clear_on_close")),
            "notify_on_close": bool(source.get("notify_on_close")),
            "close": source.get("close"),
            "submit": source.get("submit"),
            "submit_disabled": bool(source.get("submit_disabled")),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": ids.APP,
            "external_id": self.external_id,
            "app_installed_team_id": ids.TEAM,
            "bot_id": ids.BOT,
        }


class Views:
    """Every open modal and published Home."""

    def __init__(self) -> None:
        self.by_id: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def open(self, user: str, source: Json) -> View:
        """A new modal in place of whatever modals were open."""
        self.clear(user)
        return self._put(user, source, None)

    def push(self, user: str, source: Json) -> View:
        """A new modal on top of the open ones."""
        return self._put(user, source, self.stacks[user][-1])

    def _put(self, user: str, source: Json, below: View | None) -> View:
        number = ids.new_id("V")
        view = View(number, user, {}, "", below.root if below else number, below.id if below else None)
        self.replace(view, source)
        self.by_id[number] = view
        self.stacks.setdefault(user, []).append(view)
        return view

    def publish(self, user: str, source: Json) -> View:
        """The person's Home, new or replaced."""
        view = self.homes.get(user)
        if view is None:
            number = ids.new_id("V")
            view = self.homes[user] = self.by_id[number] = View(number, user, {}, "", number)
        self.replace(view, source)
        return view

    def replace(self, view: View, source: Json) -> None:
        """New contents; what was entered in fields of the same ids stays."""
        view.source = source | {"blocks": with_ids(source["blocks"])}
        view.state = values.form(view.source["blocks"], view.state)
        view.hash = f"{int(time.time())}.{ids.short()}{ids.short()[:3]}"

    def close(self, view: View) -> None:
        """Take a modal, and everything above it, off its stack."""
        stack = self.stacks.get(view.user, [])
        while view in stack:
            del self.by_id[stack.pop().id]

    def clear(self, user: str) -> list[View]:
        """Close all modals of a person and return them, top first."""
        stack = self.stacks.pop(user, [])
        for view in stack:
            del self.by_id[view.id]
        return stack[::-1]

    def top(self, user: str) -> View | None:
        """The modal in front, if any is open."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def external(self, external_id: str) -> View | None:
        """The view with the app's own name, if there is one."""
        return next((view for view in self.by_id.values() if external_id and view.external_id == external_id), None)


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every interactive element an action_id, as Slack fills them in."""
    out = copy.deepcopy(blocks)
    for block in out:
        block.setdefault("block_id", ids.short())
        accessory = block.get("accessory")
        parts = [
            block.get("element"),
            accessory,
            *(block.get("elements", ()) if block.get("type") == "actions" else ()),
        ]
        for part in parts:
            if isinstance(part, dict) and part.get("type") != "image":
                part.setdefault("action_id", ids.short())
    return out
