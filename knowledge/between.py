"""What is wrong with entries only when they are seen together: ids and phrasings that two share, ids that none has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.entry_file import EntryDraft
from knowledge.problems import Problem
from knowledge.records import Alias, Entry, EntryState, EntryText
from knowledge.text import normalise


class Place(Protocol):
    """Where an entry was read: in which file, and on which line each of its parts stands."""

    @property
    def file(self) -> str:
        """Its name."""
        ...

    @property
    def lines(self) -> Mapping[str, int]:
        """By the name of a field: `id`, `related`, `en.title`; a phrasing that is not there stands with its title."""
        ...


def between(read: Sequence[tuple[Place, EntryDraft]], others: Collection[str]) -> list[Problem]:
    """Problems of entries beside each other; `others` are ids of entries that are not among them."""
    problems: list[Problem] = []
    owner: dict[str, str] = {}
    asked: dict[str, str] = {}
    ids = {entry.slug for _, entry in read} | set(others)
    for place, entry in read:
        if entry.slug in owner:
            params = {"id": entry.slug, "other": owner[entry.slug]}
            problems.append(Problem(place.file, place.lines["id"], "duplicate_id", params))
            continue
        owner[entry.slug] = _named(place)
        problems += [
            Problem(place.file, place.lines["related"], "unknown_related", {"id": other})
            for other in entry.related
            if other not in ids
        ]
        if entry.state is not EntryState.published:  # nobody is answered from it: it may ask what another asks
            continue
        for locale, text in entry.texts.items():
            for phrasing in (text.title, *text.phrasings):
                first = asked.setdefault(normalise(phrasing), entry.slug)
                if first != entry.slug:
                    line = place.lines.get(f"{locale}.{phrasing}", place.lines[f"{locale}.title"])
                    problems.append(Problem(place.file, line, "shared_phrasing", {"text": phrasing, "other": first}))
    return problems


def _named(place: Place) -> str:
    return place.file if place.file.endswith(".md") else f"line {place.lines['id']}"


def known_ids(session: Session, community_id: int) -> set[str]:
    """Ids of all entries of the community."""
    return set(session.scalars(select(Entry.slug).where(Entry.community_id == community_id)))


def beside_published(session: Session, community_id: int, drafts: Sequence[EntryDraft]) -> list[Problem]:
    """Problems of entries beside those that people are answered from and that are not among them."""
    named = {draft.slug for draft in drafts}
    mine = (Entry.community_id == community_id) & (Entry.state == EntryState.published)
    taken: dict[str, str] = {}
    for written in (EntryText.title, Alias.text):
        table = written.class_
        found = session.execute(
            select(Entry.slug, written).join_from(table, Entry, table.entry_id == Entry.id).where(mine)
        )
        taken.update((normalise(text), slug) for slug, text in found if slug not in named)
    return [
        Problem(draft.file, draft.line, "shared_phrasing", {"text": phrasing, "other": taken[normalise(phrasing)]})
        for draft in drafts
        if draft.state is EntryState.published
        for text in draft.texts.values()
        for phrasing in (text.title, *text.phrasings)
        if normalise(phrasing) in taken
    ]
