"""The entries Praxis comes with, asked as people would."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from knowledge import files
from knowledge.answering import Answers
from knowledge.entry_file import render
from knowledge.present import as_json
from knowledge.records import Outcome
from tests.unit.knowledge.conftest import CONTENT

OUT_OF_SCOPE = "NO_NODES_DETECTED"


def asked() -> list[dict[str, str]]:
    path = Path(__file__).parents[2] / "data" / "starter_questions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_at_least_forty_entries_without_a_problem_in_the_form_export_writes() -> None:
    entries, problems = files.read_folder(CONTENT)
    assert problems == []
    assert len(entries) >= 40
    for entry in entries:
        assert (CONTENT / f"{entry.slug}.md").read_text(encoding="utf-8") == render(entry)


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_unseen_questions_find_their_entry(starter: Answers, locale: str) -> None:
    rows = [row for row in asked() if row["locale"] == locale and row["id"] != OUT_OF_SCOPE]
    found = {row["sentence"]: [label for label, _ in starter.explain(row["sentence"]).ranked[:3]] for row in rows}
    first = [row["sentence"] for row in rows if found[row["sentence"]][:1] != [row["id"]]]
    among_three = [row["sentence"] for row in rows if row["id"] not in found[row["sentence"]]]
    assert len(first) / len(rows) <= 0.20, first
    assert len(among_three) / len(rows) <= 0.07, among_three


def test_most_unseen_questions_are_answered_and_few_answers_are_wrong(starter: Answers) -> None:
    rows = [row for row in asked() if row["id"] != OUT_OF_SCOPE]
    given = [(row["id"], starter.ask(row["sentence"]).answer) for row in rows]
    wrong = [(wanted, shown.id) for wanted, shown in given if shown and shown.id != wanted]
    right = [shown.id for wanted, shown in given if shown and shown.id == wanted]
    assert len(right) / len(rows) >= 0.6
    assert len(wrong) / len(rows) <= 0.08, wrong


def test_questions_no_entry_answers_are_not_answered(starter: Answers) -> None:
    rows = [row for row in asked() if row["id"] == OUT_OF_SCOPE]
    answered = [row["sentence"] for row in rows if starter.ask(row["sentence"]).outcome is Outcome.answered]
    assert rows
    assert len(answered) <= 1, answered


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("who funds the certifcate programe", "certificate-funding"),
        ("qui finanse le certifcat", "certificate-funding"),
        ("what does AIPRP mean", "acronym-atip"),
        ("c'est quoi la GI", "acronym-im"),
        ("what is MGI?", "mgi-policy"),
        ("combien de particpants à l'initiative de leadership", "leadership-participants"),
        ("what did the suprvisors say about the leadership initiative", "leadership-supervisors-say"),
        ("is RM-101 a course", "course-rm-101"),
    ],
)
def test_typing_errors_acronyms_and_codes_do_not_hide_the_answer(starter: Answers, question: str, slug: str) -> None:
    answer = starter.ask(question)
    assert answer.outcome is Outcome.answered
    assert answer.answer is not None
    assert answer.answer.id == slug


def test_without_the_encoder_questions_are_still_answered_and_it_says_so(starter_by_spelling: Answers) -> None:
    assert starter_by_spelling.degraded is not None
    answer = starter_by_spelling.ask("who pays for the IM certificate?")
    assert answer.answer is not None
    assert answer.answer.id == "certificate-funding"
    assert starter_by_spelling.ask("what is the weather like in Paris").outcome is not Outcome.answered


def test_the_asker_reads_their_language_whatever_language_the_question_has(starter: Answers) -> None:
    french = starter.ask("who pays for the IM certificate?", "fr")
    assert french.answer is not None
    assert (french.answer.locale, french.locale) == ("fr", "fr")
    english = starter.ask("qui finance le certificat en GI", "en")
    assert english.answer is not None
    assert english.answer.locale == "en"
    assert english.answer.id == french.answer.id
    detected = starter.ask("qui finance le certificat en GI")
    assert detected.locale == "fr"


def test_an_answer_carries_where_it_comes_from(starter: Answers) -> None:
    shown = starter.show("certificate-funding", "en")
    assert shown is not None
    assert "2004" in shown.source
    assert isinstance(shown.reviewed_on, date)
    assert all(starter.show(slug, "en") for slug, _ in shown.related)
    assert starter.show("no-such-entry", "en") is None


def test_json_says_score_and_suggestions_beside_and_inside_the_answer(starter: Answers) -> None:
    told = as_json(starter.ask("who pays for the IM certificate?"))
    assert set(told) == {"question", "locale", "outcome", "answer", "score", "suggestions"}
    inner = told["answer"]
    assert isinstance(inner, dict)
    assert set(inner) == {"id", "title", "text", "source", "reviewed_on", "score", "suggestions"}
    assert (inner["score"], inner["suggestions"]) == (told["score"], told["suggestions"])
    unknown = as_json(starter.ask("🎉"))
    assert (unknown["answer"], unknown["outcome"]) == (None, "unknown")
