"""Events in people's own calendars: as a file, and as an address to subscribe to."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext

from community import calendars, events
from delivery import outbox
from delivery.attachments import File
from handlers import modals
from handlers.payloads import is_modal, number_of, pressed
from handlers.work import work
from views import calendars as view

FEED_PATH = "/calendar/"
SUFFIX = ".ics"


def register(app: App) -> None:
    """Take the buttons."""
    app.action("event.calendar")(send)
    app.action("calendar.open")(show)
    app.action("calendar.make")(make)
    app.action("calendar.stop")(stop)


def send(body: dict[str, Any], context: BoltContext) -> None:
    """Send the person the event's file, and from now on a new one whenever it changes."""
    from reports import calendars as files  # its library takes a sixth of a second, which a start need not wait for

    with work(context, body) as w:
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        calendars.take(w.session, w.member, event, w.now)
        content = files.single(event, w.community.name, w.locale)
        outbox.upload(
            w.session,
            community_id=w.community.id,
            key=f"calendar:{event.id}:{w.member.id}:{w.key}"[:200],
            text=view.with_file(w.member, event),
            files=[File(files.file_name(event), content)],
            user=w.member.slack_user_id,
            subject=f"event:{event.id}",
        )


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open what the person can do about their calendar."""
    with work(context, body) as w:
        since = calendars.feed_since(w.session, w.member)
        page = view.page(w.member, since, possible=w.services.public_url is not None)
    modals.show(context, body, page, push=is_modal(body))


def make(body: dict[str, Any], context: BoltContext) -> None:
    """Give the person's calendar a new secret address, shown in the window and kept nowhere."""
    with work(context, body) as w:
        base = w.services.public_url
        if base is None:
            page = view.page(w.member, None, possible=False)
        else:
            token = calendars.open_feed(w.session, w.member, w.now)
            page = view.made(w.member, f"{base}{FEED_PATH}{token}{SUFFIX}")
    _show(body, context, page)


def stop(body: dict[str, Any], context: BoltContext) -> None:
    """Take the address away: from now on there is nothing under it."""
    with work(context, body) as w:
        calendars.close_feed(w.session, w.member)
        page = view.page(w.member, None, possible=w.services.public_url is not None)
    _show(body, context, page)


def _show(body: dict[str, Any], context: BoltContext, page: dict[str, Any]) -> None:
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], page)
    else:
        modals.show(context, body, page)
