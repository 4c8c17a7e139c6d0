"""What the command line does with a catalogue's files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from knowledge.catalogue import files, importing, loaded
from knowledge.catalogue.importing import Report
from knowledge.catalogue.problems import TableProblem
from storage import Database


class _DryRun(Exception):
    """Leaves a transaction on purpose; nothing went wrong."""


def examine(database: Database, community_id: int, path: Path) -> tuple[files.Drafts, list[TableProblem]]:
    """What files hold and what is wrong with them, beside the catalogue as it stands."""
    with database.read() as session:
        known = loaded.load(session, community_id)
    return files.read(path, known, datetime.now(UTC).date())


def take(database: Database, community_id: int, drafts: files.Drafts, *, dry_run: bool) -> Report:
    """Import what was read, or say what an import would do."""
    try:
        with database.begin() as session:
            report = importing.take(session, community_id, drafts)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def export(database: Database, community_id: int, target: Path) -> int:
    """Write the catalogue; the number of lines."""
    with database.read() as session:
        return files.export(loaded.load(session, community_id), target)
