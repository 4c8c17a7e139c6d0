"""What a message consists of, checked as Slack checks it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from workspace.api import pictures
from workspace.api.call import ApiError, Call
from workspace.blocks import message_problems
from workspace.kinds import Json
from workspace.state import Workspace
from workspace.text import LONGEST
from workspace.views import with_ids

LONGEST_UPDATE = 4_000
_MOST_ATTACHMENTS = 100
_MARKDOWN = 12_000
_METADATA_BYTES = 16_000


@dataclass(frozen=True)
class Content:
    """Checked contents; None where the call did not say."""

    text: str
    blocks: list[Json] | None
    attachments: list[Json] | None
    metadata: Json | None


def read(call: Call, *, longest: int = LONGEST, files: bool = False) -> Content:
    """The contents of a call; ApiError with Slack's code for what Slack refuses."""
    text = call.text("text")
    markdown = call.text("markdown_text")
    blocks = checked_blocks(call.ws, call.value("blocks"))
    attachments = _attachments(call.ws, call.value("attachments"))
    if markdown:
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        if len(markdown) > _MARKDOWN:
            raise ApiError("msg_too_long")
        text, blocks = markdown, with_ids([{"type": "markdown", "text": markdown}])
    if len(text) > longest:
        raise ApiError("msg_too_long")
    if not (text.strip() or blocks or attachments or files):
        raise ApiError("no_text")
    return Content(text, blocks, attachments, _metadata(call.value("metadata")))


def checked_blocks(ws: Workspace, value: object) -> list[Json] | None:
    """Blocks with their ids filled in; None when there are none to speak of."""
    if value in (None, ""):
        return None
    if not isinstance(value, list):
        raise ApiError("invalid_blocks_format")
    problems = message_problems(value)
    blocks = [] if problems else with_ids(value)
    problems = problems or pictures.resolve(ws, blocks, "/blocks")
    if problems:
        raise ApiError("invalid_blocks", problems, errors=[problem.removeprefix("[ERROR] ") for problem in problems])
    return blocks


def _attachments(ws: Workspace, value: object) -> list[Json] | None:
    if value in (None, ""):
        return None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ApiError("invalid_attachments")
    if len(value) > _MOST_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    out = []
    for number, item in enumerate(value, 1):
        blocks = checked_blocks(ws, item.get("blocks"))
        out.append({"id": number, "fallback": ""} | item | ({"blocks": blocks} if blocks else {}))
    return out


def _metadata(value: object) -> Json | None:
    if value in (None, ""):
        return None
    if not isinstance(value, dict):
        raise ApiError("invalid_metadata_format")
    kind, payload = value.get("event_type"), value.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(value)) > _METADATA_BYTES:
        raise ApiError("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}
