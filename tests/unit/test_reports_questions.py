"""Figures on questions as people get them: in words, as a chart, as a table that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from knowledge.catalogue.loaded import Catalogue
from knowledge.figures import Figures, Gap, Measures, Row
from reports import questions
from reports.questions import Words
from tests.golden_files import looks_as_before
from tests.unit.views_people import HOSTILE
from views import question_figures as view

LOCALES = ("en", "fr")
BUSY = Measures(41, 25, 4, 2, 10, 12, 3, 6, 5, 3.25)
FIGURES = Figures(
    date(2026, 11, 9),
    date(2026, 11, 22),
    BUSY,
    (Row("2026-11-09", BUSY), Row("2026-11-16", None)),
    (Row("en", BUSY), Row("fr", None)),
    (Row("RM", BUSY), Row("", None)),
    (Gap("=2+5 is it", 5), Gap(HOSTILE, 3)),
)


def words(locale: str) -> Words:
    return Words(locale, view.said(FIGURES, locale), *view.names(FIGURES, Catalogue(), locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_figures_in_words(locale: str) -> None:
    looks_as_before(f"figures/summary.{locale}", view.summary(FIGURES, locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_table_has_a_line_for_every_row_and_says_where_too_few_stand_behind_one(locale: str) -> None:
    looks_as_before(f"figures/table.{locale}", {"lines": questions.table(FIGURES, words(locale))})


def test_csv_reads_back_and_holds_no_formula() -> None:
    lines = questions.table(FIGURES, words("fr"))
    written = questions.as_csv(lines)
    assert written.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert len(read) == len(lines)
    assert {len(line) for line in read} == {12}
    assert not [cell for line in read for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert read[-2][1] == "'=2+5 is it"


@pytest.mark.parametrize("locale", LOCALES)
def test_chart_shows_weeks_languages_competencies_and_gaps(locale: str) -> None:
    chart = questions.chart(FIGURES, words(locale))
    assert [len(panel.series) for panel in chart.panels] == [4, 4, 2, 1]
    assert chart.panels[0].series[0].values == (25.0, None)
    assert "41" in view.alt(FIGURES, locale)
    bare = Figures(FIGURES.since, FIGURES.until, Measures(), FIGURES.weeks, FIGURES.languages, (), ())
    assert len(questions.chart(bare, words(locale)).panels) == 2
