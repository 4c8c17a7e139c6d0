"""Slack's rate limits: a full bucket allows the short bursts that Slack allows, then the tier's pace holds."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

# Calls a minute by tier; "special" has rules of its own and here the pace of Slack's most generous methods.
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100, 5: 600}
CHANNEL_BURST = 10  # messages to one channel before "about one a second" holds
POSTS_PER_MINUTE = 600  # to all channels together: "several hundred"


@dataclass
class _Bucket:
    size: float
    per_second: float
    level: float
    at: float

    def take(self, now: float) -> float:
        """Take one; returns the seconds until one is there, 0 when it was taken."""
        self.level = min(self.size, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class Limits:
    """All buckets; `on` can be switched while running."""

    def __init__(self, *, on: bool = True) -> None:
        self.on = on
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait(self, method: str, tier: int, channel: str | None = None) -> int:
        """Whole seconds until the call may be made, 0 when it may be made now.

        chat.postMessage counts by channel and by workspace, every other method by its tier.
        """
        if not self.on:
            return 0
        if method == "chat.postMessage":
            wanted = [(channel or "", CHANNEL_BURST, 1.0), ("", POSTS_PER_MINUTE, POSTS_PER_MINUTE / 60)]
        else:
            wanted = [("", PER_MINUTE[tier], PER_MINUTE[tier] / 60)]
        now = time.monotonic()
        for key, size, pace in wanted:
            bucket = self._buckets.get((method, key))
            if bucket is None:
                bucket = self._buckets[method, key] = _Bucket(size, pace, size, now)
            seconds = bucket.take(now)
            if seconds > 0:
                return math.ceil(seconds)
        return 0
