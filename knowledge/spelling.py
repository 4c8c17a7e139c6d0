"""Repairs misspelled words: of what could have been meant, the likeliest, as the entries and the language have it.

A noisy channel (Kernighan, Church and Gale 1990): a word's share of what is said, times how rarely people mistype.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.language import Locale, detect
from knowledge.text import fold, tokens

SHORTEST_TYPED = 3  # letters: a word of four may have lost one
SHORTEST_REPAIR = 4  # letters: in shorter words one edit makes another word too easily
TWO_EDITS_FROM = 8  # letters
LONGEST_LOOKED_UP = 20  # letters
MOST_LOOKED_UP = 10  # words of one question; where more are strange it is not spelling that they lack
OF_THE_ENTRIES = 0.5  # how much of what is asked is worded as the entries are; the rest is as the language has it
COMMONEST = 0.05  # no word is said more often
# The next three were chosen by cross-validation, with one typing error in each question and with none.
TYPED_WRONG = math.exp(-9)  # how often a word becomes another by one edit
TWICE = math.exp(-6)  # … and by one more
UNHEARD_OF = math.exp(-27)  # share of each word that is in no list: names, and new words
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Shares = NDArray[np.float64]
_WORD = re.compile(r"\w+\b(?!['’]\w)")  # in "haven't" the first half is no word


class Language(Protocol):
    """What is known of words in general."""

    def shares(self, words: list[str], locale: Locale) -> Shares:
        """Of each word its share of all words in texts of a language; 0 for what is no word."""
        ...


@dataclass(frozen=True)
class Repair:
    """A question with its spelling repaired, and which words were changed into which."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class Speller:
    """Knows the words of the entries and, where `language` is given, those of the language.

    Words of the entries and of `others` are never repaired.
    """

    def __init__(self, texts: Iterable[str], others: Iterable[str] = (), language: Language | None = None) -> None:
        self._counts = Counter(word for text in texts for word in tokens(text))
        self._language = language
        self._others = frozenset(word for text in others for word in tokens(text))
        self._candidates = _repairs(self._counts)
        self._total = max(1, self._counts.total())

    def with_more(self, texts: Iterable[str]) -> Speller:
        """One that knows the words of some more texts too."""
        other = copy(self)
        other._counts = self._counts + Counter(word for text in texts for word in tokens(text))
        other._candidates = _repairs(other._counts)
        other._total = max(1, other._counts.total())
        return other

    def repair(self, text: str) -> Repair:
        """The text with misspelled words replaced by the likeliest word one edit away (a letter more, less, other, or
        two swapped), two edits for words of the entries from TWO_EDITS_FROM letters on.

        A real word that the entries lack is misspelled too where another is far likelier: "cal" for "call". Codes,
        numbers and acronyms stay as typed: they are not words.
        """
        shouted = text.isupper() and len(text.split()) > 1
        locale = detect(text)
        asked = [
            word
            for word in _WORD.findall(text)
            if word.isalpha() and (shouted or not word.isupper()) and not self._known(fold(word))
        ]
        better = {
            typed: repaired
            for typed in self._strangest(asked, locale)
            if (repaired := self._likeliest(fold(typed), locale)) is not None
        }
        found = [word for word in _WORD.findall(text) if word in better]
        return Repair(
            _WORD.sub(lambda match: better.get(match.group(), match.group()), text),
            tuple((typed, better[typed]) for typed in found),
        )

    def _known(self, word: str) -> bool:
        return len(word) < SHORTEST_TYPED or word in self._counts or word in self._others

    def _strangest(self, typed: list[str], locale: Locale) -> list[str]:
        """Words worth looking at: the least heard of first, none that is too common to have been meant otherwise."""
        shares = self._shares([fold(word) for word in typed], locale)
        order = [at for at in np.argsort(shares, kind="stable") if shares[at] < TYPED_WRONG * COMMONEST]
        return [typed[at] for at in order[:MOST_LOOKED_UP]]

    def _shares(self, words: list[str], locale: Locale) -> Shares:
        counts = np.fromiter((self._counts[word] for word in words), np.float64, len(words))
        shares = OF_THE_ENTRIES * counts / self._total
        return (
            shares if self._language is None else shares + (1 - OF_THE_ENTRIES) * self._language.shares(words, locale)
        )

    def _likeliest(self, word: str, locale: Locale) -> str | None:
        """What was meant by it; None where that is the word itself."""
        if len(word) > LONGEST_LOOKED_UP:
            return None
        typed = float(self._shares([word], locale)[0])
        found = [(max(typed, UNHEARD_OF), word)]
        near = [other for other in dict.fromkeys(_one_edit_away(word)) if len(other) >= SHORTEST_REPAIR]
        shares = self._shares(near, locale)
        best = int(shares.argmax())
        found.append((TYPED_WRONG * float(shares[best]), near[best]))
        if len(word) >= TWO_EDITS_FROM and not typed:
            far = process.extract(word, self._candidates, scorer=OSA.distance, limit=5, score_cutoff=2)
            found += [
                (TYPED_WRONG * TWICE * float(self._shares([other], locale)[0]), other)
                for other, edits, _ in far
                if edits == 2
            ]
        meant = max(found)[1]
        return None if meant == word else meant


def _repairs(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word) >= TWO_EDITS_FROM - 2 and word.isalpha()]


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
