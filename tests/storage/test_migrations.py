"""Migrations lead to exactly what the records say, and back to nothing, on both engines."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from knowledge import files
from runtime.console import knowledge_base
from settings import Settings
from storage import Base, Database, migrate
from storage.errors import DatabaseNewer


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


def test_only_one_process_at_a_time_gets_an_empty_database_ready(postgresql_url: str) -> None:
    first, second = Database(postgresql_url), Database(postgresql_url, busy_timeout=0.1)
    order: list[str] = []

    def start() -> None:
        with migrate.getting_ready(second):
            order.append("second")

    with migrate.getting_ready(first):
        other = threading.Thread(target=start)
        other.start()
        other.join(0.5)  # longer than it would wait for any other lock
        order.append("first")
    other.join()
    assert order == ["first", "second"]
    for database in (first, second):
        database.close()


def test_processes_that_meet_an_empty_database_at_once_find_one_community_with_its_entries(empty_url: str) -> None:
    found: list[tuple[int, int]] = []

    def start() -> None:
        settings = Settings(_env_file=None, DATABASE_URL=empty_url)
        with knowledge_base(settings) as (database, community_id), database.read() as session:
            found.append((community_id, files.count(session, community_id)))

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (first, entries), second = found
    assert second == (first, entries)
    assert entries >= 40


def test_newer_database_is_refused_and_untouched(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match=r"newer version of Praxis.*9999.*install that version"):
        migrate.upgrade(database)
    assert migrate.current(database) == "9999"


def test_foreign_keys_are_enforced_after_migrating(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    migrate.upgrade(database)
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()
