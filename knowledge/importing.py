"""Entries from files into the database, without undoing in silence what was changed in Slack meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import entry_rows, store
from knowledge.entry_file import EntryDraft, mark_of
from knowledge.problems import Problem
from knowledge.records import Entry, EntryRevision, EntryState


@dataclass(frozen=True)
class Report:
    """What an import did, in numbers; `changes` says it entry by entry: (id, added|changed|retired).

    `kept` are entries that were changed, or retired, in Slack and whose file says nothing new. `problems` are files
    that say something new of entries that were changed in Slack: they were left as they are.
    """

    added: int
    changed: int
    unchanged: int
    retired: int
    changes: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Verdict(Enum):
    same = "same"  # the file says what the entry says
    take = "take"  # the file says something newer
    keep = "keep"  # the file says what the entry said once
    clash = "clash"  # both were changed, neither from the other


@dataclass
class _Told:
    changes: list[tuple[str, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def import_entries(
    session: Session,
    community_id: int,
    entries: Sequence[EntryDraft],
    now: datetime,
    *,
    retire_missing: bool = False,
    overwrite: bool = False,
) -> Report:
    """Take entries into the community; those already there as they are stay untouched, so twice is as good as once.

    `overwrite` takes the files whatever was changed in Slack; that stays in the entries' history. `retire_missing`
    retires the community's entries that are not among these. Roll back for a dry run, and where there are problems.
    """
    store.lock(session, community_id)
    there = {entry.slug: entry for entry in session.scalars(select(Entry).where(Entry.community_id == community_id))}
    told = _Told()
    for draft in entries:
        entry = there.get(draft.slug)
        if entry is None:
            told.changes.append((draft.slug, "added"))
            entry = Entry(community_id=community_id, slug=draft.slug, version=1, state=draft.state)
            session.add(entry)
            _write(session, entry, draft, now)
        else:
            _take_up(session, entry, draft, now, told, overwrite=overwrite)
    if retire_missing:
        named = {draft.slug for draft in entries}
        for slug, entry in there.items():
            if slug not in named and entry.state is EntryState.published:
                entry_rows.keep_before(session, entry)
                entry.state, entry.updated_at, entry.version = EntryState.retired, now, entry.version + 1
                entry.imported_version = entry.version
                told.changes.append((slug, "retired"))
    if told.changes:
        store.bump(session, community_id)
    session.flush()
    kinds = [kind for _, kind in told.changes]
    added, changed = kinds.count("added"), kinds.count("changed")
    unchanged = len(entries) - added - changed - len(told.kept) - len(told.problems)
    return Report(
        added, changed, unchanged, kinds.count("retired"), tuple(told.changes), tuple(told.kept), tuple(told.problems)
    )


def _take_up(session: Session, entry: Entry, draft: EntryDraft, now: datetime, told: _Told, *, overwrite: bool) -> None:
    verdict = _judge(session, entry, draft)
    if verdict is _Verdict.same:
        # File and entry agree: what the file says next is newer.
        entry.imported_version, entry.imported_mark = entry.version, draft.mark or entry.imported_mark
    elif verdict is _Verdict.take or overwrite:
        told.changes.append((draft.slug, "changed"))
        entry_rows.keep_before(session, entry)
        entry.version, entry.state = entry.version + 1, draft.state
        _write(session, entry, draft, now)
    elif verdict is _Verdict.keep:
        told.kept.append(draft.slug)
    else:
        date = entry.updated_at.date().isoformat()
        told.problems.append(Problem(draft.file, draft.line, "changed_in_slack", {"id": draft.slug, "date": date}))


def _judge(session: Session, entry: Entry, draft: EntryDraft) -> _Verdict:
    """What a file means for an entry that is there.

    A file that names the revision it was made from is held against that one; one that does not, against the last
    import. A file that says what the entry said once is an old copy, unless nobody changed the entry in Slack: then
    somebody went back to it on purpose.
    """
    touched = entry.version != entry.imported_version
    if draft.digest == entry.digest and entry.state is draft.state:
        return _Verdict.same
    if draft.mark == mark_of(entry.version, entry.digest):
        return _Verdict.take
    if not touched and (draft.mark is None or draft.mark == entry.imported_mark):
        return _Verdict.take
    said = select(EntryRevision.id).where(EntryRevision.entry_id == entry.id, EntryRevision.digest == draft.digest)
    if draft.digest == entry.digest or session.scalar(said.limit(1)) is not None:
        return _Verdict.keep
    return _Verdict.clash


def _write(session: Session, entry: Entry, draft: EntryDraft, now: datetime) -> None:
    entry.imported_version, entry.imported_mark = entry.version, draft.mark
    entry_rows.write(session, entry, draft, now)
