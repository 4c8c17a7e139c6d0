"""The ground that the trials of the soak stand on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import knowledge.records  # noqa: F401  # every table, for the foreign keys
from storage import Database, migrate
from tests import postgresql
from tests.faults import slack as local_slack
from tests.faults.harness import Victims, World
from tests.faults.slack import Slack
from tests.postgresql import PostgreSQL

ENGINES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Seen:
    """What a trial showed, in words, and whether that is what is required."""

    ok: bool
    words: str


@dataclass(frozen=True)
class Trial:
    """One row of the table; `run` gets the ground to stand on and whether to be quick."""

    name: str
    required: str
    run: Callable[[Ground, bool], Seen]


class Ground:
    """A Slack, a PostgreSQL and processes to kill, for all trials; each gets databases of its own."""

    def __init__(self, folder: Path, slack: Slack, victims: Victims, server: PostgreSQL) -> None:
        self.folder = folder
        self.slack = slack
        self.victims = victims
        self.server = server
        self._made = 0

    def url(self, engine: str) -> str:
        """A migrated database."""
        self._made += 1
        sqlite = engine == "SQLite"
        url = f"sqlite:///{self.folder}/{self._made}.db" if sqlite else self.server.url(self.server.create())
        database = Database(url)
        migrate.upgrade(database)
        database.close()
        return url

    @contextmanager
    def world(self, engine: str) -> Iterator[World]:
        """A community in a database of its own."""
        world = World(self.url(engine), self.slack, self.victims)
        try:
            yield world
        finally:
            world.close()
            self.slack.forget_calls()


@contextmanager
def prepared() -> Iterator[Ground]:
    """For as long as the block lasts."""
    with (
        tempfile.TemporaryDirectory(prefix="praxis-soak-") as folder,
        local_slack.running() as slack,
        postgresql.running(durable=True) as server,
    ):
        victims = Victims()
        try:
            yield Ground(Path(folder), slack, victims, server)
        finally:
            victims.stop()
