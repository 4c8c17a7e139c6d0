"""Whole messages, modals and Home tabs."""

from __future__ import annotations

import json
from typing import Any

from workspace import values
from workspace.blocks.compositions import PLAIN, check_text
from workspace.blocks.layout import check_blocks
from workspace.blocks.problems import Problems
from workspace.kinds import Json

VIEW_BYTES = 250_000
_VIEW = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_MODAL = _VIEW | {"title", "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"}


def message_problems(blocks: Any) -> list[str]:
    """What is wrong with the blocks of a message, in Slack's words; nothing when they are right."""
    out = Problems()
    check_blocks(blocks, "message", "/blocks", out)
    return out.found


def view_problems(view: Json, *, kinds: tuple[str, ...]) -> list[str]:
    """What is wrong with a view of one of these kinds (`modal`, `home`)."""
    out = Problems()
    kind = view.get("type")
    if kind not in kinds:
        out.add("/view/type", f"must be one of: {', '.join(kinds)}")
        return out.found
    known = (_MODAL, ("title", "blocks")) if kind == "modal" else (_VIEW, ("blocks",))
    out.keys(view, "/view", *known)
    for key in ("title", "submit", "close"):
        if kind == "modal" and view.get(key) is not None:
            check_text(view[key], f"/view/{key}", 24, out, PLAIN)
    for key, most in (("callback_id", 255), ("external_id", 255), ("private_metadata", 3000)):
        if view.get(key) is not None:
            out.string(view[key], f"/view/{key}", most)
    for key in ("clear_on_close", "notify_on_close", "submit_disabled"):
        if view.get(key) is not None and not isinstance(view[key], bool):
            out.add(f"/view/{key}", "must be a boolean")
    blocks = view.get("blocks")
    if blocks is None:
        return out.found
    check_blocks(blocks, str(kind), "/view/blocks", out)
    if not out.found:
        if kind == "modal" and view.get("submit") is None and any(block["type"] == "input" for block in blocks):
            out.add("/view/submit", "missing required field: submit")
        focused = [part for block in blocks for part in values.elements(block) if part.get("focus_on_load")]
        if len(focused) > 1:
            out.add("/view/blocks", "only one element may have focus_on_load")
    return out.found


def too_large(view: Json) -> bool:
    """Whether a view is over 250 KB."""
    return len(json.dumps(view)) > VIEW_BYTES
