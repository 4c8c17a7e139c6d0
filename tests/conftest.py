"""Databases for tests: every test that asks for one runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

import community.records  # noqa: F401  # the three together are all tables
import delivery.records  # noqa: F401
import knowledge.records  # noqa: F401
import settings  # noqa: F401  # zones are the bot's own, and not this machine's
from storage import Database, migrate
from tests.postgresql import PostgreSQL, running
from tests.prepared import make

ENGINES = ("sqlite", "postgresql")

# Modules and the list of tests stay until the end: looking through them for garbage, again and again, was a tenth of
# all that the tests cost. So there is no looking while they are made, and none through them after that.
gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Collect garbage from here on, but leave what is there."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)  # tests drop most of what they make without any cycle
    gc.enable()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The PostgreSQL server of this test process."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "praxis.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: PostgreSQL) -> str:
    """A migrated PostgreSQL database to copy."""
    name = postgresql.create()
    database = Database(postgresql.url(name))
    migrate.upgrade(database)
    database.close()
    return name


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file to copy that holds the starter entries, their vectors and thresholds."""
    return make(tmp_path_factory)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    return str(request.param)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of this test's own."""
    path = tmp_path / "praxis.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL, postgresql_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    name = postgresql.lend(postgresql_template)
    yield postgresql.url(name)
    postgresql.take_back(name, postgresql_template)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database of this test's own, on each engine."""
    return str(request.getfixturevalue(f"{engine_name}_url"))


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, on each engine."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of this test's own, on each engine."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def logs_restored() -> Iterator[None]:
    """Whatever a test sets up for its logs ends with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Put the calls that the workers' bots made into one file, for the check against Slack's reference."""
    if hasattr(session.config, "workerinput"):
        return  # the process that started the workers does it, once they are done
    build = session.config.rootpath / "build"
    parts = sorted(build.glob("slack-calls-*.jsonl"))
    if parts:
        (build / "slack-calls.jsonl").write_bytes(b"".join(part.read_bytes() for part in parts))
