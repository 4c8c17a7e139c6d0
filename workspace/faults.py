"""Faults on demand: rules that decide, call by call, what goes wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from workspace import ids
from workspace.kinds import Json

_OPTIONS: dict[str, dict[str, tuple[type | tuple[type, ...], Any]]] = {
    "latency": {"seconds": ((int, float), 2)},
    "status": {"status": (int, 503), "after_effect": (bool, False)},
    "drop": {"after_effect": (bool, False)},
    "truncate": {},
    "ratelimited": {"retry_after": ((int, float), 2)},
    "error": {"error": (str, "internal_error")},
    "socket_cut": {},
    "socket_silent": {"seconds": ((int, float), 5)},
    "socket_refresh": {},
    "deliver_twice": {"copies": (int, 2)},
}
AT_ONCE = {"socket_cut", "socket_silent", "socket_refresh"}


class FaultError(ValueError):
    """The fault asked for makes no sense; the message says why."""


@dataclass
class Fault:
    """One rule: `times` is how often it still strikes (None: until removed), `share` which part of the calls."""

    kind: str
    method: str
    times: int | None
    share: float
    options: Json
    dice: random.Random
    id: str = field(default_factory=lambda: ids.new_id("X"))
    struck: int = 0

    def strikes(self) -> bool:
        """Whether it strikes this time; counts when it does."""
        if self.times == 0 or (self.share < 1 and self.dice.random() >= self.share):
            return False
        self.struck += 1
        if self.times is not None:
            self.times -= 1
        return True

    def as_json(self) -> Json:
        """As `GET /faults` tells it."""
        core = {"id": self.id, "kind": self.kind, "method": self.method, "times": self.times, "share": self.share}
        return core | self.options | {"struck": self.struck}


def parse(body: Json) -> Fault:
    """A rule from `POST /faults`; FaultError when something in it is unknown or of the wrong kind."""
    kind = body.get("kind")
    if not isinstance(kind, str) or kind not in _OPTIONS:
        raise FaultError(f"`kind` must be one of {', '.join(_OPTIONS)}.")
    known = _OPTIONS[kind]
    if extra := set(body) - {"kind", "method", "times", "share", "seed"} - set(known):
        raise FaultError(f"Unknown for {kind}: {', '.join(sorted(extra))}.")
    options = {}
    for name, (wanted, default) in known.items():
        value = body.get(name, default)
        if not isinstance(value, wanted) or (isinstance(value, int | float) and value < 0):
            raise FaultError(f"`{name}` cannot be {value!r}.")
        options[name] = value
    times, share = body.get("times", None if kind == "deliver_twice" else 1), body.get("share", 1)
    if not (times is None or (isinstance(times, int) and times >= 1)):
        raise FaultError("`times` is a whole number from 1, or null for `until removed`.")
    if not isinstance(share, int | float) or not 0 < share <= 1:
        raise FaultError("`share` is a number above 0, at most 1.")
    method, seed = body.get("method", "*"), body.get("seed", 0)
    if not isinstance(method, str) or not isinstance(seed, int):
        raise FaultError("`method` is a method's name or *, `seed` a whole number.")
    # The same seed strikes the same calls: that is the point, no secret hangs on it.
    return Fault(kind, method, times, share, options, random.Random(seed))  # noqa: S311 - see above


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def striking(self, method: str) -> list[Fault]:
        """The rules that strike this Web API call."""
        if not self.rules:
            return []
        struck = [
            rule for rule in self.rules if rule.method in (method, "*") and rule.kind in _CALLS and rule.strikes()
        ]
        self._tidy()
        return struck

    def copies(self) -> int:
        """How often the next envelope is delivered."""
        for rule in self.rules:
            if rule.kind == "deliver_twice" and rule.strikes():
                self._tidy()
                return int(rule.options["copies"])
        return 1

    def _tidy(self) -> None:
        self.rules = [rule for rule in self.rules if rule.times != 0]


_CALLS = set(_OPTIONS) - AT_ONCE - {"deliver_twice"}
