"""How well entries are found by what they say themselves: each phrasing left out once and asked, by pair of languages.

There are few labelled questions in French; every entry that has phrasings in both languages is some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

import numpy as np

from knowledge.encoder import Encoder, Vectors
from knowledge.entry_file import EntryDraft
from knowledge.evaluation import Labelled, Outcomes, ask_all, ask_by, build
from knowledge.leads import leads

Rank = Callable[[str], Sequence[tuple[str, float]]]
# The language asked in, and those the entries have. Wordings are translations of each other, one by one; so where a
# phrasing is left out, its translation is too: people ask in other words, not in a translation.
PAIRS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "English in English": ("en", ("en",)),
    "French in French": ("fr", ("fr",)),
    "English entries in French": ("fr", ("en",)),
    "French entries in English": ("en", ("fr",)),
    "both, asked in English": ("en", ("en", "fr")),
    "both, asked in French": ("fr", ("en", "fr")),
}


class Remembering:
    """An encoder that encodes a text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        self.identity, self.size = encoder.identity, encoder.size

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._encoder.encode([])


def rounds(
    entries: Iterable[EntryDraft], asked: str, known: Sequence[str]
) -> Iterator[tuple[list[Labelled], list[Labelled]]]:
    """What entries are built from, and what is then asked: the first phrasing of each entry, the second of each, …

    What their answers say first is always there, as it is when people ask.
    Entries without a phrasing left are asked nothing.
    """
    drafts = [entry for entry in entries if asked in entry.texts]
    said = [
        Labelled(text, entry.slug)
        for entry in drafts
        for locale in known
        if locale in entry.texts
        for text in leads(entry.texts[locale].answer)
    ]
    columns = zip_longest(*(_phrasings(entry, asked) for entry in drafts))
    for place, column in enumerate(columns):
        train = [
            Labelled(text, entry.slug)
            for entry in drafts
            for locale in known
            for other, text in enumerate(_phrasings(entry, locale))
            if other != place
        ]
        train += said
        there = {label for _, label in train}
        test = [
            Labelled(text, entry.slug)
            for entry, text in zip(drafts, column, strict=True)
            if text is not None and entry.slug in there
        ]
        if test:
            yield train, test


def outcomes(
    entries: Sequence[EntryDraft],
    pair: str,
    *,
    encoder: Encoder | None,
    peers: Callable[[Sequence[Labelled]], Iterable[tuple[str, Rank]]],
) -> dict[str, Outcomes]:
    """What came of asking, for Praxis and its peers, all rounds of one of PAIRS together; empty where none is asked."""
    asked, known = PAIRS[pair]
    found: dict[str, list[Outcomes]] = {}
    for train, test in rounds(entries, asked, known):
        found.setdefault("Praxis", []).append(ask_all(build(train, encoder), test))
        for name, rank in peers(train):
            found.setdefault(name, []).append(ask_by(rank, test))
    return {name: _together(parts) for name, parts in found.items()}


def _phrasings(entry: EntryDraft, locale: str) -> Sequence[str]:
    text = entry.texts.get(locale)
    return (text.title, *text.phrasings) if text else ()


def _together(parts: Sequence[Outcomes]) -> Outcomes:
    return Outcomes(
        np.concatenate([part.true for part in parts]),
        [best for part in parts for best in part.best],
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.seconds for part in parts]),
    )
