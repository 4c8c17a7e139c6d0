"""Trigger ids and response URLs: short-lived permissions that an interaction gives to the app."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from workspace import ids

TRIGGER_SECONDS = 3.0
RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60.0


class TriggerError(Exception):
    """The trigger cannot be used; the message is Slack's error code."""


@dataclass
class Trigger:
    """Permission to open one modal for `user`; `view` is the modal the interaction came from."""

    user: str
    view: str | None
    at: float = field(default_factory=time.monotonic)
    used: bool = False


@dataclass
class ResponseUrl:
    """Permission to answer an interaction; `message_ts` is the message that can be replaced."""

    user: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    at: float = field(default_factory=time.monotonic)
    uses: int = 0


class Triggers:
    """All permissions given out."""

    def __init__(self, keep: Callable[[str, ResponseUrl], None]) -> None:
        self._keep = keep
        self._triggers: dict[str, Trigger] = {}
        self.responses: dict[str, ResponseUrl] = {}

    def give(self, user: str, view: str | None = None) -> str:
        """A new trigger id."""
        number = f"{int(time.time() * 1000)}.{time.monotonic_ns() % 10**12}.{ids.secret()}"
        self._triggers[number] = Trigger(user, view)
        if len(self._triggers) > 10_000:  # forget the oldest half: long expired
            for old in list(self._triggers)[:5_000]:
                del self._triggers[old]
        return number

    def take(self, trigger_id: str) -> Trigger:
        """Use a trigger id up; TriggerError when it is unknown, used or older than 3 seconds."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise TriggerError("invalid_trigger_id")
        if trigger.used:
            raise TriggerError("exchanged_trigger_id")
        if time.monotonic() - trigger.at > TRIGGER_SECONDS:
            raise TriggerError("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_path(self, response: ResponseUrl) -> str:
        """The path under which the app can answer."""
        key = ids.secret()
        self.responses[key] = response
        self._keep(key, response)
        if len(self.responses) > 10_000:
            for old in list(self.responses)[:5_000]:
                del self.responses[old]
        return f"/response/{ids.TEAM}/{key}"
