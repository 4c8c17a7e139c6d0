"""Kernel ridge regression on the phrasings nearest to a question (a Gaussian process, made locally)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.characters import Floats
from knowledge.index import Probe, Searchable
from knowledge.likeness import CODES_DIFFER, FALL_OFF, NEGATION_DIFFERS, SPELLING

RIDGE = 0.1  # noise in the phrasings: none says exactly what its entry is about
NEAREST = 200  # phrasings that take part in one answer; half a point more comes right than with 100, 400 add nothing
# What scores depend on beside encoder and phrasings: thresholds chosen under another of these do not hold.
REGIME = f"{FALL_OFF} {SPELLING} {CODES_DIFFER} {NEGATION_DIFFERS} {RIDGE} {NEAREST}"


@dataclass(frozen=True)
class Scored:
    """Scores of labels (by their position in the index) and the phrasings they come from, nearest first."""

    scores: dict[int, float]
    near: NDArray[np.intp]
    likeness: Floats


def score(index: Searchable, probe: Probe, leave_out: int | None = None) -> Scored:
    """How well each label near the question explains it: about 1 where a phrasing says the same, about 0 far from all.

    `leave_out` is a phrasing that is not to take part.
    """
    near, likeness = index.near(probe, NEAREST, leave_out)
    alike = likeness > 0
    near, likeness = near[alike], likeness[alike]
    if not len(near):
        return Scored({}, near, likeness)
    equations = index.among(near).astype(np.float64)
    equations[np.diag_indices(len(near))] += RIDGE
    weights = np.linalg.solve(equations, likeness.astype(np.float64))
    labels, which = np.unique(index.label_of[near], return_inverse=True)
    sums = np.bincount(which, weights, len(labels))
    return Scored({int(label): float(total) for label, total in zip(labels, sums, strict=True)}, near, likeness)


def mixed(parts: list[tuple[float, Scored]]) -> dict[int, float]:
    """Scores of several readings of one question, each with its share."""
    total: dict[int, float] = {}
    for share, part in parts:
        for label, value in part.scores.items():
            total[label] = total.get(label, 0.0) + share * value
    return total
