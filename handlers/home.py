"""App Home: shown when opened, and again after whatever changes it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import events, people, waiting
from community.records import Role
from delivery import outbox, standing
from delivery.records import Outbox, OutboxState
from handlers import at_home, event_news
from handlers.payloads import number_of, pressed, value_of
from handlers.work import Work, work
from knowledge import entry_list, gaps
from views import help as help_view
from views import home as view

NEXT_EVENTS = 5


def register(app: App) -> None:
    """Take the opening of Home and what is pressed there."""
    app.event("app_home_opened")(opened)
    app.action("language.choose")(choose_language)
    app.action("notifications.choose")(choose_notifications)
    app.action("help.show")(show_help)
    app.action("delivery.retry")(retry)
    app.action("delivery.discard")(discard)


def refresh(w: Work) -> None:
    """Have the person's Home show how things stand now, once this is committed."""
    outbox.publish_home(w.session, community_id=w.community.id, user=w.member.slack_user_id, view=render(w))


def render(w: Work) -> dict[str, Any]:
    """The person's Home as things stand."""
    session, now = w.session, w.now
    found = events.upcoming(session, w.community.id, now, NEXT_EVENTS, each_series_once=True)
    seen = [event_news.seen(w, event) for event in found]
    desk = _desk(w) if w.is_organizer else None
    return view.view(w.member, seen, now, desk, waiting.mine(session, w.member))


def opened(context: BoltContext, body: dict[str, Any]) -> None:
    """Somebody opened Home."""
    with work(context, body) as w:
        refresh(w)


def choose_language(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """From now on in this language; Home follows at once."""
    ack()
    with work(context, body) as w:
        chosen = value_of(pressed(body))
        people.choose_locale(w.session, w.member, None if chosen == view.AS_IN_SLACK else chosen)
        refresh(w)


def choose_notifications(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Only what the person wants to be told unasked."""
    ack()
    wanted = {option.get("value") for option in pressed(body).get("selected_options") or ()}
    with work(context, body) as w:
        people.choose_notifications(
            w.session, w.member, reminders="reminders" in wanted, announcements="announcements" in wanted
        )
        refresh(w)


def show_help(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """What Praxis can do for this person, as a message."""
    ack()
    with work(context, body) as w:
        w.whisper(help_view.overview(w.locale, w.roles))
    at_home.point(context, body, "help")


def retry(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Send a message that did not arrive for certain once more."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        standing.retry(w.session, w.community.id, number_of(pressed(body)))
        refresh(w)


def discard(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Give up a message that did not arrive for certain."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        standing.discard(w.session, w.community.id, number_of(pressed(body)))
        refresh(w)


def _desk(w: Work) -> view.Desk:
    unanswered = gaps.page(w.session, w.community.id, limit=view.MOST_UNANSWERED)
    rows = standing.troubled(w.session, w.community.id, view.MOST_TROUBLES)
    waiting = entry_list.waiting(w.session, w.community.id, w.today)
    lost = w.services.answers is not None and w.services.answers.encoder_lost
    return view.Desk(unanswered.groups, [_trouble(row) for row in rows], waiting.drafts, waiting.due, lost)


def _trouble(row: Outbox) -> view.Trouble:
    """A row as an organizer may see it: what was said to one person alone stays between them."""
    subject = row.subject or row.key
    public = bool(row.subject) or (row.channel is not None and not row.channel.startswith("D") and row.user is None)
    return view.Trouble(
        id=row.id,
        parked=row.state is OutboxState.parked,
        subject=subject.partition(":")[0],
        channel=row.channel,
        user=row.user,
        text=str((row.payload or {}).get("text") or "") if public else "",
        error=row.last_error or "",
        since=row.created_at,
    )
