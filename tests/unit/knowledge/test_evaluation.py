from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from bench import baselines
from knowledge.encoder import Encoder
from knowledge.evaluation import (
    LARGEST_FILE,
    OUT_OF_SCOPE,
    Labelled,
    Outcomes,
    build,
    compare,
    evaluate,
    figures,
    matthews,
    read_labelled,
    typo_cost,
)
from knowledge.misspelling import misspelled


def array(*labels: str) -> np.ndarray:
    return np.array(labels, object)


def test_correlation_is_that_of_the_book() -> None:
    assert matthews(array("a", "b", "c"), array("a", "b", "c")) == pytest.approx(1)
    assert matthews(array("a", "a", "b"), array("a", "a", "a")) == 0
    # Two classes: (TP·TN - FP·FN) / sqrt(…) with TP 2, TN 1, FP 1, FN 1.
    assert matthews(array("y", "y", "y", "n", "n"), array("y", "y", "n", "y", "n")) == pytest.approx((2 - 1) / 6)


def test_figures_count_what_they_say() -> None:
    outcomes = Outcomes(
        array("a", "b", "a", OUT_OF_SCOPE, OUT_OF_SCOPE),
        [("a",), ("a", "b"), ("a",), ("b",), ()],
        np.array([0.9, 0.8, 0.3, 0.4, 0.0]),
        np.full(5, 0.002),
    )
    told = figures(outcomes, 0.5)
    assert told.in_scope == pytest.approx(2 / 3)
    assert told.in_scope_at_threshold == pytest.approx(1 / 3)
    assert told.out_of_scope_recall == 1
    assert told.answered == pytest.approx(2 / 5)
    assert told.precision == pytest.approx(1 / 2)
    assert told.right_at_90_precision == pytest.approx(1 / 3)
    assert told.top_3 == 1
    assert told.p50_ms == pytest.approx(2)


TRAIN = [
    Labelled(sentence, label)
    for label, sentences in {
        "pay": ["who pays", "who funds this", "where does the money come from", "funding source"],
        "when": ["when does it start", "start date please", "on what day do we begin", "when is the first day"],
        "where": ["where is it held", "in which room", "what is the address", "location of the meeting"],
    }.items()
    for sentence in sentences
]
TEST = [
    Labelled("who gives the money", "pay"),
    Labelled("when do we start", "when"),
    Labelled("in what room is it", "where"),
    Labelled("do penguins have knees", OUT_OF_SCOPE),
]


def test_the_pipeline_is_judged_with_the_threshold_of_the_validation_sentences(encoder: Encoder) -> None:
    told = evaluate(TRAIN, TEST, validation=TEST, encoder=encoder)
    assert told.in_scope == 1
    assert told.mcc == told.best_mcc == pytest.approx(1)
    assert told.peak_mb > 50
    assert set(told.as_dict()) >= {"in_scope", "mcc", "best_mcc", "right_at_90_precision", "top_3", "p95_ms", "peak_mb"}


def test_another_way_to_rank_can_be_judged_beside_it() -> None:
    told = compare(TEST, lambda question: [("pay", 1.0)] if "money" in question else [])
    assert told.in_scope == pytest.approx(1 / 3)
    assert told.out_of_scope_recall == 1


def test_labelled_questions_without_columns_labels_or_rows_are_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text("sentence,label\nhello,greeting\n", encoding="utf-8")
    assert read_labelled(path) == [Labelled("hello", "greeting")]
    first = b"sentence,label\n"
    for content, said in (
        (b"a,b\n1,2\n", "line 1: it must name the columns"),
        (first + b"hello,greeting\nbye,\n", "line 3: the label is missing"),
        (first + b"hello,greeting\ncaf\xe9,drinks\n", "line 3: this is not UTF-8"),
        (first + b'"hello,greeting\n', "this is not CSV"),
        (first, "there is no sentence"),
    ):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=said):
            read_labelled(path)
    with pytest.raises(ValueError, match="cannot be read"):
        read_labelled(tmp_path)
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(ValueError, match="larger than 50 MB"):
        read_labelled(path)


def test_sentences_that_are_all_out_of_scope_make_no_entries() -> None:
    with pytest.raises(ValueError, match="nothing to build entries from"):
        evaluate([Labelled("hello", OUT_OF_SCOPE)], TEST, encoder=None)


@pytest.mark.parametrize("name", ["WRatio", "token_set", "bm25s", "FTS5", "tf-idf SVM"])
def test_every_baseline_finds_what_is_asked_word_for_word(name: str) -> None:
    if baselines.missing():
        pytest.skip(f"not installed: {', '.join(baselines.missing())}")
    rank = dict(baselines.baselines(TRAIN))[name]
    for sentence, label in TRAIN:
        found = rank(sentence)
        assert found[0][0] == label
        assert len({other for other, _ in found}) == len(found)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(rank("")) <= 3


def test_each_sentence_gets_one_typing_error_and_the_same_one_again() -> None:
    sentences = ["where is my mattress", "quelle est l’échéance", "who am I", "12345", ""]
    spelt = misspelled(sentences, 7)
    assert spelt == misspelled(sentences, 7)
    assert spelt != misspelled(sentences, 8)
    assert [OSA.distance(a, b) for a, b in zip(sentences, spelt, strict=True)][2:] == [0, 0, 0]
    assert all(OSA.distance(a, b) <= 1 for a, b in zip(sentences, spelt, strict=True))


def test_cost_of_typing_errors_is_what_they_take_from_the_accuracy() -> None:
    train = [Labelled("cancel the order", "cancel"), Labelled("where is my parcel", "parcel")]
    questions = [
        Labelled("cancel my order", "cancel"),
        Labelled("my parcel", "parcel"),
        Labelled("hello", OUT_OF_SCOPE),
    ]
    matcher = build(train, None)
    spelt = misspelled([question.sentence for question in questions[:2]], 5)
    right = [
        bool(ranked := matcher.match(text).ranked) and ranked[0][0] == question.label
        for text, question in zip(spelt, questions[:2], strict=True)
    ]
    assert typo_cost(train, questions, encoder=None, seeds=(5,)) == pytest.approx(1 - sum(right) / 2)
    assert typo_cost(train, questions[2:], encoder=None) == 0.0
