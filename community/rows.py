"""Small things every rule does with rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from community.records import Event
from storage.base import Base

# FOR NO KEY UPDATE: rows that merely refer to the held one can be written meanwhile.
HOLD: Any = {"key_share": True}


def insert_new(session: Session, record: type[Base], **values: Any) -> bool:
    """Insert the row unless one with its unique key is there already; says whether it did. Safe among many writers."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.flush()
    statement = make(record).values(**values).on_conflict_do_nothing().returning(literal(1))
    return session.scalar(statement) is not None


def locked_event(session: Session, community_id: int, event_id: int, *, shared: bool = False) -> Event | None:
    """The community's event as it is now, held until the transaction ends; `shared` lets others hold it beside us.

    Hold the event before anything that belongs to it: one order for all is what keeps transactions from waiting for
    each other in a circle. On SQLite the write transaction itself is the lock.
    """
    lock = {"read": True} if shared else HOLD
    event = session.get(Event, event_id, with_for_update=lock, populate_existing=True)
    return event if event is not None and event.community_id == community_id else None
