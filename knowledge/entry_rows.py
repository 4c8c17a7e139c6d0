"""What an entry says, between its rows and one value; and the revisions that keep what it said before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from knowledge.entry_file import LOCALES, EntryDraft, TextDraft
from knowledge.records import Alias, Entry, EntryAct, EntryRevision, EntryState, EntryText


@dataclass(frozen=True)
class Revision:
    """One state an entry was, or is, in. `member_id` None: it was imported."""

    number: int
    act: EntryAct
    state: EntryState
    note: str | None
    member_id: int | None
    made_at: datetime
    content: EntryDraft


def content_of(session: Session, entry: Entry) -> EntryDraft:
    """Everything the entry says now."""
    return contents(session, Entry.id == entry.id)[entry.slug]


def contents(session: Session, mine: ColumnElement[bool]) -> dict[str, EntryDraft]:
    """Everything that the chosen entries say now, by id, in the order of their ids."""
    phrasings: dict[tuple[int, str], list[str]] = {}
    for alias in session.scalars(select(Alias).join(Entry, Alias.entry_id == Entry.id).where(mine).order_by(Alias.id)):
        phrasings.setdefault((alias.entry_id, alias.locale), []).append(alias.text)
    texts: dict[int, dict[str, TextDraft]] = {}
    for text in session.scalars(select(EntryText).join(Entry, EntryText.entry_id == Entry.id).where(mine)):
        asked = tuple(phrasings.get((text.entry_id, text.locale), ()))
        texts.setdefault(text.entry_id, {})[text.locale] = TextDraft(text.title, asked, text.answer, text.source)
    return {
        entry.slug: EntryDraft(
            slug=entry.slug,
            source=entry.source,
            source_url=entry.source_url,
            reviewed_on=entry.reviewed_on,
            owner=entry.owner,
            related=tuple(entry.related),
            sample=entry.sample,
            texts={locale: there[locale] for locale in LOCALES if locale in (there := texts.get(entry.id, {}))},
            review_months=entry.review_months,
            owner_user_id=entry.owner_user_id,
            state=entry.state,
        )
        for entry in session.scalars(select(Entry).where(mine).order_by(Entry.slug))
    }


def named(session: Session, community_id: int, slugs: Collection[str], locale: str) -> dict[str, tuple[int, str]]:
    """The row and the title, in the language or the one it has, of those of the entries that are there."""
    found = select(Entry.slug, Entry.id, EntryText.locale, EntryText.title).join(EntryText)
    rows = session.execute(found.where(Entry.community_id == community_id, Entry.slug.in_(slugs)))
    return {slug: (number, title) for slug, number, _, title in sorted(rows, key=lambda row: row.locale == locale)}


def write(session: Session, entry: Entry, content: EntryDraft, now: datetime) -> None:
    """Have the entry say this; its state, version and revisions are for the caller to see to."""
    entry.source, entry.source_url = content.source, content.source_url
    entry.owner, entry.owner_user_id = content.owner, content.owner_user_id
    entry.reviewed_on, entry.review_months = content.reviewed_on, content.review_months
    entry.review_due_on, entry.related, entry.sample = content.due_on, list(content.related), content.sample
    entry.digest, entry.updated_at = content.digest, now
    session.flush()
    session.execute(delete(Alias).where(Alias.entry_id == entry.id))
    session.execute(delete(EntryText).where(EntryText.entry_id == entry.id))
    for locale, text in content.texts.items():
        session.add(
            EntryText(entry_id=entry.id, locale=locale, title=text.title, answer=text.answer, source=text.source)
        )
        session.add_all(Alias(entry_id=entry.id, locale=locale, text=phrasing) for phrasing in text.phrasings)
    session.flush()


def keep_before(session: Session, entry: Entry) -> None:
    """Make sure that the entry as it stands is among its revisions, before it changes."""
    there = select(EntryRevision.id).where(EntryRevision.entry_id == entry.id, EntryRevision.number == entry.version)
    if session.scalar(there) is None:
        add_revision(session, entry, content_of(session, entry), EntryAct.imported, None, entry.updated_at)


def add_revision(
    session: Session,
    entry: Entry,
    content: EntryDraft,
    act: EntryAct,
    member_id: int | None,
    at: datetime,
    note: str | None = None,
) -> None:
    """Keep what the entry says from its version on."""
    session.add(
        EntryRevision(
            entry_id=entry.id,
            number=entry.version,
            act=act,
            state=entry.state,
            note=note,
            member_id=member_id,
            content=content.as_dict(),
            digest=content.digest,
            made_at=at,
        )
    )
    session.flush()


def revisions(session: Session, entry: Entry) -> Sequence[Revision]:
    """Every state the entry was in, newest (as it stands) first."""
    rows = session.scalars(
        select(EntryRevision).where(EntryRevision.entry_id == entry.id).order_by(EntryRevision.number.desc())
    )
    found = [
        Revision(
            row.number, row.act, row.state, row.note, row.member_id, row.made_at, EntryDraft.from_dict(row.content)
        )
        for row in rows
    ]
    if not found or found[0].number != entry.version:
        content = content_of(session, entry)
        now = Revision(entry.version, EntryAct.imported, entry.state, None, None, entry.updated_at, content)
        found.insert(0, now)
    return found
