"""Opening a modal, which Slack allows for three seconds after a press."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt import BoltContext
from slack_sdk.errors import SlackApiError, SlackClientError

from handlers.payloads import Body, place_of
from handlers.profiles import impatient, manner
from handlers.trouble import tell
from views import errors

log = structlog.get_logger("praxis.modals")


def show(context: BoltContext, body: Body, view: dict[str, Any], *, push: bool = False) -> str | None:
    """Open a modal for what the person pressed, or put it on top of the one it was pressed in; returns the view's id.

    Slack stacks three: on top of the third it takes the third's place.
    Call it after the transaction, not in it: it talks to Slack. When too much time went by, or the press is taken up
    again after a crash, the person is asked to press again and None is returned.
    """
    user = place_of(body).user
    try:
        client = impatient(context.client)
        if push and _is_third(body):
            return str(client.views_update(view_id=body["view"]["id"], view=view)["view"]["id"])
        call = client.views_push if push else client.views_open
        return str(call(trigger_id=str(body.get("trigger_id")), view=view)["view"]["id"])
    except (SlackClientError, OSError) as error:
        code = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
        log.warning("modal.not_opened", user=user, view=view.get("callback_id"), error=code)
        tell(context, body, errors.say(errors.PRESS_AGAIN, manner(context["services"], user).locale), settled=True)
        return None


def _is_third(body: Body) -> bool:
    """Whether the modal in which something was pressed lies on two others."""
    pressed_in = body.get("view") or {}
    below = pressed_in.get("previous_view_id")
    return bool(below) and below != pressed_in.get("root_view_id")


def update(context: BoltContext, body: Body, view_id: str, view: dict[str, Any]) -> bool:
    """Replace a modal's content; False when it is no longer open."""
    try:
        impatient(context.client).views_update(view_id=view_id, view=view)
        return True
    except (SlackClientError, OSError) as error:
        code = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
        log.warning("modal.not_updated", user=place_of(body).user, view=view.get("callback_id"), error=code)
        return False
