"""Which rows of the outbox are to be posted now, by whom, and what became of them.

A claim is committed before anything is posted: whoever dies then leaves a row that says so, with the time at which
somebody else may take it over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from delivery import pace
from delivery.records import DirectMessage, Method, Outbox, OutboxState, Payload

URGENT, BULK = 0, 1
_OPEN = (OutboxState.pending, OutboxState.claimed)


@dataclass(frozen=True)
class Claim:
    """One row that this process alone may post until `deadline`, on the clock of `delivery.sender.monotonic`."""

    id: int
    community_id: int
    key: str
    method: Method
    channel: str | None
    user: str | None
    thread_ts: str | None
    ts: str | None
    priority: int
    attempts: int  # this one included
    in_doubt_since: datetime | None  # of an earlier attempt whose outcome is unknown
    insisted: bool
    generation: int
    created_at: datetime
    lease_until: datetime
    deadline: float
    payload: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Settlement:
    """What became of a claim.

    `delay`: seconds until it is tried again. `in_doubt`: it may have been posted. `untried`: the attempt does not
    count. `insisted`: a person's wish to post it in spite of doubt still stands.
    """

    claim: Claim
    state: OutboxState
    error: str | None = None
    delay: float = 0.0
    in_doubt: bool = False
    untried: bool = False
    insisted: bool = False
    channel: str | None = None
    ts: str | None = None
    rest: pace.Rest | None = None

    @property
    def is_trouble(self) -> bool:
        """Slack could not be reached, or nobody knows what it did."""
        return self.state == OutboxState.pending and not self.untried


def clock(session: Session) -> datetime:
    """The database's own time where it has one, so that machines with different clocks agree on leases."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now


def anything_due(session: Session, community_id: int | None) -> bool:
    """Whether a claim would be worth its write lock."""
    now = clock(session)
    due = or_(
        and_(Outbox.state == OutboxState.pending, Outbox.not_before <= now),
        and_(Outbox.state == OutboxState.claimed, Outbox.lease_until <= now),
    )
    return bool(session.scalar(select(exists().where(due, *_of(community_id)))))


def claim(
    session: Session, *, lease: timedelta, deadline: float, limit: int, bulk_limit: int, community_id: int | None = None
) -> list[Claim]:
    """Take up to `limit` rows that may be posted now, of which at most `bulk_limit` are broadcasts.

    Those whose holder is overdue come first, then what somebody waits for, then broadcasts; each oldest first.
    """
    now = clock(session)
    hindered = pace.any_in_force(session, now)
    rows: list[Any] = []
    for condition, order, most in (
        (and_(Outbox.state == OutboxState.claimed, Outbox.lease_until <= now), Outbox.lease_until, limit),
        (_due(URGENT, now), Outbox.not_before, limit),
        (_due(BULK, now), Outbox.not_before, bulk_limit),
    ):
        room = min(most, limit - len(rows))
        if room > 0:
            query = _candidates(condition, now, hindered=hindered).where(*_of(community_id))
            rows += session.execute(query.order_by(order, Outbox.id).limit(room)).all()
    if not rows:
        return []
    until = now + lease
    session.execute(
        update(Outbox)
        .where(Outbox.id.in_([row.id for row in rows]))
        .values(
            state=OutboxState.claimed,
            attempts=Outbox.attempts + 1,
            lease_until=until,
            in_doubt_since=func.coalesce(Outbox.in_doubt_since, now),
            insisted=False,  # whoever dies now must not make another one post it once more
        )
        .execution_options(synchronize_session=False)
    )
    return [
        Claim(**{**row._mapping, "attempts": row.attempts + 1, "lease_until": until, "deadline": deadline})
        for row in rows
    ]


def settle(session: Session, settlements: Sequence[Settlement]) -> list[Settlement]:
    """Record what became of claims; returns those whose rows somebody else holds just now, for another try.

    That a message was posted is recorded whoever holds the claim by now; anything else only by its holder.
    """
    if not settlements:
        return []
    now = clock(session)
    # Waiting for a lock while holding others could end in a deadlock with a handler that updates several messages.
    free = {settlement.claim.id for settlement in settlements}
    if session.get_bind().dialect.name != "sqlite":
        free = set(session.scalars(select(Outbox.id).where(Outbox.id.in_(free)).with_for_update(skip_locked=True)))
    for settlement in settlements:
        if settlement.claim.id in free:
            _settle(session, settlement, now)
    return [settlement for settlement in settlements if settlement.claim.id not in free]


def _settle(session: Session, settlement: Settlement, now: datetime) -> None:
    claim = settlement.claim
    held = and_(Outbox.state == OutboxState.claimed, Outbox.lease_until == claim.lease_until)
    values: dict[str, Any] = {
        "state": settlement.state,
        "lease_until": None,
        "last_error": settlement.error,
        "insisted": settlement.insisted,
        "not_before": now + timedelta(seconds=settlement.delay),
    }
    if not settlement.in_doubt:
        values["in_doubt_since"] = None
    if settlement.untried:
        values["attempts"] = Outbox.attempts - 1
    which: ColumnElement[bool] = held
    if settlement.state == OutboxState.sent:
        values["sent_at"] = now
        if claim.method in (Method.post, Method.ephemeral):
            values |= {"ts": settlement.ts, "channel": settlement.channel or claim.channel}
            which = or_(held, Outbox.state.in_((*_OPEN, OutboxState.parked)))
        else:
            # A newer payload came while this one was under way: it is still to be sent.
            values["state"] = case((Outbox.generation == claim.generation, OutboxState.sent), else_=OutboxState.pending)
    elif claim.method in (Method.update, Method.publish) and settlement.state != OutboxState.pending:
        values["state"] = case((Outbox.generation == claim.generation, settlement.state), else_=OutboxState.pending)
    session.execute(
        update(Outbox).where(Outbox.id == claim.id, which).values(values).execution_options(synchronize_session=False)
    )
    if settlement.state == OutboxState.sent and claim.method == Method.post:
        _tell_updates(session, settlement)
    if settlement.channel and claim.user and not claim.channel:
        _remember_direct_message(session, claim, settlement.channel)
    if settlement.rest:
        until = now + timedelta(seconds=settlement.rest.seconds)
        pace.record(session, claim.community_id, settlement.rest.method, settlement.rest.channel, until)


def _tell_updates(session: Session, settlement: Settlement) -> None:
    """Updates that were asked for while the message was under way learn where it is."""
    session.execute(
        update(Outbox)
        .where(
            Outbox.target_key == settlement.claim.key,
            Outbox.community_id == settlement.claim.community_id,
            Outbox.ts.is_(None),
        )
        .values(ts=settlement.ts, channel=settlement.channel or settlement.claim.channel)
        .execution_options(synchronize_session=False)
    )


def _remember_direct_message(session: Session, claim: Claim, channel: str) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(
        dialect.insert(DirectMessage)
        .values(community_id=claim.community_id, user=claim.user, channel=channel)
        .on_conflict_do_update(
            index_elements=[DirectMessage.community_id, DirectMessage.user], set_={"channel": channel}
        )
    )


def _due(priority: int, now: datetime) -> ColumnElement[bool]:
    return and_(Outbox.state == OutboxState.pending, Outbox.priority == priority, Outbox.not_before <= now)


def _of(community_id: int | None) -> Iterator[ColumnElement[bool]]:
    if community_id is not None:
        yield Outbox.community_id == community_id


def _candidates(condition: ColumnElement[bool], now: datetime, *, hindered: bool) -> Select[*tuple[Any, ...]]:
    earlier = aliased(Outbox)
    channel: ColumnElement[Any] = func.coalesce(Outbox.channel, DirectMessage.channel)
    query = (
        select(
            Outbox.id,
            Outbox.community_id,
            Outbox.key,
            Outbox.method,
            channel.label("channel"),
            Outbox.user,
            Outbox.thread_ts,
            Outbox.ts,
            Outbox.priority,
            Outbox.attempts,
            Outbox.in_doubt_since,
            Outbox.insisted,
            Outbox.generation,
            Outbox.created_at,
            func.coalesce(Outbox.payload, Payload.body, type_=Outbox.payload.type).label("payload"),
        )
        .outerjoin(Payload, Payload.id == Outbox.payload_id)
        .outerjoin(
            DirectMessage,
            and_(DirectMessage.community_id == Outbox.community_id, DirectMessage.user == Outbox.user),
        )
        .where(
            condition,
            # A message may be changed only once it is there.
            or_(Outbox.method != Method.update, Outbox.ts.is_not(None)),
            # People read a conversation in the order in which it was written; only broadcasts may be overtaken.
            ~exists().where(
                earlier.community_id == Outbox.community_id,
                earlier.conversation == Outbox.conversation,
                earlier.state.in_(_OPEN),
                earlier.id < Outbox.id,
                earlier.priority <= Outbox.priority,
            ),
        )
        .with_for_update(of=Outbox, skip_locked=True)
    )
    return query.where(pace.unhindered(channel, now)) if hindered else query
