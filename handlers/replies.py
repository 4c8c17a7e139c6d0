"""Answering where something was pressed, through the address that Slack gave with the press.

It is the only way into a conversation that the bot is not part of, and to change a message that one person alone sees.
Such messages are not stored and not guaranteed by Slack, so they do without the outbox.
"""

from __future__ import annotations

from typing import Any
from urllib.error import URLError

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from handlers.payloads import Body, place_of
from handlers.profiles import PATIENCE_S

log = structlog.get_logger("praxis.replies")


def is_private(body: Body) -> bool:
    """Whether an answer belongs there: a message shortcut, or a button on a message that one person alone sees."""
    return bool(body.get("response_url")) and (
        body.get("type") == "message_action" or place_of(body).container == "ephemeral"
    )


def send(body: Body, payload: dict[str, Any], *, replace: bool) -> bool:
    """Show `payload` to the person alone, in place of what they pressed or below it; False when it failed."""
    try:
        client = WebhookClient(str(body["response_url"]), timeout=PATIENCE_S)
        answer = client.send_dict({**payload, "response_type": "ephemeral", "replace_original": replace})
    except (SlackClientError, URLError, OSError) as error:
        log.warning("reply.failed", user=place_of(body).user, error=type(error).__name__)
        return False
    if answer.status_code != 200:
        log.warning("reply.refused", user=place_of(body).user, status=answer.status_code)
    return answer.status_code == 200
