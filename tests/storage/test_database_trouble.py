"""A named error for whatever is wrong with the database, which says what to do and quotes nothing that people wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from community.records import Community
from delivery.records import Payload
from storage import Database, migrate
from storage.errors import (
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseReadOnly,
    DatabaseUnavailable,
    StorageError,
)
from tests.storage.database_kit import count, here


def test_row_held_too_long_by_another_is_a_named_error(postgresql_url: str) -> None:
    database, other = Database(postgresql_url), Database(postgresql_url, busy_timeout=0.1)
    with database.begin() as session:
        session.add(here())
    with database.begin() as session:
        session.scalars(select(Community).with_for_update()).one()
        with pytest.raises(DatabaseLocked), other.begin() as waiting:
            waiting.scalars(select(Community).with_for_update()).one()
    database.close()
    other.close()


def test_errors_of_a_statement_stay_what_they_are_without_the_values(database: Database) -> None:
    with database.begin() as session:
        session.add(here("secret words"))
    with pytest.raises(IntegrityError) as caught, database.begin() as session:
        session.add(here("secret words"))
    assert "secret words" not in str(caught.value).partition("DETAIL")[0]


@pytest.mark.parametrize("url", ["sqlite:////proc/none/praxis.db", "sqlite:////dev/null/praxis.db"])
def test_folder_that_cannot_be_made_is_named(url: str) -> None:
    with pytest.raises(DatabaseMissing, match=r"cannot be (made|opened)"):
        migrate.upgrade(Database(url))


def test_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "praxis.db"
    path.write_bytes(b"this is a letter to my aunt, not a database " * 50)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseDamaged, match=r"not a sound database; restore the last backup"):
        migrate.upgrade(database)
    with pytest.raises(DatabaseDamaged):
        count(database)
    database.close()
    assert path.read_bytes().startswith(b"this is a letter")


def test_damaged_database_is_named(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "praxis.db"
    damaged = bytearray(path.read_bytes())
    damaged[4096 * 2 :] = b"\xff" * len(damaged[4096 * 2 :])
    path.write_bytes(damaged)
    database = Database(sqlite_url)
    with pytest.raises(DatabaseDamaged):
        count(database)
    database.close()


def test_read_only_database_is_named(sqlite_url: str) -> None:
    database = Database(sqlite_url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true")
    with pytest.raises(DatabaseReadOnly, match="right to write"), database.begin() as session:
        session.add(here())
    database.close()


def test_read_only_postgresql_is_named(postgresql_url: str) -> None:
    database = Database(postgresql_url + "&options=-c%20default_transaction_read_only%3Don")
    with pytest.raises(DatabaseReadOnly, match="does not let us write"), database.begin() as session:
        session.add(here())
    database.close()


def test_full_disk_is_named_and_writing_goes_on_once_there_is_room(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read() as session:
        pages = session.scalar(text("PRAGMA page_count"))
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DatabaseFull, match="free space"), database.begin() as session:
        session.add(Payload(body={"text": "x" * 1_000_000}))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    with database.begin() as session:
        session.add(Payload(body={"text": "x" * 1_000_000}))
    database.close()


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda url: url.replace("/praxis_", "/none_"), DatabaseMissing, "There is no database none_.*createdb"),
        (lambda url: url.replace("postgres:@", "nobody:hunter2@"), DatabaseUnavailable, "refused the user"),
        (lambda url: url.partition("?")[0] + "?host=/nowhere", DatabaseUnavailable, "cannot be reached"),
        (lambda _: "postgres://u:hunter2@127.0.0.1:1/praxis", DatabaseUnavailable, "check that PostgreSQL runs"),
    ],
    ids=["no database", "no user", "no socket", "no port"],
)
def test_postgresql_that_cannot_be_used_is_named_without_its_password(
    postgresql_url: str, change: object, error: type[StorageError], says: str
) -> None:
    database = Database(change(postgresql_url))  # type: ignore[operator]  # a parameter of the test
    for use in (migrate.upgrade, migrate.current):
        with pytest.raises(error, match=says) as caught:
            use(database)
        assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(database)
    database.close()
