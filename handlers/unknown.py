"""What no other module takes: acknowledged, so that Slack does not send it again; whoever waits is told."""

from __future__ import annotations

import re
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext

from handlers.payloads import kind_of, place_of, pressed
from handlers.work import work
from views import errors
from views.text import message

log = structlog.get_logger("praxis.unknown")

ANYTHING = re.compile(r"")


def register(app: App) -> None:
    """Take what is left; to be registered last."""
    app.event(ANYTHING)(let_go)
    app.action(ANYTHING)(pressed_unknown)
    app.shortcut(ANYTHING)(pressed_unknown)
    app.command(ANYTHING)(pressed_unknown)
    app.view_submission(ANYTHING)(pressed_unknown)
    app.view_closed(ANYTHING)(let_go)
    app.options(ANYTHING)(no_options)


def let_go(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Nothing to do and nobody waiting."""
    ack()
    with work(context, body):
        log.debug("unknown.let_go", kind=kind_of(body))


def pressed_unknown(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """A button of an older message or of a hand-made one: say so kindly."""
    action = pressed(body).get("action_id") or body.get("callback_id") or (body.get("view") or {}).get("callback_id")
    log.warning("unknown.pressed", kind=kind_of(body), action=str(action)[:100], user=place_of(body).user)
    with work(context, body) as w:
        w.whisper(message(errors.say(errors.UNKNOWN_BUTTON, w.locale)))
    ack()


def no_options(ack: Ack) -> None:
    """A list that nobody fills is empty."""
    ack(options=[])
