"""What a workspace consists of, as rows to keep, and back again."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import MISSING, asdict, fields
from typing import TYPE_CHECKING, Any

from workspace.conversations import Conversation
from workspace.files import Stored
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import Person
from workspace.triggers import RESPONSE_SECONDS, ResponseUrl
from workspace.views import View

if TYPE_CHECKING:
    from workspace.state import Workspace

Kinds = dict[str, list[tuple[str, Json]]]  # keys and bodies by kind

_NOT_IN_CONVERSATION = ("timeline", "by_ts", "ephemerals", "members")


def _told(thing: Any, *without: str) -> Json:
    """The fields that differ from their defaults: most of a message's do not."""
    out: Json = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        usual = field.default if field.default_factory is MISSING else field.default_factory()
        if field.name not in without and value != usual:
            out[field.name] = value
    return out


def message(conversation: Conversation, said: Message) -> Json | None:
    """A message as long as it stands."""
    return _told(said, "replies") if conversation.by_ts.get(said.ts) is said else None


def ephemeral(said: Message) -> Json:
    """A message that one person sees."""
    return _told(said, "replies")


def conversation(place: Conversation) -> Json:
    """A channel or direct messages, without what was said."""
    return _told(place, *_NOT_IN_CONVERSATION) | {"members": list(place.members)}


def person(who: Person) -> Json:
    """An account."""
    return asdict(who)


def views(ws: Workspace, user: str) -> Json:
    """The Home and the open modals of a person."""
    home = ws.views.homes.get(user)
    return {"home": home and asdict(home), "stack": [asdict(view) for view in ws.views.stacks.get(user, ())]}


def file(stored: Stored) -> Json:
    """A file without its bytes."""
    return _told(stored, "data")


def response(url: ResponseUrl) -> Json:
    """A response URL; its age by the clock on the wall, for the other one starts anew with the machine."""
    return asdict(url) | {"at": time.time() - (time.monotonic() - url.at)}


def clock(ws: Workspace) -> Json:
    """How far the clock was moved, and the last timestamp given out."""
    return {"offset": ws.clock.offset, "last": ws.clock.last}


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
