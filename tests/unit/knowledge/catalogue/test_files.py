"""Tables are read line by line: what is wrong is said where it is, and what is written is read back."""

from __future__ import annotations

import csv
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from knowledge.catalogue import files, tables
from knowledge.catalogue.cells import DAY_MINUTES, parse_cost, parse_length, written_cost, written_length
from knowledge.catalogue.loaded import Catalogue
from runtime.content import SAMPLE_CATALOGUE

TODAY = date(2026, 11, 22)
COURSE = {
    "code": "XX-1", "title_en": "A course", "title_fr": "Un cours", "provider": "Somebody", "languages": "en; fr",
    "mode": "online", "length": "2 days", "cost": "250", "level": "advanced", "competencies": "RM:2",
    "prerequisites": "RM-101", "equivalences": "OTHER 1", "verified_on": "2026-11-01", "sample": "no",
}  # fmt: skip


def courses(path: Path, *rows: dict[str, str]) -> Path:
    """courses.csv with these rows."""
    file = path / "courses.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, tables.COLUMNS["courses"])
        writer.writeheader()
        writer.writerows(rows)
    return file


def found(path: Path, known: Catalogue) -> list[tuple[int, str]]:
    """Line and code of every problem."""
    _, problems = files.read(path, known, TODAY)
    assert all(problem.sentence for problem in problems)
    return [(problem.line, problem.code) for problem in problems]


def test_sample_is_whole_and_says_that_it_is_one() -> None:
    drafts, problems = files.read(SAMPLE_CATALOGUE, Catalogue(), TODAY)
    assert problems == []
    assert drafts.levels
    assert drafts.competencies
    assert drafts.courses
    assert all(draft.sample for part in (drafts.levels, drafts.competencies, drafts.courses) for draft in part)
    assert 6 <= sum(bool(draft.parent) for draft in drafts.competencies) <= 8
    assert [draft.level for draft in drafts.levels if draft.competency is None] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"code": ""}, "bad_code"),
        ({"code": "A B"}, "bad_code"),
        ({"code": "X" * 33}, "bad_code"),
        ({"code": "rm101", "prerequisites": ""}, "similar_code"),
        ({"code": "RM-101", "prerequisites": ""}, "duplicate_code"),
        ({"title_fr": ""}, "empty"),
        ({"title_en": "x" * 201}, "too_long"),
        ({"title_en": "bell\x07"}, "control_character"),
        ({"title_en": "=1+1"}, "formula"),
        ({"languages": "en; de"}, "bad_languages"),
        ({"languages": ""}, "empty"),
        ({"mode": "by pigeon"}, "bad_choice"),
        ({"length": "long"}, "bad_length"),
        ({"length": "0 days"}, "bad_length"),
        ({"cost": "much"}, "bad_cost"),
        ({"cost": "-5"}, "bad_cost"),
        ({"level": "hard"}, "bad_choice"),
        ({"competencies": "RM"}, "bad_pair"),
        ({"competencies": "RM:0"}, "bad_level"),
        ({"competencies": "RM:9"}, "unknown_level"),
        ({"competencies": "NO:1"}, "unknown_competency"),
        ({"competencies": "RM:1; RM:2"}, "repeated"),
        ({"prerequisites": "RM-999"}, "unknown_course"),
        ({"prerequisites": "XX-1"}, "own_prerequisite"),
        ({"equivalences": "xx1"}, "own_prerequisite"),
        ({"verified_on": "yesterday"}, "bad_date"),
        ({"verified_on": "2026-02-30"}, "bad_date"),
        ({"verified_on": "2027-01-01"}, "future_date"),
        ({"sample": "maybe"}, "bad_yes"),
    ],
)
def test_each_thing_that_is_wrong_is_said_on_its_line(
    tmp_path: Path, sample: Catalogue, changes: dict[str, str], problem: str
) -> None:
    base = {**COURSE, "code": "RM-101", "competencies": "RM:1", "prerequisites": ""}
    path = courses(tmp_path, base, {**COURSE, **changes})
    assert found(path, sample) == [(3, problem)]


def test_courses_that_require_each_other_are_named(tmp_path: Path, sample: Catalogue) -> None:
    rows = [{**COURSE, "code": code, "prerequisites": needs} for code, needs in (("A-1", "B-1"), ("B-1", "A-1"))]
    path = courses(tmp_path, *rows)
    _, problems = files.read(path, sample, TODAY)
    assert [problem.code for problem in problems] == ["circle"]
    assert "A-1 → B-1 → A-1" in problems[0].sentence


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path, sample: Catalogue) -> None:
    path = courses(
        tmp_path,
        {**COURSE, "code": "RM-101", "prerequisites": "", "provider": "two\nlines"},
        {**COURSE, "level": "hard"},
    )
    assert found(path, sample) == [(4, "bad_choice")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "nothing_there"),
        (b"\xff\xfe\x00b\x00i\x00n", "not_utf8"),
        (b"one,two\n1,2\n", "no_header"),
        (b"code,title_en\nA,B\n", "missing_column"),
        (b"\x00" * 1000, "no_header"),
    ],
)
def test_file_that_is_no_table_is_one_clear_sentence(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "courses.csv").write_bytes(content)
    assert problem in {code for _, code in found(tmp_path / "courses.csv", Catalogue())}


def test_workbook_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 nonsense")
    assert found(tmp_path / "book.xlsx", Catalogue()) == [(1, "bad_workbook")]


def test_folder_without_tables_is_said(tmp_path: Path) -> None:
    assert found(tmp_path, Catalogue()) == [(1, "nothing_there")]


def test_ten_thousand_lines_of_nonsense_are_told_line_by_line(tmp_path: Path, sample: Catalogue) -> None:
    chance = random.Random(1)  # noqa: S311 - nonsense, always the same
    rows = [{column: "".join(chance.choices("abc;:=é'\t", k=6)) for column in COURSE} for _ in range(10_000)]
    lines = {line for line, _ in found(courses(tmp_path, *rows), sample)}
    assert lines == set(range(2, 10_002))


def test_what_excel_in_french_writes_is_read(tmp_path: Path, sample: Catalogue) -> None:
    text = courses(
        tmp_path, {**COURSE, "languages": "fr", "code": "RM-101", "prerequisites": "", "competencies": "RM:1"}
    )
    text.write_text("\ufeff" + text.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert found(text, sample) == []


@pytest.mark.parametrize("name", ["out", "out.xlsx"])
def test_what_is_written_is_read_back_the_same(tmp_path: Path, sample: Catalogue, name: str) -> None:
    assert files.export(sample, tmp_path / name) == 50
    again, problems = files.read(tmp_path / name, Catalogue(), TODAY)
    first, _ = files.read(SAMPLE_CATALOGUE, Catalogue(), TODAY)
    assert problems == []
    for part in ("levels", "competencies", "courses"):
        assert _bare(getattr(again, part)) == _bare(getattr(first, part))


def _bare(drafts: list[object]) -> list[dict[str, object]]:
    """What the lines say, wherever they stand."""
    said = [{name: value for name, value in vars(draft).items() if name != "row"} for draft in drafts]
    return sorted(said, key=str)


LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://evil.example")']


def test_no_cell_that_is_written_is_a_formula(tmp_path: Path) -> None:
    lines = {"levels": [["", "1", *LIVE[:5]]]}
    tables.write_csv(tmp_path, lines)
    tables.write_workbook(tmp_path / "out.xlsx", lines)
    with (tmp_path / "levels.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tables.LIVE)]
    sheet = load_workbook(tmp_path / "out.xlsx")["levels"]
    written = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in written} == {"s"}
    assert not [cell for cell in written if str(cell.value).startswith(tables.LIVE)]


def test_formula_in_a_workbook_is_refused(tmp_path: Path, sample: Catalogue) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Courses"
    sheet.append(list(tables.COLUMNS["courses"]))
    sheet.append([{**COURSE, "provider": "=1+1", "prerequisites": ""}[column] for column in tables.COLUMNS["courses"]])
    book.save(tmp_path / "book.xlsx")
    assert found(tmp_path / "book.xlsx", sample) == [(2, "formula")]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("2 days", 2 * DAY_MINUTES), ("1 day", DAY_MINUTES), ("0.5 day", 225), ("1,5 jour", 675), ("3 h", 180),
     ("1 h 30 min", 90), ("90 minutes", 90), ("2 jours", 900), ("two days", None), ("", None), ("2", None),
     ("9999 days", None), ("2 weeks", None)],
)  # fmt: skip
def test_lengths_are_read(text: str, minutes: int | None) -> None:
    assert parse_length(text) == minutes


@pytest.mark.parametrize(
    ("text", "cents"),
    [("250", 25_000), ("250.50", 25_050), ("$1,250.00", 125_000), ("1 250,00 $", 125_000), ("0", 0), ("gratuit", 0),
     ("1e3", None), ("-1", None), ("99999999", None), ("twelve", None)],
)  # fmt: skip
def test_costs_are_read(text: str, cents: int | None) -> None:
    assert parse_cost(text) == cents


@given(st.integers(1, 250 * DAY_MINUTES))
def test_written_length_is_read_back(minutes: int) -> None:
    assert parse_length(written_length(minutes)) == minutes


@given(st.integers(0, 10_000_000))
def test_written_cost_is_read_back(cents: int) -> None:
    assert parse_cost(written_cost(cents)) == cents


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(tmp_path: Path, sample: Catalogue, data: bytes) -> None:
    for name in ("courses.csv", "book.xlsx"):
        (tmp_path / name).write_bytes(data)
        drafts, problems = files.read(tmp_path / name, sample, TODAY)
        assert problems or drafts.lines
        assert all(problem.sentence for problem in problems)


CELL = st.one_of(
    st.text(max_size=40), st.sampled_from(["RM-101", "RM:1", "en", "online", "2 days", "250", "2026-11-01", "=1"])
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(COURSE, CELL)), max_size=5))
def test_any_cells_are_read_or_refused(tmp_path: Path, sample: Catalogue, rows: list[dict[str, str]]) -> None:
    rows = [{name: cell.encode("utf-8", "ignore").decode() for name, cell in row.items()} for row in rows]
    _, problems = files.read(courses(tmp_path, *rows), sample, TODAY)
    assert all(problem.sentence and problem.line >= 1 for problem in problems)


def test_a_carriage_return_ends_no_line_of_a_table(tmp_path: Path) -> None:
    tables.write_table(tmp_path / "x.csv", ("a", "b"), [["kept\r=1+1", "b"], ["\r=2", "c"]])
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["a", "b"], ["kept\n=1+1", "b"], ["'\n=2", "c"]]
