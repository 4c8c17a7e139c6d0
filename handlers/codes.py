"""The check-in code: shown by a facilitator, typed by those in the room."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltContext

from community import attendance, codes, displays, events
from handlers import home, modals
from handlers.event_news import refresh_card, seen
from handlers.payloads import Body, is_modal, number_of, pressed, row_id
from handlers.work import Work, submission, work
from views import check_in
from views import codes as view
from views.entered import input_values
from views.event_details import details

PAGE_PATH = "/code/"


def register(app: App) -> None:
    """Take the buttons and the form."""
    app.action("event.code")(show)
    app.action("checkin.enter")(enter)
    app.view("checkin.code")(entered)


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Show the code from now on: on a card in the facilitator's conversation, and on a page where there is HTTP."""
    with work(context, body) as w:
        token = secrets.token_urlsafe(32) if w.services.public_url else None
        event_id = number_of(pressed(body))
        display, event = displays.show(w.session, w.member, event_id, w.now, opens=_opens(w, body), token=token)
        code = codes.shown(event, w.now)
        key = view.display_key(event.id, display.id)
        w.message(view.code_card(event, code), key=key, subject=f"event:{event.id}")
        page = f"{w.services.public_url}{PAGE_PATH}{token}" if token else None
        shown = view.showing(w.member, event, code, page)
    modals.show(context, body, shown, push=is_modal(body))


def _opens(w: Work, body: Body) -> str:
    """The address that opens Slack at the bot, in the app or in the browser."""
    found = {"app": str(body.get("api_app_id") or ""), "team": w.community.slack_team_id, "tab": "home"}
    return f"https://slack.com/app_redirect?{urlencode(found)}"[:300]


def enter(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for the code; pressed at Home, the code itself says which event it is."""
    with work(context, body) as w:
        event_id = number_of(pressed(body))
        form = view.enter_form(w.member, events.get(w.session, w.community.id, event_id) if event_id else None)
    modals.show(context, body, form, push=is_modal(body))


def entered(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Record the person as present or late; what is wrong with the code is said at the field."""
    digits = str(input_values(body["view"]["state"]).get("code") or "")
    event_id = row_id(body["view"].get("private_metadata") or "") or None
    with submission(context, body, ack) as w:
        done = attendance.check_in_with_code(w.session, w.member, digits, w.now, event_id=event_id)
        if done.first or done.seated:
            refresh_card(w, done.event)
        text = check_in.recorded(w.member, done)
        home.refresh(w)
        # Said in the window in which the code was typed: a message would be one more thing to read.
        w.answer(response_action="update", view=details(w.member, seen(w, done.event), w.now, text))
