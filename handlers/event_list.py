"""The list of the next events, shown to one person alone and renewed in place."""

from __future__ import annotations

from community import events
from handlers import home, replies
from handlers.event_news import seen
from handlers.payloads import Body, is_home, is_modal, pressed
from handlers.work import Work
from views import event_details
from views.text import Block, message, section

SHOWN = 10


def render(w: Work, notice: str | None = None) -> Block:
    """The next events as the acting person finds them."""
    found = events.upcoming(w.session, w.community.id, w.now, SHOWN, each_series_once=True)
    listed = [seen(w, event) for event in found]
    return event_details.listing(w.member, listed, w.now, may_create=w.is_organizer, notice=notice)


def say(w: Work, body: Body, text: str, *more: Block) -> None:
    """Tell the person what their click did, where they made it: the list and Home show it, elsewhere a message does.

    `more` blocks go below it in a message. In a modal nothing is said here: the modal itself is to show it.
    """
    if is_home(body):
        home.refresh(w)
    elif replies.is_private(body) and str(pressed(body).get("block_id")).startswith("events:"):
        w.replace(render(w, text), of="")
    elif not is_modal(body):
        w.whisper(message(text, [section(text), *more] if more else ()))
