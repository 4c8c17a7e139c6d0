"""What a workspace consists of, as rows to keep."""

from __future__ import annotations

import time
from dataclasses import MISSING, asdict, fields
from typing import Any

from workspace.clock import Clock
from workspace.conversations import Conversation
from workspace.files import Stored
from workspace.kinds import Json
from workspace.messages import Message
from workspace.people import Person
from workspace.triggers import ResponseUrl
from workspace.views import Views

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


def views(kept: Views, user: str) -> Json:
    """The Home and the open modals of a person."""
    home = kept.homes.get(user)
    return {"home": home and asdict(home), "stack": [asdict(view) for view in kept.stacks.get(user, ())]}


def file(stored: Stored) -> Json:
    """A file without its bytes."""
    return _told(stored, "data")


def response(url: ResponseUrl) -> Json:
    """A response URL; its age by the clock on the wall, for the other one starts anew with the machine."""
    return asdict(url) | {"at": time.time() - (time.monotonic() - url.at)}


def clock(kept: Clock) -> Json:
    """How far the clock was moved, and the last timestamp given out."""
    return {"offset": kept.offset, "last": kept.last}
