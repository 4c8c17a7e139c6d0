"""The starter entries are whole, distinct and written with care in both languages."""

from __future__ import annotations

import csv
import re

import pytest

from knowledge import files
from knowledge.entry_file import EntryDraft, render
from settings import ROOT
from views.catalogue import spaced

CONTENT = ROOT / "knowledge" / "content"
QUESTIONS = ROOT / "tests" / "data" / "starter_questions.csv"
NOTHING = "NO_NODES_DETECTED"
ENTRIES, PROBLEMS = files.read_folder(CONTENT)
BUTTON = 75  # characters; a title is also a button among the suggestions


def prose(text: str) -> str:
    return re.sub(r"`[^`]*`", "code", text)


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_every_starter_entry_is_valid() -> None:
    assert [f"{problem.file}:{problem.line} {problem.sentence}" for problem in PROBLEMS] == []
    assert len(ENTRIES) >= 40


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_starter_entry_says_enough_and_not_too_much_in_both_languages(entry: EntryDraft) -> None:
    assert set(entry.texts) == {"en", "fr"}
    for locale, text in entry.texts.items():
        assert 40 <= len(text.answer.split()) <= 170, locale
        assert len(text.title) <= BUTTON, locale
        assert len(text.phrasings) >= 4, locale
        assert "TODO" not in text.answer


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_starter_entry_is_typeset_as_its_language_wants(entry: EntryDraft) -> None:
    french = entry.texts["fr"]
    for text in (french.title, french.answer):
        plain = prose(text)
        assert plain == spaced(plain)
        assert not re.search(r"\w['\"]|['\"]\w", plain), "a straight apostrophe or quotation mark"
    for text in (entry.texts["en"].title, entry.texts["en"].answer):
        assert not re.search(r"\w['\"]|['\"]\w", re.sub(r"`[^`]*`", "", text)), (
            "a straight apostrophe or quotation mark"
        )


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_starter_entry_names_its_source_and_invented_ones_say_so_at_once(entry: EntryDraft) -> None:
    if entry.sample:
        assert entry.source == "Sample content, to be replaced"
        assert entry.texts["fr"].source == "Contenu fictif, à remplacer"
        assert entry.texts["en"].answer.startswith("This is sample content: ")
        assert entry.texts["fr"].answer.startswith("Voici un contenu fictif\u00a0: ")
    else:
        briefing = entry.source.startswith("Meeting - MGI Senior Officials (briefing), 25 November 2004, presentation")
        assert briefing or entry.source == "Praxis, user guide"
        french = str(entry.texts["fr"].source)
        assert "25 novembre 2004" in french if briefing else french == "Praxis, guide d’utilisation"


def test_starter_entries_are_stored_in_the_form_that_export_writes() -> None:
    for entry in ENTRIES:
        assert (CONTENT / f"{entry.slug}.md").read_text(encoding="utf-8") == render(entry), entry.slug


def test_held_out_questions_name_entries_that_are_there_and_repeat_no_phrasing() -> None:
    slugs = {entry.slug for entry in ENTRIES}
    known = {words(p) for entry in ENTRIES for text in entry.texts.values() for p in (text.title, *text.phrasings)}
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["sentence"] for row in rows}) == 120
    assert {row["id"] for row in rows} - slugs == {NOTHING}
    assert not [row["sentence"] for row in rows if words(row["sentence"]) in known]
    for locale in ("en", "fr"):
        assert sum(row["locale"] == locale and row["id"] != NOTHING for row in rows) == 45
        assert sum(row["locale"] == locale and row["id"] == NOTHING for row in rows) == 15
