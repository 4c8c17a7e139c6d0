"""The pipeline from a question to a decision, to be read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace

from knowledge import thresholds
from knowledge.encoder import Encoder, Vectors
from knowledge.index import Phrasing, Probe, Searchable
from knowledge.language import foreign
from knowledge.records import Outcome
from knowledge.scoring import Scored, mixed, score
from knowledge.spelling import Repair, Speller
from knowledge.text import clean, normalise
from knowledge.thresholds import Thresholds
from knowledge.words import load_words

REPAIRED = 0.8  # share of the question with its spelling repaired; the rest is for the question as typed
MOST_SUGGESTED = 3
LEAST_OF_BEST = 0.3  # a suggestion scores at least this share of the best one


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
        """Labels worth offering in place of an answer; beside one, only those that might have been suggested alone."""
        if self.outcome is Outcome.unknown:
            return ()
        answered = self.outcome is Outcome.answered
        least = self.thresholds.suggest if answered else self.score * LEAST_OF_BEST
        offered = self.ranked[1:] if answered else self.ranked
        return tuple((label, value) for label, value in offered if value >= least)[:MOST_SUGGESTED]


class Matcher:
    """Answers questions from one set of phrasings; never changes, safe for many threads."""

    def __init__(self, index: Searchable, encoder: Encoder | None, chosen: Thresholds = thresholds.DEFAULT) -> None:
        self.index = index
        self.thresholds = chosen
        self._encoder = encoder
        self._speller = Speller(
            index.texts,
            others=thresholds.sample(),
            language=load_words(),
        )

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
        near, outcome = self._seen(parts[-1][1]), self._decide(ranked, cleaned)
        return Match(cleaned, normalised, repair, near, ranked, self.thresholds, outcome)

    def follow(self, question: str, earlier: str, told: str | None) -> Match:
        """A question that leans on an earlier one: read alone and together with it, and both counted.

        `told` is the label the earlier one was answered with. Read together it always comes up, so it counts only
        where the question by itself leads to it.
        """
        alone, together = self.match(question), self.match(f"{earlier} {question}")
        totals = dict(alone.ranked)
        for label, value in together.ranked:
            totals[label] = totals.get(label, 0.0) + value
        if told in totals and not (alone.ranked and alone.ranked[0][0] == told):
            del totals[told]
        ranked = tuple(sorted(totals.items(), key=lambda found: -found[1]))
        return replace(together, ranked=ranked, outcome=self._decide(ranked, alone.cleaned))

    def on(self, index: Searchable, texts: Sequence[str]) -> Matcher:
        """The same matcher on a changed index, in which these phrasings are new; its thresholds stay."""
        other = copy(self)
        other.index, other._speller = index, self._speller.with_more(texts)
        return other

    def judged_by(self, chosen: Thresholds) -> Matcher:
        """The same matcher with other thresholds."""
        other = copy(self)
        other.thresholds = chosen
        return other

    def _readings(self, cleaned: str, repair: Repair) -> Sequence[tuple[float, Probe]]:
        """The question as typed and, where that differs, with its spelling repaired."""
        if not repair.changes:
            return [(1.0, self.index.probes([cleaned], self._encoder)[0])]
        typed, mended = self.index.probes([cleaned, repair.text], self._encoder)
        return [(1 - REPAIRED, typed), (REPAIRED, mended)]

    def _seen(self, scored: Scored) -> tuple[tuple[Phrasing, float], ...]:
        return tuple(
            (self.index.phrasing(int(row)), float(like))
            for row, like in zip(scored.near[:10], scored.likeness[:10], strict=True)
        )

    def _decide(self, ranked: Sequence[tuple[str, float]], question: str) -> Outcome:
        if not ranked or ranked[0][1] < self.thresholds.suggest:
            return Outcome.unknown
        label, value = ranked[0]
        codes = self.index.codes_in(question)
        if codes and not self.index.names(label, codes):
            return Outcome.suggested  # alike in every word but the one that counts: RM-102 is not RM-101
        if foreign(question):
            return Outcome.suggested  # entries speak English and French: whoever writes neither can hardly read one
        return Outcome.answered if value >= self.thresholds.answer else Outcome.suggested

    def calibrated(
        self, far_vectors: Callable[[], Vectors | None] = lambda: None, between: Callable[[], object] = lambda: None
    ) -> Matcher:
        """The same matcher with thresholds chosen by its own phrasings; takes a second or two.

        `far_vectors` gives the vectors of the general sample, where they are known already. `between` is called
        before each of the many steps: it may wait for what is more urgent.
        """
        if len(thresholds.askable(self.index)) < thresholds.FEWEST:
            return self
        far = self.index.probes(thresholds.sample(), self._encoder, far_vectors())
        return self.judged_by(thresholds.choose(thresholds.gather(self.index, far, between)))
