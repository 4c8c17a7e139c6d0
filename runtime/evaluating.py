"""`knowledge evaluate`: Praxis and the baselines on the same labelled questions, and their figures side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from knowledge import files, own_phrasings
from knowledge.encoder import Encoder
from knowledge.evaluation import OUT_OF_SCOPE, Labelled, compare, evaluate, figures, read_labelled, typo_cost

Rank = Callable[[str], Sequence[tuple[str, float]]]
Peers = Callable[[Sequence[Labelled]], Iterable[tuple[str, Rank]]]
Told = dict[str, float | int | None]
OF_OWN = ("questions", "in_scope", "top_3", "p95_ms")  # nothing is out of scope there, so nothing else can be told
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


def cautions(sets: Sets) -> list[str]:
    """What the figures of these questions cannot tell, in sentences."""
    known = {label for _, label in sets.train if label != OUT_OF_SCOPE}
    asked = [label for _, label in sets.test if label != OUT_OF_SCOPE]
    strange = sum(label not in known for label in asked)
    return [
        sentence
        for sentence, holds in (
            ("All training sentences have one label: any ranking of labels is right, so only the threshold is judged.",
             len(known) == 1),
            ("No question is out of scope: how well those are told apart cannot be judged.",
             len(asked) == len(sets.test)),
            ("Every question is out of scope: whether the right entry is found cannot be judged.", not asked),
            (f"{strange} of {len(asked)} questions in scope have a label that no training sentence has: they count as"
             " wrong.", strange > 0),
        )
        if holds
    ]  # fmt: skip


def judge_all(sets: Sets, encoder: Encoder | None, peers: Peers, *, typos: bool = False) -> dict[str, Told]:
    """Praxis and its peers on these questions; `typos`: also what one typing error in each costs Praxis.

    Peers go without memory, which the process had taken before. Raises ValueError where there is nothing to build
    entries from.
    """
    ours: Told = evaluate(sets.train, sets.test, sets.validation, encoder=encoder).as_dict()
    if typos:
        ours["typo_cost"] = typo_cost(sets.train, sets.test, encoder=encoder)
    judged = {"Praxis": ours}
    for name, rank in peers(sets.train):
        judged[name] = compare(sets.test, rank).as_dict()
        del judged[name]["peak_mb"]
    return judged


def judge_own(source: Path, encoder: Encoder | None, peers: Peers) -> dict[str, dict[str, Told]]:
    """Praxis and its peers on entries' own phrasings, by pair of languages.

    Raises ValueError where the entries cannot be read or have nothing to ask.
    """
    entries, problems = files.read(source)
    if problems:
        first = problems[0]
        raise ValueError(f"{first.file}, line {first.line}: {first.sentence}")
    once = own_phrasings.Remembering(encoder) if encoder else None
    found = {pair: own_phrasings.outcomes(entries, pair, encoder=once, peers=peers) for pair in own_phrasings.PAIRS}
    if not any(found.values()):
        raise ValueError(f"{source}: no entry has a phrasing to leave out.")
    return {
        pair: {
            name: {key: value for key, value in figures(asked, 0.0).as_dict().items() if key in OF_OWN}
            for name, asked in by_name.items()
        }
        for pair, by_name in found.items()
        if by_name
    }


def show_own(console: Console, judged: dict[str, dict[str, Told]]) -> None:
    """A line for each pair of languages and each of those judged."""
    table = Table(
        "", "", "questions", *(ROWS[key] for key in OF_OWN[1:]), title="Each phrasing left out once and asked"
    )
    for pair, by_name in judged.items():
        for number, (name, told) in enumerate(by_name.items()):
            cells = (_cell(key, told[key]) for key in OF_OWN[1:])
            table.add_row("" if number else pair, name, str(told["questions"]), *cells, end_section=False)
        table.add_section()
    console.print(table, width=None if console.is_terminal else WIDTH)


def show(console: Console, judged: dict[str, Told]) -> None:
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
