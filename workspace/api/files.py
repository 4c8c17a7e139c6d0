"""files.*: uploads in Slack's three steps."""

from __future__ import annotations

from workspace import happenings, ids
from workspace.api import content
from workspace.api.call import ApiError, Call, method
from workspace.conversations import Conversation
from workspace.files import LARGEST, Stored
from workspace.kinds import Json
from workspace.messages import Message

_SCOPES = ("files:write",)


@method(
    "files.getUploadURLExternal", tier=4, scopes=_SCOPES, required="filename length", optional="snippet_type alt_txt"
)
def get_upload_url(call: Call) -> Json:
    """Where to send the bytes of a file."""
    length = call.whole("length", 0)
    if length < 1:
        raise ApiError("invalid_arguments", ["[ERROR] must be greater than 0 [json-pointer:/length]"])
    if length > LARGEST:
        raise ApiError("file_upload_size_restricted")
    stored = call.ws.files.expect(call.text("filename"), length, ids.BOT_USER, call.ws.clock.now())
    stored.alt_text = call.text("alt_txt") or None
    call.ws.keeper.file(stored)
    return {"upload_url": f"{call.ws.url}/upload/v1/{stored.id}", "file_id": stored.id}


@method(
    "files.completeUploadExternal",
    tier=4,
    scopes=_SCOPES,
    required="files",
    optional="channel_id thread_ts channels initial_comment blocks username icon_url icon_emoji",
)
def complete_upload(call: Call) -> Json:
    """Finish uploads and share them, with a comment, as one message a conversation."""
    items = call.value("files")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise ApiError("invalid_arguments", ["[ERROR] must be an array of objects [json-pointer:/files]"])
    stored = [_uploaded(call, item) for item in items]
    wanted = [call.text("channel_id"), *call.text("channels").split(",")]
    targets = [_target(call, name.strip()) for name in wanted if name.strip()]
    blocks = content.checked_blocks(call.ws, call.value("blocks"))
    for file, item in zip(stored, items, strict=True):
        file.title, file.done = str(item.get("title") or file.name), True
        call.ws.keeper.file(file)
    for conversation in targets:
        _share(call, conversation, stored, blocks)
    return {"files": [file.as_slack(call.ws.url) for file in stored]}


def _uploaded(call: Call, item: Json) -> Stored:
    file = call.ws.files.by_id.get(str(item.get("id")))
    if file is None or file.data is None or file.done:
        raise ApiError("file_not_found")
    return file


def _target(call: Call, name: str) -> Conversation:
    found = call.ws.conversations.find(name)
    if found is None:
        raise ApiError("channel_not_found")
    call.joined(found)
    return found


def _share(call: Call, conversation: Conversation, files: list[Stored], blocks: list[Json] | None) -> None:
    thread = call.text("thread_ts") or None
    if thread and thread not in conversation.by_ts:
        raise ApiError("thread_not_found")
    message = Message(
        call.ws.clock.ts(),
        ids.BOT_USER,
        call.text("initial_comment"),
        bot=True,
        blocks=blocks,
        files=[file.as_slack(call.ws.url) for file in files],
        thread_ts=thread,
        subtype="file_share",
    )
    for file in files:
        file.channels.append(conversation.id)
        call.ws.keeper.file(file)
    happenings.post(call.ws, conversation, message)
