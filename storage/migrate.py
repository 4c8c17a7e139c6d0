"""Bring a database's schema to the revision this code needs; the script of each step is in `migrations/versions`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.errors import DatabaseNewer, StorageError, explained, shown

# Of our own choosing: processes that start at once take turns on them.
_LOCK, _READY_LOCK = 0x5072_6178_6973, 0x5072_6178_6974


def head() -> str:
    """The revision this code needs."""
    revision = _scripts().get_current_head()
    if revision is None:
        raise StorageError("The migrations are missing from this installation; install Praxis again.")
    return revision


def current(database: Database) -> str | None:
    """The revision the database is at, or None for an empty one."""
    with database.read() as session:
        return revision_of(session.connection())


def knows(revision: str) -> bool:
    """Whether this code has a migration that leads to that revision."""
    try:
        return _scripts().get_revision(revision) is not None
    except CommandError:
        return False


def upgrade(database: Database, revision: str = "head") -> str:
    """Migrate to `revision` and return the revision reached; does nothing when it is there already.

    Safe when several processes start at once: they take turns. All or nothing. Raises DatabaseNewer.
    """
    with exclusive(database) as connection:
        if revision != "head" or revision_of(connection) != head():
            upgrade_to(connection, revision)
        return revision_of(connection) or ""


def downgrade(database: Database, revision: str) -> None:
    """Migrate back to `revision` (`base`: nothing of ours left). What the newer tables held is lost."""
    with exclusive(database) as connection:
        downgrade_to(connection, revision)


@cache
def _scripts() -> ScriptDirectory:
    """What there is of migrations; to read them all takes longer than anything else at a start."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade_to(connection: Connection, revision: str = "head") -> None:
    """Migrate within the transaction of `exclusive`."""
    _run(connection, command.upgrade, revision)


def downgrade_to(connection: Connection, revision: str) -> None:
    """Migrate back within the transaction of `exclusive`."""
    _run(connection, command.downgrade, revision)


def revision_of(connection: Connection) -> str | None:
    """The revision the database is at, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _run(connection: Connection, step: Callable[[Config, str], Any], revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    step(config, revision)


def _refuse_newer(database: Database, connection: Connection) -> None:
    revision = revision_of(connection)
    if revision is not None and not knows(revision):
        raise DatabaseNewer(
            f"The database {shown(database.url)} was migrated by a newer version of Praxis (its revision {revision} "
            "is unknown here); install that version, or restore a backup made by this one."
        )


@contextmanager
def getting_ready(database: Database) -> Iterator[None]:
    """One process at a time brings in what an empty database begins with; the others wait until it is there.

    The body opens transactions of its own. SQLite has one writer at a time anyway.
    """
    if database.is_sqlite:
        yield
        return
    with database.read() as session:  # its transaction, in which nothing else happens, holds the lock
        _take(session.connection(), _READY_LOCK)
        yield


def _take(connection: Connection, key: int) -> None:
    """Wait for the lock, which ends with the transaction, however long the other process takes."""
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


@contextmanager
def exclusive(database: Database) -> Iterator[Connection]:
    """A transaction in which nobody else migrates or restores; all that is done in it is kept, or nothing.

    Raises DatabaseNewer.
    """
    try:
        with database.engine.connect() as connection:
            if database.is_sqlite:
                # Outside a transaction, or SQLite ignores it: copying a table must not empty those that refer to it.
                connection.connection.execute("PRAGMA foreign_keys=OFF")
                connection.execution_options(sqlite_begin="IMMEDIATE")
            try:
                with connection.begin():
                    if not database.is_sqlite:
                        _take(connection, _LOCK)
                    _refuse_newer(database, connection)
                    yield connection
                    if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                        raise StorageError(
                            f"This would leave rows of {shown(database.url)} without what they refer to; "
                            "nothing was changed."
                        )
            finally:
                connection.invalidate()  # nobody else is to get a connection that does not mind foreign keys
    except DBAPIError as error:
        named = explained(error, database.url)
        if named is None:
            raise
        raise named from error
