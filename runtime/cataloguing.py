"""What the command line does with a catalogue's files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from community.records import Community
from community.times import zone
from knowledge.catalogue import files, importing, loaded
from knowledge.catalogue.changes import Report
from knowledge.catalogue.keeping import Contradicted, Kept
from knowledge.catalogue.problems import TableProblem
from storage import Database

BRIEF = 60  # characters of a cell that is told


class _DryRun(Exception):
    """Leaves a transaction on purpose; nothing went wrong."""


def examine(
    database: Database, community_id: int, path: Path, now: datetime
) -> tuple[files.Drafts, list[TableProblem]]:
    """What files hold and what is wrong with them, beside the catalogue as it stands and on the community's day."""
    with database.read() as session:
        known = loaded.load(session, community_id)
    return files.read(path, known, now.astimezone(zone_of(database, community_id)).date())


def validate(
    database: Database, community_id: int, path: Path, now: datetime
) -> tuple[files.Drafts, list[TableProblem]]:
    """The same; what is fine by itself is held against what was changed in Slack, too."""
    drafts, problems = examine(database, community_id, path, now)
    return drafts, problems or take(database, community_id, drafts, dry_run=True)[1]


def zone_of(database: Database, community_id: int) -> ZoneInfo:
    """Where the community is."""
    with database.read() as session:
        return zone(session.get_one(Community, community_id).time_zone)


def take(
    database: Database, community_id: int, drafts: files.Drafts, *, dry_run: bool, overwrite: bool = False
) -> tuple[Report, list[TableProblem]]:
    """Import what was read, or say what an import would do; `overwrite` sets back what was changed in Slack.

    With the problems that kept it from it; then nothing was changed.
    """
    report = Report()
    try:
        with database.begin() as session:
            report = importing.take(session, community_id, drafts, overwrite=overwrite)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except Contradicted as refused:
        return report, refused.problems
    return report, []


def export(database: Database, community_id: int, target: Path) -> int:
    """Write the catalogue; the number of lines."""
    with database.read() as session:
        return files.export(loaded.load(session, community_id), target)


def told(kept: Sequence[Kept], at: ZoneInfo, *, overwrite: bool) -> Iterator[str]:
    """What was changed in Slack since the last import, line by line and by the day there, and what becomes of it."""
    fate = "set back" if overwrite else "kept"
    for one in kept:
        place = f"{Path(one.file).name}:{one.line}" if one.line else Path(one.file).name
        day = one.changed_at.astimezone(at).date().isoformat()
        if one.columns:
            for column, (there, wanted) in one.columns.items():
                yield (
                    f"{place}: {one.code} was changed in Slack on {day}; the table would set “{column}” from "
                    f"“{_brief(there)}” to “{_brief(wanted)}”: {fate}."
                )
        elif one.line:
            yield f"{place}: {one.code} was retired in Slack on {day}; the table would bring it back: {fate}."
        else:
            yield f"{place}: {one.code} was changed in Slack on {day}; the table has no such line: {fate}."
    if kept and not overwrite:
        yield "What was changed in Slack is kept in " + (
            "1 course; --overwrite takes the table for it."
            if len(kept) == 1
            else f"{len(kept)} courses; --overwrite takes the table for them."
        )


def _brief(text: str) -> str:
    return text if len(text) <= BRIEF else f"{text[: BRIEF - 1]}…"
