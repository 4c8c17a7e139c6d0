"""Layout blocks: what each may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workspace.blocks.compositions import PLAIN, check_text
from workspace.blocks.elements import check_element, check_image, check_source
from workspace.blocks.problems import Problems, kind_of
from workspace.kinds import Json

_RICH = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}


def _section(block: Json, where: str, surface: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id", "text", "fields", "accessory", "expand"})
    if "text" not in block and "fields" not in block:
        out.add(where, "missing required field: text or fields")
    if "text" in block:
        check_text(block["text"], f"{where}/text", 3000, out)
    if "fields" in block:
        for index, item in enumerate(out.count(block["fields"], f"{where}/fields", 10)):
            check_text(item, f"{where}/fields/{index}", 2000, out)
    if "accessory" in block:
        check_element(block["accessory"], "section", surface, f"{where}/accessory", out)


def _divider(block: Json, where: str, _: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id"})


def _header(block: Json, where: str, _: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id", "text", "level"})
    check_text(block.get("text"), f"{where}/text", 150, out, PLAIN)


def _image(block: Json, where: str, _: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id", "image_url", "slack_file", "alt_text", "title"}, ("alt_text",))
    if "alt_text" in block:
        out.string(block["alt_text"], f"{where}/alt_text", 2000, 1)
    if "title" in block:
        check_text(block["title"], f"{where}/title", 2000, out, PLAIN)
    check_source(block, where, out)


def _context(block: Json, where: str, _: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id", "elements"})
    for index, part in enumerate(out.count(block.get("elements"), f"{where}/elements", 10)):
        at = f"{where}/elements/{index}"
        if isinstance(part, dict) and part.get("type") == "image":
            check_image(part, at, out)
        else:
            check_text(part, at, 3000, out)


def _actions(block: Json, where: str, surface: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id", "elements"})
    seen: set[str] = set()
    for index, part in enumerate(out.count(block.get("elements"), f"{where}/elements", 25)):
        check_element(part, "actions", surface, f"{where}/elements/{index}", out)
        action = part.get("action_id") if isinstance(part, dict) else None
        if isinstance(action, str):
            if action in seen:
                out.add(f"{where}/elements/{index}/action_id", f"action_id already exists: {action}")
            seen.add(action)


def _input(block: Json, where: str, surface: str, out: Problems) -> None:
    known = {"type", "block_id", "label", "element", "dispatch_action", "hint", "optional"}
    out.keys(block, where, known, ("element",))
    check_text(block.get("label"), f"{where}/label", 2000, out, PLAIN)
    if "hint" in block:
        check_text(block["hint"], f"{where}/hint", 2000, out, PLAIN)
    if "element" in block:
        check_element(block["element"], "input", surface, f"{where}/element", out)
    for flag in ("dispatch_action", "optional"):
        if flag in block and not isinstance(block[flag], bool):
            out.add(f"{where}/{flag}", "must be a boolean")


def _rich_text(block: Json, where: str, _: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id", "elements"})
    for index, part in enumerate(out.count(block.get("elements"), f"{where}/elements", 500)):
        kind = kind_of(part)
        if kind not in _RICH:
            out.add(f"{where}/elements/{index}/type", f"unsupported type: {kind}")
        elif not isinstance(part.get("elements"), list):
            out.add(f"{where}/elements/{index}", "missing required field: elements")


def _video(block: Json, where: str, _: str, out: Problems) -> None:
    known = {"type", "block_id", "alt_text", "author_name", "description", "provider_icon_url", "provider_name",
             "title", "title_url", "thumbnail_url", "video_url"}  # fmt: skip
    out.keys(block, where, known, ("alt_text", "title", "thumbnail_url", "video_url"))


def _markdown(block: Json, where: str, _: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id", "text"})
    out.string(block.get("text"), f"{where}/text", 12_000, 1)


def _table(block: Json, where: str, _: str, out: Problems) -> None:
    out.keys(block, where, {"type", "block_id", "rows", "column_settings"})
    for number, row in enumerate(out.count(block.get("rows"), f"{where}/rows", 100)):
        for index, cell in enumerate(out.count(row, f"{where}/rows/{number}", 20)):
            kind = kind_of(cell)
            if kind not in ("raw_text", "rich_text"):
                out.add(f"{where}/rows/{number}/{index}/type", f"unsupported type: {kind}")


_Check = Callable[[Json, str, str, Problems], None]
_EVERYWHERE: dict[str, _Check] = {
    "section": _section,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
    "video": _video,
}
_BY_SURFACE: dict[str, dict[str, _Check]] = {
    "message": _EVERYWHERE | {"markdown": _markdown, "table": _table},
    "modal": _EVERYWHERE,
    "home": _EVERYWHERE,
}
_MOST = {"message": 50, "modal": 100, "home": 100}


def check_blocks(blocks: Any, surface: str, where: str, out: Problems) -> None:
    """All blocks of a surface: their number, their ids, and each in itself."""
    seen: set[str] = set()
    checks = _BY_SURFACE[surface]
    items = out.count(blocks, where, _MOST[surface], 0)
    for index, block in enumerate(items):
        at = f"{where}/{index}"
        kind = kind_of(block)
        check = checks.get(kind or "")
        if check is None:
            out.add(f"{at}/type", f"unsupported type: {kind}")
            continue
        block_id = block.get("block_id")
        if block_id is not None and out.string(block_id, f"{at}/block_id", 255, 1):
            if block_id in seen:
                out.add(f"{at}/block_id", f"`block_id` already exists: {block_id}")
            seen.add(block_id)
        check(block, at, surface, out)
    if sum(kind_of(block) == "table" for block in items) > 1:
        out.add(where, "only one table is allowed")
