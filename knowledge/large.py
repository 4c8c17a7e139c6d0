"""Many phrasings: those that may be near are found first, by meaning and by rare words; the rest is as in `Index`.

What came in after it was built is few, and is compared with every question. `changed` gives another one that shares
what is big with this one, so that answering goes on while entries change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.characters import Floats
from knowledge.clusters import Clusters, packed
from knowledge.encoder import Encoder, Vectors
from knowledge.index import Phrasing, Probe
from knowledge.likeness import blend, nearest
from knowledge.text import codes, negated, tokens
from knowledge.wordings import Wordings

BY_MEANING, BY_WORDS = 300, 250  # candidates; NEAREST of them take part in the answer

FEWEST_STRAYS = 2_000  # phrasings that came or went, up to which building anew is not worth while

Progress = Callable[[int, int], object]


class LargeIndex:
    """`parts` gives the vectors of the phrasings part by part, or is None where there is no encoder."""

    def __init__(
        self, phrasings: Sequence[Phrasing], parts: Iterable[Vectors] | None, size: int, progress: Progress
    ) -> None:
        self._texts = [phrasing.text for phrasing in phrasings]
        self.asked = np.array([phrasing.asked for phrasing in phrasings], bool)
        self._numbers: dict[str, int] = {}
        self.label_of = np.array([self._number(phrasing.label) for phrasing in phrasings], np.int32)
        self.labels: Sequence[str] = list(self._numbers)
        self._wordings = Wordings(self._texts)
        self._code_sets: dict[frozenset[str], int] = {frozenset(): 0}
        self._known_codes: set[str] = set()
        self._codes_of: dict[str, set[str]] = {}
        self._codes = self._read_codes(phrasings)
        self._negated = np.array([negated(text) for text in self._texts], bool)
        self._gone = np.zeros(len(phrasings), bool)
        self._clusters = Clusters(packed(parts, len(phrasings), size), progress) if parts is not None else None
        self._built = len(phrasings)
        self._fresh = np.empty((0, size), np.float32)

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def texts(self) -> Sequence[str]:
        """All phrasings; those of entries that changed or went may still be among them."""
        return self._texts

    @property
    def most_strays(self) -> int:
        """How many phrasings may come or go before it ought to be built anew."""
        return max(FEWEST_STRAYS, self._built // 100)

    @property
    def overgrown(self) -> bool:
        """Whether so many came or went since it was built that it ought to be built anew."""
        return len(self._texts) - self._built + int(self._gone[: self._built].sum()) > self.most_strays

    def changed(self, gone: Iterable[str], come: Sequence[Phrasing], vectors: Vectors | None) -> LargeIndex:
        """Another one without the phrasings of some labels and with others, which this one shares what is big with."""
        other = copy(self)
        numbers = [self._numbers[label] for label in gone if label in self._numbers]
        other._numbers, other._code_sets = dict(self._numbers), dict(self._code_sets)
        other._known_codes, other._codes_of = set(self._known_codes), dict(self._codes_of)
        for label in gone:
            other._codes_of.pop(label, None)
        texts = [phrasing.text for phrasing in come]
        other._texts = [*self._texts, *texts]
        new = np.array([other._number(phrasing.label) for phrasing in come], np.int32)
        other.labels = list(other._numbers)
        other.asked = np.concatenate([self.asked, np.array([phrasing.asked for phrasing in come], bool)])
        other._gone = np.concatenate([self._gone | np.isin(self.label_of, numbers), np.zeros(len(come), bool)])
        other.label_of = np.concatenate([self.label_of, new])
        other._wordings = self._wordings.with_more(texts)
        other._codes = np.concatenate([self._codes, other._read_codes(come)])
        other._negated = np.concatenate([self._negated, np.array([negated(text) for text in texts], bool)])
        if vectors is not None:
            other._fresh = np.concatenate([self._fresh, vectors])
        return other

    def phrasing(self, row: int) -> Phrasing:
        """One of the phrasings."""
        return Phrasing(self._texts[row], self.labels[self.label_of[row]], bool(self.asked[row]))

    def probes(self, texts: Sequence[str], encoder: Encoder | None, vectors: Vectors | None = None) -> list[Probe]:
        """Texts made ready; `vectors` when they are known already."""
        if vectors is None and encoder is not None and self._clusters is not None:
            vectors = encoder.encode(texts)
        return [
            Probe(
                None if vectors is None else vectors[position],
                self._wordings.spelled(text),
                self._code_sets.get(self.codes_in(text), -1),
                negated(text),
                text,
            )
            for position, text in enumerate(texts)
        ]

    def codes_in(self, text: str) -> frozenset[str]:
        """The codes a text names; "RM 101" too, where a phrasing knows RM-101."""
        spaced = {first + second for first, second in pairwise(tokens(text))} & self._known_codes
        return codes(text) | spaced

    def names(self, label: str, wanted: frozenset[str]) -> bool:
        """Whether a phrasing of the label names one of the codes."""
        return not wanted.isdisjoint(self._codes_of.get(label, ()))

    def own_probe(self, row: int) -> Probe:
        """A phrasing as if somebody asked it."""
        meaning = None if self._clusters is None else self._vectors(np.array([row]))[0]
        return Probe(
            meaning, self._wordings.row(row), int(self._codes[row]), bool(self._negated[row]), self._texts[row]
        )

    def near(self, probe: Probe, count: int, leave_out: int | None = None) -> tuple[NDArray[np.intp], Floats]:
        """The phrasings most like a text, most like first, and how alike they are."""
        found = [np.arange(self._built, len(self._texts)), self._wordings.sayers(probe.text, BY_WORDS)]
        if self._clusters is not None and probe.meaning is not None:
            found.append(self._clusters.near(probe.meaning, BY_MEANING))
        rows = np.unique(np.concatenate(found))
        rows = rows[~self._gone[rows] & (rows != (-1 if leave_out is None else leave_out))]
        cosines = None if self._clusters is None or probe.meaning is None else self._vectors(rows) @ probe.meaning
        likeness = blend(
            cosines,
            self._wordings.likeness(probe.spelled, rows),
            self._codes[rows] == probe.codes,
            self._negated[rows] == probe.negated,
        )
        best = nearest(likeness, count)
        return rows[best], likeness[best]

    def among(self, rows: NDArray[np.intp]) -> Floats:
        """Likeness of some phrasings to each other."""
        vectors = None if self._clusters is None else self._vectors(rows)
        return blend(
            None if vectors is None else vectors @ vectors.T,
            self._wordings.among(rows),
            self._codes[rows, None] == self._codes[None, rows],
            self._negated[rows, None] == self._negated[None, rows],
        )

    def _vectors(self, rows: NDArray[np.intp]) -> Vectors:
        vectors = np.empty((len(rows), self._fresh.shape[1]), np.float32)
        old = rows < self._built
        if self._clusters is not None and old.any():
            vectors[old] = self._clusters.vectors(rows[old])
        vectors[~old] = self._fresh[rows[~old] - self._built]
        return vectors

    def _number(self, label: str) -> int:
        return self._numbers.setdefault(label, len(self._numbers))

    def _read_codes(self, phrasings: Sequence[Phrasing]) -> NDArray[np.int32]:
        numbers = []
        for text, label, asked in phrasings:
            named = codes(text)
            if named:
                self._known_codes |= named
            if named and asked:  # an answer that mentions RM-101 is not about it
                self._codes_of[label] = self._codes_of.get(label, set()) | named
            numbers.append(self._code_sets.setdefault(named, len(self._code_sets)))
        return np.array(numbers, np.int32)
