"""Who joins the team, and what changes about a person."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workspace import happenings, ids
from workspace.acting import whom
from workspace.acting.whom import Refused
from workspace.kinds import Json
from workspace.people import Person
from workspace.state import Workspace
from workspace.text import clean


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("invalid_arguments", f"There is no time zone {name!r}.") from None


def _locale(name: str) -> str:
    if not re.fullmatch(r"[a-z]{2}-[A-Z]{2}", name):
        raise Refused("invalid_arguments", "A locale looks like fr-CA.")
    return name


def _role(name: str) -> str:
    if not re.fullmatch(r"[a-z]{1,20}", name):
        raise Refused("invalid_arguments", "A role is one word in small letters.")
    return name


async def add(ws: Workspace, request: Request) -> Response:
    """`POST /people`."""
    body = await whom.body(request)
    name = whom.text(body, "name", required=True)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,20}", name):
        raise Refused("invalid_name", "A name has 1 to 21 small letters, digits, dots, dashes or underscores.")
    if ws.people.find(name) is not None:
        raise Refused("name_taken", f"Somebody here is called {name!r} already.", 409)
    person = Person(
        ids.new_id("U"),
        name,
        clean(whom.text(body, "real_name")) or name.capitalize(),
        _locale(whom.text(body, "locale") or "en-US"),
        _zone(whom.text(body, "tz") or "America/Toronto"),
        _role(whom.text(body, "role") or "member"),
        is_admin=body.get("is_admin") is True,
        updated=int(ws.clock.now()),
    )
    ws.people.add(person)
    ws.settle_in(person)
    happenings.arrive(ws, person)
    return JSONResponse(person.summary(), 201)


async def profile(ws: Workspace, request: Request) -> Response:
    """`POST /people/USER/profile`."""
    who, body = whom.person(ws, request), await whom.body(request)
    changed: Json = {}
    if "locale" in body:
        changed["locale"] = _locale(whom.text(body, "locale", required=True))
    if "tz" in body:
        changed["tz"] = _zone(whom.text(body, "tz", required=True))
    if "real_name" in body:
        changed["real_name"] = clean(whom.text(body, "real_name", required=True))[:80]
    for flag in ("deleted", "is_admin"):
        if flag in body:
            changed[flag] = body[flag] is True
    if unknown := set(body) - set(changed):
        raise Refused("invalid_arguments", f"Unknown: {', '.join(sorted(unknown))}.")
    for key, value in changed.items():
        setattr(who, key, value)
    who.updated = int(ws.clock.now())
    happenings.person_event(ws, who, "user_change")
    return JSONResponse(who.summary())
