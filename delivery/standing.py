"""How deliveries stand, and what an organizer can do about those in trouble."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, func, select
from sqlalchemy import update as change
from sqlalchemy.orm import Session, aliased

from delivery.records import Outbox, OutboxState
from delivery.waking import to_post
from storage import unindexed


@dataclass(frozen=True)
class Posted:
    """Where a message is."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Counts:
    """How many messages of a subject are in which state; `pending` counts those just being posted too."""

    sent: int = 0
    failed: int = 0
    pending: int = 0
    parked: int = 0
    discarded: int = 0


def position(session: Session, community_id: int, key: str) -> Posted | None:
    """Where the message with that key was posted, or None when it has not been."""
    row = session.execute(
        select(Outbox.channel, Outbox.ts).where(
            Outbox.community_id == community_id, Outbox.key == key, Outbox.state == OutboxState.sent
        )
    ).one_or_none()
    return Posted(row.channel, row.ts) if row and row.channel and row.ts else None


def counts(session: Session, subject: str) -> Counts:
    """How many messages of `subject` are in which state."""
    rows = session.execute(
        select(Outbox.state, func.count()).where(Outbox.subject == subject).group_by(Outbox.state)
    ).all()
    found = {OutboxState(state): number for state, number in rows}
    return Counts(
        sent=found.get(OutboxState.sent, 0),
        failed=found.get(OutboxState.failed, 0),
        pending=found.get(OutboxState.pending, 0) + found.get(OutboxState.claimed, 0),
        parked=found.get(OutboxState.parked, 0),
        discarded=found.get(OutboxState.discarded, 0),
    )


def moving(session: Session, subjects: Iterable[str]) -> set[str]:
    """Those of the subjects that have messages yet to be sent, by the index alone."""
    wanted = list(subjects)
    under_way = Outbox.state.in_((OutboxState.pending, OutboxState.claimed))
    return {
        subject for subject in wanted if session.scalar(select(exists().where(Outbox.subject == subject, under_way)))
    }


def troubled(session: Session, community_id: int, limit: int) -> list[Outbox]:
    """What is parked or failed, newest first."""
    return list(
        session.scalars(
            select(Outbox)
            .where(
                unindexed(Outbox.community_id) == community_id,
                Outbox.state.in_((OutboxState.parked, OutboxState.failed)),
            )
            .order_by(Outbox.created_at.desc(), Outbox.id.desc())  # by the id alone SQLite would go through all
            .limit(limit)
        )
    )


def retry(session: Session, community_id: int, row_id: int) -> bool:
    """Try a parked or failed message again; False when it is neither (any more).

    A parked one is looked up once more where that is possible, and else posted although it may be there already: that
    is what the person who asked for it decided.
    """
    return _again(session, Outbox.community_id == community_id, Outbox.id == row_id) == 1


def retry_failed(session: Session, subject: str) -> int:
    """Try every failed message of `subject` again and return how many there were. Parked ones are not touched."""
    return _again(session, Outbox.subject == subject, Outbox.state == OutboxState.failed)


def discard(session: Session, community_id: int, row_id: int) -> bool:
    """Give a parked or failed message up; False when it is neither (any more)."""
    key = session.execute(
        change(Outbox)
        .where(
            Outbox.community_id == community_id,
            Outbox.id == row_id,
            Outbox.state.in_((OutboxState.parked, OutboxState.failed)),
        )
        .values(state=OutboxState.discarded, payload=None)
        .returning(Outbox.key)
        .execution_options(synchronize_session="fetch")
    ).scalar()
    if key is not None:
        # What would change it has nothing to change any more.
        session.execute(
            change(Outbox)
            .where(
                Outbox.community_id == community_id,
                Outbox.target_key == key,
                Outbox.state == OutboxState.pending,
            )
            .values(state=OutboxState.discarded, payload=None)
            .execution_options(synchronize_session=False)
        )
    return key is not None


def oldest_pending_age(session: Session, now: datetime, community_id: int | None = None) -> float | None:
    """Seconds that the longest-waiting message which may be posted has been waiting, or None when none waits.

    With `community_id`, among that community's. A change of a message that is not there yet waits with it.
    """
    target = aliased(Outbox)
    there = select(target.ts).where(target.community_id == Outbox.community_id, target.key == Outbox.target_key)
    oldest = session.scalar(
        select(func.min(Outbox.not_before)).where(
            Outbox.state.in_((OutboxState.pending, OutboxState.claimed)),
            Outbox.target_key.is_(None) | there.correlate(Outbox).scalar_subquery().is_not(None),
            *((unindexed(Outbox.community_id) == community_id,) if community_id is not None else ()),
        )
    )
    return None if oldest is None else max(0.0, (now - oldest).total_seconds())


def _again(session: Session, *which: object) -> int:
    result = session.execute(
        change(Outbox)
        .where(Outbox.state.in_((OutboxState.parked, OutboxState.failed)), *which)  # type: ignore[arg-type]
        .values(
            state=OutboxState.pending,
            not_before=datetime.now(UTC),
            attempts=0,
            insisted=True,
            last_error=None,
        )
        .execution_options(synchronize_session="fetch")
    )
    to_post.ring(session)
    return int(result.rowcount)  # type: ignore[attr-defined]
