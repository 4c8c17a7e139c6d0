"""Whether a message is in Slack already: its key is looked up in the conversation it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from delivery.calls import TOKEN_CODES, Done, Limited, NotSent, Outcome, Refused, Unknown

EVENT_TYPE = "praxis_delivery"
_SKEW = timedelta(minutes=10)  # how far Slack's clock may be from ours
_PAGE = 200


@dataclass(frozen=True)
class Found:
    """It is there."""

    ts: str


@dataclass(frozen=True)
class Absent:
    """It is not there."""


@dataclass(frozen=True)
class Impossible:
    """Slack does not let us look: nobody but a person can tell."""

    code: str


Findings = Found | Absent | Impossible | Refused | Limited | NotSent | Unknown


def metadata(key: str) -> dict[str, Any]:
    """What a message carries so that it can be found again; people do not see it."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def find(
    call: Callable[..., Outcome],
    *,
    channel: str,
    thread_ts: str | None,
    key: str,
    since: datetime,
    files: Collection[str] = (),
) -> Findings:
    """Look for the message with that key, or one of those files, among those posted after `since`.

    `call` makes a call to Slack.

    Refused stands only for a token at fault; Limited, NotSent and Unknown mean that it can be tried again later.
    """
    oldest = f"{(since - _SKEW).timestamp():.6f}"
    cursor: str | None = None
    while True:
        outcome = call(
            method_for(thread_ts),
            form=True,
            channel=channel,
            ts=thread_ts,
            oldest=oldest,
            limit=_PAGE,
            include_all_metadata=1,
            cursor=cursor,
        )
        if isinstance(outcome, Refused):
            # A thread whose first message is gone has no replies either.
            if outcome.code == "thread_not_found":
                return Absent()
            return outcome if outcome.code in TOKEN_CODES else Impossible(outcome.code)
        if not isinstance(outcome, Done):
            return outcome
        for message in outcome.response.get("messages") or ():
            if _key_of(message) == key or _files_of(message).intersection(files):
                return Found(str(message["ts"]))
        cursor = (outcome.response.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Absent()


def method_for(thread_ts: str | None) -> str:
    """The method by which a message of the conversation, or of a thread in it, is looked up."""
    return "conversations.replies" if thread_ts else "conversations.history"


def _key_of(message: dict[str, Any]) -> str | None:
    carried = message.get("metadata") or {}
    if carried.get("event_type") != EVENT_TYPE:
        return None
    return (carried.get("event_payload") or {}).get("key")


def _files_of(message: dict[str, Any]) -> set[str]:
    return {str(file.get("id")) for file in message.get("files") or ()}
