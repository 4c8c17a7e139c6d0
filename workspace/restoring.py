"""A workspace made again from its file, as it was when it was last written down."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from workspace.conversations import Conversation
from workspace.files import Stored
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import Person
from workspace.state import Workspace
from workspace.state_file import StateDamaged, StateFile, set_aside
from workspace.triggers import RESPONSE_SECONDS, ResponseUrl
from workspace.views import View

Kinds = dict[str, list[tuple[str, Json]]]  # keys and bodies by kind


def moved(held: list[tuple[str, str, str]], url: str) -> list[tuple[str, str, str]]:
    """The rows with every address of this workspace on the port that it has now."""
    before = next((json.loads(body) for kind, _, body in held if kind == "url"), url)
    if before == url:
        return held
    return [(kind, key, body.replace(f"{before}/", f"{url}/")) for kind, key, body in held if kind != "url"]


def taken_up(make: Callable[[], Workspace], path: Path) -> tuple[Workspace, str | None]:
    """The workspace that `make` makes as the file has it, and the sentence to tell when the file was damaged.

    A damaged file is renamed, never overwritten. Raises StateError.
    """
    notice = None
    while True:
        ws, file = make(), None
        try:
            file = StateFile(path)
            _open(ws, file)
        except StateDamaged:
            if file is not None:
                file.close()
            aside = set_aside(path)
            notice = f"{path} was damaged. It is kept as {aside.name}; the workspace starts empty."
        except BaseException:
            if file is not None:
                file.close()
            raise
        else:
            file.announce(ws.url)
            return ws, notice


def _open(ws: Workspace, file: StateFile) -> None:
    """Make the fresh workspace what the file says, and keep it there from now on.

    Raises StateDamaged when the file makes no sense; the workspace is then neither the old nor a fresh one.
    """
    try:
        held = file.rows()
        here = moved(held, ws.url)
        unacknowledged = restore(ws, here, file.data())
    except (LookupError, TypeError, ValueError, AttributeError):
        raise StateDamaged(f"{file.path} is damaged.") from None
    if here != held or not held:
        file.write([*here, ("url", "", json.dumps(ws.url))], {})
    ws.keeper.keep_in(file, unacknowledged)


def restore(ws: Workspace, held: Iterable[tuple[str, str, str]], data: dict[str, bytes]) -> list[Json]:
    """Make a fresh workspace what the rows say; returns the payloads of events that the app had not acknowledged.

    Raises LookupError, TypeError or ValueError when the rows make no sense.
    """
    kinds: Kinds = defaultdict(list)
    for kind, key, text in held:
        if kind != "url":
            kinds[kind].append((key, json.loads(text)))
    _restore_people(ws, kinds)
    _restore_messages(ws, kinds)
    for user, body in kinds["views"]:
        _restore_views(ws, user, body)
    for key, body in kinds["file"]:
        ws.files.by_id[key] = Stored(**body, data=data.get(key))
    for key, body in kinds["response"]:
        age = max(0.0, time.time() - body.pop("at"))
        if age < RESPONSE_SECONDS:
            ws.triggers.responses[key] = ResponseUrl(**body, at=time.monotonic() - age)
    for _, body in kinds["clock"]:
        ws.clock.offset, ws.clock.last = float(body["offset"]), int(body["last"])
    return [body for _, body in kinds["event"]]


def _restore_people(ws: Workspace, kinds: Kinds) -> None:
    known = {key for key, _ in kinds["person"]}
    late = [who for who in ws.people.humans() if who.id not in known]  # personas that this version added
    for _, body in kinds["person"]:
        ws.people.add(Person(**body))
    for _, body in kinds["conversation"]:
        body["members"] = dict.fromkeys(body.get("members", ()))
        ws.conversations.add(Conversation(**body))
    for who in late:
        ws.settle_in(who)


def _restore_messages(ws: Workspace, kinds: Kinds) -> None:
    by_ts = sorted(kinds["message"], key=lambda item: item[1]["ts"])
    for key, body in by_ts:
        place, said = ws.conversations.by_id[key.partition("/")[0]], Message(**body)
        if not said.is_reply:
            said.thread_ts = None  # its replies say so again
        elif said.thread_ts not in place.by_ts:
            said.thread_ts = None  # whatever became of the thread, what was said stays
        place.add(said)
    for key, body in sorted(kinds["ephemeral"], key=lambda item: item[1]["ts"]):
        channel, user, _ = key.split("/")
        ws.conversations.by_id[channel].whisper(user, Message(**body))


def _restore_views(ws: Workspace, user: str, body: Json) -> None:
    if body["home"]:
        home = ws.views.homes[user] = View(**body["home"])
        ws.views.by_id[home.id] = home
    for one in body["stack"]:
        view = View(**one)
        ws.views.stacks.setdefault(user, []).append(view)
        ws.views.by_id[view.id] = view
