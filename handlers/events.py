"""Events: the list, one event in full, calling it off."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community import events, reminders, rsvp
from community.records import Role
from handlers import event_list, home, modals
from handlers.event_news import follow_cancelled, seen
from handlers.payloads import is_modal, number_of, pressed, row_id, value_of
from handlers.work import work
from views import event_details, event_news, event_replies


def register(app: App) -> None:
    """Take the buttons of an event that is planned."""
    app.action("event.open")(show)
    app.action("event.replies")(show_replies)
    app.action("event.cancel")(cancel)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis events`: the next ones, each with the person's reply and what they may do."""
    with work(context, body) as w:
        w.whisper(event_list.render(w))


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open the event in full."""
    with work(context, body) as w:
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        view = event_details.details(w.member, seen(w, event), w.now)
    modals.show(context, body, view, push=is_modal(body))


def show_replies(body: dict[str, Any], context: BoltContext) -> None:
    """Open who replied what, for an organizer."""
    with work(context, body) as w:
        w.require(Role.organizer)
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        replied = [event_replies.Replied(member.name, row) for member, row in rsvp.rows(w.session, event)]
        silent = [member.name for member in reminders.undecided(w.session, event)]
        view = event_replies.replies_view(w.member, event, replied, silent)
    modals.show(context, body, view, push=is_modal(body))


def cancel(body: dict[str, Any], context: BoltContext) -> None:
    """Call the event off and tell everybody concerned."""
    event_id, version = _numbered(value_of(pressed(body)))
    with work(context, body) as w:
        event = events.cancel(w.session, w.member, event_id, version, w.now)
        told = follow_cancelled(w, event)
        text = event_news.called_off(w.member, event, told)
        event_list.say(w, body, text)
        home.refresh(w)
        view = event_details.details(w.member, seen(w, event), w.now, text)
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], view)


def _numbered(value: str) -> tuple[int, int]:
    """Event id and version from a button's value; zeros, which nothing has, when it is none."""
    first, _, second = value.partition(":")
    return row_id(first), row_id(second)
