"""The phrasings of all entries, and how alike a question is to each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.characters import Characters, Floats, Spelled
from knowledge.encoder import Encoder, Vectors
from knowledge.likeness import blend, nearest
from knowledge.text import codes, negated, tokens

KEPT_WHOLE = 1_500  # phrasings up to which every likeness between two of them is kept (9 MB)


class Phrasing(NamedTuple):
    """One way to ask for an entry; `label` is whatever names the entry, `asked` is False for what its answer says."""

    text: str
    label: str
    asked: bool = True


@dataclass(frozen=True)
class Probe:
    """A text made ready to be compared with phrasings."""

    meaning: Vectors | None
    spelled: Spelled
    codes: int
    negated: bool
    text: str


class Searchable(Protocol):
    """What answering needs of an index, whatever its size. Rows are phrasings, labels are numbered from 0."""

    @property
    def labels(self) -> Sequence[str]:
        """Every label that ever had a phrasing."""
        ...

    @property
    def label_of(self) -> NDArray[np.signedinteger[Any]]:
        """Of each row the number of its label."""
        ...

    @property
    def asked(self) -> NDArray[np.bool_]:
        """Of each row whether somebody might ask so; False for what an answer says."""
        ...

    @property
    def texts(self) -> Sequence[str]:
        """The phrasings."""
        ...

    def __len__(self) -> int: ...

    def phrasing(self, row: int) -> Phrasing:
        """One of the phrasings."""
        ...

    def probes(self, texts: Sequence[str], encoder: Encoder | None, vectors: Vectors | None = None) -> list[Probe]:
        """Texts made ready; `vectors` when they are known already."""
        ...

    def codes_in(self, text: str) -> frozenset[str]:
        """The codes a text names."""
        ...

    def names(self, label: str, wanted: frozenset[str]) -> bool:
        """Whether a phrasing of the label names one of the codes."""
        ...

    def own_probe(self, row: int) -> Probe:
        """A phrasing as if somebody asked it."""
        ...

    def near(self, probe: Probe, count: int, leave_out: int | None = None) -> tuple[NDArray[np.intp], Floats]:
        """The phrasings most like a text, most like first, and how alike they are; `leave_out` takes no part."""
        ...

    def among(self, rows: NDArray[np.intp]) -> Floats:
        """Likeness of some phrasings to each other."""
        ...


class Index:
    """Phrasings with their vectors; never changes, so that many threads may ask at once.

    `meanings` holds one unit row a phrasing, or is None where there is no encoder: then spelling alone decides.
    """

    def __init__(self, phrasings: Sequence[Phrasing], meanings: Vectors | None) -> None:
        self.labels = tuple(dict.fromkeys(phrasing.label for phrasing in phrasings))
        number = {label: position for position, label in enumerate(self.labels)}
        self.label_of = np.array([number[phrasing.label] for phrasing in phrasings], np.intp)
        self.asked = np.array([phrasing.asked for phrasing in phrasings], bool)
        self.meanings = meanings
        self.texts = texts = [phrasing.text for phrasing in phrasings]
        self.characters = Characters(texts)
        self._code_sets: dict[frozenset[str], int] = {frozenset(): 0}
        self._codes = np.array([self._code_sets.setdefault(codes(t), len(self._code_sets)) for t in texts], np.intp)
        self._codes_of: dict[str, set[str]] = {}
        for phrasing in phrasings:
            named = codes(phrasing.text) if phrasing.asked else ()  # an answer that mentions RM-101 is not about it
            self._codes_of.setdefault(phrasing.label, set()).update(named)
        self._negated = np.array([negated(text) for text in texts], bool)
        self._whole = self._compare(np.arange(len(texts))) if 0 < len(texts) <= KEPT_WHOLE else None

    def __len__(self) -> int:
        return len(self.texts)

    def phrasing(self, row: int) -> Phrasing:
        """One of the phrasings."""
        return Phrasing(self.texts[row], self.labels[self.label_of[row]], bool(self.asked[row]))

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
                text,
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
        return Probe(
            meaning, self.characters.row(row), int(self._codes[row]), bool(self._negated[row]), self.texts[row]
        )

    def likeness(self, probe: Probe) -> Floats:
        """Of the text to every phrasing, 0 to 1."""
        cosines = None if self.meanings is None or probe.meaning is None else self.meanings @ probe.meaning
        return blend(
            cosines,
            self.characters.likeness(probe.spelled),
            self._codes == probe.codes,
            self._negated == probe.negated,
        )

    def near(self, probe: Probe, count: int, leave_out: int | None = None) -> tuple[NDArray[np.intp], Floats]:
        """The phrasings most like a text, most like first, and how alike they are; `leave_out` takes no part."""
        likeness = self.likeness(probe)
        if leave_out is not None:
            likeness[leave_out] = -1.0
        rows = nearest(likeness, count)
        return rows, likeness[rows]

    def among(self, rows: NDArray[np.intp]) -> Floats:
        """Likeness of some phrasings to each other."""
        return self._compare(rows) if self._whole is None else self._whole[np.ix_(rows, rows)]

    def _compare(self, rows: NDArray[np.intp]) -> Floats:
        meanings = None if self.meanings is None else self.meanings[rows]
        same_codes = self._codes[rows, None] == self._codes[None, rows]
        same_negation = self._negated[rows, None] == self._negated[None, rows]
        cosines = None if meanings is None else meanings @ meanings.T
        return blend(cosines, self.characters.among(rows), same_codes, same_negation)
