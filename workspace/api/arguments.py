"""How arguments and token come in: JSON or form body, query string, header."""

from __future__ import annotations

import json

from starlette.requests import Request

from workspace.api.call import ApiError
from workspace.kinds import Json

_STRUCTURED = {"blocks", "view", "metadata", "attachments", "files", "file_ids", "unfurled_attachments"}


async def read(request: Request) -> tuple[Json, str]:
    """The decoded arguments without the token, and the token ("" when there is none).

    Raises ApiError for a body that is not what its content type says.
    """
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if kind == "application/json" and body:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise ApiError("invalid_json") from None
        if not isinstance(found, dict):
            raise ApiError("json_not_object")
        args |= found
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data") and body:
        async with request.form() as form:
            args |= {key: value for key, value in form.items() if isinstance(value, str)}
    for name in _STRUCTURED & set(args):
        args[name] = _decoded(args[name])
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    in_body = args.pop("token", None)
    if scheme.lower() != "bearer" or not token:
        token = str(in_body or "")
    return args, token.strip()


def _decoded(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
