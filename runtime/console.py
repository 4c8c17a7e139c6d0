"""What the command line needs besides the commands: an open database, a knowledge base, answers on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy import select

from community import people
from community.records import Community
from knowledge import files
from knowledge.answering import Answer, Shown
from runtime.content import CONTENT, UNCLAIMED_TEAM, import_folder, import_sample_catalogue
from settings import Settings
from storage import Database, migrate

PROBLEMS_SHOWN = 1_000
COUNTS_SHOWN = 5  # what became of questions; on a terminal there is no room for more


class Told(Protocol):
    """Something wrong in a file."""

    @property
    def file(self) -> str:
        """Its path."""

    @property
    def line(self) -> int:
        """From 1."""

    @property
    def sentence(self) -> str:
        """What is wrong, and how to mend it."""


@contextmanager
def open_database(settings: Settings, *, migrate_first: bool = True) -> Iterator[Database]:
    """The database that the settings name, closed afterwards. Raises StorageError when it cannot be used."""
    database = Database(settings.database_url.get_secret_value())
    try:
        if migrate_first:
            migrate.upgrade(database)
        yield database
    finally:
        database.close()


@contextmanager
def knowledge_base(settings: Settings, *, import_content: bool = True) -> Iterator[tuple[Database, int]]:
    """The database and the community whose entries are meant: the newest one, or a new one with the starter entries."""
    with open_database(settings) as database:
        with migrate.getting_ready(database):
            community_id = _community_meant(database, settings, import_content=import_content)
        yield database, community_id


def _community_meant(database: Database, settings: Settings, *, import_content: bool) -> int:
    with database.begin() as session:
        community = session.scalars(select(Community).order_by(Community.id.desc()).limit(1)).first()
        if community is None:
            community = people.ensure_community(
                session,
                slack_team_id=UNCLAIMED_TEAM,
                name="Praxis",
                locale=settings.locale,
                time_zone=settings.time_zone,
                now=datetime.now(UTC),
            )
        community_id = community.id
        empty = files.count(session, community_id) == 0
    if empty and import_content:
        import_folder(database, community_id, CONTENT, datetime.now(UTC))
    if import_content:
        import_sample_catalogue(database, community_id)
    return community_id


def show_answer(console: Console, answer: Answer) -> None:
    """One answer for a reader at a terminal."""
    if answer.answer:
        _show(console, answer.answer)
    elif answer.suggestions:
        console.print("Did you mean:" if answer.locale == "en" else "Vouliez-vous dire :")
        for suggestion in answer.suggestions:
            console.print(f"  • {escape(suggestion.title)}  [dim]{escape(suggestion.id)}[/]")
    else:
        console.print("No entry answers this." if answer.locale == "en" else "Aucune fiche ne répond à cette question.")


def show_records(console: Console, text: str) -> None:
    """What the records of courses and competencies answer, for a reader at a terminal."""
    console.print(Markdown(text))


def show_figures(console: Console, title: str, lines: Sequence[Sequence[str]]) -> None:
    """Figures part by part; the first line holds the names of the columns, and the first column those of the parts."""
    console.print(f"[bold]{escape(title)}[/]")
    names = lines[0][2:]
    for name, value in zip(names, lines[1][2:], strict=True):
        console.print(f"{escape(name)}: {escape(value) or '–'}", highlight=False)
    for part, rows in groupby(lines[2:], key=itemgetter(0)):
        found = [row[1:] for row in rows]
        filled = [place for place in range(1, 1 + COUNTS_SHOWN) if any(row[place] for row in found)]
        table = Table(escape(part), *(Column(escape(names[place - 1]), justify="right") for place in filled))
        for row in found:
            table.add_row(escape(row[0]), *(escape(row[place]) for place in filled))
        console.print(table)


def _show(console: Console, shown: Shown) -> None:
    console.print(f"[bold]{escape(shown.title)}[/]")
    console.print(Markdown(shown.text))
    console.print(f"[dim]{escape(shown.source)} · {shown.reviewed_on.isoformat()} · {escape(shown.id)}[/]")


def show_problems(console: Console, problems: Sequence[Told], most: int = PROBLEMS_SHOWN) -> None:
    """Problems of files as a table, the first thousand (or `most`) of them; nothing when there are none."""
    if not problems:
        return
    table = Table("File", "Line", "Problem")
    for problem in problems[:most]:
        table.add_row(escape(Path(problem.file).name), str(problem.line), escape(problem.sentence))
    console.print(table)
    if len(problems) > most:
        console.print(f"… and {len(problems) - most} more.")
