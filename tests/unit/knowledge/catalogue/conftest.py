"""The sample catalogue in memory, as an import would make it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from community import people
from knowledge.catalogue import loaded
from knowledge.catalogue.loaded import Catalogue
from runtime.content import import_sample_catalogue
from storage import Database, migrate


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """What a community has at its first start."""
    path: Path = tmp_path_factory.mktemp("catalogue") / "praxis.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.begin() as session:
        community = people.ensure_community(
            session,
            slack_team_id="T1",
            name="Town",
            locale="en",
            time_zone="America/Toronto",
            now=datetime(2026, 11, 22, tzinfo=UTC),
        )
    import_sample_catalogue(database, community.id)
    with database.read() as session:
        yield loaded.load(session, community.id)
    database.close()
