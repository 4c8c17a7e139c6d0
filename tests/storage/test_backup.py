"""What is backed up comes back, on either engine, and nothing is half restored."""

from __future__ import annotations

import gzip
import json
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from community.records import Community, Member
from delivery import outbox
from knowledge.records import Embedding, Entry
from storage import Base, Database, migrate
from storage.backup import backup, inspect_backup, restore
from storage.errors import BackupError, DatabaseNewer

NOW = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)


def fill(database: Database) -> None:
    with database.begin() as session:
        here = Community(slack_team_id="T1", name="Pratique", locale="fr", time_zone="America/Moncton", created_at=NOW)
        session.add(here)
        session.flush()
        session.execute(
            insert(Member),
            [
                {
                    "community_id": here.id,
                    "slack_user_id": f"U{number}",
                    "name": "Zoë 🎓 \u2028 <!channel>",
                    "time_zone": "UTC",
                    "refreshed_at": NOW if number % 2 else None,
                }
                for number in range(1200)  # more than a page
            ],
        )
        session.add(Embedding(digest="d", vector=bytes(range(256))))
        session.add(
            Entry(
                community_id=here.id,
                slug="a",
                source="s",
                reviewed_on=date(2026, 11, 1),
                related=["b", "c"],
                digest="x",
                updated_at=NOW,
            )
        )
        outbox.post(session, community_id=here.id, key="k1", channel="C1", payload={"text": "é", "$t": [1, None]})
        payload_id = outbox.store_payload(session, {"text": "all"})
        outbox.post(session, community_id=here.id, key="k2", user="U1", payload_id=payload_id)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def other(empty_url: str) -> Iterator[Database]:
    """An empty database, on each engine in turn: what is restored need not be the engine that was backed up."""
    database = Database(empty_url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def source(request: pytest.FixtureRequest) -> Iterator[Database]:
    database = Database(request.getfixturevalue(request.param))
    fill(database)
    yield database
    database.close()


def test_restored_database_is_the_one_backed_up_on_either_engine(
    source: Database, other: Database, empty_url: str, tmp_path: Path
) -> None:
    target = tmp_path / "praxis.backup"
    assert backup(source, target) == restore(target, empty_url) == 1206
    assert everything(other) == everything(source)
    assert migrate.current(other) == migrate.head()
    with other.begin() as session:  # numbers go on after those restored
        session.add(Member(community_id=1, slack_user_id="new", name="n", time_zone="UTC"))
        session.flush()
        assert session.scalar(select(func.max(Member.id))) == 1201


def test_backup_is_for_its_owner_only_and_says_what_it_holds(database: Database, tmp_path: Path) -> None:
    fill(database)
    target = tmp_path / "deep" / "praxis.backup"
    backup(database, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    contents = inspect_backup(target)
    assert (contents.revision, contents.rows["member"]) == (migrate.head(), 1200)
    assert list(target.parent.iterdir()) == [target]


def test_backup_while_somebody_writes_is_of_one_moment(database: Database, database_url: str, tmp_path: Path) -> None:
    fill(database)
    with database.begin() as session:
        session.add(Member(community_id=1, slack_user_id="uncommitted", name="n", time_zone="UTC"))
        session.flush()
        second = Database(database_url)
        backup(second, tmp_path / "b")
        second.close()
    assert inspect_backup(tmp_path / "b").rows["member"] == 1200


def test_restore_refuses_a_database_that_holds_something(database: Database, database_url: str, tmp_path: Path) -> None:
    fill(database)
    backup(database, tmp_path / "b")
    before = everything(database)
    with database.begin() as session:
        outbox.post(session, community_id=1, key="k3", channel="C1", payload={"text": "later"})
    with pytest.raises(BackupError, match=r"not empty.*--overwrite"):
        restore(tmp_path / "b", database_url)
    restore(tmp_path / "b", database_url, overwrite=True)
    assert everything(database) == before


@pytest.mark.parametrize("damage", ["cut", "byte", "row missing", "no gzip"])
def test_damaged_backup_changes_nothing(database: Database, database_url: str, tmp_path: Path, damage: str) -> None:
    fill(database)
    target = tmp_path / "b"
    backup(database, target)
    packed = target.read_bytes()
    match damage:
        case "cut":
            target.write_bytes(packed[:-40])
        case "byte":
            target.write_bytes(packed[:2000] + bytes([packed[2000] ^ 255]) + packed[2001:])
        case "row missing":
            lines = gzip.decompress(packed).splitlines(keepends=True)
            target.write_bytes(gzip.compress(b"".join(lines[:10] + lines[11:])))
        case "no gzip":
            target.write_bytes(b"hello")
    before = everything(database)
    with pytest.raises(BackupError, match="damaged"):
        restore(target, database_url, overwrite=True)
    assert everything(database) == before


def test_backup_by_a_newer_version_is_refused(database_url: str, tmp_path: Path) -> None:
    target = tmp_path / "b"
    lines = [{"praxis_backup": 1, "revision": "9999", "made_at": NOW.isoformat()}, {"rows": {}}]
    target.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
    with pytest.raises(BackupError, match=r"newer version of Praxis.*9999"):
        restore(target, database_url)


def test_restore_into_a_newer_database_is_refused(database: Database, database_url: str, tmp_path: Path) -> None:
    backup(database, tmp_path / "b")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer):
        restore(tmp_path / "b", database_url, overwrite=True)


def test_missing_file_and_foreign_file_are_named(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no file"):
        restore(tmp_path / "none", sqlite_url)
    (tmp_path / "other").write_bytes(gzip.compress(b'{"something": "else"}\n'))
    with pytest.raises(BackupError, match="not a backup of Praxis"):
        restore(tmp_path / "other", sqlite_url)


def test_empty_database_has_nothing_to_back_up(empty_url: str, tmp_path: Path) -> None:
    database = Database(empty_url)
    with pytest.raises(BackupError, match="nothing to back up"):
        backup(database, tmp_path / "b")
    database.close()
    assert not list(tmp_path.glob("b*"))


def test_place_that_cannot_be_written_is_named(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    database = Database(sqlite_url)
    with pytest.raises(BackupError, match="cannot be written"):
        backup(database, tmp_path / "file" / "b")
    database.close()
