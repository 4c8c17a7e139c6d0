"""Submitting and closing modals, opening Home."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workspace import interactions
from workspace.acting import completeness, finding, whom
from workspace.acting.asking import asked
from workspace.acting.whom import Refused
from workspace.api.call import ApiError
from workspace.api.views import checked
from workspace.envelopes import Unanswered
from workspace.kinds import Json
from workspace.people import Person
from workspace.state import Workspace
from workspace.views import DEEPEST, View

_HOME_SECONDS = 10.0
_ABSENT_SECONDS = 2.0  # one that is just starting still has a chance


def _open(ws: Workspace, who: Person, body: Json) -> View:
    view = ws.views.by_id.get(whom.text(body, "view_id")) if body.get("view_id") else ws.views.top(who.id)
    if view is None or view.user != who.id or view.source["type"] != "modal":
        raise Refused("view_not_found", "No such modal is open.", 404)
    return view


async def submit(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/submit`."""
    who, body = whom.person(ws, request), await whom.body(request)
    view = _open(ws, who, body)
    if view.source.get("submit") is None:
        raise Refused("no_submit", "This modal has nothing to submit.")
    finding.fill(ws, who, view.source["blocks"], view.state, body.get("values"))
    ws.keeper.views(who.id)
    errors = completeness.missing(view, who.locale)
    if errors:
        return _outcome(view, "errors", errors)
    answer = await asked(ws, "interactive", interactions.submission(ws, who, view)) or {}
    if view.id not in ws.views.by_id:  # the app replaced all modals meanwhile
        return _outcome(ws.views.top(who.id), "closed")
    return _answered(ws, who, view, answer)


def _answered(ws: Workspace, who: Person, view: View, answer: Json) -> Response:
    action = answer.get("response_action")
    if action == "errors":
        errors = answer.get("errors")
        blocks = {block["block_id"] for block in view.source["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= blocks:
            raise Refused("invalid_response", "The app answered with errors for fields that this modal has not.", 502)
        return _outcome(view, "errors", {block: str(sentence) for block, sentence in errors.items()})
    if action == "update":
        ws.views.replace(view, _checked(ws, answer, view))
        ws.show_view(who.id)
        return _outcome(view, "updated")
    if action == "push":
        if len(ws.views.stacks[who.id]) >= DEEPEST:
            raise Refused("push_limit_reached", "Slack stacks at most three modals.", 502)
        pushed = ws.views.push(who.id, _checked(ws, answer, None))
        ws.show_view(who.id)
        return _outcome(pushed, "pushed")
    if action == "clear":
        ws.views.clear(who.id)
    elif action is None:
        ws.views.close(view)
    else:
        raise Refused("invalid_response", f"Slack knows no response_action {action!r}.", 502)
    ws.show_view(who.id)
    return _outcome(ws.views.top(who.id), "closed")


def _checked(ws: Workspace, answer: Json, instead_of: View | None) -> Json:
    try:
        return checked(ws, answer.get("view"), "modal", instead_of=instead_of)
    except ApiError as error:
        raise Refused("invalid_response", error.sentence("this view"), 502) from None


def _outcome(view: View | None, outcome: str, errors: Json | None = None) -> Response:
    return JSONResponse({"outcome": outcome, "errors": errors or {}, "view": view.as_slack() if view else None})


async def close(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/close`."""
    who, body = whom.person(ws, request), await whom.body(request)
    view = _open(ws, who, body)
    cleared = bool(body.get("all") or view.source.get("clear_on_close"))
    gone = ws.views.clear(who.id) if cleared else [view]
    if not cleared:
        ws.views.close(view)
    ws.show_view(who.id)
    for one in gone:
        if one.source.get("notify_on_close"):
            try:
                await ws.ask("interactive", interactions.closed(who, one, cleared=cleared))
            except Unanswered:
                continue  # the modal is closed whether the app listens or not
    top = ws.views.top(who.id)
    return JSONResponse({"view": top.as_slack() if top else None})


async def open_home(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/home`."""
    who = whom.person(ws, request)
    before = ws.views.homes.get(who.id)
    waiter = ws.next_home(who.id)
    event: Json = {"type": "app_home_opened", "user": who.id, "channel": who.im, "tab": "home"}
    event["event_ts"] = ws.clock.ts()
    if before is not None:
        event["view"] = before.as_slack()
    ws.event(event)
    absent = not ws.socket.connected and ws.http.url is None
    try:
        async with asyncio.timeout(_ABSENT_SECONDS if absent else _HOME_SECONDS):
            await waiter
    except TimeoutError:
        if absent and not ws.socket.connected:
            raise Refused("no_bot", "No app is connected to this workspace.", 504) from None
        raise Refused("operation_timeout", "The app published no Home within 10 seconds.", 504) from None
    return JSONResponse({"view": ws.views.homes[who.id].as_slack()})
