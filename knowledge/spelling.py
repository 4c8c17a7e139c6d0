"""Repairs words that the entries do not know but almost do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.text import fold, tokens

SHORTEST_TYPED = 3  # letters: a word of four may have lost one
SHORTEST_REPAIR = 4  # letters: in shorter words one edit makes another word too easily
TWO_EDITS_FROM = 8  # letters
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Repair:
    """A question with its spelling repaired, and which words were changed into which."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class Speller:
    """Knows the words of the entries.

    Words of `others`, and those for which `is_word` holds, are real words too: never repaired, and never a repair.
    """

    def __init__(
        self, texts: Iterable[str], others: Iterable[str] = (), is_word: Callable[[str], bool] | None = None
    ) -> None:
        self._counts = Counter(word for text in texts for word in tokens(text))
        self._is_word = is_word
        self._others = frozenset(word for text in others for word in tokens(text))
        self._candidates = _repairs(self._counts)

    def with_more(self, texts: Iterable[str]) -> Speller:
        """One that knows the words of some more texts too."""
        other = copy(self)
        other._counts = self._counts + Counter(word for text in texts for word in tokens(text))
        other._candidates = _repairs(other._counts)
        return other

    def repair(self, text: str) -> Repair:
        """The text with each unknown word replaced by the nearest known one.

        One edit (a letter more, less, other, or two swapped), two from TWO_EDITS_FROM letters on; among equals the
        word the entries use most. Codes, numbers and acronyms stay as typed: they are not words.
        """
        shouted = text.isupper() and len(text.split()) > 1
        changes: list[tuple[str, str]] = []

        def one(match: re.Match[str]) -> str:
            typed = match.group()
            better = None if (typed.isupper() and not shouted) or not typed.isalpha() else self._nearest(typed)
            if better is None:
                return typed
            changes.append((typed, better))
            return better

        return Repair(_WORD.sub(one, text), tuple(changes))

    def _nearest(self, typed: str) -> str | None:
        word = fold(typed)
        if len(word) < SHORTEST_TYPED or word in self._counts or word in self._others:
            return None
        if self._is_word is not None and self._is_word(typed):
            return None
        edits = 1 if len(word) < TWO_EDITS_FROM else 2
        near = process.extract(word, self._candidates, scorer=OSA.distance, limit=5, score_cutoff=edits)
        return min(near, key=lambda found: (found[1], -self._counts[found[0]], found[0]))[0] if near else None


def _repairs(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word) >= SHORTEST_REPAIR and word.isalpha()]
