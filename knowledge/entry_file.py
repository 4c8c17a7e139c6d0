"""One entry as a Markdown file with front matter: read with every problem named by line, written in one fixed form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import yaml

LOCALES = ("en", "fr")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MARKER = re.compile(r"^<!--[ \t]*(?P<locale>[A-Za-z-]+)[ \t]*-->[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class TextDraft:
    """An entry in one language, as written in a file; `source` where this language names it otherwise."""

    title: str
    phrasings: tuple[str, ...]
    answer: str
    source: str | None = None


@dataclass(frozen=True)
class EntryDraft:
    """An entry as written in a file; `slug` is the file's `id`."""

    slug: str
    source: str
    source_url: str | None
    reviewed_on: date
    owner: str | None
    related: tuple[str, ...]
    sample: bool
    texts: Mapping[str, TextDraft]

    @cached_property
    def digest(self) -> str:
        """Of everything the entry says: two files with the same one are the same entry, however they are laid out."""
        return hashlib.sha256(render(self).encode("utf-8", "surrogatepass")).hexdigest()


def render(entry: EntryDraft) -> str:
    """The file of an entry; reading it gives the entry back, writing that gives the same bytes."""
    lines = ["---", f"id: {entry.slug}", f"source: {_quoted(entry.source)}"]
    if entry.source_url is not None:
        lines.append(f"source_url: {_quoted(entry.source_url)}")
    lines.append(f"reviewed_on: {entry.reviewed_on.isoformat()}")
    if entry.owner is not None:
        lines.append(f"owner: {_quoted(entry.owner)}")
    lines.append(f"related: [{', '.join(entry.related)}]")
    if entry.sample:
        lines.append("sample: true")
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
