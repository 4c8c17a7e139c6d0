"""Other ways to find the entry for a question, to be judged beside Praxis in the same run.

RapidFuzz and SQLite are there anyway; bm25s and scikit-learn are development requirements, imported when they are used.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from weakref import finalize

import numpy as np
from rapidfuzz import fuzz, process, utils

from knowledge.evaluation import OUT_OF_SCOPE, Labelled
from knowledge.text import tokens

Rank = Callable[[str], Sequence[tuple[str, float]]]
Build = Callable[[Sequence[str], Sequence[str]], Rank]
LOOKED_AT = 100  # phrasings of a ranking; the best three labels are among them


def missing() -> list[str]:
    """Names of packages that a baseline needs and that are not installed."""
    return [name for module, name in _NEEDS.values() if find_spec(module) is None]


def baselines(train: Sequence[Labelled]) -> Iterator[tuple[str, Rank]]:
    """Each baseline that can be had here, by name, knowing the training sentences."""
    known = [(sentence, label) for sentence, label in train if label != OUT_OF_SCOPE]
    sentences, labels = [sentence for sentence, _ in known], [label for _, label in known]
    for name, build in _BUILDERS.items():
        if name not in _NEEDS or find_spec(_NEEDS[name][0]) is not None:
            yield name, build(sentences, labels)


def by_label(found: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Phrasings' labels and scores, best first, made into labels with their best score."""
    best: dict[str, float] = {}
    for label, score in found:
        best.setdefault(label, score)
    return list(best.items())


def _fuzzy(scorer: Any) -> Build:
    def build(sentences: Sequence[str], labels: Sequence[str]) -> Rank:
        choices = [utils.default_process(sentence) for sentence in sentences]

        def rank(question: str) -> Sequence[tuple[str, float]]:
            found = process.extract(utils.default_process(question), choices, scorer=scorer, limit=LOOKED_AT)
            return by_label([(labels[position], score) for _, score, position in found])

        return rank

    return build


def _bm25s(sentences: Sequence[str], labels: Sequence[str]) -> Rank:
    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells of every step
    retriever = import_module("bm25s").BM25()
    retriever.index([tokens(sentence) for sentence in sentences], show_progress=False)
    known = set(retriever.vocab_dict)

    def rank(question: str) -> Sequence[tuple[str, float]]:
        words = [word for word in tokens(question) if word in known]
        if not words:
            return []
        scores = retriever.get_scores(words)
        order = np.argsort(-scores, kind="stable")[:LOOKED_AT]
        return by_label([(labels[position], float(scores[position])) for position in order if scores[position] > 0])

    return rank


def _fts5(sentences: Sequence[str], labels: Sequence[str]) -> Rank:
    table = sqlite3.connect(":memory:", check_same_thread=False)
    table.execute("CREATE VIRTUAL TABLE phrasing USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
    table.executemany("INSERT INTO phrasing(rowid, text) VALUES (?, ?)", enumerate(sentences))
    query = "SELECT rowid, -bm25(phrasing) FROM phrasing WHERE phrasing MATCH ? ORDER BY bm25(phrasing) LIMIT ?"

    def rank(question: str) -> Sequence[tuple[str, float]]:
        words = " OR ".join(f'"{word}"' for word in tokens(question))
        found = table.execute(query, (words, LOOKED_AT)).fetchall() if words else []
        return by_label([(labels[position], score) for position, score in found])

    finalize(rank, table.close)  # Python 3.13 warns of connections that nobody closed
    return rank


def _svm(sentences: Sequence[str], labels: Sequence[str]) -> Rank:
    vectoriser = import_module("sklearn.feature_extraction.text").TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2))
    machine = import_module("sklearn.svm").LinearSVC()
    if len(set(labels)) < 2:
        return lambda _question: [(labels[0], 1.0)] if labels else []
    machine.fit(vectoriser.fit_transform(sentences), labels)

    def rank(question: str) -> Sequence[tuple[str, float]]:
        margins = np.atleast_1d(machine.decision_function(vectoriser.transform([question]))[0])
        if len(machine.classes_) == 2:  # one margin tells the two apart
            margins = np.array([-margins[0], margins[0]])
        order = np.argsort(-margins, kind="stable")[:3]
        return [(str(machine.classes_[position]), float(margins[position])) for position in order]

    return rank


_BUILDERS: dict[str, Build] = {
    "WRatio": _fuzzy(fuzz.WRatio),
    "token_set": _fuzzy(fuzz.token_set_ratio),
    "bm25s": _bm25s,
    "FTS5": _fts5,
    "tf-idf SVM": _svm,
}
_NEEDS = {"bm25s": ("bm25s", "bm25s"), "tf-idf SVM": ("sklearn", "scikit-learn")}
