"""Entries as one CSV file: what is wrong is said on its line, what is written is read back word for word."""

from __future__ import annotations

import csv
import io
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import files
from knowledge.entry_checks import checked
from knowledge.entry_file import EntryDraft, TextDraft, render
from knowledge.entry_table import COLUMNS, MOST_PROBLEMS, write
from knowledge.errors import Invalid

ROW = {
    "id": "bike-shed", "title_en": "Where is the bike shed?", "answer_en": "- Behind.\n- Left.",
    "phrasings_en": "bike shed\nwhere to leave my bike\nbicycles", "title_fr": "Où est l’abri\u00a0?",
    "answer_fr": "Derrière.", "phrasings_fr": "abri à vélos\nvélos\nlaisser mon vélo", "source": "The guide",
    "reviewed_on": "2026-11-01", "related": "other", "sample": "oui",
}  # fmt: skip
OTHER = ROW | {
    "id": "other", "title_en": "Who?", "phrasings_en": "w\nx\ny", "title_fr": "Qui?", "phrasings_fr": "q\nr\ns",
    "related": "", "sample": "",
}  # fmt: skip


def table(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, delimiter: str = ",") -> Path:
    path = folder / "entries.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def found(path: Path, *, both_languages: bool = True) -> list[tuple[int, str]]:
    _, problems = files.read(path, both_languages=both_languages)
    assert all(problem.sentence and problem.file == path.name for problem in problems)
    return [(problem.line, problem.code) for problem in problems]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_entries_are_read(tmp_path: Path, delimiter: str) -> None:
    columns = tuple(ROW)  # the others may be left out
    entries, problems = files.read(table(tmp_path, ROW, OTHER, columns=columns, delimiter=delimiter))
    assert problems == []
    bikes = entries[0]
    assert bikes.texts["en"].answer == "- Behind.\n- Left."
    assert bikes.texts["fr"].title == "Où est l’abri\u00a0?"
    assert bikes.texts["en"].phrasings == ("bike shed", "where to leave my bike", "bicycles")
    assert (bikes.related, bikes.sample, bikes.review_months, bikes.reviewed_on) == (
        ("other",), True, 12, date(2026, 11, 1),
    )  # fmt: skip
    assert (bikes.file, entries[1].line) == ("entries.csv", 8)  # as an editor counts


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"id": ""}, "empty_key"),
        ({"id": "Bike Shed"}, "bad_id"),
        ({"id": "bike-shed"}, "duplicate_id"),
        ({"title_en": ""}, "empty_key"),
        ({"title_en": "x" * 301}, "too_long"),
        ({"answer_fr": ""}, "empty_key"),
        ({"answer_en": "&" * 700}, "too_long"),
        ({"answer_en": "a\n<!-- fr -->\nb"}, "marker_in_answer"),
        ({"answer_en": "bell\x07"}, "control_character"),
        ({"title_fr": "", "answer_fr": "", "phrasings_fr": ""}, "missing_language"),
        ({"phrasings_en": "only\ntwo"}, "too_few_phrasings"),
        ({"phrasings_en": "w\nx\ny\n???"}, "wordless_phrasing"),
        ({"phrasings_en": "w\nx\ny\ny"}, "repeated_phrasing"),
        ({"phrasings_en": "w\nx\nBike shed!"}, "shared_phrasing"),
        ({"source": ""}, "empty_key"),
        ({"source_url": "ftp://x"}, "bad_url"),
        ({"reviewed_on": "last week"}, "bad_date"),
        ({"reviewed_on": "2026-02-30"}, "bad_date"),
        ({"review_months": "-1"}, "bad_months"),
        ({"review_months": "999"}, "bad_months"),
        ({"owner_user_id": "Ann"}, "bad_user"),
        ({"related": "nobody"}, "unknown_related"),
        ({"related": "other"}, "self_related"),
        ({"sample": "perhaps"}, "not_yes_or_no"),
    ],
)
def test_each_thing_that_is_wrong_is_said_on_its_line(tmp_path: Path, changes: dict[str, str], problem: str) -> None:
    assert found(table(tmp_path, ROW | {"related": ""}, OTHER | changes)) == [(8, problem)]


def test_what_was_written_in_slack_may_have_less(tmp_path: Path) -> None:
    less = ROW | {"title_fr": "", "answer_fr": "", "phrasings_fr": "", "phrasings_en": "", "related": ""}
    assert found(table(tmp_path, less)) == [(2, "too_few_phrasings"), (2, "missing_language")]
    assert found(table(tmp_path, less | {"phrasings_en": ROW["phrasings_en"]}), both_languages=False) == []
    assert found(table(tmp_path, less | {"revision": "3-0123456789abcdef"})) == []
    nothing = less | {"title_en": "", "answer_en": "", "revision": "3-0123456789abcdef"}
    assert found(table(tmp_path, nothing)) == [(2, "missing_language")]


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b"", [(1, "no_header")]),
        (b"one,two\n1,2\n", [(1, "no_header")]),
        ("id,title_fr\nété,œuf".encode("cp1252"), [(2, "not_utf8")]),
        ("id,title_en\n".encode("utf-16"), [(1, "not_utf8")]),
        (b"\x00\x01\x02" * 1000, [(1, "no_header")]),
    ],
)
def test_files_that_are_no_table_are_explained(tmp_path: Path, content: bytes, problems: list[tuple[int, str]]) -> None:
    path = tmp_path / "entries.csv"
    path.write_bytes(content)
    assert found(path) == problems


def test_nonsense_is_refused_quickly_with_an_end_to_its_problems(tmp_path: Path) -> None:
    path = tmp_path / "entries.csv"
    path.write_text(",".join(COLUMNS) + "\n" + "x?,<!channel>,=1+1,@,😀,;;\n" * 100_000, encoding="utf-8")
    began = time.process_time()
    problems = found(path)
    assert time.process_time() - began < 2
    assert MOST_PROBLEMS <= len(problems) <= MOST_PROBLEMS + 20
    assert problems[-1][1] == "too_many_problems"
    for number in range(50):
        (tmp_path / f"{number}.md").write_text("nonsense\n" * 200, encoding="utf-8")
    assert len(found_in(tmp_path)) == 50


def found_in(folder: Path) -> list[str]:
    return [problem.code for problem in files.read(folder)[1]]


LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
TEXTS = st.builds(
    lambda title, phrasings, answer, source: TextDraft(title, tuple(phrasings), answer, source or None),
    LINES, st.lists(st.sampled_from(["=1+1", "'=x", "@here", "a", "été\u00a0!", "-b", "''=", "+c"]) | LINES),
    st.lists(LINES, max_size=3).map("\n".join) | st.sampled_from(["=HYPERLINK(1)", "- one\n- two", "'", "\t=x"]), LINES,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(english=TEXTS, french=TEXTS, source=LINES)
def test_whatever_may_be_written_in_slack_comes_back_from_both_kinds_of_file(
    tmp_path: Path, english: TextDraft, french: TextDraft, source: str
) -> None:
    try:
        entry = checked(
            EntryDraft("x", source, None, date(2026, 1, 1), "=Ann", (), False, {"en": english, "fr": french}, 7, "U123")
        )
    except Invalid:
        return
    mark = "2-0123456789abcdef"
    write(tmp_path / "entries.csv", [(entry, mark)])
    (tmp_path / "x.md").write_bytes(render(entry, mark).encode())
    for path in (tmp_path / "entries.csv", tmp_path):
        (back,), problems = files.read(path)
        assert problems == []
        assert (back, back.mark) == (entry, mark)
    text = (tmp_path / "entries.csv").read_text("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
