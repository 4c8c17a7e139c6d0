"""A community's entries as they are looked through: by words, by state, by what is due for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from knowledge.records import Alias, Entry, EntryState, EntryText
from knowledge.text import fold


class Show(StrEnum):
    """Which entries: those in use and drafts, or a part of them."""

    current = "current"
    draft = "draft"
    due = "due"
    mine = "mine"
    retired = "retired"


@dataclass(frozen=True)
class Listed:
    """An entry as a line of a list."""

    slug: str
    titles: Mapping[str, str]
    state: EntryState
    due_on: date | None
    owner: str | None
    owner_user_id: str | None

    def title(self, locale: str) -> str:
        """In the wanted language, else in the one it has."""
        return self.titles.get(locale) or next(iter(self.titles.values()), self.slug)

    def is_due(self, today: date) -> bool:
        """Whether people are answered from it and somebody should make sure that it is still right."""
        return self.state is EntryState.published and self.due_on is not None and self.due_on <= today


@dataclass(frozen=True)
class Waiting:
    """How many entries want something of somebody."""

    drafts: int
    due: int


def find(
    session: Session, community_id: int, words: str, show: Show, *, today: date, user_id: str, locale: str
) -> list[Listed]:
    """Entries that have all the words in an id, a title or a phrasing; drafts first, then those due, then by title."""
    wanted = fold(words).split()
    mine = Entry.community_id == community_id
    if show is Show.mine:
        mine &= (Entry.owner_user_id == user_id) & (Entry.state != EntryState.retired)
    elif show in (Show.draft, Show.retired):
        mine &= Entry.state == EntryState(show.value)
    elif show is Show.due:
        mine &= (Entry.state == EntryState.published) & (Entry.review_due_on <= today)
    else:
        mine &= Entry.state != EntryState.retired
    titles: dict[int, dict[str, str]] = {}
    for text in session.scalars(
        select(EntryText).join(Entry, EntryText.entry_id == Entry.id).where(mine).order_by(EntryText.locale)
    ):
        titles.setdefault(text.entry_id, {})[text.locale] = text.title
    said: dict[int, list[str]] = {}
    if wanted:
        phrasings = select(Alias.entry_id, Alias.text).join(Entry, Alias.entry_id == Entry.id).where(mine)
        for entry_id, phrasing in session.execute(phrasings):
            said.setdefault(entry_id, []).append(phrasing)
    found = []
    for entry in session.scalars(select(Entry).where(mine)):
        texts = titles.get(entry.id, {})
        held = fold(" ".join((entry.slug, *texts.values(), *said.get(entry.id, ()))))
        if all(word in held for word in wanted):
            found.append(_listed(entry, texts))
    return sorted(found, key=lambda item: _order(item, today, locale))


def due(session: Session, community_id: int, today: date) -> Sequence[Listed]:
    """Published entries whose review is due, longest due first."""
    mine = _due(community_id, today)
    titles: dict[int, dict[str, str]] = {}
    for text in session.scalars(select(EntryText).join(Entry, EntryText.entry_id == Entry.id).where(mine)):
        titles.setdefault(text.entry_id, {})[text.locale] = text.title
    rows = session.scalars(select(Entry).where(mine).order_by(Entry.review_due_on, Entry.slug))
    return [_listed(entry, titles.get(entry.id, {})) for entry in rows]


def waiting(session: Session, community_id: int, today: date) -> Waiting:
    """How many drafts wait to be published, and how many entries for a review."""
    drafts = (Entry.community_id == community_id) & (Entry.state == EntryState.draft)
    numbers = [session.scalar(select(func.count()).where(some)) or 0 for some in (drafts, _due(community_id, today))]
    return Waiting(*numbers)


def _due(community_id: int, today: date) -> ColumnElement[bool]:
    published = (Entry.community_id == community_id) & (Entry.state == EntryState.published)
    return published & (Entry.review_due_on <= today)


def _listed(entry: Entry, titles: Mapping[str, str]) -> Listed:
    return Listed(entry.slug, titles, entry.state, entry.review_due_on, entry.owner, entry.owner_user_id)


def _order(item: Listed, today: date, locale: str) -> tuple[int, str, str]:
    first = 0 if item.state is EntryState.draft else 1 if item.is_due(today) else 2
    return first, fold(item.title(locale)), item.slug
