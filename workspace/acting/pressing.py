"""Pressing buttons, choosing from selects, typing into external selects."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workspace import interactions, values
from workspace.acting import finding, whom
from workspace.acting.asking import asked
from workspace.acting.whom import Refused
from workspace.blocks.compositions import PLAIN, check_options
from workspace.blocks.problems import Problems
from workspace.kinds import Json
from workspace.state import Workspace

_BUTTONS = {"button", "workflow_button"}


async def click(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/click`."""
    who, body = whom.person(ws, request), await whom.body(request)
    spot = finding.spot(ws, who, body)
    element, block_id = spot.element, spot.block["block_id"]
    state: Json | None = None
    if element["type"] not in _BUTTONS:
        state = finding.state_of(ws, who, element, body.get("value"))
        if element["type"] == "overflow" and state["selected_option"] is None:
            raise Refused("invalid_value", "Choose one of the options.")
    if spot.view is not None:
        finding.fill(ws, who, spot.blocks, spot.view.state, body.get("values"))
        if state is not None and element["type"] != "overflow":
            spot.view.state.setdefault(block_id, {})[element["action_id"]] = state
        ws.keeper.views(who.id)
    if spot.block["type"] == "input" and not spot.block.get("dispatch_action"):
        return JSONResponse({"acked": True, "dispatched": False})  # Slack keeps the value until the submit
    action = values.action(element, block_id, state, ws.clock.ts())
    if spot.view is not None:
        payload = interactions.view_action(ws, who, spot.view, action)
    else:
        place, message = spot.place, spot.message
        if place is None or message is None:  # a spot is in a view or in a message
            raise Refused("message_not_found", "There is no such message (any more).", 404)
        payload = interactions.message_action(ws, who, place, message, action)
        form = values.form(spot.blocks)
        finding.fill(ws, who, spot.blocks, form, body.get("values"))
        if state is not None and element["type"] != "overflow":
            form.setdefault(block_id, {})[element["action_id"]] = state
        payload["state"] = {"values": form}
    await asked(ws, "interactive", payload)
    return JSONResponse({"acked": True, "dispatched": True})


async def suggest(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/suggest`."""
    who, body = whom.person(ws, request), await whom.body(request)
    query = whom.text(body, "value")
    spot = finding.spot(ws, who, {key: value for key, value in body.items() if key != "value"})
    if not spot.element["type"].endswith("external_select"):
        raise Refused("invalid_value", "This element has options of its own.")
    at = (spot.place, spot.message) if spot.place and spot.message else None
    payload = interactions.suggestion(ws, who, spot.element, spot.block["block_id"], query, spot.view, at)
    answer = await asked(ws, "interactive", payload) or {}
    out = Problems()
    shown: Json = {key: answer[key] for key in ("options", "option_groups") if key in answer}
    if shown.get("options") != [] and shown.get("option_groups") != []:
        check_options(shown, "", out, 100, PLAIN)
    if out.found:
        raise Refused("invalid_options", " ".join(out.found), 502)
    known = ws.offered.get((who.id, spot.element["action_id"]), [])
    ws.offered[who.id, spot.element["action_id"]] = [*values.options_of(shown), *known][:500]
    return JSONResponse(shown)
