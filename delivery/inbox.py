"""What Slack sends is written down before it is acknowledged, and its effect takes place once.

`receive` writes, durably; `finish` is the first statement of the effect's own transaction. Whatever dies in between,
`unfinished` hands the request out again, and of two processes that work on the same one only one can commit.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast

import structlog
from sqlalchemy import Executable, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from delivery.records import Inbox as Record
from delivery.records import InboxState
from storage import Database, UtcDateTime
from storage.errors import StorageError

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)  # longer than any handler works
TRIES = 5
BATCH = 500


# Built once, and on the table instead of the record: this is what everybody waits for before an acknowledgement.
_TABLE = cast(Table, Record.__table__)
_STATES = select(_TABLE.c.key, _TABLE.c.state).where(_TABLE.c.key.in_(bindparam("keys", expanding=True)))
_FINISH = (
    update(_TABLE)
    .where(_TABLE.c.key == bindparam("of_key"), _TABLE.c.state != InboxState.done)
    .values(state=InboxState.done, body=None, done_at=bindparam("now", type_=UtcDateTime), last_error=None)
)
_FINISH_ALL = (
    update(_TABLE)
    .where(_TABLE.c.key.in_(bindparam("keys", expanding=True)), _TABLE.c.state != InboxState.done)
    .values(state=InboxState.done, body=None, done_at=bindparam("now", type_=UtcDateTime), last_error=None)
    .returning(_TABLE.c.key)
)


@cache
def _insert(dialect: str) -> Executable:
    insert = sqlite.insert(_TABLE) if dialect == "sqlite" else postgresql.insert(_TABLE)
    return insert.on_conflict_do_nothing().returning(_TABLE.c.key)


class Receipt(StrEnum):
    """`new`: written down now; `open`: here already, without its effect so far; `done`: its effect is there."""

    new = "new"
    open = "open"
    done = "done"


class AlreadyDone(Exception):
    """Another process, or an earlier delivery, has committed the effect of this request."""


class NotReceived(Exception):
    """No request was written down under that key."""


@dataclass
class _Waiting:
    key: str
    kind: str
    body: dict[str, Any]
    receipt: Receipt | None = None
    error: BaseException | None = None
    leads: bool = False
    woken: threading.Event = field(default_factory=threading.Event)


class Inbox:
    """The durable list of what Slack sent; threads that arrive together share one commit.

    `community_id` is whose bot it is: needed where communities share a database, so that each takes up its own again.
    """

    def __init__(self, database: Database, *, community_id: int | None = None, lease: timedelta = LEASE) -> None:
        self._database = database
        self._community_id = community_id
        self._lease = lease
        self._queue: list[_Waiting] = []
        self._lock = threading.Lock()
        self._led = False

    def receive(self, key: str, kind: str, body: dict[str, Any]) -> Receipt:
        """Write a request down; on return it is on disk. A key that is known is not written again.

        Raises StorageError when it could not be written: then it must not be acknowledged.
        """
        mine = _Waiting(key, kind, body)
        with self._lock:
            self._queue.append(mine)
            leads = not self._led
            self._led = True
        if not leads:
            mine.woken.wait()
            leads = mine.leads
        if leads:
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        assert mine.receipt is not None  # noqa: S101  # whoever led settled every request that was queued
        return mine.receipt

    def _lead(self, mine: _Waiting) -> None:
        """Write for all who queued so far; then let the first who came meanwhile lead, and wake those who are settled.

        Each waits for a signal of its own: on one lock they would wake one another in a row, however long that is.
        """
        with self._lock:
            waiting, self._queue = self._queue, []
        try:
            for start in range(0, len(waiting), BATCH):
                self._write_batch(waiting[start : start + BATCH])
        finally:
            with self._lock:
                heir = self._queue[0] if self._queue else None
                self._led = heir is not None
            if heir is not None:
                heir.leads = True
                heir.woken.set()
            for request in waiting:
                if request is not mine:
                    request.woken.set()

    def _write_batch(self, waiting: list[_Waiting]) -> None:
        try:
            self._write(waiting)
        except StorageError as error:
            for request in waiting:
                request.error = error
        except Exception:
            # One that cannot be written must not take the others with it.
            for request in waiting:
                try:
                    self._write([request])
                except Exception as error:
                    request.error = error

    def _write(self, waiting: list[_Waiting]) -> None:
        now = datetime.now(UTC)
        first = {request.key: request for request in reversed(waiting)}
        rows = [
            {
                "community_id": self._community_id,
                "key": request.key,
                "kind": request.kind,
                "body": request.body,
                "state": InboxState.open,
                "attempts": 1,
                "received_at": now,
                "lease_until": now + self._lease,
            }
            # In one order everywhere, so that two processes cannot wait for each other's keys.
            for _, request in sorted(first.items())
        ]
        with self._database.at_once() as connection:
            written = set(connection.execute(_insert(connection.dialect.name), rows).scalars())
            known: dict[str, InboxState] = {}
            if len(written) < len(first):
                found = connection.execute(_STATES, {"keys": list(first.keys() - written)})
                known = {row.key: row.state for row in found}
        for request in waiting:
            if first[request.key] is request and request.key in written:
                request.receipt = Receipt.new
            else:
                settled = known.get(request.key) == InboxState.done
                request.receipt = Receipt.done if settled else Receipt.open


def finish(session: Session, key: str) -> None:
    """Mark a request as done and forget its body: the first statement of the transaction that holds its effect.

    Raises AlreadyDone when somebody else committed it before; the transaction must then be given up.
    """
    done = session.connection().execute(_FINISH, {"of_key": key, "now": datetime.now(UTC)})
    if done.rowcount:
        return
    if session.scalar(select(Record.id).where(Record.key == key)) is None:
        raise NotReceived(key)
    raise AlreadyDone(key)


def finish_all(session: Session, keys: Sequence[str]) -> set[str]:
    """Mark several requests as done, as `finish` does; returns those that nobody else had finished before."""
    done = session.connection().execute(_FINISH_ALL, {"keys": keys, "now": datetime.now(UTC)})
    return set(done.scalars())


def fail(database: Database, key: str, error: str) -> None:
    """Record that handling a request failed: it is tried again a little later, and parked after several tries."""
    now = datetime.now(UTC)
    with database.begin() as session:
        record = session.scalar(select(Record).where(Record.key == key).with_for_update())
        if record is None or record.state == InboxState.done:
            return
        record.last_error = error[:500]
        if record.attempts >= TRIES:
            _park(record)
        else:
            record.lease_until = now + timedelta(seconds=2**record.attempts)


def unfinished(
    database: Database,
    now: datetime,
    *,
    community_id: int | None = None,
    all_open: bool = False,
    limit: int = 100,
    lease: timedelta = LEASE,
) -> list[tuple[str, str, dict[str, Any]]]:
    """Take over requests whose effect is missing and whose lease is over: `(key, kind, body)`, oldest first.

    `community_id` leaves those of others alone. `all_open` does not wait for the leases: right when a process starts
    and nobody else works for the community. Requests that were tried several times in vain are parked.
    """
    with database.begin() as session:
        open_ones = select(Record).where(Record.state == InboxState.open).order_by(Record.id).limit(limit)
        if community_id is not None:
            open_ones = open_ones.where(Record.community_id == community_id)
        if not all_open:
            open_ones = open_ones.where(Record.lease_until <= now)
        taken = []
        for record in session.scalars(open_ones.with_for_update(skip_locked=True)):
            if record.attempts >= TRIES or record.body is None:
                _park(record)
                continue
            record.attempts += 1
            record.lease_until = now + lease
            taken.append((record.key, record.kind, record.body))
        return taken


def _park(record: Record) -> None:
    record.state = InboxState.parked
    log.error("inbox.parked", key=record.key, kind=record.kind, tries=record.attempts, error=record.last_error)
