"""Figures on questions as a chart and as a table; every word comes from whoever knows the language."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.catalogue.tables import inert
from knowledge.figures import FLOOR, Figures, Measures, Row
from reports.charts import Chart, Panel, Series, Shape

MOST_COMPETENCIES = 10  # in the chart; the table has them all
OUTCOMES = ("answered", "picked", "offered", "unknown")
COLUMNS = (
    "asked",
    *OUTCOMES,
    "helpful",
    "not_helpful",
    "passed_on",
    "answered_by_people",
    "median_hours",
)


@dataclass(frozen=True)
class Words:
    """What the chart and the table say: `said` by name (those of the columns, of the panels), names of the rows."""

    locale: str
    said: Mapping[str, str]
    weeks: Mapping[str, str]
    languages: Mapping[str, str]
    competencies: Mapping[str, str]


def chart(figures: Figures, words: Words) -> Chart:
    """What became of questions week by week, and what they are about."""
    said = words.said
    panels = [
        _panel("by_week", figures.weeks, words.weeks, _outcomes(figures.weeks, said), Shape.stacked, said),
        _panel(
            "by_language", figures.languages, words.languages, _outcomes(figures.languages, said), Shape.stacked, said
        ),
    ]
    about = figures.competencies[:MOST_COMPETENCIES]
    if about:
        asked = Series(said["asked"], tuple(_value(row.measures, "asked") for row in about))
        in_vain = Series(said["in_vain"], tuple(_in_vain(row.measures) for row in about))
        panels.append(_panel("by_competency", about, words.competencies, (asked, in_vain), Shape.across, said))
    if figures.gaps:
        counts = Series(said["asked"], tuple(float(gap.count) for gap in figures.gaps))
        panels.append(Panel(said["top_gaps"], tuple(gap.text for gap in figures.gaps), (counts,), Shape.across))
    return Chart(said["title"], tuple(panels), said["note"], words.locale)


def _panel(
    title: str,
    rows: Sequence[Row],
    names: Mapping[str, str],
    series: tuple[Series, ...],
    shape: Shape,
    said: Mapping[str, str],
) -> Panel:
    labels = tuple(names.get(row.name, row.name) for row in rows)
    return Panel(said[title], labels, series, shape, missing=f"< {FLOOR}")


def _outcomes(rows: Sequence[Row], said: Mapping[str, str]) -> tuple[Series, ...]:
    return tuple(Series(said[name], tuple(_value(row.measures, name) for row in rows)) for name in OUTCOMES)


def _value(measures: Measures | None, name: str) -> float | None:
    return None if measures is None else float(getattr(measures, name))


def _in_vain(measures: Measures | None) -> float | None:
    return None if measures is None else float(measures.offered + measures.unknown)


def table(figures: Figures, words: Words) -> list[list[str]]:
    """A header and a line each for the total, every week, language and competency, and every gap."""
    said = words.said
    lines = [[said["part"], said["name"], *(said[column] for column in COLUMNS)]]
    lines.append([said["total"], "", *_cells(figures.total, said)])
    for part, rows, names in (
        ("by_week", figures.weeks, {}),
        ("by_language", figures.languages, words.languages),
        ("by_competency", figures.competencies, words.competencies),
    ):
        lines += [[said[part], names.get(row.name, row.name), *_cells(row.measures, said)] for row in rows]
    lines += [[said["top_gaps"], gap.text, str(gap.count), *([""] * (len(COLUMNS) - 1))] for gap in figures.gaps]
    return lines


def _cells(measures: Measures | None, said: Mapping[str, str]) -> list[str]:
    if measures is None:
        return [said["too_few"], *([""] * (len(COLUMNS) - 1))]
    values = [getattr(measures, column) for column in COLUMNS]
    return ["" if value is None else f"{value:.1f}" if isinstance(value, float) else str(value) for value in values]


def as_csv(lines: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, so that Excel reads the accents; no cell is taken for a formula."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([inert(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig", "replace")
