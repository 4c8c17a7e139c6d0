"""Repairs words that nobody knows but that almost are words: of the entries, else of the language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.text import fold, tokens

SHORTEST_TYPED = 3  # letters: a word of four may have lost one
SHORTEST_REPAIR = 4  # letters: in shorter words one edit makes another word too easily
TWO_EDITS_FROM = 8  # letters
LONGEST_LOOKED_UP = 20  # letters
# How much commoner a word must be than what was typed: "bosses" is made like a word and is not "losses".
# Cross-validated: from 4 down clean questions lose what misspelled ones gain, from 12 up little is repaired.
COMMONER = 8.0
MOST_LOOKED_UP = 10  # words of one question; where more are strange it is not spelling that they lack
LETTERS = "abcdefghijklmnopqrstuvwxyzàâçèéêëîïôùû"
_WORD = re.compile(r"\w+")


class Language(Protocol):
    """What is known of words in general: logarithms of their shares of all words."""

    def commonness(self, word: str) -> float | None:
        """Of a word; None for what is not known as one."""
        ...

    def pieced(self, word: str) -> float:
        """Of anything, put together from parts of words: low for what no word is made like."""
        ...


@dataclass(frozen=True)
class Repair:
    """A question with its spelling repaired, and which words were changed into which."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class Speller:
    """Knows the words of the entries and, where `language` is given, those of the language.

    Words of `others` and of the language are real words: never repaired.
    """

    def __init__(self, texts: Iterable[str], others: Iterable[str] = (), language: Language | None = None) -> None:
        self._counts = Counter(word for text in texts for word in tokens(text))
        self._language = language
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

        Of the entries' words one edit away (a letter more, less, other, or two swapped), two from TWO_EDITS_FROM
        letters on, the nearest, and among equals the one used most. Where there is none, the commonest word of the
        language one edit away. Codes, numbers and acronyms stay as typed: they are not words.
        """
        shouted = text.isupper() and len(text.split()) > 1
        changes: list[tuple[str, str]] = []
        looked_up = 0

        def one(match: re.Match[str]) -> str:
            nonlocal looked_up
            typed = match.group()
            if (typed.isupper() and not shouted) or not typed.isalpha() or self._known(typed):
                return typed
            better = self._of_the_entries(fold(typed))
            if better is None and looked_up < MOST_LOOKED_UP:
                looked_up += 1
                better = self._of_the_language(typed.lower())
            if better is None:
                return typed
            changes.append((typed, better))
            return better

        return Repair(_WORD.sub(one, text), tuple(changes))

    def _known(self, typed: str) -> bool:
        word = fold(typed)
        known = len(word) < SHORTEST_TYPED or word in self._counts or word in self._others
        return known or (self._language is not None and self._language.commonness(typed) is not None)

    def _of_the_entries(self, word: str) -> str | None:
        edits = 1 if len(word) < TWO_EDITS_FROM else 2
        near = process.extract(word, self._candidates, scorer=OSA.distance, limit=5, score_cutoff=edits)
        return min(near, key=lambda found: (found[1], -self._counts[found[0]], found[0]))[0] if near else None

    def _of_the_language(self, word: str) -> str | None:
        if self._language is None or len(word) > LONGEST_LOOKED_UP:
            return None
        near = {
            other: self._language.commonness(other) for other in _one_edit_away(word) if len(other) >= SHORTEST_REPAIR
        }
        common, best = max(
            ((common, other) for other, common in near.items() if common is not None), default=(0.0, None)
        )
        return best if best is not None and common - self._language.pieced(word) > COMMONER else None


def _repairs(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word) >= SHORTEST_REPAIR and word.isalpha()]


def _one_edit_away(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
