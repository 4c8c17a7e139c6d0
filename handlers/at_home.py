"""What is pressed in App Home, where messages are not seen: a window says at once what happened, or where it went."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt import BoltContext
from slack_sdk.errors import SlackClientError

from handlers.payloads import Body, is_home, place_of
from handlers.profiles import impatient, manner
from views import at_home as view

log = structlog.get_logger("praxis.home")


def say(context: BoltContext, body: Body, sentence: str) -> None:
    """Show the sentence, which was sent as a message too, to whoever pressed something in Home; elsewhere do nothing.

    Call it after the transaction. Where no window opens any more, the message is all there is.
    """
    if is_home(body):
        _open(context, body, view.said(manner(context["services"], place_of(body).user).locale, sentence))


def point(context: BoltContext, body: Body, what: str) -> None:
    """Say that `what`, one of `views.at_home.SENT`, is in the person's messages. As `say` otherwise."""
    if is_home(body):
        _open(context, body, view.sent(manner(context["services"], place_of(body).user).locale, what))


def _open(context: BoltContext, body: Body, window: dict[str, Any]) -> None:
    try:
        impatient(context.client).views_open(trigger_id=str(body.get("trigger_id")), view=window)
    except (SlackClientError, OSError) as error:
        log.info("home.not_said", user=place_of(body).user, error=type(error).__name__)
