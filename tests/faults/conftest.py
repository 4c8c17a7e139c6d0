"""A world to break: one Slack and one nursery of victims for all fault tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import slack as local_slack
from tests.faults.harness import Victims, World
from tests.faults.slack import Slack


@pytest.fixture(scope="session")
def slack() -> Iterator[Slack]:
    with local_slack.running() as running:
        yield running


@pytest.fixture(scope="session")
def victims() -> Iterator[Victims]:
    nursery = Victims()
    yield nursery
    nursery.stop()


@pytest.fixture
def world(database_url: str, slack: Slack, victims: Victims) -> Iterator[World]:
    """A community in a fresh database, on each engine."""
    made = World(database_url, slack, victims)
    yield made
    made.close()
