"""What is done in Slack for one claimed row, and what is known of it afterwards."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from delivery import attachments, lookup
from delivery.calls import TOKEN_CODES, Done, Limited, NotSent, Outcome, Refused, Unknown, call
from delivery.claims import Claim, Rest, Settlement
from delivery.records import Method, OutboxState
from delivery.statements import EVERYWHERE, UPLOAD_URL

MOST_BACKOFF_S = 300.0
TRIES_IN_DOUBT = 8


@dataclass(frozen=True)
class Timing:
    """How long things take, in seconds. The lease leaves room for one call and for Slack to be late with it.

    `margin` must hold a call from its beginning to the moment Slack has acted on it: look-up of the name, connection,
    request. `lag` is how late Slack may act on a call whose connection broke. `backoff` is the wait after a first
    failure; it doubles with each. `update_pace` is the least time between two changes of one message.
    """

    lease: float = 60.0
    margin: float = 40.0
    lag: float = 15.0
    backoff: float = 1.0
    update_pace: float = 1.2
    poll: float = 1.0
    token_check: float = 30.0

    @property
    def lease_delta(self) -> timedelta:
        """The lease as a timedelta."""
        return timedelta(seconds=self.lease)


class TokenRefused(Exception):
    """Slack does not accept the token: no row is at fault and none may fail for it."""

    def __init__(self, code: str, settlement: Settlement) -> None:
        super().__init__(code)
        self.code = code
        self.settlement = settlement


def monotonic() -> float:
    """Seconds on a clock that nobody sets and that goes on while the machine sleeps, where there is such a clock."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return float(time.clock_gettime(time.CLOCK_BOOTTIME))
    return time.monotonic()


class Poster:
    """Carries out claims, one at a time for each thread that calls it."""

    def __init__(self, client: WebClient, timing: Timing, now: Callable[[], float] = monotonic) -> None:
        self._client = client
        self._timing = timing
        self._now = now
        self._dice = random.Random()  # noqa: S311  # no secret
        # What Slack asked of this process; the pause on record tells the others, but only with the next commit.
        self._resting: dict[tuple[str, str], float] = {}

    def carry_out(self, claim: Claim) -> Settlement:
        """Do in Slack what the claim says. Raises TokenRefused."""
        match claim.method:
            case Method.post:
                return self._post(claim)
            case Method.ephemeral:
                return self._ephemeral(claim)
            case Method.update:
                arguments = {"channel": claim.channel, "ts": claim.ts, **claim.payload}
                return self._repeatable(claim, arguments, self._timing.update_pace)
            case Method.publish:
                return self._repeatable(claim, {"user_id": claim.user, "view": claim.payload}, 0.0)
            case Method.upload:
                return self._share(claim) if claim.uploaded else self._bring(claim)

    def _post(self, claim: Claim) -> Settlement:
        opened: str | None = None
        if claim.channel is None:
            outcome = self._call("conversations.open", users=claim.user)
            if not isinstance(outcome, Done):
                doubtful = claim.in_doubt_since is not None
                return self._unposted(claim, outcome, Rest("conversations.open", EVERYWHERE, 0), doubtful=doubtful)
            opened = str(outcome.response["channel"]["id"])
        channel = claim.channel or opened or ""
        known = self._look_up(claim, channel)
        settlement = known if isinstance(known, Settlement) else self._say(claim, channel, doubtful=known)
        return replace(settlement, channel=settlement.channel or opened)

    def _look_up(self, claim: Claim, channel: str) -> Settlement | bool:
        """What a look-up settles about a row that was attempted before, or whether doubt remains in posting it."""
        if claim.in_doubt_since is None:
            return False
        found = lookup.find(
            self._call,
            channel=channel,
            thread_ts=claim.thread_ts,
            key=claim.key,
            files=claim.uploaded or (),
            since=claim.in_doubt_since,
        )
        match found:
            case lookup.Found(ts):
                return Settlement(claim, OutboxState.sent, channel=channel, ts=ts)
            case lookup.Absent():
                return False
            case lookup.Impossible(code):
                if claim.insisted:
                    return True
                return Settlement(claim, OutboxState.parked, error=f"look-up: {code}", in_doubt=True)
            case _:
                rest = Rest(lookup.method_for(claim.thread_ts), EVERYWHERE, 0)
                return self._unposted(claim, found, rest, doubtful=True)

    def _say(self, claim: Claim, channel: str, *, doubtful: bool) -> Settlement:
        arguments = _with_files(claim, channel) if claim.method == Method.upload else _message(claim, channel)
        outcome = self._call_in_time(claim, arguments)
        if isinstance(outcome, Refused) and outcome.code == "not_in_channel" and channel.startswith("C"):
            # A public channel that the bot was never invited to.
            joined = self._call("conversations.join", channel=channel)
            if isinstance(joined, Done):
                outcome = self._call_in_time(claim, arguments)
        if outcome is None:
            return _untried(claim)
        if isinstance(outcome, Done):
            # Of a message with files Slack does not tell the ts.
            where = {"channel": channel, "ts": None} if claim.method == Method.upload else outcome.response
            return Settlement(claim, OutboxState.sent, channel=where["channel"], ts=where["ts"])
        if isinstance(outcome, Unknown):
            if claim.attempts >= TRIES_IN_DOUBT:
                return Settlement(claim, OutboxState.parked, error=outcome.reason, in_doubt=True)
            # Slack may still be about to act on it.
            delay = max(self._timing.lag, self._backoff(claim))
            return Settlement(claim, OutboxState.pending, error=outcome.reason, delay=delay, in_doubt=True)
        place = EVERYWHERE if claim.method == Method.upload else channel
        return self._unposted(claim, outcome, Rest(claim.method.value, place, 0), doubtful=doubtful)

    def _bring(self, claim: Claim) -> Settlement:
        """Have Slack hold the files; nobody sees them yet, so what goes wrong here is simply done again."""
        ids: list[str] = []
        for file in claim.payload["files"]:
            data = attachments.content(file)
            alt = file["alt"] or None
            outcome = self._call(UPLOAD_URL, form=True, filename=file["name"], length=len(data), alt_txt=alt)
            sent = (
                attachments.send(self._client, str(outcome.response["upload_url"]), data)
                if isinstance(outcome, Done)
                else outcome
            )
            if sent is not None or not isinstance(outcome, Done):
                return self._unposted(claim, sent, Rest(UPLOAD_URL, EVERYWHERE, 0))
            ids.append(str(outcome.response["file_id"]))
        # The ids are written down before anything is shared: by them a shared file is found again.
        return Settlement(claim, OutboxState.pending, untried=True, insisted=claim.insisted, uploaded=ids)

    def _share(self, claim: Claim) -> Settlement:
        settlement = self._post(claim)
        if settlement.error != "file_not_found":
            return settlement
        # Slack has let go of the files. They are brought again where they certainly were never shared, or a person
        # wants that all the same; else it is for a person to say so.
        if (claim.in_doubt_since is None or claim.insisted) and claim.attempts < TRIES_IN_DOUBT:
            again = replace(settlement, state=OutboxState.pending, in_doubt=False, insisted=claim.insisted)
            return replace(again, expired=True, delay=self._backoff(claim))
        return replace(settlement, expired=True)

    def _ephemeral(self, claim: Claim) -> Settlement:
        if claim.in_doubt_since is not None and not claim.insisted:
            return Settlement(claim, OutboxState.parked, error="interrupted", in_doubt=True)
        outcome = self._call_in_time(
            claim,
            {**claim.payload, "channel": claim.channel, "user": claim.user, "thread_ts": claim.thread_ts},
        )
        if outcome is None:
            return _untried(claim)
        if isinstance(outcome, Done):
            return Settlement(claim, OutboxState.sent, channel=claim.channel)
        if isinstance(outcome, Unknown):
            return Settlement(claim, OutboxState.parked, error=outcome.reason, in_doubt=True)
        return self._unposted(claim, outcome, Rest(Method.ephemeral.value, EVERYWHERE, 0))

    def _repeatable(self, claim: Claim, arguments: dict[str, Any], pace: float) -> Settlement:
        """A call that may be made twice: it says how something is to look, not that something is to be added."""
        outcome = self._call_in_time(claim, arguments)
        if outcome is None:
            return _untried(claim)
        if isinstance(outcome, Done):
            return Settlement(claim, OutboxState.sent, delay=pace)
        return self._unposted(claim, outcome, Rest(claim.method.value, EVERYWHERE, 0))

    def _call_in_time(self, claim: Claim, arguments: dict[str, Any]) -> Outcome | None:
        # Nothing may come between this look at the clock and the call: past it, somebody else may hold the row.
        if self._now() >= claim.deadline:
            return None
        return self._call(claim.method.value, **arguments)

    def _call(self, method: str, **arguments: Any) -> Outcome:
        """Call Slack, unless it asked this process to leave the method alone for longer."""
        where = str(arguments["channel"]) if method == Method.post.value else EVERYWHERE
        left = self._resting.get((method, where), 0.0) - self._now()
        if left > 0:
            return Limited(left)
        outcome = call(self._client, method, **arguments)
        if isinstance(outcome, Limited):
            self._resting[method, where] = self._now() + outcome.seconds
        return outcome

    def _unposted(self, claim: Claim, outcome: object, rest: Rest, *, doubtful: bool = False) -> Settlement:
        """The settlement of a call that did not post. `rest` names the method called, and where.

        `doubtful`: an earlier attempt may have posted all the same.
        """
        match outcome:
            case Limited(seconds):
                settlement = _untried(claim, "ratelimited", doubtful=doubtful)
                return replace(settlement, delay=seconds, rest=replace(rest, seconds=seconds))
            case Refused(code) if code in TOKEN_CODES:
                raise TokenRefused(code, _untried(claim, code))
            case Refused(code):
                state = OutboxState.parked if doubtful else OutboxState.failed
                return Settlement(claim, state, error=code, in_doubt=doubtful)
            case NotSent(reason) | Unknown(reason):
                delay = self._backoff(claim)
                return Settlement(
                    claim,
                    OutboxState.pending,
                    error=reason,
                    delay=delay,
                    in_doubt=doubtful,
                    insisted=claim.insisted,
                )
            case _:
                raise TypeError(f"{type(outcome).__name__} is no outcome of a call")

    def _backoff(self, claim: Claim) -> float:
        # Spread, so that what failed together does not come back together.
        spread = self._dice.uniform(0.75, 1.25)
        return min(MOST_BACKOFF_S, self._timing.backoff * 2.0 ** min(claim.attempts - 1, 16)) * spread


def _message(claim: Claim, channel: str) -> dict[str, Any]:
    place = {"channel": channel, "thread_ts": claim.thread_ts}
    return {**claim.payload, **place, "metadata": lookup.metadata(claim.key)}


def _with_files(claim: Claim, channel: str) -> dict[str, Any]:
    titles = [file["title"] for file in claim.payload["files"]]
    return {
        "files": [{"id": file, "title": title} for file, title in zip(claim.uploaded or (), titles, strict=True)],
        "channel_id": channel,
        "thread_ts": claim.thread_ts,
        "initial_comment": claim.payload["text"],
    }


def _untried(claim: Claim, error: str | None = None, *, doubtful: bool | None = None) -> Settlement:
    """Back to where it was before it was claimed: nothing was posted under this claim."""
    if doubtful is None:
        doubtful = claim.in_doubt_since is not None
    return Settlement(claim, OutboxState.pending, error=error, in_doubt=doubtful, untried=True, insisted=claim.insisted)
