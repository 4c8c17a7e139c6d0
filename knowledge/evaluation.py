"""How well the pipeline does on labelled questions: entries are built from training sentences, then asked."""

from __future__ import annotations

import csv
import io
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Encoder
from knowledge.index import Index, Phrasing
from knowledge.matching import Matcher
from knowledge.misspelling import misspelled

OUT_OF_SCOPE = "NO_NODES_DETECTED"
WANTED_PRECISION = 0.9
LARGEST_FILE = 50_000_000  # bytes


class Labelled(NamedTuple):
    """A sentence and the entry that answers it, or OUT_OF_SCOPE."""

    sentence: str
    label: str


@dataclass(frozen=True)
class Figures:
    """Shares are of 1. `mcc` is the multi-class Matthews correlation with *no answer* as one of the classes."""

    questions: int
    in_scope: float  # of in-scope questions: right label first, whatever its score
    threshold: float  # chosen by the entries themselves, or by the validation sentences
    in_scope_at_threshold: float
    out_of_scope_recall: float | None  # None where the test has no such question
    mcc: float
    answered: float  # of all questions
    precision: float  # of what was answered
    best_mcc: float  # over all thresholds
    right_at_90_precision: float  # of in-scope questions: answered rightly while 90 % of answers are right
    top_3: float
    p50_ms: float
    p95_ms: float
    peak_mb: float

    def as_dict(self) -> dict[str, float | int | None]:
        """Plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Outcomes:
    """What came of asking: the true label of each question, the three best found, the best's score, and the time."""

    true: NDArray[np.object_]
    best: list[tuple[str, ...]]
    score: NDArray[np.float64]
    seconds: NDArray[np.float64]

    @property
    def first(self) -> NDArray[np.object_]:
        """The best label of each question; OUT_OF_SCOPE where nothing was near."""
        return np.array([labels[0] if labels else OUT_OF_SCOPE for labels in self.best], object)

    def given(self, threshold: float) -> NDArray[np.object_]:
        """What is answered when only scores from `threshold` on are trusted."""
        return np.where(self.score >= threshold, self.first, OUT_OF_SCOPE)


def read_labelled(path: Path) -> list[Labelled]:
    """Rows of a CSV file with the columns `sentence` and `label`. Raises ValueError naming file and line."""
    rows = []
    reader = csv.DictReader(io.StringIO(_decoded(path), newline=""), strict=True)
    try:
        if not {"sentence", "label"} <= set(reader.fieldnames or ()):
            raise ValueError(f"{path}, line 1: it must name the columns “sentence” and “label”, separated by a comma.")
        for row in reader:
            sentence, label = (row["sentence"] or "").strip(), (row["label"] or "").strip()
            if not label:
                raise ValueError(f"{path}, line {reader.line_num}: the label is missing.")
            rows.append(Labelled(sentence, label))
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num}: this is not CSV ({error}).") from None
    if not rows:
        raise ValueError(f"{path}: there is no sentence in it.")
    return rows


def _decoded(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"{path}: the file is larger than {LARGEST_FILE // 1_000_000} MB. Take a part of it.")
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: the file cannot be read ({error.strerror}).") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path}, line {line}: this is not UTF-8. Save the file with the encoding UTF-8.") from None


def evaluate(
    train: Sequence[Labelled],
    test: Sequence[Labelled],
    validation: Sequence[Labelled] | None = None,
    *,
    encoder: Encoder | None,
) -> Figures:
    """Figures of the pipeline. With `validation` the threshold is the best on it, else the entries choose their own."""
    matcher = build(train, encoder)
    outcomes = ask_all(matcher, test)
    if validation is None:
        threshold = matcher.calibrated().thresholds.answer
    else:
        threshold = steady_threshold(ask_all(matcher, validation))
    return figures(outcomes, threshold)


def typo_cost(
    train: Sequence[Labelled], test: Sequence[Labelled], *, encoder: Encoder | None, seeds: Sequence[int] = (1, 2, 3)
) -> float:
    """How much of the in-scope accuracy (a share of 1) one typing error in each question costs, mean over `seeds`."""
    matcher = build(train, encoder)
    inside = [question for question in test if question.label != OUT_OF_SCOPE]
    if not inside:
        return 0.0
    clean = _right(matcher, inside)
    spelt = [misspelled([question.sentence for question in inside], seed) for seed in seeds]
    asked = [[Labelled(s, q.label) for s, q in zip(run, inside, strict=True)] for run in spelt]
    return clean - sum(_right(matcher, questions) for questions in asked) / len(seeds)


def _right(matcher: Matcher, questions: Sequence[Labelled]) -> float:
    outcomes = ask_all(matcher, questions)
    return _share(outcomes.first == outcomes.true)


def build(train: Sequence[Labelled], encoder: Encoder | None) -> Matcher:
    """A matcher whose entries are the labels; its thresholds are not chosen yet.

    Raises ValueError where no sentence has a label to build an entry from.
    """
    phrasings = [Phrasing(sentence, label) for sentence, label in train if label != OUT_OF_SCOPE]
    if not phrasings:
        raise ValueError(f"Every training sentence is {OUT_OF_SCOPE}: there is nothing to build entries from.")
    vectors = encoder.encode([phrasing.text for phrasing in phrasings]) if encoder else None
    return Matcher(Index(phrasings, vectors), encoder)


def ask_all(matcher: Matcher, questions: Sequence[Labelled]) -> Outcomes:
    """Ask every question, one at a time."""
    best, scores, seconds = [], [], []
    for question in questions:
        started = time.perf_counter()
        match = matcher.match(question.sentence)
        seconds.append(time.perf_counter() - started)
        best.append(tuple(label for label, _ in match.ranked[:3]))
        scores.append(match.score)
    return Outcomes(np.array([q.label for q in questions], object), best, np.array(scores), np.array(seconds))


def compare(test: Sequence[Labelled], rank: Callable[[str], Sequence[tuple[str, float]]]) -> Figures:
    """Figures of another way to rank labels, at its best threshold: it has no way to choose one itself."""
    outcomes = ask_by(rank, test)
    return figures(outcomes, best_threshold(outcomes)[0])


def ask_by(rank: Callable[[str], Sequence[tuple[str, float]]], questions: Sequence[Labelled]) -> Outcomes:
    """Ask every question of another way to rank labels, one at a time."""
    best, scores, seconds = [], [], []
    for question in questions:
        started = time.perf_counter()
        ranked = rank(question.sentence)
        seconds.append(time.perf_counter() - started)
        best.append(tuple(label for label, _ in ranked[:3]))
        scores.append(ranked[0][1] if ranked else 0.0)
    return Outcomes(np.array([q.label for q in questions], object), best, np.array(scores), np.array(seconds))


def figures(outcomes: Outcomes, threshold: float) -> Figures:
    """Everything that is told of one run."""
    true, first = outcomes.true, outcomes.first
    inside = true != OUT_OF_SCOPE
    given = outcomes.given(threshold)
    answered = given != OUT_OF_SCOPE
    right = given == true
    milliseconds = outcomes.seconds * 1000
    return Figures(
        questions=len(true),
        in_scope=_share((first == true)[inside]),
        threshold=threshold,
        in_scope_at_threshold=_share(right[inside]),
        out_of_scope_recall=_share(right[~inside]) if (~inside).any() else None,
        mcc=matthews(true, given),
        answered=_share(answered),
        precision=_share(right[answered]),
        best_mcc=best_threshold(outcomes)[1],
        right_at_90_precision=_right_at_precision(outcomes, WANTED_PRECISION),
        top_3=_share(np.array([t in best for t, best in zip(true, outcomes.best, strict=True)], bool)[inside]),
        p50_ms=float(np.percentile(milliseconds, 50)),
        p95_ms=float(np.percentile(milliseconds, 95)),
        peak_mb=_peak_mb(),
    )


def matthews(true: NDArray[np.object_], given: NDArray[np.object_]) -> float:
    """Matthews correlation for many classes (Gorodkin 2004); 0 where one side knows one class only."""
    names, numbers = np.unique(np.concatenate([true, given]).astype(str), return_inverse=True)
    was, said = numbers[: len(true)], numbers[len(true) :]
    of_true = np.bincount(was, minlength=len(names)).astype(float)
    of_given = np.bincount(said, minlength=len(names)).astype(float)
    total, agreed = float(len(true)), float((was == said).sum())
    spread = (total**2 - of_given @ of_given) * (total**2 - of_true @ of_true)
    return float((agreed * total - of_true @ of_given) / np.sqrt(spread)) if spread > 0 else 0.0


def best_threshold(outcomes: Outcomes) -> tuple[float, float]:
    """The threshold of the best Matthews correlation, and that correlation."""
    correlation, threshold = max(_correlations(outcomes))
    return threshold, correlation


def steady_threshold(outcomes: Outcomes) -> float:
    """The middle of all thresholds whose Matthews correlation is the best one's within a standard error.

    Which of them comes out best is chance where few of the questions are out of scope.
    """
    found = _correlations(outcomes)
    best, threshold = max(found)
    right = (outcomes.given(threshold) == outcomes.true).mean()
    error = float(np.sqrt(right * (1 - right) / len(outcomes.true)))
    return float(np.median([step for correlation, step in found if correlation >= best - error]))


def _correlations(outcomes: Outcomes) -> list[tuple[float, float]]:
    steps = np.unique(np.quantile(outcomes.score, np.linspace(0, 1, 201)))
    return [(matthews(outcomes.true, outcomes.given(step)), float(step)) for step in steps]


def _right_at_precision(outcomes: Outcomes, wanted: float) -> float:
    """Share of in-scope questions answered rightly at the lowest threshold that keeps the wanted precision."""
    order = np.argsort(-outcomes.score, kind="stable")
    right = np.cumsum((outcomes.first == outcomes.true)[order])
    last_of_its_score = np.append(np.diff(outcomes.score[order]) != 0, True)
    good = np.flatnonzero((right / np.arange(1, len(order) + 1) >= wanted) & last_of_its_score)
    inside = int((outcomes.true != OUT_OF_SCOPE).sum())
    return float(right[good[-1]] / inside) if len(good) and inside else 0.0


def _share(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _peak_mb() -> float:
    """Most memory this process ever held; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
