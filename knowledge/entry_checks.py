"""What an entry must be like, whoever writes it, before it is kept and before it is published."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.entry_file import LOCALES, MARKER, SLUG, EntryDraft, TextDraft
from knowledge.errors import Invalid
from knowledge.records import Alias, Entry, EntryState, EntryText
from knowledge.text import normalise

LONGEST_TITLE, LONGEST_PHRASING, LONGEST_SOURCE, LONGEST_OWNER, LONGEST_URL = 300, 500, 1_000, 200, 2_000
LONGEST_ANSWER = 2_900  # characters as Slack counts them; a section holds 3,000
BOTH_LANGUAGES = "entries_in_both_languages"  # the community's choice of what it takes to publish; yes by default
LONGEST_SLUG = 100
MOST_PHRASINGS = 200  # of an entry in one language
MOST_MONTHS = 120
NAMED_WITHIN = 60  # characters of an id made from a title
UNTRANSLATED = {"en": "[To be translated]", "fr": "[À traduire]"}  # begins a text that is not in its language yet
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # neither Slack nor a file holds them


def as_slack_counts(text: str) -> int:
    """Characters after &, < and > are escaped."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def web_address(value: str) -> bool:
    """Whether it is the address of a page that can stand in a message."""
    try:
        parts = urlsplit(value)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and not re.search(r"[\s<>|]", value)
    except ValueError:
        return False


def tidy(text: str) -> str:
    """Without what neither Slack nor a database nor a file holds, and without space around."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    """On one line, with single spaces; those that French keeps from breaking stay."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def checked(content: EntryDraft) -> EntryDraft:
    """The entry tidied. Raises Invalid with the field: title_en, answer_en, phrasings_en (…_fr), source, …"""
    if content.slug and (len(content.slug) > LONGEST_SLUG or not SLUG.fullmatch(content.slug)):
        raise Invalid("entry_slug_form", field="slug", slug=content.slug[:80])
    texts = {
        locale: _text(locale, content.texts[locale])
        for locale in LOCALES
        if locale in content.texts and _says_something(content.texts[locale])
    }
    if not texts:
        raise Invalid("empty", field="title_en")
    url = tidy(content.source_url or "")
    if url and (len(url) > LONGEST_URL or not web_address(url)):
        raise Invalid("link_form", field="source_url")
    if content.slug and content.slug in content.related:
        raise Invalid("entry_self_related", field="related")
    if not 0 <= content.review_months <= MOST_MONTHS:
        raise Invalid("review_months_range", field="review_months", high=MOST_MONTHS)
    return replace(
        content,
        source=_line(content.source, "source", LONGEST_SOURCE),
        source_url=url or None,
        owner=tidy(content.owner or "")[:LONGEST_OWNER] or None,
        texts=texts,
    )


def publishable(session: Session, community_id: int, content: EntryDraft, *, both_languages: bool) -> None:
    """Raises Invalid where it must not be answered from as it is.

    A language is missing (with `both_languages`), a text is still to be translated, a phrasing is another entry's.
    """
    if both_languages:
        for locale in LOCALES:
            if locale not in content.texts:
                raise Invalid("entry_one_language", field=f"title_{locale}")
    for locale, text in content.texts.items():
        for field, said in (("title", text.title), ("answer", text.answer)):
            if said.startswith(UNTRANSLATED[locale]):
                raise Invalid("entry_untranslated", field=f"{field}_{locale}", mark=UNTRANSLATED[locale])
    unshared(session, community_id, content)


def unshared(session: Session, community_id: int, content: EntryDraft) -> None:
    """Raises Invalid `phrasing_shared` where another published entry is asked for in the same words."""
    wanted = {
        spelled: (locale, phrasing)
        for locale, text in content.texts.items()
        for phrasing in (text.title, *text.phrasings)
        for spelled in (phrasing, phrasing.lower())
    }
    others = (Entry.community_id == community_id) & (Entry.state == EntryState.published) & (Entry.slug != content.slug)
    for written in (EntryText.title, Alias.text):
        found = session.execute(
            select(Entry.slug, written)
            .join_from(written.class_, Entry, written.class_.entry_id == Entry.id)
            .where(others, written.in_(wanted) | func.lower(written).in_(wanted))
            .limit(1)
        ).first()
        if found:
            slug, phrasing = found
            locale, mine = wanted.get(phrasing) or wanted[phrasing.lower()]
            field = f"title_{locale}" if mine == content.texts[locale].title else f"phrasings_{locale}"
            raise Invalid("phrasing_shared", field=field, text=mine, other=_title(session, community_id, slug, locale))


def _title(session: Session, community_id: int, slug: str, locale: str) -> str:
    named = Entry.community_id == community_id, Entry.slug == slug
    found = session.scalars(select(EntryText).join(Entry, EntryText.entry_id == Entry.id).where(*named))
    titles = {text.locale: text.title for text in found}
    return titles.get(locale) or next(iter(titles.values()), slug)


def free_slug(session: Session, community_id: int, content: EntryDraft) -> str:
    """An id that no entry of the community has, made from the title; from one that is translated where one is."""
    titles = {locale: text.title for locale, text in content.texts.items()}
    written = (title for locale, title in titles.items() if not title.startswith(UNTRANSLATED[locale]))
    title = next(written, next(iter(titles.values())))
    name = "-".join(re.findall(r"[a-z0-9]+", normalise(title)))[:NAMED_WITHIN].strip("-") or "entry"
    mine = Entry.community_id == community_id
    taken = set(session.scalars(select(Entry.slug).where(mine, Entry.slug.startswith(name, autoescape=True))))
    return next(slug for slug in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def _says_something(text: TextDraft) -> bool:
    return bool(tidy(text.title) or tidy(text.answer) or any(tidy(phrasing) for phrasing in text.phrasings))


def _text(locale: str, text: TextDraft) -> TextDraft:
    title = _line(text.title, f"title_{locale}", LONGEST_TITLE)
    if not normalise(title):
        raise Invalid("phrasing_wordless", field=f"title_{locale}", text=title)
    answer = tidy(text.answer)
    if not answer:
        raise Invalid("empty", field=f"answer_{locale}")
    if MARKER.search(answer):
        raise Invalid("answer_marker", field=f"answer_{locale}")
    if (length := as_slack_counts(answer)) > LONGEST_ANSWER:
        raise Invalid("too_long", field=f"answer_{locale}", length=length, limit=LONGEST_ANSWER)
    field = f"phrasings_{locale}"
    phrasings: dict[str, str] = {}
    for written in text.phrasings:
        if phrasing := one_line(tidy(written)):
            _line(phrasing, field, LONGEST_PHRASING)
            if not normalise(phrasing):
                raise Invalid("phrasing_wordless", field=field, text=phrasing)
            phrasings.setdefault(phrasing, phrasing)
    if len(phrasings) > MOST_PHRASINGS:
        raise Invalid("phrasings_many", field=field, count=len(phrasings), limit=MOST_PHRASINGS)
    source = one_line(tidy(text.source or ""))
    if source:
        _line(source, f"source_{locale}", LONGEST_SOURCE)
    return TextDraft(title, tuple(phrasings), answer, source or None)


def _line(text: str, field: str, limit: int) -> str:
    line = one_line(tidy(text))
    if not line:
        raise Invalid("empty", field=field)
    if len(line) > limit:
        raise Invalid("too_long", field=field, length=len(line), limit=limit)
    return line
