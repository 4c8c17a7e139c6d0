"""`/praxis help`."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from handlers.work import work
from views import help as view


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """What this person can do, in their language."""
    with work(context, body) as w:
        w.whisper(view.overview(w.locale, w.roles))
