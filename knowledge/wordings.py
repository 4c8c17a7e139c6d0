"""The words of many phrasings in little memory: who says a rare word, and how alike some few of them are spelled.

The likeness is that of `knowledge.characters`, kept in five bytes an n-gram, and worked out only for those phrasings
that a question comes near to.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.characters import Floats, Spelled, grams, ranges
from knowledge.text import tokens

COMMON = 5_000  # phrasings that say a word, above which it tells nothing
LOOKED_AT = 40_000  # phrasings that say one of a question's words, rarest words first
PART = 50_000  # phrasings read at once: large arrays go back to the system when they are given up

Ints = NDArray[np.int32]


_NONE = np.empty(0, np.int32)


@dataclass(frozen=True)
class _Part:
    """Some phrasings: how many words each says and which, how many n-grams each has, which, and how often."""

    lengths: NDArray[np.intp]
    words: Ints
    sizes: NDArray[np.intp]
    columns: Ints
    times: NDArray[np.uint8]


class _Spellings:
    """The n-grams of phrasings, one phrasing's after the other's."""

    def __init__(self, parts: Sequence[_Part], idf: Floats) -> None:
        self.starts = np.concatenate([[0], np.cumsum(np.concatenate([_NONE, *(part.sizes for part in parts)]))])
        self._columns = np.concatenate([_NONE, *(part.columns for part in parts)])
        self._times = np.concatenate([np.empty(0, np.uint8), *(part.times for part in parts)])
        norms = [
            np.bincount(np.repeat(np.arange(len(part.sizes)), part.sizes), _weights(part, idf) ** 2, len(part.sizes))
            for part in parts
        ]
        self._norms = np.sqrt(np.concatenate([np.empty(0), *norms])).astype(np.float32)

    def spelled_out(
        self, rows: NDArray[np.intp], names: NDArray[np.intp], idf: Floats
    ) -> tuple[NDArray[np.intp], Ints, Floats]:
        """The n-grams of some phrasings: under which name, which, and with what weight."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        where = ranges(self.starts[rows], lengths)
        columns = self._columns[where]
        weights = _LOGS[self._times[where]] * idf[columns]
        weights /= np.repeat(np.maximum(self._norms[rows], np.float32(1e-9)), lengths)
        return np.repeat(names, lengths), columns, weights


_LOGS = np.concatenate([[0], 1 + np.log(np.arange(1, 256))]).astype(np.float32)


def _weights(part: _Part, idf: Floats) -> Floats:
    weights: Floats = _LOGS[part.times] * idf[part.columns]
    return weights


class Wordings:
    """Grows by `with_more`, which leaves the one it came from as it was: many threads may use either."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._words: dict[str, int] = {}
        self._grams: dict[str, int] = {}
        self._grams_of: list[Ints] = []  # of each word; only ever appended to
        self._parts: list[_Part] = []  # what came later
        parts = [self._read(texts[start : start + PART]) for start in range(0, len(texts), PART)]
        self.size = len(texts)
        having = np.zeros(len(self._grams))
        for part in parts:
            having += np.bincount(part.columns, minlength=len(having))
        self._idf = (np.log((1 + self.size) / (1 + having)) + 1).astype(np.float32)
        self._rarest = float(self._idf.max(initial=1))
        lengths = np.concatenate([_NONE, *(part.lengths for part in parts)])
        rows = np.repeat(np.arange(self.size, dtype=np.int32), lengths)
        said = np.concatenate([_NONE, *(part.words for part in parts)])
        self._sayers = rows[np.argsort(said, kind="stable")]
        self._sayer_starts = np.concatenate([[0], np.cumsum(np.bincount(said, minlength=len(self._words)))])
        self._kept, self._fresh = _Spellings(parts, self._idf), _Spellings([], self._idf)

    def with_more(self, texts: Sequence[str]) -> Wordings:
        """The same with some phrasings added at the end."""
        other = copy(self)
        other._parts = [*self._parts, other._read(texts)]
        other.size = self.size + len(texts)
        new = np.full(len(self._grams) - len(self._idf), self._rarest, np.float32)
        other._idf = np.concatenate([self._idf, new])
        other._fresh = _Spellings(other._parts, other._idf)
        return other

    def spelled(self, text: str) -> Spelled:
        """A text in the n-grams known here; those never seen add to its length, as the rarest ones would."""
        limit = len(self._idf)  # an n-gram from there on is known only to one that grew out of this
        seen = [(gram, self._grams.get(gram, limit)) for word in tokens(text) for gram in grams(word)]
        known = [number for _, number in seen if number < limit]
        if not known:
            return Spelled(np.empty(0, np.int32), np.empty(0, np.float32))
        distinct, times = np.unique(np.array(known, np.int32), return_counts=True)
        weights = ((1 + np.log(times)) * self._idf[distinct]).astype(np.float32)
        strange = len({gram for gram, number in seen if number >= limit}) * self._rarest**2
        return Spelled(distinct, weights / np.sqrt(weights @ weights + strange))

    def row(self, row: int) -> Spelled:
        """One of the phrasings."""
        _, columns, weights = self._spelled_out(np.array([row]))
        return Spelled(columns, weights)

    def sayers(self, text: str, count: int) -> NDArray[np.intp]:
        """Phrasings (of those that were there from the start) that say the rarest words of a text."""
        words = {self._words.get(word, -1) for word in tokens(text)}
        spans = [
            (int(self._sayer_starts[word]), int(self._sayer_starts[word + 1]))
            for word in words
            if 0 <= word < len(self._sayer_starts) - 1
        ]
        rows: list[Ints] = []
        weights: list[Floats] = []
        room = LOOKED_AT
        for start, end in sorted(spans, key=lambda span: span[1] - span[0]):
            if (rows and end - start > COMMON) or end - start > room:
                break
            room -= end - start
            rows.append(self._sayers[start:end])
            weights.append(np.full(end - start, np.log(1 + self.size / (end - start)), np.float32))
        if not rows:
            return np.empty(0, np.intp)
        distinct, which = np.unique(np.concatenate(rows), return_inverse=True)
        totals = np.bincount(which, np.concatenate(weights))
        if len(distinct) > count:
            distinct = distinct[np.argpartition(-totals, count - 1)[:count]]
        return distinct.astype(np.intp)

    def likeness(self, text: Spelled, rows: NDArray[np.intp]) -> Floats:
        """Cosine of a text with some phrasings."""
        own, columns, weights = self._spelled_out(rows)
        if not len(text.grams):
            return np.zeros(len(rows), np.float32)
        place = np.minimum(np.searchsorted(text.grams, columns), len(text.grams) - 1)
        shares = np.where(text.grams[place] == columns, text.weights[place] * weights, np.float32(0))
        return np.bincount(own, shares, minlength=len(rows)).astype(np.float32)

    def among(self, rows: NDArray[np.intp]) -> Floats:
        """Cosines of some phrasings with each other."""
        own, columns, weights = self._spelled_out(rows)
        shared = np.bincount(columns, minlength=len(self._idf)) > 1  # one phrasing's alone joins nothing
        column_at = np.cumsum(shared) - 1
        kept = shared[columns]
        dense = np.zeros((len(rows), int(shared.sum())), np.float32)
        dense[own[kept], column_at[columns[kept]]] = weights[kept]
        product: Floats = dense @ dense.T
        np.fill_diagonal(product, np.isin(np.arange(len(rows)), own).astype(np.float32))
        return product

    def _spelled_out(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], Ints, Floats]:
        """Of some phrasings, n-gram by n-gram: its phrasing's place among them, the n-gram, its weight."""
        first_fresh = len(self._kept.starts) - 1
        old = rows < first_fresh
        found = [
            block.spelled_out(rows[mine] - first, np.flatnonzero(mine), self._idf)
            for block, mine, first in ((self._kept, old, 0), (self._fresh, ~old, first_fresh))
        ]
        own, columns, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return own, columns, weights

    def _read(self, texts: Sequence[str]) -> _Part:
        """What texts say; learns words it has not met."""
        said = [[self._word(word) for word in tokens(text)] for text in texts]
        lengths = np.array([len(words) for words in said], np.intp)
        words = np.array([word for some in said for word in some], np.int32)
        pieces = [self._grams_of[word] for word in words]
        sizes = np.array([len(piece) for piece in pieces], np.intp)
        own = np.repeat(np.repeat(np.arange(len(texts), dtype=np.int64), lengths), sizes)
        width = max(1, len(self._grams))
        keys, counts = np.unique(own * width + np.concatenate([_NONE, *pieces]), return_counts=True)
        rows, columns = np.divmod(keys, width)
        times = np.minimum(counts, 255).astype(np.uint8)
        return _Part(lengths, words, np.bincount(rows, minlength=len(texts)), columns.astype(np.int32), times)

    def _word(self, word: str) -> int:
        found = self._words.get(word)
        if found is None:
            ids = [self._grams.setdefault(gram, len(self._grams)) for gram in grams(word)]
            self._grams_of.append(np.array(ids, np.int32))
            found = self._words[word] = len(self._grams_of) - 1
        return found
