"""Transactions: all or nothing and one writer at a time."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from community.records import Community
from storage import Database, after_commit
from storage.errors import (
    DatabaseLocked,
)
from tests.storage.database_kit import count, here


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


def test_log_is_carried_into_the_database_and_emptied_unless_somebody_writes(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    file = Path(str(database.url.database))
    with database.begin() as session:
        session.execute(text("CREATE TABLE jotted (id INTEGER PRIMARY KEY)"))
        assert not database.checkpoint()
        session.execute(text("INSERT INTO jotted VALUES (1)"))
    assert database.checkpoint()
    assert b"jotted" in file.read_bytes()
    assert file.with_name(f"{file.name}-wal").stat().st_size == 0
    with database.begin() as session:
        session.execute(text("INSERT INTO jotted VALUES (2)"))
    database.close()
