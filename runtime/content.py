"""The starter entries and the sample catalogue, and how they get into a community's knowledge base."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import structlog

from knowledge import files
from knowledge.catalogue import files as catalogue_files
from knowledge.catalogue import importing, loaded
from settings import ROOT
from storage import Database

log = structlog.get_logger("praxis.content")

CONTENT = ROOT / "knowledge" / "content"
SAMPLE_CATALOGUE = ROOT / "knowledge" / "catalogue" / "sample"
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


def import_sample_catalogue(database: Database, community_id: int) -> None:
    """Give a community that never had a catalogue the sample one, in one transaction."""
    with database.read() as session:
        if loaded.version(session, community_id):
            return
    # Its dates are right, whatever this machine's clock says.
    drafts, problems = catalogue_files.read(SAMPLE_CATALOGUE, loaded.Catalogue(), date.max)
    for problem in problems:
        log.warning("catalogue.problem", file=problem.file, line=problem.line, problem=problem.sentence)
    with database.begin() as session:
        if not problems and not loaded.version(session, community_id):
            report = importing.take(session, community_id, drafts)
            log.info("catalogue.imported", added=report.added)
