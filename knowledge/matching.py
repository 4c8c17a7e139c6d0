"""The pipeline from a question to a decision, to be read from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import thresholds
from knowledge.encoder import Encoder, Vectors
from knowledge.index import Index, Phrasing, Probe
from knowledge.records import Outcome
from knowledge.scoring import Scored, mixed, score
from knowledge.spelling import Repair, Speller
from knowledge.text import clean, normalise
from knowledge.thresholds import Thresholds

REPAIRED = 0.7  # share of the question with its spelling repaired; the rest is for the question as typed
MOST_SUGGESTED = 3


@dataclass(frozen=True)
class Match:
    """What every stage did with a question; `ranked` holds labels with their scores, best first."""

    cleaned: str
    normalised: str
    repair: Repair
    near: tuple[tuple[Phrasing, float], ...]
    ranked: tuple[tuple[str, float], ...]
    thresholds: Thresholds
    outcome: Outcome

    @property
    def score(self) -> float:
        """Of the best label; 0 where nothing is near."""
        return self.ranked[0][1] if self.ranked else 0.0

    @property
    def suggested(self) -> tuple[tuple[str, float], ...]:
        """Labels worth offering beside the answer, or in its place."""
        start = 1 if self.outcome is Outcome.answered else 0
        worth = [(label, value) for label, value in self.ranked[start:] if value >= self.floor]
        return tuple(worth[:MOST_SUGGESTED]) if self.outcome is not Outcome.unknown else ()

    @property
    def floor(self) -> float:
        """Below it a label is not offered, even beside one that is."""
        return min(self.thresholds.suggest, self.score / 4)


class Matcher:
    """Answers questions from one set of phrasings; never changes, safe for many threads."""

    def __init__(self, index: Index, encoder: Encoder | None, chosen: Thresholds = thresholds.DEFAULT) -> None:
        self.index = index
        self.thresholds = chosen
        self._encoder = encoder
        self._speller = Speller((phrasing.text for phrasing in index.phrasings), others=thresholds.sample())

    def match(self, question: str) -> Match:
        """Normalise, repair the spelling, find the nearest phrasings, score, decide."""
        cleaned = clean(question)
        normalised = normalise(cleaned)
        if not normalised or not len(self.index):
            return Match(cleaned, normalised, Repair(cleaned), (), (), self.thresholds, Outcome.unknown)
        repair = self._speller.repair(cleaned)
        parts = [(share, score(self.index, probe)) for share, probe in self._readings(cleaned, repair)]
        totals = mixed(parts)
        ranked = tuple(
            (self.index.labels[label], totals[label]) for label in sorted(totals, key=lambda label: -totals[label])
        )
        return Match(
            cleaned, normalised, repair, self._seen(parts[-1][1]), ranked, self.thresholds, self._decide(ranked)
        )

    def _readings(self, cleaned: str, repair: Repair, vectors: Vectors | None = None) -> Sequence[tuple[float, Probe]]:
        """The question as typed and, where that differs, with its spelling repaired."""
        if not repair.changes:
            return [(1.0, self.index.probes([cleaned], self._encoder, vectors)[0])]
        typed, mended = self.index.probes([cleaned, repair.text], self._encoder, vectors)
        return [(1 - REPAIRED, typed), (REPAIRED, mended)]

    def _seen(self, scored: Scored) -> tuple[tuple[Phrasing, float], ...]:
        return tuple(
            (self.index.phrasings[row], float(like))
            for row, like in zip(scored.near[:10], scored.likeness[:10], strict=True)
        )

    def _decide(self, ranked: Sequence[tuple[str, float]]) -> Outcome:
        if not ranked or ranked[0][1] < self.thresholds.suggest:
            return Outcome.unknown
        return Outcome.answered if ranked[0][1] >= self.thresholds.answer else Outcome.suggested

    def calibrated(self, far_vectors: Vectors | None = None) -> Matcher:
        """The same matcher with thresholds chosen by its own phrasings; takes seconds for a thousand of them."""
        sample = thresholds.sample()
        far = [[(1.0, probe)] for probe in self.index.probes(sample, self._encoder, far_vectors)]
        chosen = thresholds.choose(thresholds.gather(self.index, far))
        other = object.__new__(Matcher)
        other.__dict__.update(self.__dict__, thresholds=chosen)
        return other
