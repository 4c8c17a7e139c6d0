"""Entries as files: read with every problem by file and line, written from the database."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge import entry_rows
from knowledge.between import between
from knowledge.entry_file import EntryDraft, TextDraft, mark_of, render
from knowledge.entry_table import MOST_PROBLEMS, read_table, write
from knowledge.importing import Report, import_entries
from knowledge.problems import Problem
from knowledge.reading import Reader
from knowledge.records import Entry

__all__ = ["EntryDraft", "Problem", "Report", "TextDraft", "count", "export", "import_entries", "read", "read_folder"]

LARGEST_FILE = 100_000  # bytes


def read(
    path: Path, known: Collection[str] = (), *, both_languages: bool = True
) -> tuple[list[EntryDraft], list[Problem]]:
    """The entries of a folder of Markdown files, or of a CSV file, and what is wrong with the others."""
    reading = read_folder if path.is_dir() else read_table
    return reading(path, known, both_languages=both_languages)


def read_folder(
    folder: Path, known: Collection[str] = (), *, both_languages: bool = True
) -> tuple[list[EntryDraft], list[Problem]]:
    """The entries of a folder's `*.md` files that have no problem, and every problem of the others.

    `known` are ids that `related` may name though no file here has them; without `both_languages` an entry may have
    one. After a thousand problems the rest is not looked at.
    """
    readers: list[tuple[Reader, EntryDraft]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.md")):
        reader = Reader(path.name, both_languages=both_languages)
        content = _content(folder, path, reader.problems)
        entry = None if content is None else reader.read(content)
        if entry is None:
            problems += reader.problems
        else:
            readers.append((reader, entry))
        if len(problems) >= MOST_PROBLEMS:
            problems.append(Problem(path.name, 1, "too_many_problems", {"limit": MOST_PROBLEMS}))
            return [], problems
    problems += between(readers, {problem.file.removesuffix(".md") for problem in problems} | set(known))
    bad = {problem.file for problem in problems}
    problems.sort(key=lambda problem: (problem.file, problem.line))
    return [entry for reader, entry in readers if reader.file not in bad], problems


def _content(folder: Path, path: Path, problems: list[Problem]) -> str | None:
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            problems.append(Problem(path.name, 1, "outside_folder"))
            return None
        size = path.stat().st_size
        if size > LARGEST_FILE:
            problems.append(Problem(path.name, 1, "too_large", {"size": size, "limit": LARGEST_FILE}))
            return None
        raw = path.read_bytes()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a link that leads nowhere"
        problems.append(Problem(path.name, 1, "unreadable", {"reason": reason}))
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(Problem(path.name, line, "not_utf8", {"byte": f"0x{raw[error.start]:02X}"}))
        return None


def export(session: Session, community_id: int, target: Path) -> int:
    """Write every entry into a folder as `<id>.md`, or into one `.csv`; the number written.

    In one fixed form, drafts and retired ones with their state, each with the revision it was made from, by which an
    import knows what was changed in Slack meanwhile.
    Other files of the folder stay.
    """
    mine = Entry.community_id == community_id
    drafts = entry_rows.contents(session, mine)
    versions = {entry.slug: entry.version for entry in session.scalars(select(Entry).where(mine))}
    marked = [(draft, mark_of(versions[slug], draft.digest)) for slug, draft in drafts.items()]
    if target.suffix.lower() == ".csv":
        return write(target, marked)
    target.mkdir(parents=True, exist_ok=True)
    for draft, mark in marked:
        (target / f"{draft.slug}.md").write_bytes(render(draft, mark).encode("utf-8"))
    return len(drafts)


def count(session: Session, community_id: int) -> int:
    """How many entries the community has, drafts and retired ones included."""
    return session.scalar(select(func.count()).where(Entry.community_id == community_id)) or 0
