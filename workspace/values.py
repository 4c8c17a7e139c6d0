"""What a form's elements hold: Slack's `state.values`, and the actions that a press sends."""

from __future__ import annotations

from typing import Any

from workspace.kinds import Json

_TEXTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
_SINGLE = {
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
}
_SEVERAL = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}
_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
STATEFUL = _TEXTS | set(_SINGLE) | set(_SEVERAL) | _OPTION | _OPTIONS | {"file_input"}


class NoSuchOption(ValueError):
    """The value is none of the element's options."""


def options_of(element: Json) -> list[Json]:
    """All options of an element, those in groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group.get("options", []))]


def _option(element: Json, value: object, offered: list[Json]) -> Json:
    for option in [*options_of(element), *chosen(initial(element)), *offered]:
        if option.get("value") == value:
            return option
    raise NoSuchOption(f"{value!r} is not among the options.")


def initial(element: Json) -> Json:
    """The state of an element that nobody touched."""
    kind = element["type"]
    if kind in _TEXTS:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in _SINGLE:
        chosen, first = _SINGLE[kind]
        return {"type": kind, chosen: element.get(first)}
    if kind in _SEVERAL:
        chosen, first = _SEVERAL[kind]
        return {"type": kind, chosen: element.get(first) or []}
    if kind in _OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    return {"type": kind, "files": []}


def chosen(state: Json) -> list[Json]:
    """The options that a state holds."""
    return [one for one in (state.get("selected_option"), *(state.get("selected_options") or ())) if one]


def entered(element: Json, value: Any, offered: list[Json], files: dict[str, Json]) -> Json:
    """The state of an element after a person entered `value`; `offered` are an external select's latest options.

    Raises NoSuchOption or ValueError when the value does not fit the element.
    """
    kind = element["type"]
    if kind in _TEXTS:
        if value is not None and not isinstance(value, str | int | float):
            raise ValueError("This field takes text.")
        return {"type": kind, "value": None if value in (None, "") else str(value)}
    if kind == "datetimepicker":
        return {"type": kind, "selected_date_time": None if value in (None, "") else int(value)}
    if kind == "rich_text_input" and isinstance(value, str):
        parts = [{"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}]
        return {"type": kind, "rich_text_value": {"type": "rich_text", "elements": parts} if value else None}
    if kind in _SINGLE:
        return {"type": kind, _SINGLE[kind][0]: value or None}
    several = [] if value in (None, "") else value if isinstance(value, list) else [value]
    if kind in _SEVERAL:
        return {"type": kind, _SEVERAL[kind][0]: several}
    if kind in _OPTION:
        return {"type": kind, "selected_option": None if value in (None, "") else _option(element, value, offered)}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one, offered) for one in several]}
    missing = [one for one in several if one not in files]
    if missing:
        raise ValueError(f"There is no file {missing[0]!r}.")
    return {"type": kind, "files": [files[one] for one in several]}


def is_empty(state: Json) -> bool:
    """Whether nothing was entered."""
    return all(not value and value != 0 for key, value in state.items() if key != "type")


def elements(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    kind = block.get("type")
    if kind == "input":
        return [block["element"]]
    if kind == "section" and "accessory" in block:
        return [block["accessory"]]
    return [part for part in block.get("elements", ()) if "action_id" in part] if kind == "actions" else []


def form(blocks: list[Json], earlier: Json | None = None) -> Json:
    """`state.values` of freshly shown blocks; what was entered `earlier` under the same ids stays."""
    out: Json = {}
    for block in blocks:
        for element in elements(block):
            if element["type"] in STATEFUL and element["type"] != "overflow":
                block_id, action_id = block["block_id"], element["action_id"]
                kept = (earlier or {}).get(block_id, {}).get(action_id)
                same = kept is not None and kept["type"] == element["type"]
                out.setdefault(block_id, {})[action_id] = kept if same else initial(element)
    return out


def action(element: Json, block_id: str, state: Json | None, action_ts: str) -> Json:
    """One entry of a block_actions payload's `actions`."""
    out: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
    if element["type"] in ("button", "workflow_button"):
        out |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    else:
        out |= {key: value for key, value in (state or {}).items() if key != "type"}
        out |= {key: element[key] for key in ("placeholder", "confirm", "initial_option") if key in element}
    return out | {"action_ts": action_ts}
