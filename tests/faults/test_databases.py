"""A database that is locked, full, killed: said clearly, and what was to be posted is posted once it is back."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from delivery.inbox import Inbox
from delivery.records import OutboxState
from storage import Database, migrate
from storage.errors import DatabaseFull, DatabaseLocked, DatabaseUnavailable
from tests import postgresql
from tests.faults import harness
from tests.faults.harness import Tally, Victims, World
from tests.faults.slack import Slack


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


def test_locked_sqlite_is_said_and_delivery_goes_on_after(
    sqlite_url: str, slack: Slack, victims: Victims, tmp_path: Path
) -> None:
    world = World(sqlite_url, slack, victims)
    people = slack.people(5)
    texts = world.broadcast(people)
    impatient = Database(sqlite_url, busy_timeout=0.1)
    other = sqlite3.connect(tmp_path / "praxis.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with world.sender(database=impatient) as sender:
        wait_for(lambda: not sender.health.ok)
        assert "locked by another process" in str(sender.health.problem)
        with pytest.raises(DatabaseLocked):
            Inbox(impatient).receive("Ev1", "event", {})
        other.execute("ROLLBACK")
        wait_for(lambda: sender.health.ok)
        assert Inbox(impatient).receive("Ev1", "event", {}) == "new"
        wait_for(lambda: world.count(OutboxState.sent) == 5)
    assert world.tally(people, texts) == Tally(expected=5, lost=0, doubled=0)
    other.close()
    impatient.close()
    world.close()


def test_full_disk_is_said_and_delivery_goes_on_after(sqlite_url: str, slack: Slack, victims: Victims) -> None:
    world = World(sqlite_url, slack, victims)
    people = slack.people(5)
    texts = world.broadcast(people)
    narrow = Database(sqlite_url)

    def limit(pages: int) -> None:
        # The pool hands its connections out in turn: each has a limit of its own.
        connections = [narrow.engine.connect() for _ in range(2)]
        for connection in connections:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.close()

    limit(1)  # SQLite takes it for: not one more than there are
    with world.sender(database=narrow) as sender:
        with world.database.begin() as session:  # grows the file past the limit, so that every write meets it
            session.execute(text("CREATE TABLE filler AS SELECT zeroblob(100000) AS filling"))
        sender.wake()
        for number in range(200):
            try:
                Inbox(narrow).receive(f"Ev{number}", "event", {"filling": "x" * 4000})
            except DatabaseFull:
                break
        else:
            pytest.fail("the disk was never full")
        limit(1_000_000)
        sender.drain()
        wait_for(lambda: world.count(OutboxState.sent) == 5)
    assert world.tally(people, texts) == Tally(expected=5, lost=0, doubled=0)
    narrow.close()
    world.close()


def test_postgresql_killed_and_started_again_loses_and_doubles_nothing(slack: Slack, victims: Victims) -> None:
    with postgresql.running() as server:
        url = server.url(server.create())
        database = Database(url)
        migrate.upgrade(database)
        database.close()
        world = World(url, slack, victims)
        people = slack.people(30)
        texts = world.broadcast(people)
        with world.sender() as sender:
            wait_for(lambda: world.count(OutboxState.sent) >= 5)
            server.kill()
            wait_for(lambda: not sender.health.ok)
            assert "cannot be reached" in str(sender.health.problem)
            with pytest.raises(DatabaseUnavailable):
                Inbox(world.database).receive("Ev1", "event", {})
            server.start()
            wait_for(lambda: sender.health.ok)
            sender.drain()
        world.finish()
        assert world.tally(people, texts) == Tally(expected=30, lost=0, doubled=0)
        world.close()


def test_processes_share_what_is_due_and_nothing_is_posted_twice(
    postgresql_url: str, slack: Slack, victims: Victims
) -> None:
    world = World(postgresql_url, slack, victims)
    assert harness.share(world, processes=4, recipients=60, text="due") == Tally(expected=60, lost=0, doubled=0)
    world.close()


def test_event_delivered_again_and_again_has_one_effect(world: World) -> None:
    assert harness.deliver_again_and_again(world, processes=4, events=60) == 60


def test_copied_database_file_is_not_needed_by_the_original(sqlite_url: str, tmp_path: Path) -> None:
    """The template of these tests is copied as a file: what is in it must not still be in its log."""
    copy = tmp_path / "copy.db"
    shutil.copyfile(tmp_path / "praxis.db", copy)
    database = Database(f"sqlite:///{copy}")
    assert migrate.current(database) == migrate.head()
    database.close()
