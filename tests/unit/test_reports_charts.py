"""Charts: pictures that need no colour, drawn outside the bot."""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from reports import charts
from reports.charts import Chart, ChartFailed, Panel, Series, Shape

CHART = Chart(
    "Questions et réponses $x_1$ \N{PARTY POPPER} <!channel>",
    (
        Panel(
            "Par semaine",
            tuple(f"semaine {week}" for week in range(40)),
            (Series("Répondues", (3.0,) * 40), Series("Inconnues", (None, *(1.0,) * 39))),
            Shape.stacked,
        ),
        Panel("Utiles", ("a", "b"), (Series("Utiles", (0.5, None)),), Shape.lines, percent=True),
        Panel("Lacunes", ("Une très longue question " * 20,), (Series("n", (5,)), Series("m", (2,))), Shape.across),
        Panel("Rien", (), (Series("n", ()),), Shape.bars),
    ),
    "Les comptes de moins de 5 ne sont pas montrés.",
    "fr",
)


def test_chart_is_a_picture_of_a_size_that_a_message_shows_and_is_the_same_each_time() -> None:
    before = "matplotlib" in sys.modules  # another test may draw in this process
    first = charts.png(CHART)
    width, height = struct.unpack(">II", first[16:24])
    assert (width, 500 < height < 2000) == (990, True)
    assert len(first) < 400_000
    assert charts.png(CHART) == first
    assert ("matplotlib" in sys.modules) is before, "what it takes is given back with the picture"


def test_chart_survives_its_way_to_the_process_that_draws_it() -> None:
    assert charts.from_json(json.loads(json.dumps(asdict(CHART)))) == CHART


def test_chart_that_cannot_be_drawn_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="value"):
        Panel("x", ("a", "b"), (Series("n", (1.0,)),))
    monkeypatch.setattr(charts, "ROOT", tmp_path)
    with pytest.raises(ChartFailed, match="reports"):
        charts.png(CHART)
