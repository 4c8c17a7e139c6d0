"""Entries as a folder of Markdown files: read with every problem by file and line, written from the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge import entry_rows
from knowledge.entry_file import EntryDraft, TextDraft, mark_of, render
from knowledge.importing import Report, import_entries
from knowledge.problems import Problem
from knowledge.reading import Reader
from knowledge.records import Entry, EntryState
from knowledge.text import normalise

__all__ = ["EntryDraft", "Problem", "Report", "TextDraft", "count", "export", "import_entries", "read_folder"]

LARGEST_FILE = 100_000  # bytes


def read_folder(folder: Path, known: Collection[str] = ()) -> tuple[list[EntryDraft], list[Problem]]:
    """The entries of a folder's `*.md` files that have no problem, and every problem of the others.

    `known` are ids that `related` may name though no file here has them.
    """
    readers: list[tuple[Reader, EntryDraft]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.md")):
        reader = Reader(path.name)
        content = _content(folder, path, reader.problems)
        entry = None if content is None else reader.read(content)
        if entry is None:
            problems += reader.problems
        else:
            readers.append((reader, entry))
    problems += _between_files(readers, {problem.file.removesuffix(".md") for problem in problems} | set(known))
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


def _between_files(readers: Sequence[tuple[Reader, EntryDraft]], others: Collection[str]) -> list[Problem]:
    """Problems that only show when the files are seen together; `others` are ids of entries not among them."""
    problems: list[Problem] = []
    owner: dict[str, str] = {}
    asked: dict[str, str] = {}
    ids = {entry.slug for _, entry in readers} | set(others)
    for reader, entry in readers:
        if entry.slug in owner:
            params = {"id": entry.slug, "other": owner[entry.slug]}
            problems.append(Problem(reader.file, reader.lines["id"], "duplicate_id", params))
            continue
        owner[entry.slug] = reader.file
        problems += [
            Problem(reader.file, reader.lines["related"], "unknown_related", {"id": other})
            for other in entry.related
            if other not in ids
        ]
        for locale, text in entry.texts.items():
            for phrasing in (text.title, *text.phrasings):
                first = asked.setdefault(normalise(phrasing), entry.slug)
                if first != entry.slug:
                    line = reader.lines.get(f"{locale}.{phrasing}", reader.lines[f"{locale}.title"])
                    problems.append(Problem(reader.file, line, "shared_phrasing", {"text": phrasing, "other": first}))
    return problems


def export(session: Session, community_id: int, folder: Path) -> int:
    """Write every published entry as `<id>.md`, in one fixed form; the number written. Other files stay.

    Each file names the revision it was made from, by which an import knows what was changed in Slack meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mine = (Entry.community_id == community_id) & (Entry.state == EntryState.published)
    drafts = entry_rows.contents(session, mine)
    versions = {entry.slug: entry.version for entry in session.scalars(select(Entry).where(mine))}
    for slug, draft in drafts.items():
        mark = mark_of(versions[slug], draft.digest)
        (folder / f"{slug}.md").write_bytes(render(draft, mark).encode("utf-8"))
    return len(drafts)


def count(session: Session, community_id: int) -> int:
    """How many entries the community has, drafts and retired ones included."""
    return session.scalar(select(func.count()).where(Entry.community_id == community_id)) or 0
