"""Engine and transactions. Only handlers, jobs and commands open one; rules receive the session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

BUSY_TIMEOUT_S = 10


def after_commit(session: Session, call: Callable[[], object]) -> None:
    """Have `call` run once this session's transaction is committed; never when it rolls back."""
    session.info.setdefault("after_commit", []).append(call)


class Database:
    """One database: SQLite (WAL, durable commits) or PostgreSQL through psycopg 3."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = (
            _sqlite_engine(parsed)
            if self.is_sqlite
            else create_engine(parsed, pool_size=16, max_overflow=16, pool_pre_ping=True, pool_recycle=1800)
        )
        # Writers of one process queue here: SQLite's own busy handler sleeps between tries and starves the unlucky.
        self._write_turn: Any = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A write transaction: committed at the end, rolled back on an exception. Not to be nested."""
        with Session(self.engine, expire_on_commit=False) as session:
            with self._write_turn:
                if self.is_sqlite:
                    session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
                try:
                    yield session
                    session.commit()
                except BaseException:
                    session.rollback()
                    raise
            for call in session.info.pop("after_commit", ()):
                call()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A snapshot to read from; nothing written in it is kept."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session
            session.rollback()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _sqlite_engine(url: Any) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}, pool_size=16, max_overflow=16
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own: we say BEGIN below
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine
