"""The clock, faults, the record of calls, delivery: what tests and the page turn."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workspace import interactions
from workspace.acting import whom
from workspace.acting.asking import asked
from workspace.acting.whom import Refused
from workspace.clock import parse_instant
from workspace.faults import AT_ONCE, FaultError, parse
from workspace.kinds import Json
from workspace.manifest import EVENTS, SCOPES
from workspace.state import Workspace


async def clock(ws: Workspace, _: Request) -> Response:
    """`GET /clock`."""
    return JSONResponse(ws.clock.as_json())


async def move_clock(ws: Workspace, request: Request) -> Response:
    """`POST /clock`."""
    body = await whom.body(request)
    try:
        if "advance_seconds" in body:
            seconds = body["advance_seconds"]
            if isinstance(seconds, bool) or not isinstance(seconds, int | float):
                raise Refused("invalid_arguments", "`advance_seconds` is a number of seconds.")
            ws.clock.advance(float(seconds))
        elif "to" in body:
            ws.clock.advance(parse_instant(body["to"]).timestamp() - ws.clock.now())
        elif body.get("next"):
            if ws.clock.next_due is None:
                raise Refused("nothing_due", "The bot has no reminder ahead.", 409)
            ws.clock.advance(max(0.0, ws.clock.next_due.timestamp() - ws.clock.now()))
        else:
            raise Refused("invalid_arguments", "Say advance_seconds, to or next.")
    except ValueError as error:
        raise Refused("invalid_arguments", str(error)) from None
    ws.keeper.clock()
    ws.streams.tell_all("clock", ws.clock.as_json())
    return JSONResponse(ws.clock.as_json())


async def next_due(ws: Workspace, request: Request) -> Response:
    """`POST /clock/next_due`."""
    body = await whom.body(request)
    try:
        value = body.get("next_due")
        due = None if value is None else parse_instant(value)
    except ValueError as error:
        raise Refused("invalid_arguments", str(error)) from None
    if due != ws.clock.next_due:
        ws.clock.next_due = due
        ws.streams.tell_all("clock", ws.clock.as_json())
    return JSONResponse(ws.clock.as_json())


async def calls(ws: Workspace, request: Request) -> Response:
    """`GET /calls`."""
    method = request.query_params.get("method")
    found = [call for call in ws.record.calls if method in (None, call["method"])]
    return JSONResponse({"calls": found})


async def forget_calls(ws: Workspace, _: Request) -> Response:
    """`DELETE /calls`."""
    ws.record.calls.clear()
    return JSONResponse({"calls": []})


async def faults(ws: Workspace, _: Request) -> Response:
    """`GET /faults`."""
    return JSONResponse({"faults": [rule.as_json() for rule in ws.faults.rules]})


async def add_fault(ws: Workspace, request: Request) -> Response:
    """`POST /faults`."""
    try:
        fault = parse(await whom.body(request))
    except FaultError as error:
        raise Refused("invalid_fault", str(error)) from None
    if fault.kind in AT_ONCE:
        await ws.socket.strike(fault)
    else:
        ws.faults.rules.append(fault)
    return JSONResponse(fault.as_json(), 201)


async def remove_faults(ws: Workspace, _: Request) -> Response:
    """`DELETE /faults`."""
    ws.faults.rules.clear()
    return JSONResponse({"faults": []})


def _delivery(ws: Workspace) -> Json:
    return {
        "request_url": ws.http.url,
        "connections": ws.socket.connected,
        "ack_seconds": ws.patience.ack_seconds,
        "retry_seconds": list(ws.patience.retry_seconds),
        "limits": ws.limits.on,
        "scopes": sorted(ws.manifest.scopes),
        "events": sorted(ws.manifest.events),
    }


async def delivery(ws: Workspace, _: Request) -> Response:
    """`GET /delivery`."""
    return JSONResponse(_delivery(ws))


async def set_delivery(ws: Workspace, request: Request) -> Response:
    """`POST /delivery`."""
    body = await whom.body(request)
    if unknown := set(body) - {"request_url", "ack_seconds", "retry_seconds", "limits", "scopes", "events"}:
        raise Refused("invalid_arguments", f"Unknown: {', '.join(sorted(unknown))}.")
    for key, known in (("scopes", SCOPES), ("events", EVENTS)):
        wanted = body.get(key)
        if wanted is not None:
            if not isinstance(wanted, list) or not set(wanted) <= set(known):
                raise Refused("invalid_arguments", f"`{key}` is a list out of: {', '.join(known)}.")
            setattr(ws.manifest, key, set(wanted))
    retry, ack = body.get("retry_seconds"), body.get("ack_seconds")
    if retry is not None:
        if not isinstance(retry, list) or not all(isinstance(one, int | float) and one >= 0 for one in retry):
            raise Refused("invalid_arguments", "`retry_seconds` is a list of seconds.")
        ws.patience.retry_seconds = tuple(float(one) for one in retry)
    if ack is not None:
        if isinstance(ack, bool) or not isinstance(ack, int | float) or ack <= 0:
            raise Refused("invalid_arguments", "`ack_seconds` is a number of seconds above 0.")
        ws.patience.ack_seconds = float(ack)
    if "limits" in body:
        ws.limits.on = body["limits"] is True
    if "request_url" in body:
        await _take_url(ws, body["request_url"])
    return JSONResponse(_delivery(ws))


async def _take_url(ws: Workspace, url: object) -> None:
    if url is None:
        ws.http.url = None
        return
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise Refused("invalid_arguments", "`request_url` is an http or https address, or null.")
    problem = await asyncio.wait_for(ws.http.verify(url), 30)
    if problem is not None:
        raise Refused("url_not_verified", problem)


async def payload(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/payload`."""
    who, body = whom.person(ws, request), await whom.body(request)
    handmade = body.get("payload")
    if not isinstance(handmade, dict) or not isinstance(handmade.get("type"), str):
        raise Refused("invalid_arguments", "`payload` is an object with a type.")
    return JSONResponse({"response": await asked(ws, "interactive", interactions.handmade(ws, who, handmade))})
