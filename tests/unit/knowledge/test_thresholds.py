from __future__ import annotations

import numpy as np

from knowledge import thresholds
from knowledge.thresholds import DEFAULT, Evidence, choose


def evidence(own: list[float], far: list[float]) -> Evidence:
    all_right = np.ones(len(own), bool)
    return Evidence(np.array(own), all_right, all_right, np.array(far))


def test_the_answer_threshold_parts_own_phrasings_from_strangers() -> None:
    chosen = choose(evidence([0.6, 0.7, 0.8, 0.9] * 10, [0.1, 0.2, 0.3, 0.4]))
    assert 0.4 < chosen.answer <= 0.6
    assert chosen.chosen


def test_a_quarter_of_strangers_may_be_offered_suggestions() -> None:
    chosen = choose(evidence([0.6, 0.9] * 20, [0.1, 0.2, 0.3, 0.4]))
    assert 0.3 <= chosen.suggest < 0.4


def test_suggesting_never_asks_for_more_than_answering() -> None:
    chosen = choose(evidence([0.3] * 40, [0.1, 0.5, 0.6, 0.7]))
    assert chosen.suggest <= chosen.answer


def test_too_little_evidence_leaves_the_careful_default() -> None:
    assert choose(evidence([0.9] * 5, [0.1, 0.2])) is DEFAULT
    assert choose(evidence([], [0.1])) is DEFAULT


def test_the_general_sample_speaks_both_languages_and_repeats_nothing() -> None:
    sample = thresholds.sample()
    assert len(sample) == len(set(sample)) == 600
