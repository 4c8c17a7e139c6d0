"""Findings about a payload, in the words in which Slack reports them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workspace.kinds import Json

_MOST = 20  # Slack stops early too: one broken builder otherwise fills a log


def kind_of(node: object) -> str | None:
    """The `type` of an object, None when there is none that could be one."""
    kind = node.get("type") if isinstance(node, dict) else None
    return kind if isinstance(kind, str) else None


class Problems:
    """A list of findings, each with a pointer to where it is."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, where: str, what: str) -> None:
        """Note one finding at a JSON pointer."""
        if len(self.found) < _MOST:
            self.found.append(f"[ERROR] {what} [json-pointer:{where}]")

    def keys(self, node: Json, where: str, known: Iterable[str], required: Iterable[str] = ()) -> None:
        """Hold the keys of an object against what is known and required."""
        for key in required:
            if node.get(key) is None:
                self.add(where, f"missing required field: {key}")
        for key in sorted(set(node).difference(known)):
            self.add(where, f"invalid additional property: {key}")

    def string(self, value: Any, where: str, most: int, least: int = 0) -> bool:
        """Whether a value is a string of an allowed length; notes it when not."""
        if not isinstance(value, str):
            self.add(where, "must be a string")
            return False
        if len(value) < least:
            self.add(where, f"must be more than {least - 1} characters")
            return False
        if len(value) > most:
            self.add(where, f"must be less than {most + 1} characters")
            return False
        return True

    def count(self, items: Any, where: str, most: int, least: int = 1) -> list[Any]:
        """The items when they are a list of an allowed length, else nothing; notes it when not."""
        if not isinstance(items, list):
            self.add(where, "must be an array")
            return []
        if len(items) < least:
            self.add(where, f"no fewer than {least} items required")
        if len(items) > most:
            self.add(where, f"no more than {most} items allowed")
            return []
        return items
