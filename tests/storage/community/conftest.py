"""One database for all of these tests: each has a community of its own in it, which must be as good as a database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Database
from tests.postgresql import PostgreSQL
from tests.town import Town


@pytest.fixture(scope="session", params=("sqlite", "postgresql"))
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated database, on each engine."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path_factory.mktemp("communities") / "praxis.db"
        shutil.copyfile(template, path)
        opened = Database(f"sqlite:///{path}")
        yield opened
        opened.close()
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.create(template=request.getfixturevalue("postgresql_template"))
    opened = Database(server.url(name))
    yield opened
    opened.close()
    server.drop(name)


@pytest.fixture
def town(database: Database) -> Town:
    """A community of this test's own."""
    return Town(database)
