"""Bring a database's schema to the revision this code needs; the script of each step is in `migrations/versions`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from storage.errors import DatabaseNewer, DatabaseOutdated, StorageError, explained, shown

_LOCK = 0x5072_6178_6973  # of our own choosing: processes that start at once take turns on it


def head() -> str:
    """The revision this code needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise StorageError("The migrations are missing from this installation; install Praxis again.")
    return revision


def current(database: Database) -> str | None:
    """The revision the database is at, or None for an empty one."""
    with database.read() as session:
        return _revision(session.connection())


def upgrade(database: Database, revision: str = "head") -> str:
    """Migrate to `revision` and return the revision reached; does nothing when it is there already.

    Safe when several processes start at once: they take turns. All or nothing. Raises DatabaseNewer.
    """
    with _exclusive(database) as connection:
        _refuse_newer(database, connection)
        _run(connection, command.upgrade, revision)
        return _revision(connection) or ""


def downgrade(database: Database, revision: str) -> None:
    """Migrate back to `revision` (`base`: nothing of ours left). What the newer tables held is lost."""
    with _exclusive(database) as connection:
        _refuse_newer(database, connection)
        _run(connection, command.downgrade, revision)


def require_current(database: Database) -> None:
    """Raise DatabaseOutdated or DatabaseNewer unless the schema is what this code needs."""
    with database.read() as session:
        connection = session.connection()
        _refuse_newer(database, connection)
        if _revision(connection) != head():
            raise DatabaseOutdated(
                f"The database {shown(database.url)} is older than this version of Praxis; `bot.py run` migrates it."
            )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run(connection: Connection, step: Callable[[Config, str], Any], revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    step(config, revision)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(database: Database, connection: Connection) -> None:
    revision = _revision(connection)
    if revision is None:
        return
    try:
        ScriptDirectory.from_config(_config()).get_revision(revision)
    except CommandError:
        raise DatabaseNewer(
            f"The database {shown(database.url)} was migrated by a newer version of Praxis (its revision {revision} "
            "is unknown here); install that version, or restore a backup made by this one."
        ) from None


@contextmanager
def _exclusive(database: Database) -> Iterator[Connection]:
    try:
        with database.engine.connect() as connection:
            if database.is_sqlite:
                # Outside a transaction, or SQLite ignores it: copying a table must not empty those that refer to it.
                connection.connection.execute("PRAGMA foreign_keys=OFF")
                connection.execution_options(sqlite_begin="IMMEDIATE")
            try:
                with connection.begin():
                    if not database.is_sqlite:
                        connection.execute(text("SET LOCAL lock_timeout = 0"))  # the other process may take a while
                        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                    yield connection
                    if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                        raise StorageError(
                            f"The migration would leave rows of {shown(database.url)} without what they refer to; "
                            "nothing was changed."
                        )
            finally:
                connection.invalidate()  # nobody else is to get a connection that does not mind foreign keys
    except DBAPIError as error:
        named = explained(error, database.url)
        if named is None:
            raise
        raise named from error
