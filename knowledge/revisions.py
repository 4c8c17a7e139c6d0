"""Changes of entries made by people: each keeps what the entry said before, with who, when and why.

All take an open session and nothing commits; every change of what people are answered from is taken up by all
processes (`store.bump`). Whether somebody may change an entry is for the caller to ask. `today` is the day where the
community is; without it, the day in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import entry_checks, entry_rows, store
from knowledge.entry_file import REVIEW_MONTHS, EntryDraft, TextDraft
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.records import Entry, EntryAct, EntryState
from knowledge.text import normalise


def get(session: Session, community_id: int, slug: str) -> Entry:
    """The community's entry, in whatever state. Raises NotFound `entry_gone`."""
    entry = session.scalar(select(Entry).where(Entry.community_id == community_id, Entry.slug == slug))
    if entry is None:
        raise NotFound("entry_gone")
    return entry


def hold(session: Session, community_id: int, slug: str, version: int | None = None) -> Entry:
    """The entry as it is now, kept from changing until the transaction ends.

    Raises NotFound `entry_gone`; Conflict `entry_changed` when it has another version than the one expected.
    """
    store.lock(session, community_id)
    entry = get(session, community_id, slug)
    session.refresh(entry)
    if version is not None and entry.version != version:
        raise Conflict("entry_changed")
    return entry


def draft(
    session: Session,
    community_id: int,
    *,
    slug: str | None,
    texts: Mapping[str, tuple[str, str]],
    phrasings: Mapping[str, Sequence[str]],
    source: str,
    by_member_id: int,
    now: datetime,
    source_url: str | None = None,
    owner: str | None = None,
    owner_user_id: str | None = None,
    review_months: int = REVIEW_MONTHS,
    today: date | None = None,
    note: str | None = None,
) -> Entry:
    """A new entry that nobody is answered from until it is published; without a slug it is named after its title.

    `texts` holds (title, answer in Markdown) by language, one language or both. Raises Invalid with the field:
    title_en, answer_en, phrasings_en (…_fr), source, source_url, slug.
    """
    content = EntryDraft(
        slug=slug or "",
        source=source,
        source_url=source_url,
        reviewed_on=today or now.date(),
        owner=owner,
        related=(),
        sample=False,
        texts={
            locale: TextDraft(title, tuple(phrasings.get(locale, ())), answer)
            for locale, (title, answer) in texts.items()
        },
        review_months=review_months,
        owner_user_id=owner_user_id,
    )
    return create(session, community_id, content, by_member_id=by_member_id, now=now, note=note)


def create(
    session: Session, community_id: int, content: EntryDraft, *, by_member_id: int, now: datetime,
    note: str | None = None,
) -> Entry:  # fmt: skip
    """`draft`, from everything the new entry says at once."""
    store.lock(session, community_id)
    content = entry_checks.checked(content)
    slug = content.slug
    if not slug:
        content = replace(content, slug=entry_checks.free_slug(session, community_id, content))
    elif session.scalar(select(Entry.id).where(Entry.community_id == community_id, Entry.slug == slug)) is not None:
        raise Invalid("entry_slug_taken", field="slug", slug=slug)
    entry = Entry(community_id=community_id, slug=content.slug, state=EntryState.draft, version=0)
    session.add(entry)
    _become(session, entry, content, EntryAct.drafted, by_member_id, now, note)
    return entry


def change(
    session: Session,
    community_id: int,
    content: EntryDraft,
    version: int,
    *,
    by_member_id: int,
    now: datetime,
    both_languages: bool,
    note: str | None = None,
) -> Entry:
    """Have the entry named in `content` say this; what says the same changes nothing.

    `both_languages`: a published entry must have both. Raises NotFound, Conflict `entry_changed`, Invalid with the
    field.
    """
    entry = hold(session, community_id, content.slug, version)
    content = entry_checks.checked(content)
    if entry.state is EntryState.published:
        entry_checks.publishable(session, community_id, content, both_languages=both_languages)
    _become(session, entry, content, EntryAct.changed, by_member_id, now, note)
    return entry


def publish(
    session: Session,
    community_id: int,
    slug: str,
    *,
    by_member_id: int,
    now: datetime,
    both_languages: bool,
    version: int | None = None,
) -> Entry:
    """Answer from the draft from now on; one that is published already stays so.

    Raises NotFound, Conflict `entry_changed` or `entry_retired`, Invalid `entry_one_language` (with `both_languages`)
    or `phrasing_shared`.
    """
    entry = hold(session, community_id, slug, version)
    if entry.state is EntryState.retired:
        raise Conflict("entry_retired")
    if entry.state is EntryState.draft:
        content = entry_rows.content_of(session, entry)
        entry_checks.publishable(session, community_id, content, both_languages=both_languages)
        _become(session, entry, content, EntryAct.published, by_member_id, now, state=EntryState.published)
    return entry


def retire(
    session: Session,
    community_id: int,
    slug: str,
    *,
    by_member_id: int,
    now: datetime,
    version: int | None = None,
    note: str | None = None,
) -> Entry:
    """Answer from it no more, and keep it; again is no harm. Raises NotFound, Conflict `entry_changed`."""
    entry = hold(session, community_id, slug, version)
    content = entry_rows.content_of(session, entry)
    _become(session, entry, content, EntryAct.retired, by_member_id, now, note, EntryState.retired)
    return entry


def restore(
    session: Session,
    community_id: int,
    slug: str,
    *,
    by_member_id: int,
    now: datetime,
    both_languages: bool,
    number: int | None = None,
    version: int | None = None,
) -> Entry:
    """Bring back a retired entry as what it was before; with `number`, what it said in that revision.

    Raises NotFound `entry_gone` or `revision_unknown`, Conflict `entry_changed`, Invalid as `publish` does.
    """
    entry = hold(session, community_id, slug, version)
    known = entry_rows.revisions(session, entry)
    content, state = known[0].content, entry.state
    if number is not None:
        wanted = next((revision for revision in known if revision.number == number), None)
        if wanted is None:
            raise NotFound("revision_unknown")
        content = replace(wanted.content, slug=slug)
    elif state is EntryState.retired:
        before = (revision.state for revision in known if revision.state is not EntryState.retired)
        state = next(before, EntryState.published)
    if state is EntryState.published:
        entry_checks.publishable(session, community_id, content, both_languages=both_languages)
    _become(session, entry, content, EntryAct.restored, by_member_id, now, state=state)
    return entry


def review(
    session: Session,
    community_id: int,
    slug: str,
    *,
    by_member_id: int,
    now: datetime,
    today: date | None = None,
    version: int | None = None,
) -> Entry:
    """Somebody made sure today that it is still right. Raises NotFound, Conflict `entry_changed`."""
    entry = hold(session, community_id, slug, version)
    content = replace(entry_rows.content_of(session, entry), reviewed_on=today or now.date())
    _become(session, entry, content, EntryAct.reviewed, by_member_id, now)
    return entry


def add_phrasing(
    session: Session, community_id: int, slug: str, locale: str, text: str, by_member_id: int, now: datetime
) -> bool:
    """Another way to ask for the entry; False when it has it already.

    Raises NotFound, Invalid: `phrasing_shared` when it is another entry's, `entry_one_language` when it does not exist
    in that language, and what else is wrong with it.
    """
    entry = hold(session, community_id, slug)
    content = entry_rows.content_of(session, entry)
    if locale not in content.texts:
        raise Invalid("entry_one_language", field=f"phrasings_{locale}")
    there = content.texts[locale]
    if normalise(text) in {normalise(known) for known in (there.title, *there.phrasings)}:
        return False
    texts = {**content.texts, locale: replace(there, phrasings=(*there.phrasings, text))}
    content = entry_checks.checked(replace(content, texts=texts))
    if entry.state is EntryState.published:
        entry_checks.unshared(session, community_id, content)
    _become(session, entry, content, EntryAct.phrased, by_member_id, now)
    return True


def _become(
    session: Session,
    entry: Entry,
    content: EntryDraft,
    act: EntryAct,
    by_member_id: int,
    now: datetime,
    note: str | None = None,
    state: EntryState | None = None,
) -> None:
    """Have the entry be so, and keep what it was; what is so already changes nothing."""
    before = entry.state
    if entry.version and content.digest == entry.digest and state in (None, before):
        return
    if entry.version:
        entry_rows.keep_before(session, entry)
    entry.version, entry.state = entry.version + 1, state or entry.state
    entry_rows.write(session, entry, content, now)
    entry_rows.add_revision(
        session, entry, content, act, by_member_id, now, entry_checks.tidy(note or "")[:500] or None
    )
    if EntryState.published in (before, entry.state):  # nobody is answered from the rest
        store.bump(session, entry.community_id)
