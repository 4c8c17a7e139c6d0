"""Entries as files: every problem named by file and line, and what is written can be read again."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import files
from knowledge.entry_checks import LONGEST_ANSWER
from knowledge.entry_file import EntryDraft, TextDraft, render
from knowledge.problems import SENTENCES, Problem
from knowledge.reading import Reader
from knowledge.text import normalise

GOOD = """\
---
id: who-pays
source: "A briefing, 2004"
reviewed_on: 2026-11-01
related: []
en:
  title: "Who pays?"
  phrasings:
    - "who funds it"
    - "where does the money come from"
    - "funding"
fr:
  title: "Qui paie?"
  phrasings:
    - "qui finance cela"
    - "d'où vient l'argent"
    - "financement"
---
<!-- en -->
A fund pays.

<!-- fr -->
Un fonds paie.
"""


def read(tmp_path: Path, content: str | bytes, name: str = "entry.md") -> list[Problem]:
    raw = content if isinstance(content, bytes) else content.encode()
    (tmp_path / name).write_bytes(raw)
    return files.read_folder(tmp_path)[1]


def test_a_language_may_name_the_source_in_its_own_words(tmp_path: Path) -> None:
    french = GOOD.replace(
        '  title: "Qui paie?"\n', '  title: "Qui paie?"\n  source: "Une séance d’information, 2004"\n'
    )
    assert read(tmp_path, french) == []
    texts = files.read_folder(tmp_path)[0][0].texts
    assert (texts["en"].source, texts["fr"].source) == (None, "Une séance d’information, 2004")


def test_a_good_file_has_no_problem(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == []
    entry = files.read_folder(tmp_path)[0][0]
    assert entry.texts["en"] == TextDraft(
        "Who pays?", ("who funds it", "where does the money come from", "funding"), "A fund pays."
    )
    assert entry.reviewed_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("id: who-pays\n", "", "missing_key", 1),
        ("id: who-pays", "id:", "empty_key", 2),
        ("id: who-pays", "id: Who Pays", "bad_id", 2),
        ("id: who-pays", "id: [a]", "not_text", 2),
        ("id: who-pays", "id: who-pays\nid: twice", "duplicate_key", 3),
        ("id: who-pays", "id: who-pays\ncolour: red", "unknown_key", 3),
        ("id: who-pays", "id: who-pays\nsample: perhaps", "not_yes_or_no", 3),
        ("id: who-pays", "id: who-pays\nsource_url: ftp//x", "bad_url", 3),
        ("id: who-pays", "id: who-pays\nsource_url: https://a b", "bad_url", 3),
        ("id: who-pays", "id: who-pays\nowner: " + "x" * 201, "too_long", 3),
        ("2026-11-01", "2026-02-30", "bad_date", 4),
        ("2026-11-01", "yesterday", "bad_date", 4),
        ("2026-11-01", "2026-11-01 10:00:00", "bad_date", 4),
        ("related: []", "related: [nobody]", "unknown_related", 5),
        ("related: []", "related: [who-pays]", "self_related", 5),
        ("related: []", "related: nobody", "not_a_list", 5),
        ('source: "A briefing, 2004"', "source: A: briefing: 2004", "bad_yaml", 3),
        ('  title: "Who pays?"', "  title: 'Who pays?", "bad_yaml", None),
        ('    - "funding"\n', "", "too_few_phrasings", 8),
        ('    - "funding"', '    - "who funds it"', "repeated_phrasing", 11),
        ('    - "funding"', '    - "?!"', "wordless_phrasing", 11),
        ('  title: "Qui paie?"\n', "", "missing_key", 12),
        ("fr:\n", "de:\n", "missing_language", 1),
        ("<!-- fr -->\nUn fonds paie.\n", "", "missing_answer", 12),
        ("<!-- fr -->", "<!-- de -->", "unknown_marker", 22),
        ("<!-- fr -->", "<!-- en -->", "repeated_marker", 22),
        ("<!-- en -->\n", "Hello\n<!-- en -->\n", "text_before_marker", 18),
        ("A fund pays.", "x" * (LONGEST_ANSWER + 1), "too_long", 19),
        ("A fund pays.", "&" * (LONGEST_ANSWER // 5 + 1), "too_long", 19),
        ("A fund pays.", "A \x07 fund.", "control_character", 20),
        (GOOD, "no front matter at all\n", "no_front_matter", 1),
        (GOOD, "", "no_front_matter", 1),
        (GOOD, "---\n- a\n- b\n---\n", "not_a_mapping", 2),
        (GOOD, "---\n" + "[" * 90_000 + "\n---\n", "bad_yaml", None),
    ],
)
def test_each_problem_names_its_line_and_how_to_mend_it(
    tmp_path: Path, old: str, new: str, code: str, line: int | None
) -> None:
    assert old in GOOD
    problems = read(tmp_path, GOOD.replace(old, new, 1))
    found = next((problem for problem in problems if problem.code == code), None)
    assert found is not None, problems
    assert found.file == "entry.md"
    assert line is None or found.line == line
    assert "{" not in found.sentence


def test_every_problem_has_a_sentence_and_every_sentence_is_used() -> None:
    source = "".join(
        (Path(files.__file__).parent / name).read_text(encoding="utf-8")
        for name in ("reading.py", "files.py", "importing.py", "between.py", "entry_table.py")
    )
    assert set(re.findall(r'"([a-z]+(?:_[a-z0-9]+)+|unreadable)"', source)) >= set(SENTENCES)


def test_several_problems_are_told_at_once(tmp_path: Path) -> None:
    problems = read(tmp_path, GOOD.replace("id: who-pays", "id: WHO").replace("2026-11-01", "soon"))
    assert [(problem.line, problem.code) for problem in problems] == [(2, "bad_id"), (4, "bad_date")]


def test_ids_and_phrasings_belong_to_one_file(tmp_path: Path) -> None:
    read(tmp_path, GOOD, "a.md")
    problems = read(tmp_path, GOOD, "b.md")
    assert [(problem.file, problem.line, problem.code) for problem in problems] == [("b.md", 2, "duplicate_id")]
    problems = read(tmp_path, GOOD.replace("id: who-pays", "id: other"), "b.md")
    assert {(problem.file, problem.code) for problem in problems} == {("b.md", "shared_phrasing")}
    assert (9, "who funds it") in {(problem.line, problem.params["text"]) for problem in problems}


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    latin = read(tmp_path, GOOD.replace("Un fonds", "Un fonds été").encode("latin-1"))
    assert [(problem.code, problem.line) for problem in latin] == [("not_utf8", 16)]
    assert read(tmp_path, os.urandom(2_000) + b"\xff")[0].code in ("not_utf8", "control_character")
    assert [problem.code for problem in read(tmp_path, GOOD + "x" * 100_000)] == ["too_large"]


def test_links_may_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.md").write_text(GOOD, encoding="utf-8")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / "nowhere.md").symlink_to(folder / "missing.md")
    (folder / "round.md").symlink_to(folder / "round.md")
    entries, problems = files.read_folder(folder)
    assert entries == []
    assert [(problem.file, problem.code) for problem in problems] == [
        ("link.md", "outside_folder"),
        ("nowhere.md", "unreadable"),
        ("round.md", "unreadable"),
    ]


def test_a_folder_named_like_an_entry_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    assert [problem.code for problem in files.read_folder(tmp_path)[1]] == ["unreadable"]


def test_windows_line_ends_and_byte_order_marks_do_no_harm(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == []
    assert render(files.read_folder(tmp_path)[0][0]) == GOOD


def test_a_rule_inside_an_answer_is_not_the_end_of_the_front_matter(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace("A fund pays.", "A fund\n\n---\n\npays.")) == []
    assert files.read_folder(tmp_path)[0][0].texts["en"].answer == "A fund\n\n---\n\npays."


LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60)
PHRASE = LINE.map(str.strip).filter(lambda text: bool(normalise(text)) and not set("￾￿") & set(text))
PHRASINGS = st.lists(PHRASE, min_size=3, max_size=5, unique_by=normalise).map(tuple)
ANSWER = st.lists(PHRASE, min_size=1, max_size=4).map("\n\n".join)
TEXT = st.builds(TextDraft, title=PHRASE, phrasings=PHRASINGS, answer=ANSWER, source=st.none() | PHRASE)
ENTRY = st.builds(
    EntryDraft,
    slug=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True),
    source=PHRASE,
    source_url=st.none() | st.just("https://example.org/a?b=c#d"),
    reviewed_on=st.dates(),
    owner=st.none() | PHRASE,
    related=st.just(()),
    sample=st.booleans(),
    texts=st.fixed_dictionaries({"en": TEXT, "fr": TEXT}),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRY)
def test_what_is_written_is_read_back_and_written_the_same(entry: EntryDraft) -> None:
    reader = Reader("entry.md")
    again = reader.read(render(entry))
    assert reader.problems == []
    assert again == entry
    assert render(again) == render(entry)
    assert again.digest == entry.digest


YAML_LIKE = st.text("-\n:[]{}&*!|>'\"%@`#, abidenfr", max_size=300)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300) | YAML_LIKE.map(lambda text: f"---\n{text}\n---\n"))
def test_no_text_makes_reading_fail(text: str) -> None:
    reader = Reader("entry.md")
    assert reader.read(text) is None
    assert reader.problems
