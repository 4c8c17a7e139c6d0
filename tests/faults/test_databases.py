"""A database that is locked, full, killed: said clearly, and what was to be posted is posted once it is back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage import Database, migrate
from tests import postgresql
from tests.faults import trials
from tests.faults.harness import Tally, Victims, World
from tests.faults.slack import Slack


@pytest.fixture
def sqlite_world(sqlite_url: str, slack: Slack, victims: Victims) -> Iterator[World]:
    world = World(sqlite_url, slack, victims)
    yield world
    world.close()


def test_locked_sqlite_is_said_and_delivery_goes_on_after(sqlite_world: World) -> None:
    tally, said, refusal = trials.sqlite_locked(sqlite_world, recipients=5, seconds=0.3)
    assert tally == Tally(expected=5, lost=0, doubled=0)
    assert "locked by another process" in said
    assert "locked by another process" in refusal


def test_full_disk_is_said_and_delivery_goes_on_after(sqlite_world: World) -> None:
    tally, refusal = trials.disk_full(sqlite_world, recipients=5)
    assert tally == Tally(expected=5, lost=0, doubled=0)
    assert "no room left" in refusal


def test_postgresql_killed_and_started_again_loses_and_doubles_nothing(slack: Slack, victims: Victims) -> None:
    with postgresql.running() as server:
        url = server.url(server.create())
        database = Database(url)
        migrate.upgrade(database)
        database.close()
        world = World(url, slack, victims)
        tally, said = trials.postgresql_killed(world, server, recipients=30)
        assert tally == Tally(expected=30, lost=0, doubled=0)
        assert "cannot be reached" in said
        world.close()


def test_processes_share_what_is_due_and_nothing_is_posted_twice(
    postgresql_url: str, slack: Slack, victims: Victims
) -> None:
    world = World(postgresql_url, slack, victims)
    assert trials.share(world, processes=4, recipients=60, text="due") == Tally(expected=60, lost=0, doubled=0)
    world.close()


def test_event_delivered_again_and_again_has_one_effect(world: World) -> None:
    assert trials.deliver_again_and_again(world, processes=4, events=60) == 60
