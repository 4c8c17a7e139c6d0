"""How sure is sure enough: two thresholds that the entries choose for themselves.

Each phrasing is left out once and asked; sentences that no entry answers are asked too. The thresholds are those that
tell the two apart best. No figure here belongs to one set of entries.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Probe, Searchable
from knowledge.scoring import score

SAMPLE = Path(__file__).with_name("out_of_scope.csv")
FEWEST = 20  # phrasings recognised when left out, below which the default is more trustworthy
MOST = 600  # phrasings asked; an even sample of more
STRANGERS_SUGGESTED = 0.25  # of sentences no entry answers: silence is worse than a suggestion nobody needed


@dataclass(frozen=True)
class Thresholds:
    """Scores from which an entry is the answer, and from which it is worth suggesting."""

    answer: float
    suggest: float
    chosen: bool = True  # False: the careful default, until the entries have been asked


DEFAULT = Thresholds(answer=0.55, suggest=0.25, chosen=False)


@dataclass(frozen=True)
class Evidence:
    """What the choice rests on: scores of phrasings left out, whether the right entry led or was in the best three."""

    own: NDArray[np.float64]
    first: NDArray[np.bool_]
    in_three: NDArray[np.bool_]
    far: NDArray[np.float64]


@cache
def sample() -> tuple[str, ...]:
    """The sentences that no entry answers, English and French, shipped with Praxis."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return tuple(row["sentence"] for row in csv.DictReader(file))


def askable(index: Searchable) -> NDArray[np.intp]:
    """Phrasings that can be left out: their entry has another one. What an answer says is not what people ask."""
    counts = np.bincount(index.label_of, minlength=len(index.labels))
    return np.flatnonzero((counts[index.label_of] > 1) & index.asked)


def gather(index: Searchable, far: Sequence[Probe], between: Callable[[], object] = lambda: None) -> Evidence:
    """Ask each phrasing without itself, and each far sentence; `between` is called before each: it may wait."""
    rows = askable(index)
    if len(rows) > MOST:
        rows = rows[np.linspace(0, len(rows) - 1, MOST).astype(np.intp)]
    own, first, in_three = [], [], []
    for row in rows:
        between()
        scores = score(index, index.own_probe(int(row)), leave_out=int(row)).scores
        best = sorted(scores, key=lambda label: -scores[label])[:3]
        own.append(scores[best[0]] if best else 0.0)
        first.append(bool(best) and best[0] == index.label_of[row])
        in_three.append(int(index.label_of[row]) in best)
    strangers = []
    for probe in far:
        between()
        strangers.append(score(index, probe).scores)
    return Evidence(
        np.array(own), np.array(first, bool), np.array(in_three, bool),
        np.array([max(scores.values(), default=0.0) for scores in strangers]),
    )  # fmt: skip


def choose(evidence: Evidence) -> Thresholds:
    """Answer from the threshold that tells the two apart best on; suggest above what three in four strangers reach.

    DEFAULT where there is too little to choose from.
    """
    if evidence.first.sum() < FEWEST or not len(evidence.far):
        return DEFAULT
    steps = np.unique(np.concatenate([evidence.own, evidence.far]))
    kept = np.array([(evidence.far < step).mean() for step in steps])
    right = np.array([(evidence.first & (evidence.own >= step)).mean() for step in steps])
    balanced = right + kept
    answer = float(steps[balanced.argmax()])
    suggest = float(np.quantile(evidence.far, 1 - STRANGERS_SUGGESTED))
    return Thresholds(answer, min(suggest, answer))
