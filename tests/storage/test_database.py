"""Transactions: all or nothing, one writer at a time, and a named error for whatever is wrong with the database."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from community.records import Community
from delivery.records import Payload
from storage import Database, after_commit, migrate
from storage.errors import (
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseReadOnly,
    DatabaseUnavailable,
    StorageError,
)


def here(slack_team_id: str = "T1") -> Community:
    return Community(slack_team_id=slack_team_id, name="x", locale="en", time_zone="UTC", created_at=datetime.now(UTC))


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Community)) or 0


def test_exception_rolls_back_and_gives_the_turn_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.begin() as session:  # noqa: PT012  # what was written, then fails
        session.add(here())
        session.flush()
        raise ZeroDivisionError
    assert count(database) == 0
    with database.begin() as session:
        session.add(here())
    assert count(database) == 1


def test_what_is_written_while_reading_is_not_kept(database: Database) -> None:
    with database.read() as session:
        session.add(here())
        session.flush()
    assert count(database) == 0


def test_calls_after_the_commit_see_it_and_run_in_order_outside_of_it(database: Database) -> None:
    seen: list[object] = []
    with database.begin() as session:
        session.add(here())
        after_commit(session, lambda: seen.append(count(database)))

        def write_more() -> None:
            with database.begin() as another:  # neither the turn nor the transaction is held any more
                another.add(here("T2"))
            seen.append("second")

        after_commit(session, write_more)
        assert seen == []
    assert seen == [1, "second"]


def test_calls_do_not_run_when_the_transaction_fails(database: Database) -> None:
    seen: list[int] = []
    with database.begin() as session:
        session.add(here())
    with pytest.raises(IntegrityError), database.begin() as session:  # noqa: PT012  # it fails at its commit
        after_commit(session, lambda: seen.append(1))
        session.add(here())
    assert seen == []


def test_failing_call_keeps_neither_the_others_nor_the_caller(database: Database) -> None:
    seen: list[int] = []
    with database.begin() as session:
        session.add(here())
        after_commit(session, lambda: 1 / 0)
        after_commit(session, lambda: seen.append(1))
    assert seen == [1]
    assert count(database) == 1


def test_nested_write_transaction_is_a_mistake_and_said_so(database: Database) -> None:
    with (
        database.begin() as session,
        pytest.raises(RuntimeError, match="pass its session on"),
        database.begin(),
    ):
        pass
    assert session is not None


def test_writers_of_two_threads_take_turns(database: Database) -> None:
    with database.begin() as session:
        session.add(here())

    def rename() -> None:
        for _ in range(20):
            with database.begin() as session:
                found = session.scalars(select(Community).with_for_update()).one()
                found.name = str(int(found.name.removeprefix("x") or 0) + 1)

    threads = [threading.Thread(target=rename) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.scalars(select(Community.name)).one() == "80"


def test_sqlite_write_transaction_takes_the_write_lock_at_its_start(sqlite_url: str) -> None:
    database, other = Database(sqlite_url), Database(sqlite_url, busy_timeout=0.05)
    with (
        database.begin(),
        pytest.raises(DatabaseLocked, match="locked by another process; wait for it to finish"),
        other.begin(),
    ):
        pass
    assert count(other) == 0, "reading goes on meanwhile"
    with other.begin() as session:  # the failed start left nothing behind
        session.add(here())
    assert count(database) == 1
    database.close()
    other.close()


def test_thread_that_waits_too_long_for_its_turn_is_told(sqlite_url: str) -> None:
    hasty = Database(sqlite_url, busy_timeout=0.1)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with hasty.begin():
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    with pytest.raises(DatabaseLocked), hasty.begin():
        pass
    done.set()
    holder.join()
    hasty.close()


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


def test_sqlite_commits_are_durable_and_readers_do_not_block(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with database.read() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with database.begin() as session:
        session.add(here())
        plain = sqlite3.connect(tmp_path / "praxis.db")
        assert plain.execute("SELECT count(*) FROM community").fetchone() == (0,)
        plain.close()
    database.close()


def test_connection_that_lost_its_server_while_it_rested_is_replaced(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, other = Database(postgresql_url), Database(postgresql_url)
    assert count(database) == 0
    with other.begin() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    monkeypatch.setattr("storage.database.FRESH_S", 0.0)  # as if it had rested long
    assert count(database) == 0
    database.close()
    other.close()


def test_statement_at_once_is_durable_by_itself_and_survives_an_error(database: Database) -> None:
    with database.at_once() as connection:
        connection.execute(text("CREATE TABLE jotted (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO jotted VALUES (1)"))
    with pytest.raises(IntegrityError), database.at_once() as connection:  # noqa: PT012  # the first one stays
        connection.execute(text("INSERT INTO jotted VALUES (2)"))
        connection.execute(text("INSERT INTO jotted VALUES (1)"))
    with database.at_once() as connection:
        connection.execute(text("INSERT INTO jotted VALUES (3)"))
    other = Database(database.url.render_as_string(hide_password=False))
    with other.read() as session:
        assert session.scalars(text("SELECT id FROM jotted ORDER BY id")).all() == [1, 2, 3]
    other.close()


def test_connection_kept_for_single_statements_is_replaced_when_its_server_cut_it(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with database.at_once() as connection:
        (backend,) = connection.execute(text("SELECT pg_backend_pid()")).scalars()
    with database.read() as session:
        session.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
    database._alone_used_at -= 60  # it rested since
    with database.at_once() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    database.close()


def test_log_is_carried_into_the_database_while_somebody_writes(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.begin() as session:
        session.execute(text("CREATE TABLE jotted (id INTEGER PRIMARY KEY)"))
        database.checkpoint()
        session.execute(text("INSERT INTO jotted VALUES (1)"))
    database.checkpoint()
    assert b"jotted" in Path(str(database.url.database)).read_bytes()
    database.close()
