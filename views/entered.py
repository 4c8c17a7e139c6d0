"""What people entered in a view, as Slack sends it with a press or a submission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_VALUE_KEYS = (
    "value",
    "selected_date",
    "selected_time",
    "selected_date_time",
    "selected_user",
    "selected_users",
    "selected_channel",
    "selected_channels",
    "selected_conversation",
    "selected_conversations",
)


def input_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """What a person entered in a view, by block id: text, a chosen value or a list, a date, a time, an id, None.

    `state` is the view's `state` as Slack sends it.
    """
    return {
        block_id: _value(next(iter(elements.values()), {}))
        for block_id, elements in (state.get("values") or {}).items()
    }


def action_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """The same by action id, for blocks that hold several elements."""
    every = (state.get("values") or {}).values()
    return {action_id: _value(element) for elements in every for action_id, element in elements.items()}


def _value(element: Mapping[str, Any]) -> Any:
    if "selected_options" in element:
        return [item["value"] for item in element["selected_options"] or ()]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    for key in _VALUE_KEYS:
        if key in element:
            return element[key]
    return None
