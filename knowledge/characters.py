"""How alike texts are spelled: tf-idf of the character n-grams within words, compared by cosine.

Own numpy code: scikit-learn's vectoriser gives the same figures but takes 1.3 s and 90 MB to import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.text import KEPT, tokens

SHORTEST, LONGEST = 2, 5  # characters in an n-gram
Floats = NDArray[np.float32]
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Spelled:
    """A text as weighted n-grams known to the index, of at most unit length."""

    grams: NDArray[np.int32]
    weights: Floats


@lru_cache(maxsize=20_000)
def grams(word: str) -> tuple[str, ...]:
    """The n-grams of a word with its borders: " co", "urs", "se "."""
    padded = f" {word} "
    found: list[str] = []
    for size in range(SHORTEST, LONGEST + 1):
        if len(padded) <= size:
            found.append(padded)
            break
        found.extend(padded[start : start + size] for start in range(len(padded) - size + 1))
    return tuple(found)


# Of every n-gram of a phrasing; only ever grows. Kept, as all phrasings are read anew whenever one changes.
_numbers: dict[str, int] = {}
_numbering = Lock()


@lru_cache(maxsize=KEPT)
def counted(text: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The n-grams of a text, each once, by numbers that hold in this process, and how often each is there."""
    times = Counter(gram for word in tokens(text) for gram in grams(word))
    with _numbering:
        numbers = [_numbers.setdefault(gram, len(_numbers)) for gram in times]
    return np.array(numbers, np.int32), np.fromiter(times.values(), np.int32, len(times))


class Characters:
    """The n-grams of all phrasings, by phrasing and by n-gram."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = [counted(text) for text in texts]
        lengths = np.array([len(numbers) for numbers, _ in found], np.int64)
        numbers, columns = np.unique(_joined([numbers for numbers, _ in found], np.int32), return_inverse=True)
        self._ids = np.full(int(numbers.max(initial=-1)) + 1, -1, np.int32)  # of a number; -1: in no phrasing here
        self._ids[numbers] = np.arange(len(numbers), dtype=np.int32)
        self.size = len(texts)
        self._columns = columns.astype(np.int32)
        row_of = np.repeat(np.arange(self.size, dtype=np.int32), lengths)
        self._starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        counts = [times for _, times in found]
        document_frequency = np.bincount(self._columns, minlength=len(numbers))
        self._idf = (np.log((1 + self.size) / (1 + document_frequency)) + 1).astype(np.float32)
        self._rarest = float(self._idf.max(initial=1))
        weights = ((1 + np.log(_joined(counts, np.float32))) * self._idf[self._columns]).astype(np.float32)
        norms = np.sqrt(np.bincount(row_of, weights**2, minlength=self.size))
        self._weights = (weights / np.maximum(norms, 1e-9)[row_of]).astype(np.float32)
        order = np.argsort(self._columns, kind="stable")
        self._posting_rows, self._posting_weights = row_of[order], self._weights[order]
        self._posting_starts = np.concatenate([[0], np.cumsum(document_frequency)]).astype(np.int64)

    def spelled(self, text: str) -> Spelled:
        """A text in the index's own n-grams; those it has never seen add to its length, as the rarest ones would."""
        seen = [gram for word in tokens(text) for gram in grams(word)]
        numbers = [self._id(gram) for gram in seen]
        known = [number for number in numbers if number >= 0]
        if not known:
            return Spelled(np.empty(0, np.int32), np.empty(0, np.float32))
        distinct, times = np.unique(np.array(known, np.int32), return_counts=True)
        weights = ((1 + np.log(times)) * self._idf[distinct]).astype(np.float32)
        strange = len({gram for gram, number in zip(seen, numbers, strict=True) if number < 0}) * self._rarest**2
        return Spelled(distinct, weights / np.sqrt(weights @ weights + strange))

    def _id(self, gram: str) -> int:
        number = _numbers.get(gram, len(self._ids))
        return int(self._ids[number]) if number < len(self._ids) else -1

    def row(self, row: int) -> Spelled:
        """One of the phrasings."""
        part = slice(self._starts[row], self._starts[row + 1])
        return Spelled(self._columns[part], self._weights[part])

    def likeness(self, text: Spelled) -> Floats:
        """Cosine of the text with every phrasing."""
        starts, ends = self._posting_starts[text.grams], self._posting_starts[text.grams + 1]
        lengths = ends - starts
        if not lengths.sum():
            return np.zeros(self.size, np.float32)
        where = ranges(starts, lengths)
        shares = self._posting_weights[where] * np.repeat(text.weights, lengths)
        return np.bincount(self._posting_rows[where], shares, minlength=self.size).astype(np.float32)

    def among(self, rows: NDArray[np.intp]) -> Floats:
        """Cosines of some phrasings with each other."""
        starts = self._starts[rows]
        lengths = self._starts[rows + 1] - starts
        where = ranges(starts, lengths)
        columns, own = self._columns[where], np.repeat(np.arange(len(rows)), lengths)
        shared = np.bincount(columns, minlength=len(self._idf)) > 1  # an n-gram of one phrasing alone joins nothing
        place = np.cumsum(shared) - 1
        kept = shared[columns]
        dense = np.zeros((len(rows), int(shared.sum())), np.float32)
        dense[own[kept], place[columns[kept]]] = self._weights[where][kept]
        product: Floats = dense @ dense.T
        np.fill_diagonal(product, (lengths > 0).astype(np.float32))
        return product


def _joined(parts: Sequence[NDArray[Any]], kind: type[Number]) -> NDArray[Number]:
    return np.concatenate(parts).astype(kind) if parts else np.empty(0, kind)


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """start, start+1, … of every range, one after the other."""
    offsets = np.cumsum(lengths) - lengths
    every: NDArray[np.int64] = np.arange(int(lengths.sum())) + np.repeat(starts - offsets, lengths)
    return every
