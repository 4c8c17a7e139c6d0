"""One loaded knowledge base for all tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from community.records import Community
from knowledge.answering import Answers
from knowledge.encoder import Encoder
from knowledge.encoders import load_encoder
from storage import Database

CONTENT = Path(__file__).parents[3] / "knowledge" / "content"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    loaded = load_encoder("use")
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def starter_database(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, int]]:
    path = tmp_path_factory.mktemp("starter") / "praxis.db"
    path.write_bytes(prepared.read_bytes())
    database = Database(f"sqlite:///{path}")
    with database.read() as session:
        community_id = session.scalars(select(Community.id)).one()
    yield database, community_id
    database.close()


@pytest.fixture(scope="session")
def starter(starter_database: tuple[Database, int]) -> Answers:
    """Answers from the starter entries, with the encoder."""
    answers = Answers(*starter_database)
    answers.load()
    return answers


@pytest.fixture(scope="session")
def starter_by_spelling(starter_database: tuple[Database, int]) -> Answers:
    """Answers from the starter entries, without an encoder."""
    answers = Answers(*starter_database, encoder="none")
    answers.load()
    return answers
