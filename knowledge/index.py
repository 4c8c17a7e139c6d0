"""The phrasings of all entries, and how alike a question is to each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.characters import Characters, Floats, Spelled
from knowledge.encoder import Encoder, Vectors
from knowledge.text import codes, negated, tokens

FALL_OFF = 3.0  # how fast likeness of meaning falls off with the angle between two sentences
SPELLING = 0.15  # share of likeness of spelling beside that of meaning
CODES_DIFFER = 0.6  # what likeness is worth when one text names RM-101 and the other does not
NEGATION_DIFFERS = 0.95  # … and when one text says *not* and the other does not
KEPT_WHOLE = 1_500  # phrasings up to which every likeness between two of them is kept (9 MB)


class Phrasing(NamedTuple):
    """One way to ask for an entry; `label` is whatever names the entry."""

    text: str
    label: str


@dataclass(frozen=True)
class Probe:
    """A text made ready to be compared with phrasings."""

    meaning: Vectors | None
    spelled: Spelled
    codes: int
    negated: bool


class Index:
    """Phrasings with their vectors; never changes, so that many threads may ask at once.

    `meanings` holds one unit row a phrasing, or is None where there is no encoder: then spelling alone decides.
    """

    def __init__(self, phrasings: Sequence[Phrasing], meanings: Vectors | None) -> None:
        self.phrasings = tuple(phrasings)
        self.labels = tuple(dict.fromkeys(phrasing.label for phrasing in phrasings))
        number = {label: position for position, label in enumerate(self.labels)}
        self.label_of = np.array([number[phrasing.label] for phrasing in phrasings], np.intp)
        self.meanings = meanings
        texts = [phrasing.text for phrasing in phrasings]
        self.characters = Characters(texts)
        self._code_sets: dict[frozenset[str], int] = {frozenset(): 0}
        self._codes = np.array([self._code_sets.setdefault(codes(t), len(self._code_sets)) for t in texts], np.intp)
        self._codes_of: dict[str, set[str]] = {}
        for phrasing in phrasings:
            self._codes_of.setdefault(phrasing.label, set()).update(codes(phrasing.text))
        self._negated = np.array([negated(text) for text in texts], bool)
        self._whole = self._compare(np.arange(len(texts))) if 0 < len(texts) <= KEPT_WHOLE else None

    def __len__(self) -> int:
        return len(self.phrasings)

    def probes(self, texts: Sequence[str], encoder: Encoder | None, vectors: Vectors | None = None) -> list[Probe]:
        """Texts made ready; `vectors` when they are known already."""
        if vectors is None and encoder is not None and self.meanings is not None:
            vectors = encoder.encode(texts)
        return [
            Probe(
                None if vectors is None else vectors[position],
                self.characters.spelled(text),
                self._code_sets.get(self.codes_in(text), -1),
                negated(text),
            )
            for position, text in enumerate(texts)
        ]

    def codes_in(self, text: str) -> frozenset[str]:
        """The codes a text names; "RM 101" too, where a phrasing knows RM-101."""
        words = tokens(text)
        spaced = {first + second for first, second in pairwise(words)} & set().union(*self._code_sets)
        return codes(text) | spaced

    def names(self, label: str, wanted: frozenset[str]) -> bool:
        """Whether a phrasing of the label names one of the codes."""
        return not wanted.isdisjoint(self._codes_of[label])

    def own_probe(self, row: int) -> Probe:
        """A phrasing as if somebody asked it."""
        meaning = None if self.meanings is None else self.meanings[row]
        return Probe(meaning, self.characters.row(row), int(self._codes[row]), bool(self._negated[row]))

    def likeness(self, probe: Probe) -> Floats:
        """Of the text to every phrasing, 0 to 1."""
        cosines = None if self.meanings is None or probe.meaning is None else self.meanings @ probe.meaning
        return self._blend(
            cosines,
            self.characters.likeness(probe.spelled),
            self._codes == probe.codes,
            self._negated == probe.negated,
        )

    def among(self, rows: NDArray[np.intp]) -> Floats:
        """Likeness of some phrasings to each other."""
        return self._compare(rows) if self._whole is None else self._whole[np.ix_(rows, rows)]

    def _compare(self, rows: NDArray[np.intp]) -> Floats:
        meanings = None if self.meanings is None else self.meanings[rows]
        same_codes = self._codes[rows, None] == self._codes[None, rows]
        same_negation = self._negated[rows, None] == self._negated[None, rows]
        cosines = None if meanings is None else meanings @ meanings.T
        return self._blend(cosines, self.characters.among(rows), same_codes, same_negation)

    @staticmethod
    def _blend(
        cosines: Floats | None, spelling: Floats, same_codes: NDArray[np.bool_], same_negation: NDArray[np.bool_]
    ) -> Floats:
        """One kernel from four; sums and products of kernels are kernels, so the equations keep one solution."""
        blended = (
            spelling if cosines is None else (1 - SPELLING) * np.exp(FALL_OFF * (cosines - 1)) + SPELLING * spelling
        )
        blended = blended * np.where(same_codes, np.float32(1), np.float32(CODES_DIFFER))
        result: Floats = blended * np.where(same_negation, np.float32(1), np.float32(NEGATION_DIFFERS))
        return result
