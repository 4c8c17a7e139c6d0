"""Going, Maybe and Not going, wherever the button is: on the card, in a list, in a message, in a modal, at Home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import events, rsvp
from community.records import Reply, Seat
from handlers import event_list, modals
from handlers.event_news import refresh_card, seen, tell_offered
from handlers.payloads import is_modal, number_of, pressed, row_id
from handlers.work import submission, work
from views import event_details, event_news
from views.entered import input_values


def register(app: App) -> None:
    """Take the buttons, and the reason of whoever does not come."""
    app.action("rsvp.going")(_replying(Reply.going))
    app.action("rsvp.online")(_replying(Reply.going, Seat.online))
    app.action("rsvp.maybe")(_replying(Reply.maybe))
    app.action("rsvp.not_going")(_replying(Reply.not_going))
    app.action("rsvp.reason")(ask_reason)
    app.view("rsvp.reason")(keep_reason)


def _replying(reply: Reply, seat: Seat = Seat.room) -> Callable[[dict[str, Any], BoltContext], None]:
    def listener(body: dict[str, Any], context: BoltContext) -> None:
        event_id = number_of(pressed(body))
        with work(context, body) as w:
            before = rsvp.row_of(w.session, event_id, w.member.id)
            was = (before.reply, before.seat) if before else (None, seat)
            answer = rsvp.respond(w.session, w.member, event_id, reply, w.now, seat)
            if (answer.reply, answer.seat) != was:
                refresh_card(w, answer.event)
            tell_offered(w, answer.event, answer.offered)
            text = event_news.replied(w.member, answer, was[0])
            view = event_details.details(w.member, seen(w, answer.event), w.now, text)
            more = [event_news.why_not(w.member, answer.event)] if answer.reply is Reply.not_going else []
            event_list.say(w, body, text, *more)
        if is_modal(body):
            modals.update(context, body, body["view"]["id"], view)

    return listener


def ask_reason(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for why one does not come, with what was said before."""
    with work(context, body) as w:
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        row = rsvp.row_of(w.session, event.id, w.member.id)
        view = event_news.reason_form(w.member, event, row.reason if row else None)
    modals.show(context, body, view, push=is_modal(body))


def keep_reason(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Write down why; organizers see it in the list of replies."""
    reason = str(input_values(body["view"]["state"]).get("reason") or "")
    with submission(context, body, ack) as w:
        event_id = row_id(body["view"].get("private_metadata"))
        event = rsvp.give_reason(w.session, w.member, event_id, reason, w.now)
        if reason.strip():
            w.message(event_news.reason_kept(w.member, event))
