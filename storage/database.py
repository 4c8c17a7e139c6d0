"""Engine and transactions. Only handlers, jobs and commands open one; rules receive the session."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import Session

from storage.errors import DatabaseLocked, DatabaseMissing, explained, shown
from storage.turns import Turns

BUSY_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 10
FRESH_S = 5.0
CHECKPOINT_MS = 200  # which writers may wait for the log to be emptied

log = structlog.get_logger(__name__)


def after_commit(session: Session, call: Callable[[], object]) -> None:
    """Have `call` run once this session's transaction is committed; never when it rolls back.

    Calls run in the order they were registered, outside the transaction and its locks. One that fails is logged and
    keeps neither the others from running nor the caller from knowing that the commit took place.
    """
    session.info.setdefault("after_commit", []).append(call)


class Database:
    """One database: SQLite (WAL, durable commits) or PostgreSQL through psycopg 3.

    `busy_timeout` is how many seconds a writer waits for another one. Raises the errors of `storage.errors`.
    """

    def __init__(self, url: str, *, busy_timeout: float = BUSY_TIMEOUT_S) -> None:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._busy_timeout = busy_timeout
        self.engine: Engine = (
            _sqlite_engine(parsed, busy_timeout) if self.is_sqlite else _postgresql_engine(parsed, busy_timeout)
        )
        # Writers of one process queue here: SQLite's own busy handler sleeps between tries and starves the unlucky.
        self._turns = Turns()
        self._own = threading.local()
        self._alone: Connection | None = None
        self._alone_lock = threading.Lock()
        self._alone_used_at = 0.0

    def __repr__(self) -> str:
        return f"Database({shown(self.url)})"

    @contextmanager
    def begin(self, *, urgent: bool = False) -> Iterator[Session]:
        """A write transaction: committed at the end, rolled back on an exception. Not to be nested.

        On SQLite writers take turns; `urgent` goes before those who are not.
        """
        if getattr(self._own, "writing", False):
            raise RuntimeError("A write transaction is open in this thread: pass its session on instead")
        self._own.writing = True
        try:
            with self._named_errors(), self._turn(urgent), Session(self.engine, expire_on_commit=False) as session:
                # A write lock taken at the start cannot fail halfway, when what was read is already stale.
                session.connection(execution_options={"sqlite_begin": "IMMEDIATE"} if self.is_sqlite else None)
                yield session
                # An exception skips this line, and closing the session rolls back.
                session.commit()
        finally:
            self._own.writing = False
        for call in session.info.pop("after_commit", ()):
            try:
                call()
            except Exception:
                log.exception("storage.after_commit_failed")

    @contextmanager
    def at_once(self) -> Iterator[Connection]:
        """A connection on which each statement is a transaction of its own, durable on return; `urgent` as in `begin`.

        It stays open between uses: opening a session for one statement costs twice what the statement does. On an error
        it is given up, and the next use opens another.
        """
        with self._alone_lock, self._named_errors(), self._turn(urgent=True):
            if self._alone is None:
                self._alone = self._open_alone()
            elif not self.is_sqlite and time.monotonic() - self._alone_used_at > FRESH_S:
                self._alone = self._still_there(self._alone)
            try:
                yield self._alone
                self._alone.commit()  # nothing to the engine: it tells SQLAlchemy that nothing is open
            except BaseException:
                alone, self._alone = self._alone, None
                alone.invalidate()
                alone.close()
                raise
            self._alone_used_at = time.monotonic()

    def checkpoint(self) -> bool:
        """On SQLite, carry what the log holds into the database and empty it: what is forgotten is gone there too.

        False where others were reading or writing just then: nothing is lost, a later call does it. True elsewhere.
        """
        if not self.is_sqlite:
            return True
        with self._named_errors(), self.engine.connect() as connection:
            alone = connection.execution_options(sqlite_begin=None)
            alone.exec_driver_sql(f"PRAGMA busy_timeout = {CHECKPOINT_MS}")
            try:
                busy = alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
            finally:
                alone.exec_driver_sql(f"PRAGMA busy_timeout = {int(self._busy_timeout * 1000)}")
        return not busy

    def _open_alone(self) -> Connection:
        if self.is_sqlite:
            alone = self.engine.connect().execution_options(sqlite_begin=None)
            # Who is waited for need not carry the log's pages into the database: `checkpoint` does, or another writer.
            alone.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
            return alone
        return self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _still_there(self, alone: Connection) -> Connection:
        """The same connection, or a new one when its server went away while it rested."""
        try:
            alone.exec_driver_sql("SELECT 1")
        except DBAPIError:
            alone.invalidate()
            alone.close()
            return self._open_alone()
        return alone

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to read from; nothing written in it is kept."""
        with self._named_errors(), Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    def close(self) -> None:
        """Give back every connection."""
        with self._alone_lock:
            if self._alone is not None:
                # Not to the pool: it has ways of its own.
                self._alone.invalidate()
                self._alone.close()
                self._alone = None
        self.engine.dispose()

    @contextmanager
    def _turn(self, urgent: bool) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._turns.take(urgent=urgent, timeout=self._busy_timeout) as held:
            if not held:
                raise DatabaseLocked(
                    f"The database {shown(self.url)} is locked by another transaction of this process; try again."
                )
            yield

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            named = explained(error, self.url)
            if named is None:
                raise
            raise named from error


def _sqlite_engine(url: URL, busy_timeout: float) -> Engine:
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):  # SQLite opens URIs itself
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseMissing(
                f"The folder of the database {shown(url)} cannot be made ({error.strerror}); name another place in "
                "DATABASE_URL."
            ) from error
    engine = create_engine(
        url,
        connect_args={"timeout": busy_timeout, "check_same_thread": False},
        pool_size=16,
        max_overflow=16,
        hide_parameters=True,  # an error must not carry what people wrote
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own: we say BEGIN below
        cursor = connection.cursor()
        _write_ahead(cursor, busy_timeout)
        # What is forgotten is gone from the file too, and with the next `checkpoint` from its log: a survey's answers
        # come in with the name of who gives them.
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if kind := connection.get_execution_options().get("sqlite_begin", "DEFERRED"):
            connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


def _write_ahead(cursor: sqlite3.Cursor, busy_timeout: float) -> None:
    """Put the database in WAL mode, for as many seconds as a writer waits.

    Several that open a new database at once get "locked" here at once: SQLite asks no busy handler for this change.
    """
    deadline = time.monotonic() + busy_timeout
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _postgresql_engine(url: URL, busy_timeout: float) -> Engine:
    engine = create_engine(
        url,
        connect_args={} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT_S},
        pool_size=16,
        max_overflow=16,
        pool_recycle=1800,
        hide_parameters=True,  # an error must not carry what people wrote
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # As on SQLite: who waits too long for another's lock gets an error and not a hanging thread.
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {int(busy_timeout * 1000)}")
        connection.autocommit = False

    @event.listens_for(engine, "handle_error")
    def keep_quiet(context: Any) -> None:
        # What follows the first line, such as DETAIL and CONTEXT, quotes the row: what people wrote, in every log.
        cause = context.original_exception
        primary = getattr(getattr(cause, "diag", None), "message_primary", None)
        if primary:
            cause.args = (primary,)
            if context.sqlalchemy_exception is not None:
                context.sqlalchemy_exception.args = (f"({type(cause).__qualname__}) {primary}",)

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def check(connection: Any, record: Any, _proxy: Any) -> None:
        # Only one that rested a while may have lost its server unnoticed; asking each time would cost a round trip.
        if time.monotonic() - record.info.get("used_at", math.inf) < FRESH_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise DisconnectionError from error  # the pool then connects anew

    return engine
