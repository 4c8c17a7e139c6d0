"""The element that a person presses, fills in or searches, wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workspace import values
from workspace.acting import whom
from workspace.acting.whom import Refused
from workspace.conversations import Conversation
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import Person
from workspace.state import Workspace
from workspace.views import View


@dataclass
class Spot:
    """An element, its block, and the view or message that holds it."""

    element: Json
    block: Json
    blocks: list[Json]
    view: View | None
    place: Conversation | None
    message: Message | None


def spot(ws: Workspace, who: Person, body: Json) -> Spot:
    """The element that `action_id` (with `block_id`, or for buttons `value`) names in a message, a modal or Home."""
    view: View | None = None
    place: Conversation | None = None
    message: Message | None = None
    if body.get("home"):
        view = ws.views.homes.get(who.id)
    elif body.get("view_id") or not body.get("ts"):
        view = ws.views.by_id.get(whom.text(body, "view_id")) if body.get("view_id") else ws.views.top(who.id)
    if view is not None:
        if view.user != who.id:
            raise Refused("view_not_found", "This is somebody else's view.", 404)
        blocks = view.source["blocks"]
    elif body.get("ts"):
        place = whom.conversation(ws, who, body.get("channel"))
        message = whom.message(place, who, body["ts"])
        attached = [block for item in message.attachments or () for block in item.get("blocks", ())]
        blocks = [*(message.blocks or ()), *attached]
    else:
        raise Refused("view_not_found", "There is no such view (any more).", 404)
    action_id, block_id = whom.text(body, "action_id", required=True), whom.text(body, "block_id")
    found = [
        (element, block)
        for block in blocks
        for element in values.elements(block)
        if element.get("action_id") == action_id and block_id in ("", block["block_id"])
    ]
    if len(found) > 1 and body.get("value") is not None:
        found = [one for one in found if one[0].get("value") == body["value"]] or found
    if not found:
        raise Refused("action_not_found", f"There is nothing called {action_id!r} to press.", 404)
    element, block = found[0]
    return Spot(element, block, blocks, view, place, message)


def state_of(ws: Workspace, who: Person, element: Json, value: Any, before: Json | None = None) -> Json:
    """What an element that held `before` holds after a person entered a value; Refused when the value does not fit."""
    offered = [*values.chosen(before or {}), *ws.offered.get((who.id, element["action_id"]), [])]
    files = {number: file.as_slack(ws.url) for number, file in ws.files.by_id.items() if file.data is not None}
    try:
        return values.entered(element, value, offered, files)
    except (TypeError, ValueError) as error:
        raise Refused("invalid_value", str(error)) from None


def fill(ws: Workspace, who: Person, blocks: list[Json], state: Json, entered: Any) -> None:
    """Put what was entered into `state`: by block, or by block and action where a block has several elements."""
    if entered is None:
        return
    if not isinstance(entered, dict):
        raise Refused("invalid_arguments", "`values` is an object by block_id.")
    by_block = {block["block_id"]: block for block in blocks}
    for block_id, value in entered.items():
        held = [one for one in values.elements(by_block.get(block_id, {})) if one["type"] in values.STATEFUL]
        if not held:
            raise Refused("block_not_found", f"There is no field {block_id!r} to fill in.", 404)
        ids = {element["action_id"] for element in held}
        by_action = value if isinstance(value, dict) and set(value) <= ids else {held[0]["action_id"]: value}
        for element in held:
            name = element["action_id"]
            if name in by_action:
                inside = state.setdefault(block_id, {})
                inside[name] = state_of(ws, who, element, by_action[name], inside.get(name))
