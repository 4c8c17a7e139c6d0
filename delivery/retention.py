"""What delivery no longer needs: requests whose effect is long there, and the words of messages long sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

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

    In short transactions, so that nobody waits for it.
    """
    before = datetime.now(UTC) - keep
    done = (Inbox.state == InboxState.done, Inbox.done_at < before)
    over = (
        Outbox.state.in_((OutboxState.sent, OutboxState.discarded)),
        Outbox.created_at < before,
        Outbox.not_before < before,
        Outbox.payload.is_not(None) | Outbox.payload_id.is_not(None),
    )
    other = aliased(Outbox)
    unused = (~exists().where(other.payload_id == Payload.id),)
    return Cleaned(
        requests=_in_batches(database, Inbox, done, lambda ids: delete(Inbox).where(Inbox.id.in_(ids))),
        messages=_in_batches(
            database,
            Outbox,
            over,
            lambda ids: update(Outbox).where(Outbox.id.in_(ids)).values(payload=None, payload_id=None),
        ),
        payloads=_in_batches(database, Payload, unused, lambda ids: delete(Payload).where(Payload.id.in_(ids))),
    )


def _in_batches(database: Database, record: Any, which: tuple[ColumnElement[bool], ...], change: Any) -> int:
    total = 0
    while True:
        with database.begin() as session:
            ids = _some(session, record, which)
            if ids:
                session.execute(change(ids).execution_options(synchronize_session=False))
        total += len(ids)
        if len(ids) < BATCH:
            return total


def _some(session: Session, record: Any, which: tuple[ColumnElement[bool], ...]) -> list[int]:
    return list(session.scalars(select(record.id).where(*which).order_by(record.id).limit(BATCH)))
