from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import index as index_module
from knowledge.characters import Characters, grams
from knowledge.index import Index, Phrasing
from knowledge.likeness import nearest
from knowledge.scoring import NEAREST, RIDGE, score
from knowledge.text import tokens

WORDS = st.text("abcdé ", min_size=1, max_size=20).filter(lambda text: bool(tokens(text)))


def cosine(first: str, second: str, texts: list[str]) -> float:
    """tf-idf cosine by the book, one n-gram at a time."""

    def weights(text: str) -> dict[str, float]:
        all_grams = [gram for word in tokens(text) for gram in grams(word)]
        documents = [{gram for word in tokens(other) for gram in grams(word)} for other in texts]
        return {
            gram: (1 + math.log(all_grams.count(gram)))
            * (math.log((1 + len(texts)) / (1 + sum(gram in document for document in documents))) + 1)
            for gram in all_grams
        }

    one, two = weights(first), weights(second)
    length = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in two.values()))
    return sum(weight * two.get(gram, 0.0) for gram, weight in one.items()) / length


def test_words_are_cut_into_overlapping_pieces_with_their_borders() -> None:
    assert set(grams("im")) == {" i", "im", "m ", " im", "im ", " im "}


@given(st.lists(WORDS, min_size=2, max_size=6))
def test_likeness_of_spelling_is_the_cosine_of_tf_idf(texts: list[str]) -> None:
    characters = Characters(texts)
    likeness = characters.likeness(characters.spelled(texts[0]))
    expected = [cosine(texts[0], other, texts) for other in texts]
    assert likeness == pytest.approx(expected, abs=1e-4)
    assert characters.among(np.arange(len(texts)))[0] == pytest.approx(expected, abs=1e-4)


def test_unknown_pieces_make_a_text_less_like_everything() -> None:
    characters = Characters(["certificate", "course"])
    plain = characters.likeness(characters.spelled("certificate"))[0]
    assert plain == pytest.approx(1, abs=1e-5)
    assert characters.likeness(characters.spelled("certificate xylophone"))[0] < 0.9 * plain


def build(texts: list[tuple[str, str]]) -> Index:
    return Index([Phrasing(text, label) for text, label in texts], None)


def test_a_phrasing_scores_about_one_and_something_far_about_nothing() -> None:
    index = build([("who pays for it", "money"), ("when does it start", "start")])
    same = score(index, index.probes(["who pays for it"], None)[0]).scores
    assert same[0] == pytest.approx(1 / (1 + RIDGE), abs=0.05)
    assert score(index, index.probes(["qqqq zzzz"], None)[0]).scores == {}


def test_a_phrasing_left_out_takes_no_part() -> None:
    index = build([("who pays", "money"), ("who pays now", "money"), ("when", "start")])
    found = score(index, index.own_probe(0), leave_out=0)
    assert 0 not in found.near
    assert found.scores[0] < 1


def test_the_nearest_hundred_decide_as_if_all_were_asked() -> None:
    many = build([(f"alpha {position}", f"l{position % 7}") for position in range(NEAREST)])
    probe = many.probes(["alpha 3"], None)[0]
    likeness = many.likeness(probe).astype(float)
    weights = np.linalg.solve(many.among(np.arange(NEAREST)).astype(float) + RIDGE * np.eye(NEAREST), likeness)
    expected = {label: weights[many.label_of == label].sum() for label in range(7)}
    assert score(many, probe).scores == pytest.approx(expected, abs=1e-6)


def test_likeness_kept_whole_and_computed_when_asked_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [(f"course RM-{position} is not free", f"l{position % 5}") for position in range(40)]
    rows = np.array([3, 17, 4, 30])
    kept = build(texts).among(rows)
    monkeypatch.setattr(index_module, "KEPT_WHOLE", 0)
    assert build(texts).among(rows) == pytest.approx(kept, abs=1e-6)


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=30), st.integers(1, 30))
def test_nearest_are_the_highest_in_order(values: list[float], count: int) -> None:
    likeness = np.array(values, np.float32)
    found = nearest(likeness, count)
    assert len(found) == min(count, len(values))
    assert sorted(likeness[found], reverse=True) == list(likeness[found])
    assert sorted(values, reverse=True)[: len(found)] == pytest.approx(list(likeness[found]))
