"""Texts, confirmations, options: the small objects inside elements and blocks."""

from __future__ import annotations

from typing import Any

from workspace.blocks.problems import Problems
from workspace.kinds import Json

PLAIN = ("plain_text",)
ANY = ("plain_text", "mrkdwn")
_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def check_text(node: Any, where: str, most: int, out: Problems, kinds: tuple[str, ...] = ANY) -> None:
    """A text object of 1 to `most` characters."""
    if not isinstance(node, dict):
        out.add(where, "must be an object")
        return
    kind = node.get("type")
    if kind not in kinds:
        out.add(f"{where}/type", f"must be one of: {', '.join(kinds)}")
        return
    if set(node) - _TEXT_KEYS[kind]:
        out.keys(node, where, _TEXT_KEYS[kind])
    out.string(node.get("text"), f"{where}/text", most, 1)
    for flag in ("emoji", "verbatim"):
        if flag in node and not isinstance(node[flag], bool):
            out.add(f"{where}/{flag}", "must be a boolean")


def check_confirm(node: Any, where: str, out: Problems) -> None:
    """A confirmation dialog."""
    if not isinstance(node, dict):
        out.add(where, "must be an object")
        return
    out.keys(node, where, {"title", "text", "confirm", "deny", "style"}, ("title", "text", "confirm", "deny"))
    for key, most, kinds in (("title", 100, PLAIN), ("text", 300, ANY), ("confirm", 30, PLAIN), ("deny", 30, PLAIN)):
        if key in node:
            check_text(node[key], f"{where}/{key}", most, out, kinds)
    if node.get("style") not in (None, "primary", "danger"):
        out.add(f"{where}/style", "must be one of: primary, danger")


def check_option(node: Any, where: str, out: Problems, kinds: tuple[str, ...], *, url: bool = False) -> None:
    """One option: text and value of at most 75 characters each."""
    if not isinstance(node, dict):
        out.add(where, "must be an object")
        return
    known = {"text", "value", "description"} | ({"url"} if url else set())
    out.keys(node, where, known, ("text", "value"))
    if "text" in node:
        check_text(node["text"], f"{where}/text", 75, out, kinds)
    if "value" in node:
        out.string(node["value"], f"{where}/value", 75, 1)
    if "description" in node:
        check_text(node["description"], f"{where}/description", 75, out, kinds)
    if url and "url" in node:
        out.string(node["url"], f"{where}/url", 3000, 1)


def check_options(
    node: Json, where: str, out: Problems, most: int, kinds: tuple[str, ...], *, url: bool = False
) -> None:
    """The options of an element, or its groups, with values that do not repeat and initial ones that exist."""
    groups = node.get("option_groups")
    if (node.get("options") is None) == (groups is None):
        out.add(where, "exactly one of options and option_groups is required")
        return
    lists: list[tuple[str, Any]] = [(f"{where}/options", node.get("options"))]
    if groups is not None:
        lists = []
        for index, group in enumerate(out.count(groups, f"{where}/option_groups", 100)):
            at = f"{where}/option_groups/{index}"
            if not isinstance(group, dict):
                out.add(at, "must be an object")
                continue
            out.keys(group, at, {"label", "options"}, ("label", "options"))
            check_text(group.get("label"), f"{at}/label", 75, out, PLAIN)
            lists.append((f"{at}/options", group.get("options")))
    offered: list[Json] = []
    for at, items in lists:
        chosen = out.count(items, at, most)
        for index, item in enumerate(chosen):
            check_option(item, f"{at}/{index}", out, kinds, url=url)
        values = [item.get("value") for item in chosen if isinstance(item, dict)]
        if len(values) != len(set(map(repr, values))):
            out.add(at, "option values must be unique")
        offered += [item for item in chosen if isinstance(item, dict)]
    check_initial(node, where, out, offered)


def check_initial(node: Json, where: str, out: Problems, offered: list[Json] | None) -> None:
    """Initial options must be among those offered, when these are known, exactly as they are there."""
    first = node.get("initial_options")
    if first is not None and not (isinstance(first, list) and first):
        out.add(f"{where}/initial_options", "no fewer than 1 items required")
        first = None
    wanted = [node["initial_option"]] if "initial_option" in node else first or []
    for option in wanted:
        if offered is None:
            check_option(option, f"{where}/initial_option", out, PLAIN)
        elif option not in offered:
            out.add(where, "initial option must exactly match one of the provided options")
