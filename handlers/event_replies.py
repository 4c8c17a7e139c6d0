"""Going and Not going, wherever the button is: on the card, in a list, in a message, in a modal, at Home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltContext

from community import rsvp
from community.records import Reply
from handlers import event_list, modals
from handlers.event_news import refresh_card, seen, tell_promoted
from handlers.payloads import is_modal, number_of, pressed
from handlers.work import work
from views import event_details, event_news


def register(app: App) -> None:
    """Take both buttons."""
    app.action("rsvp.going")(_replying(Reply.going))
    app.action("rsvp.not_going")(_replying(Reply.not_going))


def _replying(reply: Reply) -> Callable[[dict[str, Any], BoltContext], None]:
    def listener(body: dict[str, Any], context: BoltContext) -> None:
        event_id = number_of(pressed(body))
        with work(context, body) as w:
            before = rsvp.mine(w.session, event_id, w.member.id)
            answer = rsvp.respond(w.session, w.member, event_id, reply, w.now)
            if answer.reply is not before:
                refresh_card(w, answer.event)
            tell_promoted(w, answer.event, answer.promoted)
            text = event_news.replied(w.member, answer, before)
            view = event_details.details(w.member, seen(w, answer.event), w.now, text)
            event_list.say(w, body, text)
        if is_modal(body):
            modals.update(context, body, body["view"]["id"], view)

    return listener
