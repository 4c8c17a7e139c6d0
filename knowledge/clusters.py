"""The sentence vectors of many phrasings in little memory, in clusters so that few of them need be looked at.

A vector is kept as 512 whole numbers of one byte and one scale. Around the square root of their number of centres is
found by k-means on a sample; a question is compared with the centres, then with the vectors of the nearest ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Vectors

MOST_CENTRES = 1_024
SAMPLED = 40  # vectors a centre that k-means learns from
ROUNDS = 6
LOOKED_INTO = 24  # clusters
PART = 8_192  # vectors worked on at once

Progress = Callable[[int, int], object]


class Packed:
    """Vectors as bytes, filled part by part."""

    def __init__(self, count: int, size: int) -> None:
        self.numbers = np.empty((count, size), np.int8)
        self.scales = np.empty(count, np.float32)
        self._filled = 0

    def add(self, vectors: Vectors) -> None:
        """Take some more rows."""
        part = slice(self._filled, self._filled + len(vectors))
        scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127
        self.numbers[part] = np.rint(vectors / scales[:, None])
        self.scales[part] = scales
        self._filled += len(vectors)

    def unpacked(self, rows: NDArray[np.intp] | slice) -> Vectors:
        """Some rows as they were, to three decimals."""
        vectors: Vectors = self.numbers[rows].astype(np.float32) * self.scales[rows, None]
        return vectors


class Clusters:
    """Packed vectors in the order of their clusters; never changes."""

    def __init__(self, packed: Packed, progress: Progress) -> None:
        count = len(packed.scales)
        self._centres = _centres(packed, min(MOST_CENTRES, max(1, int(np.sqrt(count)))))
        cluster_of = np.empty(count, np.int32)
        for start in range(0, count, PART):
            part = slice(start, min(start + PART, count))
            cluster_of[part] = np.argmax(packed.unpacked(part) @ self._centres.T, axis=1)
            progress(part.stop, count)
        self._row_at = np.argsort(cluster_of, kind="stable").astype(np.int32)
        self._position_of = np.empty(count, np.int32)
        self._position_of[self._row_at] = np.arange(count, dtype=np.int32)
        sizes = np.bincount(cluster_of, minlength=len(self._centres))
        self._starts = np.concatenate([[0], np.cumsum(sizes)])
        self._packed = Packed(0, packed.numbers.shape[1])
        self._packed.numbers, self._packed.scales = packed.numbers[self._row_at], packed.scales[self._row_at]

    def near(self, vector: Vectors, count: int) -> NDArray[np.intp]:
        """Rows whose vectors are nearest to this one, in no order."""
        centres = self._centres @ vector
        wanted = np.argpartition(-centres, min(LOOKED_INTO, len(centres)) - 1)[:LOOKED_INTO]
        spans = [slice(int(self._starts[c]), int(self._starts[c + 1])) for c in wanted]
        cosines = np.concatenate(
            [(self._packed.numbers[s].astype(np.float32) @ vector) * self._packed.scales[s] for s in spans]
        )
        positions = np.concatenate([np.arange(s.start, s.stop) for s in spans])
        if len(cosines) > count:
            positions = positions[np.argpartition(-cosines, count - 1)[:count]]
        rows: NDArray[np.intp] = self._row_at[positions].astype(np.intp)
        return rows

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows."""
        return self._packed.unpacked(self._position_of[rows].astype(np.intp))


def packed(parts: Iterable[Vectors], count: int, size: int) -> Packed:
    """All vectors, packed as they come."""
    filled = Packed(count, size)
    for part in parts:
        filled.add(part)
    return filled


def _centres(packed: Packed, wanted: int) -> Vectors:
    """Directions around which the vectors gather."""
    chance = np.random.default_rng(20260101)  # the same phrasings make the same clusters
    rows = np.sort(chance.permutation(len(packed.scales))[: wanted * SAMPLED])
    sample = packed.unpacked(rows)
    centres = sample[chance.permutation(len(sample))[:wanted]]
    for _ in range(ROUNDS):
        own = np.concatenate(
            [np.argmax(sample[start : start + PART] @ centres.T, axis=1) for start in range(0, len(sample), PART)]
        )
        order = np.argsort(own, kind="stable")
        there, first = np.unique(own[order], return_index=True)
        centres[there] = np.add.reduceat(sample[order], first, axis=0)
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    return centres
