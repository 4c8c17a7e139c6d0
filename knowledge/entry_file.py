"""Everything an entry says, and the one fixed form in which it is written as a Markdown file with front matter."""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Self

import yaml

from knowledge.records import EntryState

LOCALES = ("en", "fr")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
REVIEW_MONTHS = 12  # how long a review holds where nothing else is said
MARKER = re.compile(r"^<!--[ \t]*(?P<locale>[A-Za-z-]+)[ \t]*-->[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class TextDraft:
    """An entry in one language; `source` where this language names it otherwise."""

    title: str
    phrasings: tuple[str, ...]
    answer: str
    source: str | None = None


@dataclass(frozen=True)
class EntryDraft:
    """An entry as written in a file, or as it is in one of its revisions; `slug` is the file's `id`."""

    slug: str
    source: str
    source_url: str | None
    reviewed_on: date
    owner: str | None
    related: tuple[str, ...]
    sample: bool
    texts: Mapping[str, TextDraft]
    review_months: int = REVIEW_MONTHS  # 0: it need not be reviewed again
    owner_user_id: str | None = None
    mark: str | None = field(default=None, compare=False)  # of the revision that a file was made from; says nothing
    state: EntryState = field(default=EntryState.published, compare=False)  # which a file wants it in; says nothing
    file: str = field(default="", compare=False)  # where it was read
    line: int = field(default=1, compare=False)

    @cached_property
    def digest(self) -> str:
        """Of everything the entry says: two files with the same one are the same entry, however they are laid out."""
        return hashlib.sha256(render(self).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def due_on(self) -> date | None:
        """From which day on it wants to be reviewed again; None: never."""
        return months_later(self.reviewed_on, self.review_months) if self.review_months else None

    def as_dict(self) -> dict[str, Any]:
        """What `from_dict` reads, of values that JSON knows."""
        return {
            "slug": self.slug,
            "source": self.source,
            "source_url": self.source_url,
            "reviewed_on": self.reviewed_on.isoformat(),
            "review_months": self.review_months,
            "owner": self.owner,
            "owner_user_id": self.owner_user_id,
            "related": list(self.related),
            "sample": self.sample,
            "texts": {
                locale: {
                    "title": text.title,
                    "phrasings": list(text.phrasings),
                    "answer": text.answer,
                    "source": text.source,
                }
                for locale, text in self.texts.items()
            },
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """What `as_dict` made."""
        texts = {
            locale: TextDraft(text["title"], tuple(text["phrasings"]), text["answer"], text["source"])
            for locale, text in found["texts"].items()
        }
        same = ("slug", "source", "source_url", "owner", "sample", "review_months", "owner_user_id")
        return cls(
            **{name: found[name] for name in same},
            reviewed_on=date.fromisoformat(found["reviewed_on"]),
            related=tuple(found["related"]),
            texts=texts,
        )


def mark_of(version: int, digest: str) -> str:
    """Names one revision of an entry, wherever it is met again."""
    return f"{version}-{digest[:16]}"


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, date.max.year)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def render(entry: EntryDraft, mark: str | None = None) -> str:
    """The file of an entry; reading it gives the entry back, writing that gives the same bytes.

    `mark` names the revision it is made from; with it stands the state, of an entry that is not published.
    """
    lines = ["---", f"id: {entry.slug}", f"source: {_quoted(entry.source)}"]
    if entry.source_url is not None:
        lines.append(f"source_url: {_quoted(entry.source_url)}")
    lines.append(f"reviewed_on: {entry.reviewed_on.isoformat()}")
    if entry.review_months != REVIEW_MONTHS:
        lines.append(f"review_months: {entry.review_months}")
    if entry.owner is not None:
        lines.append(f"owner: {_quoted(entry.owner)}")
    if entry.owner_user_id is not None:
        lines.append(f"owner_user_id: {_quoted(entry.owner_user_id)}")
    lines.append(f"related: [{', '.join(entry.related)}]")
    if entry.sample:
        lines.append("sample: true")
    if mark is not None and entry.state is not EntryState.published:
        lines.append(f"state: {entry.state}")
    if mark is not None:
        lines.append(f"revision: {_quoted(mark)}")
    present = [locale for locale in LOCALES if locale in entry.texts]
    for locale in present:
        text = entry.texts[locale]
        lines += [f"{locale}:", f"  title: {_quoted(text.title)}"]
        lines += [f"  source: {_quoted(text.source)}"] if text.source is not None else []
        lines.append("  phrasings:")
        lines += [f"    - {_quoted(phrasing)}" for phrasing in text.phrasings]
    lines.append("---")
    answers = "\n\n".join(f"<!-- {locale} -->\n{entry.texts[locale].answer}" for locale in present)
    return "\n".join(lines) + f"\n{answers}\n"


def _quoted(text: str) -> str:
    """A YAML string in double quotes, on one line."""
    dumped: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))
    return dumped.rstrip("\n")
