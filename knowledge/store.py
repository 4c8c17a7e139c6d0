"""Entries, vectors and thresholds in the database. Everything takes an open session; nothing here commits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.encoder import Encoder, digest
from knowledge.index import Phrasing
from knowledge.leads import leads
from knowledge.records import Alias, Calibration, Embedding, Entry, EntryState, EntryText, KnowledgeVersion
from knowledge.scoring import REGIME
from knowledge.thresholds import Thresholds
from storage.bells import Bell

Stamp = tuple[datetime, str]  # when an entry was changed last, and the digest of what it says
AT_ONCE = 500  # values in one statement; both engines allow more

changed = Bell("entries")  # rings in the process that made a change; others look now and then


@dataclass(frozen=True)
class KnownText:
    """An entry in one language; `source` where this language names it otherwise."""

    locale: str
    title: str
    answer: str
    source: str | None = None


@dataclass(frozen=True)
class KnownEntry:
    """An entry as it is held in memory; `phrasings` holds titles and aliases of all its languages."""

    entry_id: int
    slug: str
    source: str
    source_url: str | None
    reviewed_on: date
    review_due_on: date | None
    owner: str | None
    related: tuple[str, ...]
    sample: bool
    texts: dict[str, KnownText]
    phrasings: tuple[str, ...] = field(default=())

    @property
    def indexed(self) -> tuple[Phrasing, ...]:
        """Ways to ask for it, and what its answers say first."""
        asked = dict.fromkeys(self.phrasings, True)
        for known in self.texts.values():
            for said in leads(known.answer):
                asked.setdefault(said, False)
        return tuple(Phrasing(text, self.slug, is_asked) for text, is_asked in asked.items())

    def in_(self, locale: str) -> KnownText:
        """In the wanted language, else in the one it has."""
        return self.texts.get(locale) or next(iter(self.texts.values()))


def version(session: Session, community_id: int) -> int:
    """Grows with every change of the community's entries; 0 before the first."""
    found = session.scalar(select(KnowledgeVersion.version).where(KnowledgeVersion.community_id == community_id))
    return found or 0


def lock(session: Session, community_id: int) -> None:
    """Let one transaction at a time change the community's entries."""
    insert = _insert(session)(KnowledgeVersion).values(community_id=community_id, version=0)
    session.execute(insert.on_conflict_do_nothing(index_elements=["community_id"]))
    session.execute(
        select(KnowledgeVersion.version).where(KnowledgeVersion.community_id == community_id).with_for_update()
    )


def bump(session: Session, community_id: int) -> None:
    """Count a change, so that every process takes it up."""
    insert = _insert(session)(KnowledgeVersion).values(community_id=community_id, version=1)
    session.execute(
        insert.on_conflict_do_update(index_elements=["community_id"], set_={"version": KnowledgeVersion.version + 1})
    )
    changed.ring(session)


def stamps(session: Session, community_id: int) -> dict[str, Stamp]:
    """Of every published entry what differs once it has changed, by id."""
    mine = (Entry.community_id == community_id) & (Entry.state == EntryState.published)
    found = session.execute(select(Entry.slug, Entry.updated_at, Entry.digest).where(mine))
    return {slug: (at, digest) for slug, at, digest in found}


def entries(session: Session, community_id: int, slugs: Sequence[str] | None = None) -> dict[str, KnownEntry]:
    """Published entries that have text in a language, by id: all, or those named."""
    if slugs is not None:
        return {
            slug: entry for some in _in_parts(slugs) for slug, entry in _entries(session, community_id, some).items()
        }
    return _entries(session, community_id, None)


def _entries(session: Session, community_id: int, slugs: Sequence[str] | None) -> dict[str, KnownEntry]:
    mine = (Entry.community_id == community_id) & (Entry.state == EntryState.published)
    if slugs is not None:
        mine &= Entry.slug.in_(slugs)
    texts: dict[int, dict[str, KnownText]] = {}
    phrasings: dict[int, dict[str, None]] = {}
    for text in session.scalars(
        select(EntryText).join(Entry, EntryText.entry_id == Entry.id).where(mine).order_by(EntryText.locale)
    ):
        texts.setdefault(text.entry_id, {})[text.locale] = KnownText(text.locale, text.title, text.answer, text.source)
        phrasings.setdefault(text.entry_id, {})[text.title] = None
    for entry_id, phrasing in session.execute(
        select(Alias.entry_id, Alias.text).join(Entry, Alias.entry_id == Entry.id).where(mine).order_by(Alias.id)
    ):
        phrasings.setdefault(entry_id, {})[phrasing] = None
    return {
        entry.slug: KnownEntry(
            entry.id,
            entry.slug,
            entry.source,
            entry.source_url,
            entry.reviewed_on,
            entry.review_due_on,
            entry.owner,
            tuple(entry.related),
            entry.sample,
            texts[entry.id],
            tuple(phrasings[entry.id]),
        )
        for entry in session.scalars(select(Entry).where(mine).order_by(Entry.slug))
        if entry.id in texts
    }


def embeddings(session: Session, encoder: Encoder, texts: Sequence[str]) -> dict[str, bytes]:
    """Vectors kept for these texts, by digest."""
    wanted = dict.fromkeys(digest(encoder, text) for text in texts)
    return {
        key: vector
        for some in _in_parts(wanted)
        for key, vector in session.execute(select(Embedding.digest, Embedding.vector).where(Embedding.digest.in_(some)))
        if len(vector) == 4 * encoder.size
    }


def keep_embeddings(session: Session, vectors: Mapping[str, bytes]) -> None:
    """Keep vectors; one that another process kept meanwhile is the same."""
    for some in _in_parts(vectors):
        insert = _insert(session)(Embedding).values([{"digest": key, "vector": vectors[key]} for key in some])
        session.execute(
            insert.on_conflict_do_update(index_elements=["digest"], set_={"vector": insert.excluded.vector})
        )


def calibration_digest(identity: str, phrasings: Iterable[Phrasing], sample: Iterable[str]) -> str:
    """Names one state of encoder, scoring, phrasings and sample: thresholds chosen for it hold as long as it does."""
    hashed = hashlib.sha256(f"{identity} {REGIME}".encode())
    for phrasing in phrasings:
        hashed.update(f"\0{phrasing.label}\0{phrasing.text}".encode("utf-8", "surrogatepass"))
    for sentence in sample:
        hashed.update(f"\1{sentence}".encode())
    return hashed.hexdigest()


def calibration(session: Session, digest: str) -> Thresholds | None:
    """Thresholds chosen before for this state."""
    found = session.get(Calibration, digest)
    return Thresholds(found.answer, found.suggest) if found else None


def keep_calibration(session: Session, digest: str, chosen: Thresholds) -> None:
    """Keep thresholds for this state."""
    insert = _insert(session)(Calibration).values(
        digest=digest, answer=chosen.answer, suggest=chosen.suggest, made_at=datetime.now(UTC)
    )
    session.execute(insert.on_conflict_do_nothing(index_elements=["digest"]))


def _insert(session: Session) -> type[sqlite.Insert] | type[postgresql.Insert]:
    return sqlite.Insert if session.get_bind().dialect.name == "sqlite" else postgresql.Insert


def _in_parts(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while part := list(islice(rest, AT_ONCE)):
        yield part
