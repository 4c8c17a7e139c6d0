"""What stands in the form of an entry: made of the entry, read from what was typed, brought together of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from knowledge.entry_file import LOCALES, REVIEW_MONTHS, EntryDraft, TextDraft

FITS = 3_000  # characters that Slack's field takes
SAMPLE = "sample"


@dataclass(frozen=True)
class Filled:
    """What stands in the form, field by field. Phrasings are one a line; those that do not fit are left out of it."""

    title_en: str = ""
    answer_en: str = ""
    phrasings_en: str = ""
    title_fr: str = ""
    answer_fr: str = ""
    phrasings_fr: str = ""
    source: str = ""
    source_fr: str = ""
    source_url: str = ""
    owner_user_id: str = ""
    owner: str = ""
    related: str = ""  # ids, one a line
    review_months: int = REVIEW_MONTHS
    sample: bool = False

    @classmethod
    def of(cls, content: EntryDraft, owner_name: str | None = None) -> Self:
        """The form as the entry stands; an owner shown by that name need not be written."""
        texts = {
            f"{part}_{locale}": value
            for locale, text in content.texts.items()
            for part, value in (
                ("title", text.title),
                ("answer", text.answer),
                ("phrasings", "\n".join(fitting(text.phrasings))),
            )
        }
        english, french = (content.texts.get(locale) for locale in LOCALES)
        return cls(
            **texts,
            source=(english and english.source) or content.source,
            source_fr=(french and french.source) or (content.source if english and english.source else ""),
            source_url=content.source_url or "",
            owner_user_id=content.owner_user_id or "",
            owner="" if content.owner == owner_name else content.owner or "",
            related="\n".join(content.related),
            review_months=content.review_months,
            sample=content.sample,
        )

    @classmethod
    def typed(cls, values: Mapping[str, Any], related: Sequence[str] = ()) -> Self:
        """What was entered, by block id; `related`: the ids of the entries that were chosen."""
        marks = values.get("marks") or ()
        months = str(values.get("review_months") or "")
        text = {item.name: str(values.get(item.name) or "").strip() for item in fields(cls) if item.type == "str"}
        return cls(
            **text | {"related": "\n".join(related)},
            review_months=int(months) if months.isascii() and months.isdigit() and len(months) < 5 else REVIEW_MONTHS,
            sample=SAMPLE in marks,
        )

    def content(self, before: EntryDraft) -> EntryDraft:
        """What the entry says with this in the form; what the form does not hold stays as it was `before`."""
        texts = {}
        for locale in LOCALES:
            there = before.texts.get(locale)
            title, answer, phrasings = (getattr(self, f"{part}_{locale}") for part in ("title", "answer", "phrasings"))
            kept = there.phrasings[len(fitting(there.phrasings)) :] if there else ()
            asked = tuple(line.strip() for line in phrasings.splitlines() if line.strip())
            if title or answer or asked:
                source = self.source_fr or None if locale == "fr" else None
                texts[locale] = TextDraft(title, (*asked, *kept), answer, source)
        return replace(
            before,
            texts=texts,
            source=self.source,
            source_url=self.source_url or None,
            owner=self.owner or None,
            owner_user_id=self.owner_user_id or None,
            related=tuple(self.related.split()),
            review_months=self.review_months,
            sample=self.sample,
        )


def fitting(phrasings: tuple[str, ...]) -> tuple[str, ...]:
    """As many phrasings, one a line, as the field takes."""
    used = 0
    for number, phrasing in enumerate(phrasings):
        used += len(phrasing) + 1
        if used > FITS:
            return phrasings[:number]
    return phrasings


def merged(base: Filled, typed: Filled, now: Filled) -> tuple[Filled, dict[str, str]]:
    """What the second of two editors should see: own changes kept, the other's taken where they touched nothing.

    With it, by field, what the entry says now where both changed the same.
    """
    wanted, theirs = {}, {}
    for item in fields(Filled):
        before, mine, there = (getattr(filled, item.name) for filled in (base, typed, now))
        wanted[item.name] = there if mine == before else mine
        if before not in (mine, there) and mine != there:
            theirs[item.name] = str(there)
    return Filled(**wanted), theirs
