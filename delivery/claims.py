"""Which rows of the outbox are to be posted now, by whom, and what became of them.

A claim is committed before anything is posted: whoever dies then leaves a row that says so, with the time at which
somebody else may take it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from delivery import pace, statements
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
    def was_posted(self) -> bool:
        """A message is there, and its place is known."""
        return self.state == OutboxState.sent and self.claim.method == Method.post

    @property
    def is_trouble(self) -> bool:
        """Slack could not be reached, or nobody knows what it did."""
        return self.state == OutboxState.pending and not self.untried


def clock(session: Session) -> datetime:
    """The database's own time where it has one, so that machines with different clocks agree on leases."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = connection.execute(statements.database_clock).scalar_one()
    return now


def anything_due(session: Session, community_id: int | None) -> bool:
    """Whether a claim would be worth its write lock."""
    given = {"now": clock(session), "community_id": community_id}
    return bool(session.connection().execute(statements.anything_due, given).scalar())


def claim(
    session: Session, *, lease: timedelta, deadline: float, limit: int, bulk_limit: int, community_id: int | None = None
) -> list[Claim]:
    """Take up to `limit` rows that may be posted now, of which at most `bulk_limit` are broadcasts.

    Those whose holder is overdue come first, then what somebody waits for, then broadcasts; each oldest first.
    """
    now = clock(session)
    connection = session.connection()
    hindered = pace.any_in_force(session, now)
    rows: list[Any] = []
    for overdue, priority, most in ((True, None, limit), (False, URGENT, limit), (False, BULK, bulk_limit)):
        room = min(most, limit - len(rows))
        if room > 0:
            given = {"now": now, "community_id": community_id, "most": room}
            if priority is not None:
                given["priority"] = priority
            rows += connection.execute(statements.candidates(overdue=overdue, hindered=hindered), given)
    if not rows:
        return []
    until = now + lease
    connection.execute(statements.claim, {"ids": [row.id for row in rows], "until": until, "now": now})
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
    connection = session.connection()
    free = {settlement.claim.id for settlement in settlements}
    if connection.dialect.name != "sqlite":
        free = set(connection.execute(statements.free, {"ids": list(free)}).scalars())
    mine = [settlement for settlement in settlements if settlement.claim.id in free]
    if mine:
        connection.execute(statements.settle, [_values(settlement, now) for settlement in mine])
    if posted := [settlement for settlement in mine if settlement.was_posted]:
        connection.execute(
            statements.tell_updates,
            [
                {
                    "of_key": settlement.claim.key,
                    "of_community": settlement.claim.community_id,
                    "posted_ts": settlement.ts,
                    "posted_in": settlement.channel,
                }
                for settlement in posted
            ],
        )
    for settlement in mine:
        _remember(session, settlement, now)
    return [settlement for settlement in settlements if settlement.claim.id not in free]


def _values(settlement: Settlement, now: datetime) -> dict[str, Any]:
    claim = settlement.claim
    sent = settlement.state == OutboxState.sent
    return {
        "row": claim.id,
        "lease": claim.lease_until,
        "whoever_holds_it": sent and claim.method in (Method.post, Method.ephemeral),
        "of_generation": claim.generation,
        "new_state": settlement.state,
        "error": settlement.error,
        "still_insisted": settlement.insisted,
        "again_at": now + timedelta(seconds=settlement.delay),
        "uncounted": int(settlement.untried),
        "in_doubt": settlement.in_doubt,
        "posted_at": now if sent else None,
        "posted_ts": settlement.ts,
        "posted_in": settlement.channel,
    }


def _remember(session: Session, settlement: Settlement, now: datetime) -> None:
    """Keep what was learnt on the way: where a person's direct message is, what is to be left alone."""
    claim, connection = settlement.claim, session.connection()
    if settlement.channel and claim.user and not claim.channel:
        connection.execute(
            statements.remember_direct_message(connection.dialect.name),
            {"community_id": claim.community_id, "user": claim.user, "channel": settlement.channel},
        )
    if settlement.rest:
        until = now + timedelta(seconds=settlement.rest.seconds)
        pace.record(session, claim.community_id, settlement.rest.method, settlement.rest.channel, until)
