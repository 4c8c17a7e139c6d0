"""What delivery no longer needs: requests whose effect is long there, and the words of messages long sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Executable, Select, and_, delete, exists, func, or_, select, update

from delivery.records import Inbox, InboxState, Outbox, OutboxState, Payload
from storage import Database

KEEP = timedelta(days=14)  # Slack repeats an event for minutes; people ask about a delivery for days
BATCH = 500


@dataclass(frozen=True)
class Cleaned:
    """How many were removed or emptied."""

    requests: int
    messages: int
    payloads: int


def clean(database: Database, *, keep: timedelta = KEEP) -> Cleaned:
    """Forget what is older than `keep`. Where a message is stays known, so that it can still be changed.

    Looks without a transaction and changes in short ones, so that nobody waits for it.
    """
    before = datetime.now(UTC) - keep
    with database.read() as session:
        # Payloads have no date, but their ids grow with time. A younger one may be about to be used.
        last = session.scalar(select(func.max(Outbox.payload_id)).where(Outbox.created_at < before)) or 0
    requests = select(Inbox.id).where(
        or_(
            and_(Inbox.state == InboxState.done, Inbox.done_at < before),
            and_(Inbox.state == InboxState.parked, Inbox.received_at < before),
        )
    )
    messages = select(Outbox.id).where(
        Outbox.state.in_((OutboxState.sent, OutboxState.discarded)),
        Outbox.created_at < before,
        Outbox.not_before < before,
        Outbox.payload.is_not(None) | Outbox.payload_id.is_not(None),
    )
    payloads = select(Payload.id).where(Payload.id <= last, ~exists().where(Outbox.payload_id == Payload.id))
    return Cleaned(
        requests=_in_batches(database, requests, lambda ids: delete(Inbox).where(Inbox.id.in_(ids))),
        messages=_in_batches(
            database,
            messages,
            # One that was changed since it was looked at is not old any more.
            lambda ids: (
                update(Outbox)
                .where(Outbox.id.in_(ids), Outbox.not_before < before)
                .values(payload=None, payload_id=None)
            ),
        ),
        payloads=_in_batches(database, payloads, lambda ids: delete(Payload).where(Payload.id.in_(ids))),
    )


def _in_batches(database: Database, which: Select[int], change: Callable[[list[int]], Executable]) -> int:
    with database.read() as session:
        ids = list(session.scalars(which))
    for start in range(0, len(ids), BATCH):
        with database.begin() as session:
            session.execute(change(ids[start : start + BATCH]))
    return len(ids)
