"""What every stage of the matching did with a question, for a reader at a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from knowledge.answering import Answer
from knowledge.index import Phrasing
from knowledge.matching import Match

SHOWN = 5  # phrasings and entries


def show_match(console: Console, match: Match, answer: Answer) -> None:
    """The stages in the order they happen, each with what it made of the question."""
    table = Table("Stage", "What it did", title=escape(f"“{answer.question.strip()[:100]}”"), show_lines=True)
    chosen = "chosen by the entries themselves" if match.thresholds.chosen else "the careful default"
    sure = f"answer from {match.thresholds.answer:.3f}, suggest from {match.thresholds.suggest:.3f}: {chosen}"
    for stage, text in (
        ("1 cleaned", match.cleaned or "nothing is left"),
        ("2 normalised", match.normalised or "no words"),
        ("3 spelling", _spelling(match)),
        ("4 nearest phrasings", _lines([(near.label, _said(near), value) for near, value in match.near])),
        ("5 scores", _lines([(label, "", value) for label, value in match.ranked])),
        ("6 thresholds", sure),
        ("7 decision", _decision(match)),
        ("8 language", answer.locale),
    ):  # fmt: skip
        table.add_row(stage, escape(text))
    console.print(table)


def _said(near: Phrasing) -> str:
    return near.text if near.asked else f"(answer) {near.text}"


def _spelling(match: Match) -> str:
    if not match.repair.changes:
        return "nothing to repair"
    changes = ", ".join(f"{typed} → {better}" for typed, better in match.repair.changes)
    return f"{changes}\n{match.repair.text}"


def _lines(found: list[tuple[str, str, float]]) -> str:
    lines = [f"{value:6.3f}  {label}{f': {text}' if text else ''}" for label, text, value in found[:SHOWN]]
    return "\n".join(lines) or "none"


def _decision(match: Match) -> str:
    best = f"{match.ranked[0][0]} with {match.score:.3f}" if match.ranked else "nothing was near"
    offered = ", ".join(label for label, _ in match.suggested)
    return f"{match.outcome.value}: {best}" + (f"\noffered: {offered}" if offered else "")
