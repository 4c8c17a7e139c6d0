from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import thresholds
from knowledge.language import Locale, detect


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("What is the certificate?", "en"),
        ("Qu’est-ce que le certificat?", "fr"),
        ("c'est quoi IMLI", "fr"),
        ("combien de participants", "fr"),
        ("who pays", "en"),
        ("et en français?", "fr"),
        ("next events", "en"),
        ("prochains événements", "fr"),
    ],
)
def test_short_questions_are_told_apart(text: str, locale: str) -> None:
    assert detect(text) == locale


@pytest.mark.parametrize("text", ["", "IMLI", "RM-101", "🎉", "???"])
def test_what_tells_nothing_is_in_the_default_language(text: str) -> None:
    assert detect(text) == "en"
    assert detect(text, default="fr") == "fr"


def test_nearly_every_sentence_of_the_general_sample_is_told_right() -> None:
    with thresholds.SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["sentence"] for row in rows if detect(row["sentence"], default=other(row["locale"])) != row["locale"]]
    assert len(wrong) / len(rows) < 0.12, wrong  # many have two or three words


def other(locale: str) -> Locale:
    return "fr" if locale == "en" else "en"


def test_questions_about_the_starter_entries_are_told_right() -> None:
    path = Path(__file__).parents[2] / "data" / "starter_questions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["sentence"] for row in rows if detect(row["sentence"]) != row["locale"]]
    assert len(wrong) <= 1, wrong


@given(st.text(max_size=300))
def test_any_text_has_a_language(text: str) -> None:
    assert detect(text) in ("en", "fr")
