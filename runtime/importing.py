"""Entries from files into a community's database, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from community import choices
from knowledge import between, files
from knowledge.entry_checks import BOTH_LANGUAGES
from knowledge.problems import Problem
from storage import Database


class _Undone(Exception):
    """Leaves a transaction on purpose: a dry run, or files with problems."""


def take(
    database: Database,
    community_id: int,
    source: Path,
    now: datetime,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
) -> tuple[files.Report | None, Sequence[Problem]]:
    """What an import of these files did, or with `dry_run` would do; None with the problems that kept it from it."""
    with database.read() as session:
        known = between.known_ids(session, community_id)
        both = bool(choices.get(session, community_id, BOTH_LANGUAGES, True))
    entries, problems = files.read(source, known, both_languages=both)
    report = None
    if not problems:
        try:
            with database.begin() as session:
                problems = between.beside_published(session, community_id, entries)
                if not problems:
                    report = files.import_entries(session, community_id, entries, now, overwrite=overwrite)
                    problems = list(report.problems)
                if problems or dry_run:
                    raise _Undone
        except _Undone:
            pass
    return (None, problems) if problems else (report, ())
