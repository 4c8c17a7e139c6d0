"""The starter entries, and how a folder of entries gets into a community's knowledge base."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import structlog

from knowledge import files
from settings import ROOT
from storage import Database

log = structlog.get_logger("praxis.content")

CONTENT = ROOT / "knowledge" / "content"
# The team of a knowledge base that was asked before the bot met any Slack workspace.
UNCLAIMED_TEAM = "unclaimed"


def import_folder(database: Database, community_id: int, folder: Path, now: datetime) -> files.Report:
    """Import a folder of entries in one transaction; entries with problems are logged and left out."""
    entries, problems = files.read_folder(folder)
    for problem in problems:
        log.warning("entry.problem", file=str(problem.file), line=problem.line, problem=problem.sentence)
    with database.begin() as session:
        report = files.import_entries(session, community_id, entries, now)
    log.info("entries.imported", added=report.added, changed=report.changed, unchanged=report.unchanged)
    return report
