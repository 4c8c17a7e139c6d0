"""Interactive elements: what each may hold, and where it may stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from workspace.blocks.compositions import ANY, PLAIN, check_confirm, check_initial, check_options, check_text
from workspace.blocks.problems import Problems, kind_of
from workspace.kinds import Json

SELECTS = {f"{many}{kind}_select" for many in ("", "multi_") for kind in
           ("static", "external", "users", "conversations", "channels")}  # fmt: skip
_PICKERS = {"datepicker", "timepicker", "datetimepicker"}
_CHOICES = {"checkboxes", "radio_buttons"}
_MODAL_ONLY = {"number_input", "email_text_input", "url_text_input", "file_input"}
_TYPED = {"plain_text_input", "rich_text_input", "number_input", "email_text_input", "url_text_input"}
PLACES = {
    "section": {"button", "image", "overflow"} | SELECTS | _PICKERS | _CHOICES,
    "actions": {"button", "overflow"} | SELECTS | _PICKERS | _CHOICES,
    "input": _TYPED | {"file_input"} | SELECTS | _PICKERS | _CHOICES,
}
_COMMON = {"type", "action_id", "confirm", "placeholder", "focus_on_load"}
_ENTRY = {"type", "action_id", "initial_value", "placeholder", "dispatch_action_config", "focus_on_load"}
_KEYS: dict[str, set[str]] = {
    "button": {"type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label"},
    "overflow": {"type", "action_id", "options", "confirm"},
    "checkboxes": {"type", "action_id", "options", "initial_options", "confirm", "focus_on_load"},
    "radio_buttons": {"type", "action_id", "options", "initial_option", "confirm", "focus_on_load"},
    "datepicker": _COMMON | {"initial_date"},
    "timepicker": _COMMON | {"initial_time", "timezone"},
    "datetimepicker": {"type", "action_id", "initial_date_time", "confirm", "focus_on_load"},
    "plain_text_input": _ENTRY | {"multiline", "min_length", "max_length"},
    "rich_text_input": _ENTRY,
    "number_input": _ENTRY | {"is_decimal_allowed", "min_value", "max_value"},
    "email_text_input": _ENTRY,
    "url_text_input": _ENTRY,
    "file_input": {"type", "action_id", "filetypes", "max_files"},
    "static_select": _COMMON | {"options", "option_groups", "initial_option"},
    "external_select": _COMMON | {"initial_option", "min_query_length"},
    "users_select": _COMMON | {"initial_user"},
    "conversations_select": _COMMON | {"initial_conversation", "default_to_current_conversation",
                                       "response_url_enabled", "filter"},
    "channels_select": _COMMON | {"initial_channel", "response_url_enabled"},
    "multi_static_select": _COMMON | {"options", "option_groups", "initial_options", "max_selected_items"},
    "multi_external_select": _COMMON | {"initial_options", "min_query_length", "max_selected_items"},
    "multi_users_select": _COMMON | {"initial_users", "max_selected_items"},
    "multi_conversations_select": _COMMON | {"initial_conversations", "default_to_current_conversation", "filter",
                                             "max_selected_items"},
    "multi_channels_select": _COMMON | {"initial_channels", "max_selected_items"},
}  # fmt: skip


def check_image(node: Json, where: str, out: Problems) -> None:
    """An image element: an address of at most 3,000 characters and a text for those who cannot see it."""
    out.keys(node, where, {"type", "image_url", "slack_file", "alt_text"}, ("alt_text",))
    if "alt_text" in node:
        out.string(node["alt_text"], f"{where}/alt_text", 2000, 1)
    check_source(node, where, out)


def check_source(node: Json, where: str, out: Problems) -> None:
    """Where an image comes from: one of `image_url` and `slack_file`."""
    if ("image_url" in node) == ("slack_file" in node):
        out.add(where, "exactly one of image_url and slack_file is required")
    elif "slack_file" in node:
        file = node["slack_file"]
        if not isinstance(file, dict) or not isinstance(file.get("id") or file.get("url"), str):
            out.add(f"{where}/slack_file", "missing required field: id or url")
    elif out.string(node["image_url"], f"{where}/image_url", 3000, 1):
        check_url(node["image_url"], f"{where}/image_url", out)


def check_url(value: str, where: str, out: Problems) -> None:
    """An address a client may open."""
    if not re.match(r"(https?|mailto|slack)://?[^\s]+|mailto:[^\s]+", value):
        out.add(where, "must be a valid URL")


def check_element(node: Any, parent: str, surface: str, where: str, out: Problems) -> None:
    """An element in its place."""
    kind = kind_of(node)
    if kind is None or kind not in PLACES[parent] or (kind in _MODAL_ONLY and surface != "modal"):
        out.add(f"{where}/type", f"unsupported type: {kind}")
        return
    if None in node.values():
        out.add(where, "must not hold null")
        return
    if kind == "image":
        check_image(node, where, out)
        return
    known = _KEYS[kind]
    if set(node) - known:
        out.keys(node, where, known)
    if "action_id" in node:
        out.string(node["action_id"], f"{where}/action_id", 255, 1)
    if "placeholder" in node:
        check_text(node["placeholder"], f"{where}/placeholder", 150, out, PLAIN)
    if "confirm" in node:
        check_confirm(node["confirm"], f"{where}/confirm", out)
    special = _SPECIAL.get(kind)
    if special is not None:
        special(node, where, out)


def _button(node: Json, where: str, out: Problems) -> None:
    check_text(node.get("text"), f"{where}/text", 75, out, PLAIN)
    for key, most in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        if key in node:
            out.string(node[key], f"{where}/{key}", most)
    if node.get("url"):
        check_url(str(node["url"]), f"{where}/url", out)
    if node.get("style") not in (None, "primary", "danger"):
        out.add(f"{where}/style", "must be one of: primary, danger")


def _external(node: Json, where: str, out: Problems) -> None:
    check_initial(node, where, out, None)


def _typed(node: Json, where: str, out: Problems) -> None:
    first = node.get("initial_value")
    if first is not None and node["type"] != "rich_text_input":
        out.string(first, f"{where}/initial_value", 3000)
    least, most = node.get("min_length"), node.get("max_length")
    for key, value, low in (("min_length", least, 0), ("max_length", most, 1)):
        if value is not None and not (isinstance(value, int) and low <= value <= 3000):
            out.add(f"{where}/{key}", f"must be between {low} and 3000")
            return
    if least is not None and most is not None and least > most:
        out.add(f"{where}/min_length", "must not be more than max_length")


def _number(node: Json, where: str, out: Problems) -> None:
    if not isinstance(node.get("is_decimal_allowed"), bool):
        out.add(where, "missing required field: is_decimal_allowed")
    for key in ("initial_value", "min_value", "max_value"):
        if key in node and not re.fullmatch(r"-?\d+(\.\d+)?", str(node[key])):
            out.add(f"{where}/{key}", "must be a number")


def _matching(key: str, pattern: str, what: str) -> Callable[[Json, str, Problems], None]:
    def check(node: Json, where: str, out: Problems) -> None:
        if key in node and not re.fullmatch(pattern, str(node[key])):
            out.add(f"{where}/{key}", f"must be {what}")

    return check


def _choices(most: int, kinds: tuple[str, ...], *, url: bool = False) -> Callable[[Json, str, Problems], None]:
    def check(node: Json, where: str, out: Problems) -> None:
        check_options(node, where, out, most, kinds, url=url)

    return check


_SPECIAL: dict[str, Callable[[Json, str, Problems], None]] = {
    "button": _button,
    "overflow": _choices(5, PLAIN, url=True),
    "checkboxes": _choices(10, ANY),
    "radio_buttons": _choices(10, ANY),
    "static_select": _choices(100, PLAIN),
    "multi_static_select": _choices(100, PLAIN),
    "external_select": _external,
    "multi_external_select": _external,
    "datepicker": _matching("initial_date", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date like 2026-12-01"),
    "timepicker": _matching("initial_time", r"([01]\d|2[0-3]):[0-5]\d", "a time like 09:30"),
    "datetimepicker": _matching("initial_date_time", r"\d{10}", "10 digits of seconds since 1970"),
    "plain_text_input": _typed,
    "email_text_input": _typed,
    "url_text_input": _typed,
    "number_input": _number,
}
