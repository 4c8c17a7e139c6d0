"""Whom messages of a subject have reached, and taking back those that have not gone out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy import update as change
from sqlalchemy.orm import Session

from delivery.records import Outbox, OutboxState

AT_ONCE = 500  # keys in one statement: engines have limits
NOT_GONE = (OutboxState.failed, OutboxState.discarded)


def known(session: Session, community_id: int, keys: Sequence[str]) -> set[str]:
    """Which of these messages were handed over already."""
    found: set[str] = set()
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        handed_over = select(Outbox.key).where(Outbox.community_id == community_id, Outbox.key.in_(some))
        found.update(session.scalars(handed_over))
    return found


def withdraw(session: Session, community_id: int, subject: str, prefixes: Collection[str]) -> None:
    """Messages whose key begins so and that nobody has tried to send are not sent any more."""
    session.flush()
    session.execute(
        change(Outbox)
        .where(
            *_of(community_id, subject, prefixes),
            Outbox.state == OutboxState.pending,
            Outbox.in_doubt_since.is_(None),
        )
        .values(state=OutboxState.discarded)
        .execution_options(synchronize_session=False)
    )


def reached(session: Session, community_id: int, subject: str, prefixes: Collection[str]) -> set[str]:
    """Slack ids of those who got a message whose key begins so, or who may yet have got it."""
    statement = select(Outbox.user).where(*_of(community_id, subject, prefixes), Outbox.state.not_in(NOT_GONE))
    return {user for user in session.scalars(statement) if user}


def _of(community_id: int, subject: str, prefixes: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    begins = or_(*(Outbox.key.startswith(prefix, autoescape=True) for prefix in prefixes))
    return Outbox.community_id == community_id, Outbox.subject == subject, begins
