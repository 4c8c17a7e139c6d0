"""Bytes of files: the upload step of Slack's protocol, and the address a client opens."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from workspace.files import LARGEST
from workspace.state import Workspace

# What a browser may show in place; everything else is offered as a download, so that no file runs as part of the page.
_SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}


async def upload(ws: Workspace, request: Request) -> Response:
    """`POST /upload/v1/FILE`: the bytes, raw or as a form's file."""
    file = ws.files.by_id.get(request.path_params["file"])
    if file is None or file.data is not None:
        return PlainTextResponse("no such upload", 404)
    if int(request.headers.get("content-length") or 0) > LARGEST + 10_000:
        return PlainTextResponse("too large", 413)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            parts = [part for part in form.values() if not isinstance(part, str)]
            data = await parts[0].read() if parts else b""
    else:
        data = await request.body()
    if len(data) != file.length:
        return PlainTextResponse(f"expected {file.length} bytes, got {len(data)}", 400)
    file.data = data
    ws.keeper.file(file)
    return PlainTextResponse(f"OK - {len(data)}")


async def download(ws: Workspace, request: Request) -> Response:
    """`GET /files/FILE/NAME`."""
    file = ws.files.by_id.get(request.path_params["file"])
    if file is None or file.data is None:
        return JSONResponse({"error": "file_not_found", "message": "There is no such file."}, 404)
    way = "inline" if file.mimetype in _SHOWN else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(file.data, 200, headers, file.mimetype)
