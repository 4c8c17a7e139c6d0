"""From a request to an answer: record, faults, token, scope, limits, arguments, the method itself."""

from __future__ import annotations

import asyncio
import json

from starlette.requests import Request
from starlette.responses import Response

from workspace import ids
from workspace.api import arguments
from workspace.api.call import METHODS, ApiError, Call, Method
from workspace.faults import Fault
from workspace.kinds import Json
from workspace.state import Workspace


async def answer(ws: Workspace, request: Request) -> Response:
    """Answer one Web API call."""
    name = request.path_params["method"]
    args: Json = {}
    broken: ApiError | None = None
    token = ""
    try:
        args, token = await arguments.read(request)
    except ApiError as error:
        broken = error
    struck = ws.faults.striking(name)
    for fault in struck:
        early = await _before(ws, request, fault)
        if early is not None:
            error_code = json.loads(bytes(early.body) or b"{}").get("error", fault.kind)
            ws.record.add(name, args, ok=False, error=error_code)
            return early
    status, headers = 200, {}
    try:
        if broken is not None:
            raise broken
        body = _run(ws, name, args, token)
    except ApiError as error:
        body = error.as_json()
        if error.code == "ratelimited":
            status, headers = 429, {"retry-after": str(error.more.get("retry_after", 1))}
            body = {"ok": False, "error": "ratelimited"}
    ws.record.add(name, args, ok=bool(body["ok"]), error=body.get("error"))
    response = _json(ws, body, status, headers)
    for fault in struck:
        response = await _after(ws, request, fault, response)
    return response


def _run(ws: Workspace, name: str, args: Json, token: str) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise ApiError("unknown_method", req_method=name)
    _authorize(ws, method, token)
    wait = ws.limits.wait(name, method.tier, str(args.get("channel", "")))
    if wait:
        raise ApiError("ratelimited", retry_after=wait)
    problems = [f"[ERROR] missing required field: {need}" for need in method.required if args.get(need) in (None, "")]
    problems += [f"[ERROR] invalid additional property: {extra}" for extra in sorted(set(args) - method.optional)]
    if problems:
        raise ApiError("invalid_arguments", problems)
    return {"ok": True} | method.run(Call(ws, name, args))


def _authorize(ws: Workspace, method: Method, token: str) -> None:
    if method.caller == "none":
        return
    if not token:
        raise ApiError("not_authed")
    kinds = {ids.BOT_TOKEN: "bot", ids.APP_TOKEN: "app"}
    if token not in kinds:
        raise ApiError("invalid_auth")
    if method.caller != kinds[token]:
        raise ApiError("not_allowed_token_type")
    scopes = ws.manifest.scopes
    if method.scopes and not scopes.intersection(method.scopes):
        raise ApiError("missing_scope", needed=",".join(method.scopes), provided=",".join(sorted(scopes)))


def _json(ws: Workspace, body: Json, status: int, headers: dict[str, str]) -> Response:
    sent = {"x-workspace-url": ws.url, "x-oauth-scopes": ",".join(sorted(ws.manifest.scopes))} | headers
    text = json.dumps(body).encode()
    return Response(text, status, sent, "application/json; charset=utf-8")


async def _before(ws: Workspace, request: Request, fault: Fault) -> Response | None:
    if fault.kind == "latency":
        await asyncio.sleep(float(fault.options["seconds"]))
    elif fault.kind == "ratelimited":
        after = {"retry-after": str(fault.options["retry_after"])}
        return _json(ws, {"ok": False, "error": "ratelimited"}, 429, after)
    elif fault.kind == "error":
        return _json(ws, {"ok": False, "error": fault.options["error"]}, 200, {})
    elif fault.kind == "status" and not fault.options["after_effect"]:
        return _json(ws, {"ok": False, "error": "service_unavailable"}, fault.options["status"], {})
    elif fault.kind == "drop" and not fault.options["after_effect"]:
        await _cut(ws, request)
        return _json(ws, {"ok": False, "error": "drop"}, 503, {})
    return None


async def _after(ws: Workspace, request: Request, fault: Fault, response: Response) -> Response:
    if fault.kind == "truncate":
        return Response(bytes(response.body)[: len(response.body) // 2], response.status_code, {}, response.media_type)
    if fault.kind == "status" and fault.options["after_effect"]:
        return _json(ws, {"ok": False, "error": "service_unavailable"}, fault.options["status"], {})
    if fault.kind == "drop" and fault.options["after_effect"]:
        await _cut(ws, request)
    return response


async def _cut(ws: Workspace, request: Request) -> None:
    if request.client is not None:
        await ws.wires.cut((request.client.host, request.client.port))
