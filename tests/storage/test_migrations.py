"""Migrations lead to exactly what the records say, and back to nothing, on both engines."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from storage import Base, Database, migrate
from storage.errors import DatabaseNewer, DatabaseOutdated


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


def test_migrated_schema_is_what_the_records_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        drift = compare_metadata(context, Base.metadata)
    assert drift == [], "the records and storage/migrations disagree: write a migration"


def test_up_and_down_leaves_nothing_behind(empty: Database) -> None:
    assert migrate.current(empty) is None
    assert migrate.upgrade(empty) == migrate.head() == migrate.current(empty)
    assert set(Base.metadata.tables) <= set(inspect(empty.engine).get_table_names())
    migrate.downgrade(empty, "base")
    assert migrate.current(empty) is None
    assert set(inspect(empty.engine).get_table_names()) == {"alembic_version"}
    assert migrate.upgrade(empty) == migrate.head()


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert migrate.upgrade(database) == migrate.head()


def test_processes_that_start_at_once_take_turns(empty_url: str) -> None:
    ready = threading.Barrier(4)
    reached: list[str] = []

    def start() -> None:
        database = Database(empty_url)
        ready.wait()
        reached.append(migrate.upgrade(database))
        database.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reached == [migrate.head()] * 4


def test_newer_database_is_refused_and_untouched(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match=r"newer version of Praxis.*9999.*install that version"):
        migrate.upgrade(database)
    with pytest.raises(DatabaseNewer):
        migrate.require_current(database)
    assert migrate.current(database) == "9999"


def test_database_that_was_not_migrated_is_named_so(empty: Database) -> None:
    with pytest.raises(DatabaseOutdated, match="older than this version"):
        migrate.require_current(empty)


def test_foreign_keys_are_enforced_after_migrating(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    migrate.upgrade(database)
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()
