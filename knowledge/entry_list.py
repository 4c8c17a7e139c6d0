"""A community's entries as they are looked through: by words, by state, by what is due for review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Executable, func, select
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
    titles = _titles(session, mine)
    said: dict[int, list[str]] = {}
    if wanted:
        phrasings = select(Alias.entry_id, Alias.text).join(Entry, Alias.entry_id == Entry.id).where(mine)
        for entry_id, phrasing in session.execute(phrasings):
            said.setdefault(entry_id, []).append(phrasing)
    found = []
    for entry_id, entry in _rows(session, select(*_COLUMNS).where(mine), titles):
        held = fold(" ".join((entry.slug, *entry.titles.values(), *said.get(entry_id, ())))) if wanted else ""
        if all(word in held for word in wanted):
            found.append(entry)
    return sorted(found, key=lambda item: _order(item, today, locale))


def due(session: Session, community_id: int, today: date) -> Sequence[Listed]:
    """Published entries whose review is due, longest due first."""
    mine = _due(community_id, today)
    wanted = select(*_COLUMNS).where(mine).order_by(Entry.review_due_on, Entry.slug)
    return [entry for _, entry in _rows(session, wanted, _titles(session, mine))]


def due_days(session: Session, community_id: int, after: date, limit: int) -> list[date]:
    """The next days, after that one, on which published entries fall due."""
    published = (Entry.community_id == community_id) & (Entry.state == EntryState.published)
    days = select(Entry.review_due_on).where(published, Entry.review_due_on > after).distinct()
    return [day for day in session.scalars(days.order_by(Entry.review_due_on).limit(limit)) if day]


def waiting(session: Session, community_id: int, today: date) -> Waiting:
    """How many drafts wait to be published, and how many entries for a review."""
    drafts = (Entry.community_id == community_id) & (Entry.state == EntryState.draft)
    numbers = [session.scalar(select(func.count()).where(some)) or 0 for some in (drafts, _due(community_id, today))]
    return Waiting(*numbers)


def _due(community_id: int, today: date) -> ColumnElement[bool]:
    published = (Entry.community_id == community_id) & (Entry.state == EntryState.published)
    return published & (Entry.review_due_on <= today)


# Values, not records: a list may have thousands of lines.
_COLUMNS = (Entry.id, Entry.slug, Entry.state, Entry.review_due_on, Entry.owner, Entry.owner_user_id)


def _rows(
    session: Session, wanted: Executable, titles: Mapping[int, Mapping[str, str]]
) -> Iterator[tuple[int, Listed]]:
    for entry_id, slug, *rest in session.execute(wanted):
        yield entry_id, Listed(slug, titles.get(entry_id, {}), *rest)


def _titles(session: Session, mine: ColumnElement[bool]) -> dict[int, dict[str, str]]:
    titles: dict[int, dict[str, str]] = {}
    texts = select(EntryText.entry_id, EntryText.locale, EntryText.title)
    wanted = texts.join(Entry, EntryText.entry_id == Entry.id).where(mine).order_by(EntryText.locale)
    for entry_id, locale, title in session.execute(wanted):
        titles.setdefault(entry_id, {})[locale] = title
    return titles


def _order(item: Listed, today: date, locale: str) -> tuple[int, str, str]:
    first = 0 if item.state is EntryState.draft else 1 if item.is_due(today) else 2
    return first, fold(item.title(locale)), item.slug
