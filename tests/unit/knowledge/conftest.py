"""One loaded knowledge base for all tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from community.records import Community
from knowledge import files
from knowledge.answering import Answers
from knowledge.encoder import Encoder, load_encoder
from storage import Database

CONTENT = Path(__file__).parents[3] / "knowledge" / "content"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    loaded = load_encoder("use")
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def starter_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, int]]:
    path = tmp_path_factory.mktemp("starter") / "praxis.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    entries, problems = files.read_folder(CONTENT)
    assert not problems
    with database.begin() as session:
        community = Community(slack_team_id="T1", name="IM", locale="en", time_zone="America/Toronto", created_at=NOW)
        session.add(community)
        session.flush()
        files.import_entries(session, community.id, entries, NOW)
    yield database, community.id
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
