"""Which rows of the outbox are to be posted now, by whom, and what became of them.

A claim is committed before anything is posted: whoever dies then leaves a row that says so, with the time at which
somebody else may take it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from delivery import statements
from delivery.records import Method, OutboxState

URGENT, BULK = 0, 1


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
    uploaded: list[str] | None
    insisted: bool
    generation: int
    created_at: datetime
    lease_until: datetime
    deadline: float
    payload: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Rest:
    """What Slack asked for: leave `method` alone for some seconds, in one channel or everywhere."""

    method: str
    channel: str
    seconds: float


@dataclass(frozen=True)
class Settlement:
    """What became of a claim.

    `delay`: seconds until it is tried again. `in_doubt`: it may have been posted. `untried`: the attempt does not
    count. `insisted`: a person's wish to post it in spite of doubt still stands. `uploaded`: files that are
    there since this claim and yet to be shared; `expired`: those that were there are not any more.
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
    uploaded: list[str] | None = None
    expired: bool = False
    rest: Rest | None = None

    @property
    def is_trouble(self) -> bool:
        """Slack could not be reached, or nobody knows what it did."""
        return self.state == OutboxState.pending and not self.untried


def anything_due(session: Session, community_id: int | None) -> bool:
    """Whether a claim would be worth its write lock."""
    now, _ = _clock(session)
    given = {"now": now, "community_id": community_id}
    return bool(session.connection().execute(statements.anything_due, given).scalar())


def claim(
    session: Session,
    *,
    lease: timedelta,
    deadline: float,
    limit: int,
    bulk_limit: int,
    overdue: bool = True,
    community_id: int | None = None,
) -> list[Claim]:
    """Take up to `limit` rows that may be posted now, of which at most `bulk_limit` are broadcasts.

    With `overdue`, those whose holder should have been done long ago come first.
    """
    connection = session.connection()
    now, last_pause = _clock(session)
    hindered = last_pause is not None and last_pause > now
    if last_pause is not None and not hindered:
        connection.execute(statements.forget_pauses, {"now": now})
    rows: list[Any] = []
    for taken_over in (True, False) if overdue else (False,):
        room = limit - len(rows)
        if room > 0:
            given = {"now": now, "community_id": community_id, "most": room}
            rows += connection.execute(statements.candidates(overdue=taken_over, hindered=hindered), given)
    bulk = [row for row in rows if row.priority == BULK]
    before = {row.id: row for row in rows if row not in bulk[bulk_limit:]}
    if not before:
        return []
    claimed = connection.execute(statements.claim, {"ids": list(before), "until": now + lease, "now": now}).all()
    order = {row_id: place for place, row_id in enumerate(before)}
    return [_claim(connection, row, before[row.id], deadline) for row in sorted(claimed, key=lambda row: order[row.id])]


def _claim(connection: Connection, row: Row[Any], before: Row[Any], deadline: float) -> Claim:
    """The claim of a row, with what it refers to; `before` is the row as it was when nobody had claimed it."""
    channel, ts, payload = row.channel, None, row.payload
    if payload is None:
        payload = connection.execute(statements.payload, {"id": row.payload_id}).scalar_one()
    if row.method == Method.update:
        where = {"community_id": row.community_id, "key": row.target_key}
        channel, ts = connection.execute(statements.posted, where).one()
    elif channel is None and row.method in (Method.post, Method.upload):
        person = {"community_id": row.community_id, "user": row.user}
        channel = connection.execute(statements.direct_message, person).scalar()
    return Claim(
        id=row.id,
        community_id=row.community_id,
        key=row.key,
        method=row.method,
        channel=channel,
        user=row.user,
        thread_ts=row.thread_ts,
        ts=ts,
        priority=row.priority,
        attempts=row.attempts,
        in_doubt_since=before.in_doubt_since,
        uploaded=row.uploaded,
        insisted=before.insisted,
        generation=row.generation,
        created_at=row.created_at,
        lease_until=row.lease_until,
        deadline=deadline,
        payload=payload,
    )


def settle(session: Session, settlements: Sequence[Settlement]) -> list[Settlement]:
    """Record what became of claims; returns those whose rows somebody else holds just now, for another try.

    That a message was posted is recorded whoever holds the claim by now; anything else only by its holder.
    """
    if not settlements:
        return []
    connection = session.connection()
    now, _ = _clock(session)
    free = {settlement.claim.id for settlement in settlements}
    # Waiting for a row while holding others could end in a deadlock with a handler that updates several messages.
    if len(settlements) > 1 and connection.dialect.name != "sqlite":
        free = set(connection.execute(statements.free, {"ids": list(free)}).scalars())
    mine = [settlement for settlement in settlements if settlement.claim.id in free]
    if mine:
        connection.execute(statements.settle, [_values(settlement, now) for settlement in mine])
    for settlement in mine:
        _remember(connection, settlement, now)
    if any(settlement.rest for settlement in mine):
        session.info.pop("delivery_clock")  # there is a pause that the look did not see
    return [settlement for settlement in settlements if settlement.claim.id not in free]


def _clock(session: Session) -> tuple[datetime, datetime | None]:
    """The time and when the last pause ends, as of the first look in this transaction.

    It is the database's own time where it has one: processes on several machines must agree on it.
    """
    if "delivery_clock" not in session.info:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            session.info["delivery_clock"] = datetime.now(UTC), connection.execute(statements.last_pause).scalar()
        else:
            session.info["delivery_clock"] = tuple(connection.execute(statements.clock_and_pauses).one())
    now, last_pause = session.info["delivery_clock"]
    return now, last_pause


def _values(settlement: Settlement, now: datetime) -> dict[str, Any]:
    claim = settlement.claim
    sent = settlement.state == OutboxState.sent
    return {
        "row": claim.id,
        "lease": claim.lease_until,
        "whoever_holds_it": sent and claim.method in (Method.post, Method.ephemeral, Method.upload),
        "of_generation": claim.generation,
        "new_state": settlement.state,
        "error": settlement.error,
        "still_insisted": settlement.insisted,
        "again_at": now + timedelta(seconds=settlement.delay),
        "uploaded": settlement.uploaded or (None if settlement.expired or sent else claim.uploaded),
        "uncounted": int(settlement.untried),
        "in_doubt": settlement.in_doubt,
        "posted_at": now if sent else None,
        "posted_ts": settlement.ts,
        "posted_in": settlement.channel,
    }


def _remember(connection: Connection, settlement: Settlement, now: datetime) -> None:
    """Keep what was learnt on the way: where a person's direct message is, what is to be left alone."""
    claim, rest = settlement.claim, settlement.rest
    if settlement.channel and claim.user and not claim.channel:
        connection.execute(
            statements.remember_direct_message(connection.dialect.name),
            {"community_id": claim.community_id, "user": claim.user, "channel": settlement.channel},
        )
    if rest:
        connection.execute(
            statements.record_pause(connection.dialect.name),
            {
                "community_id": claim.community_id,
                "method": rest.method,
                "channel": rest.channel,
                "until": now + timedelta(seconds=rest.seconds),
            },
        )
