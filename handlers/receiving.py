"""What Slack sends is written down before it is acknowledged: a crash loses nothing, and nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt import App, BoltContext, BoltResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from community.records import Member
from delivery import inbox
from delivery.inbox import Receipt
from handlers import news, trouble
from handlers.acks import Given, PromptAck
from handlers.news import News
from handlers.payloads import REPLAYED, SPOKEN_SUBTYPES, Body, event_of, key_of, kind_of
from handlers.services import Services
from knowledge.records import Question
from storage.errors import StorageError

log = structlog.get_logger("praxis.receiving")

AT_ONCE = 200  # rows of the inbox taken up again in one go

# Their listeners have nothing to say in the acknowledgement: it need not wait for them.
ANSWERED_IN_ACK = {"command", "view_submission"}
ACKED_BLIND = {"block_actions", "shortcut", "message_action", "view_closed"}
KNOWN_EVENTS = {
    "app_mention",
    "app_home_opened",
    "member_joined_channel",
    "member_left_channel",
    "message",
    "team_join",
    "user_change",
}


def write_down(services: Services, told: News) -> Callable[..., BoltResponse | None]:
    """A global middleware that lets each thing through once, and only after it is safely in the inbox.

    Puts `services` and `inbox_key` into the context. What comes again is acknowledged and goes no further, as does what
    has no effect for us and news, which `told` takes up. A replay passes: it is in the inbox already.
    """

    given = Given()

    def middleware(context: BoltContext, body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse | None:
        context["services"], context["ack"] = services, PromptAck()
        key = context["inbox_key"] = context.get(REPLAYED) or key_of(body)
        if REPLAYED not in context:
            try:
                if not concerns_us(services, body):
                    return BoltResponse(status=200, body="")
                if key and (response := _write(services, given, key, context, body)):
                    return response
                if key and kind_of(body) in news.KINDS:
                    told.put(key, body)
                    return BoltResponse(status=200, body="")
            except (StorageError, SQLAlchemyError) as error:
                log.error("receive.failed", kind=kind_of(body), error=type(error).__name__)
                return trouble.without_database(services, context, body)
        if REPLAYED in context or kind_of(body) in ACKED_BLIND:
            context.ack()
        return next()

    return middleware


def _write(
    services: Services, given: Given, key: str, context: BoltContext, body: dict[str, Any]
) -> BoltResponse | None:
    """Write the request down; when it was there already, the acknowledgement that another delivery of it is given."""
    earlier = given.begin(key, context["ack"]) if kind_of(body) in ANSWERED_IN_ACK else None
    if services.inbox.receive(key, kind_of(body), _without_secrets(body)) is Receipt.new:
        if earlier:
            given.keep(key, context["ack"])
        return None
    log.info("receive.again", key=key, kind=kind_of(body))
    return (earlier.wait() if earlier else None) or BoltResponse(status=200, body="")


def concerns_us(services: Services, body: Body) -> bool:
    """Whether somebody did something that we answer or note; other people's talk is not ours to keep."""
    if body.get("type") != "event_callback":
        return True
    event = event_of(body)
    kind = event.get("type")
    if kind not in KNOWN_EVENTS:
        return False
    if kind == "app_home_opened":
        return bool(event.get("tab", "home") == "home")
    if kind not in ("message", "app_mention"):
        return True
    if event.get("bot_id") or not event.get("user") or event.get("subtype") not in SPOKEN_SUBTYPES:
        return False
    if kind == "app_mention" or event.get("channel_type") == "im":
        return True
    return _continues_thread(services, event)


def _continues_thread(services: Services, event: Body) -> bool:
    """Whether the asker goes on in the thread of their question, and not to somebody else.

    A mention of the bot comes as an event of its own.
    """
    thread = event.get("thread_ts")
    if not thread or "<@" in str(event.get("text") or ""):
        return False
    with services.database.read() as session:
        asked = (
            select(Question.id)
            .join(Member, Member.id == Question.member_id)
            .where(
                Question.community_id == services.community_id,
                Question.channel == event.get("channel"),
                Question.thread_ts == thread,
                Member.slack_user_id == event["user"],
            )
        )
        return session.scalar(asked.limit(1)) is not None


def _without_secrets(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "token"}


def replay(app: App, services: Services, told: News, *, all_open: bool = False) -> int:
    """Take up again what was written down and not finished; returns how many.

    With `all_open`, at start: whatever is open, also what another process of a past life held.
    """
    now = datetime.now(UTC)
    rows = inbox.unfinished(
        services.database, now, community_id=services.community_id, all_open=all_open, limit=AT_ONCE
    )
    for key, kind, body in rows:
        log.info("receive.replay", key=key, kind=kind)
        if kind in news.KINDS:
            told.put(key, body)
        else:
            trouble.again(app, key, body)
    return len(rows)
