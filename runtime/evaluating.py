"""`knowledge evaluate`: Praxis and the baselines on the same labelled questions, and their figures side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from knowledge.encoder import Encoder
from knowledge.evaluation import Figures, Labelled, compare, evaluate, read_labelled, typo_cost

Rank = Callable[[str], Sequence[tuple[str, float]]]
ROWS = {
    "in_scope": "in scope, no threshold",
    "threshold": "threshold",
    "in_scope_at_threshold": "in scope at the threshold",
    "out_of_scope_recall": "out-of-scope recall",
    "mcc": "Matthews correlation",
    "answered": "share answered",
    "precision": "precision of answers",
    "best_mcc": "best Matthews correlation",
    "right_at_90_precision": "right at 90 % precision",
    "top_3": "right one in best three",
    "typo_cost": "one typo a question costs, in scope",
    "p50_ms": "p50, ms a question",
    "p95_ms": "p95, ms a question",
    "peak_mb": "peak memory, MB",
}
WIDTH = 120  # where there is no terminal that says its own
SHARES = ROWS.keys() - {"threshold", "mcc", "best_mcc", "p50_ms", "p95_ms", "peak_mb"}


@dataclass(frozen=True)
class Sets:
    """Labelled questions, read."""

    train: list[Labelled]
    test: list[Labelled]
    validation: list[Labelled] | None


def read(train: Path, test: Path, validation: Path | None) -> Sets:
    """The files of labelled questions. Raises ValueError naming file and line."""
    return Sets(read_labelled(train), read_labelled(test), read_labelled(validation) if validation else None)


def judge(sets: Sets, encoder: Encoder | None) -> Figures:
    """Praxis on these questions. Raises ValueError where there is nothing to build entries from."""
    return evaluate(sets.train, sets.test, sets.validation, encoder=encoder)


def judge_typos(sets: Sets, encoder: Encoder | None) -> dict[str, float]:
    """What one typing error in each question costs Praxis."""
    return {"typo_cost": typo_cost(sets.train, sets.test, encoder=encoder)}


def judge_baseline(sets: Sets, rank: Rank) -> dict[str, float | int | None]:
    """A baseline on these questions; without memory, which the process had taken before."""
    figures = compare(sets.test, rank).as_dict()
    del figures["peak_mb"]
    return figures


def show(console: Console, judged: dict[str, dict[str, float | int | None]]) -> None:
    """A column for each of those judged."""
    questions = next(iter(judged.values()))["questions"]
    table = Table("", *judged, title=f"{questions} questions")
    for column in table.columns[1:]:
        column.justify = "right"
    for key, name in ROWS.items():
        if not any(key in figures for figures in judged.values()):
            continue
        table.add_row(name, *(_cell(key, figures.get(key)) for figures in judged.values()))
    console.print(table, width=None if console.is_terminal else WIDTH)


def _cell(key: str, value: float | int | None) -> str:
    if value is None:
        return ""
    if key in SHARES:
        return f"{100 * value:.1f} %"
    places = {"peak_mb": 0, "p50_ms": 2, "p95_ms": 2}.get(key, 3)
    return f"{value:.{places}f}"
