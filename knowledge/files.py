"""Entries between a folder of Markdown files and the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge import store
from knowledge.entry_file import LOCALES, EntryDraft, TextDraft, render
from knowledge.problems import Problem
from knowledge.reading import Reader
from knowledge.records import Alias, Entry, EntryText
from knowledge.text import normalise

__all__ = ["EntryDraft", "Problem", "Report", "TextDraft", "count", "export", "import_entries", "read_folder"]

LARGEST_FILE = 100_000  # bytes


@dataclass(frozen=True)
class Report:
    """What an import did, in numbers; `changes` says it entry by entry: (id, added|changed|retired)."""

    added: int
    changed: int
    unchanged: int
    retired: int
    changes: tuple[tuple[str, str], ...] = ()


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


def import_entries(
    session: Session,
    community_id: int,
    entries: Sequence[EntryDraft],
    now: datetime,
    *,
    retire_missing: bool = False,
) -> Report:
    """Take entries into the community; those already there as they are stay untouched, so twice is as good as once.

    `retire_missing` retires the community's entries that are not among these. Roll back for a dry run.
    """
    store.lock(session, community_id)
    there = {entry.slug: entry for entry in session.scalars(select(Entry).where(Entry.community_id == community_id))}
    changes: list[tuple[str, str]] = []
    for draft in entries:
        entry = there.get(draft.slug)
        if entry is not None and entry.digest == draft.digest and not entry.retired:
            continue
        changes.append((draft.slug, "added" if entry is None else "changed"))
        if entry is None:
            entry = Entry(community_id=community_id, slug=draft.slug)
            session.add(entry)
        _write(session, entry, draft, now)
    if retire_missing:
        named = {draft.slug for draft in entries}
        for slug, entry in there.items():
            if slug not in named and not entry.retired:
                entry.retired, entry.updated_at = True, now
                changes.append((slug, "retired"))
    if changes:
        store.bump(session, community_id)
    session.flush()
    kinds = [kind for _, kind in changes]
    added, changed = kinds.count("added"), kinds.count("changed")
    return Report(added, changed, len(entries) - added - changed, kinds.count("retired"), tuple(changes))


def _write(session: Session, entry: Entry, draft: EntryDraft, now: datetime) -> None:
    entry.source, entry.source_url, entry.owner = draft.source, draft.source_url, draft.owner
    entry.reviewed_on, entry.related, entry.sample = draft.reviewed_on, list(draft.related), draft.sample
    entry.digest, entry.retired, entry.updated_at = draft.digest, False, now
    session.flush()
    session.execute(delete(Alias).where(Alias.entry_id == entry.id))
    session.execute(delete(EntryText).where(EntryText.entry_id == entry.id))
    for locale, text in draft.texts.items():
        session.add(
            EntryText(entry_id=entry.id, locale=locale, title=text.title, answer=text.answer, source=text.source)
        )
        session.add_all(Alias(entry_id=entry.id, locale=locale, text=phrasing) for phrasing in text.phrasings)
    session.flush()


def export(session: Session, community_id: int, folder: Path) -> int:
    """Write every entry that is not retired as `<id>.md`, in one fixed form; the number written. Other files stay."""
    folder.mkdir(parents=True, exist_ok=True)
    drafts = _drafts(session, community_id)
    for draft in drafts:
        (folder / f"{draft.slug}.md").write_bytes(render(draft).encode("utf-8"))
    return len(drafts)


def _drafts(session: Session, community_id: int) -> list[EntryDraft]:
    phrasings: dict[tuple[int, str], list[str]] = {}
    mine = (Entry.community_id == community_id) & ~Entry.retired
    for alias in session.scalars(select(Alias).join(Entry, Alias.entry_id == Entry.id).where(mine).order_by(Alias.id)):
        phrasings.setdefault((alias.entry_id, alias.locale), []).append(alias.text)
    return [
        EntryDraft(
            entry.slug,
            entry.source,
            entry.source_url,
            entry.reviewed_on,
            entry.owner,
            entry.related,
            entry.sample,
            {
                locale: TextDraft(
                    entry.texts[locale].title,
                    tuple(phrasings.get((entry.entry_id, locale), ())),
                    entry.texts[locale].answer,
                    entry.texts[locale].source,
                )
                for locale in LOCALES
                if locale in entry.texts
            },
        )
        for entry in store.entries(session, community_id).values()
    ]


def count(session: Session, community_id: int) -> int:
    """How many entries the community has, retired ones included."""
    return session.scalar(select(func.count()).where(Entry.community_id == community_id)) or 0
