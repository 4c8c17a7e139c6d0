"""Checking in: by button while it is open, or by the code that is shown at the event."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community import attendance
from handlers import event_list, modals
from handlers.event_news import refresh_card, seen
from handlers.payloads import is_modal, number_of, pressed
from handlers.work import work
from views import check_in as view
from views.event_details import details
from views.text import message


def register(app: App) -> None:
    """Take the button."""
    app.action("checkin.button")(by_button)


def by_button(body: dict[str, Any], context: BoltContext) -> None:
    """Record the person as present or late, and say which."""
    with work(context, body) as w:
        done = attendance.check_in(w.session, w.member, number_of(pressed(body)), w.now)
        if done.first or done.seated:
            refresh_card(w, done.event)
        text = view.recorded(w.member, done)
        shown = details(w.member, seen(w, done.event), w.now, text)
        event_list.say(w, body, text)
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], shown)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis checkin 482915`; without a code, how to use it."""
    with work(context, body) as w:
        if not rest:
            w.whisper(message(view.code_usage(w.member)))
            return
        done = attendance.check_in_with_code(w.session, w.member, rest, w.now)
        if done.first or done.seated:
            refresh_card(w, done.event)
        w.whisper(message(view.recorded(w.member, done)))
