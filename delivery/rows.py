"""A row of the outbox, as it is written: where it goes, when it is due, and what becomes of one with the same key."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from delivery.records import DirectMessage, Outbox, OutboxState
from delivery.waking import to_post

TABLE = cast(Table, Outbox.__table__)
URGENT, BULK = 0, 1
KEY_LIMIT = 190  # leaves room for the prefix of the row that updates it


def place(
    session: Session, community_id: int, channel: str | None, user: str | None, thread_ts: str | None
) -> dict[str, Any]:
    """The columns that say where a message goes. Raises ValueError unless it is to one channel or one person."""
    if (channel is None) == (user is None):
        raise ValueError("A message goes either to a channel or to a person")
    where = channel or _direct_message(session, community_id, user or "")
    conversation = f"{community_id}/{where or f'@{user}'}/{thread_ts or ''}"
    return {"channel": where, "user": user, "conversation": conversation, "thread_ts": thread_ts}


def _direct_message(session: Session, community_id: int, user: str) -> str | None:
    return session.scalar(
        select(DirectMessage.channel).where(DirectMessage.community_id == community_id, DirectMessage.user == user)
    )


def row(session: Session, given: dict[str, Any]) -> dict[str, Any]:
    """All columns of a new row, due now. Raises ValueError for a key that is too long."""
    if len(given["key"]) > KEY_LIMIT + len("update:"):
        raise ValueError(f"The key of a message has at most {KEY_LIMIT} characters")
    session.flush()  # the insert goes past the unit of work and must not overtake what it belongs to
    now = datetime.now(UTC)
    fresh = {"state": OutboxState.pending, "not_before": now, "created_at": now}
    return {"attempts": 0, "insisted": False, "generation": 0, "priority": URGENT} | fresh | given


@cache
def insert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """The statement that adds rows."""
    # On the table and not on the record: a broadcast inserts thousands, and the unit of work costs ten times as much.
    return sqlite.insert(TABLE) if dialect == "sqlite" else postgresql.insert(TABLE)


@cache
def _insert_or_coalesce(dialect: str) -> sqlite.Insert | postgresql.Insert:
    statement = insert(dialect)
    # One that is being sent stays claimed: its sender sees the new generation and leaves it pending.
    under_way = TABLE.c.state == OutboxState.claimed
    return statement.on_conflict_do_update(
        index_elements=[TABLE.c.community_id, TABLE.c.key],
        set_={
            "payload": statement.excluded.payload,
            "generation": TABLE.c.generation + 1,
            "state": case((under_way, TABLE.c.state), else_=OutboxState.pending),
            "attempts": case((under_way, TABLE.c.attempts), else_=0),
            "last_error": None,
            # What waits goes on waiting since then; what was sent begins anew.
            "created_at": case(
                (TABLE.c.state == OutboxState.pending, TABLE.c.created_at), else_=statement.excluded.created_at
            ),
        },
    )


def add(session: Session, **given: Any) -> bool:
    """Add a row and wake the senders after the commit; False when one with this key was there already."""
    connection = session.connection()
    # The id tells whether there is a new row: the count of rows is not known on PostgreSQL.
    statement = insert(connection.dialect.name).on_conflict_do_nothing().returning(TABLE.c.id)
    added = connection.execute(statement, row(session, given)).scalar() is not None
    to_post.ring(session)
    return added


def coalesce(session: Session, **given: Any) -> None:
    """Add a row, or have the one with this key say what this one does."""
    connection = session.connection()
    connection.execute(_insert_or_coalesce(connection.dialect.name), row(session, given))
    to_post.ring(session)
