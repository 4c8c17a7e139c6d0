from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import LONGEST_MATCHED, clean, codes, negated, normalise

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


def test_case_accents_and_typographic_apostrophes_do_not_matter() -> None:
    assert normalise("L’ÉVÉNEMENT d'Apprentissage") == normalise("l'evenement d’apprentissage")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("<@U123> what is IM?", "what is IM?"),
        ("see <https://example.org/a?b=c|the guide> please", "see the guide please"),
        ("see https://example.org/a please", "see please"),
        ("<#C1|general> or <!channel>", "general or"),
        ("done :tada: :+1::skin-tone-2: now", "done now"),
        ("R&amp;D &lt;3", "R&D <3"),
        ("at 10:30: what?", "at 10:30: what?"),
        ("nul\x00 bell\x07 zero​width", "nul bell zero width"),
    ],
)
def test_markup_links_and_emoji_codes_are_not_words(message: str, words: str) -> None:
    assert clean(message) == words


def test_very_long_messages_are_cut() -> None:
    assert len(clean("word " * 8_000)) <= LONGEST_MATCHED


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Is RM-101 free?", {"rm101"}),
        ("is rm101 free", {"rm101"}),
        ("entre le niveau EX-01 et IM-2b", {"ex01", "im2b"}),
        ("on the 1st at 3pm for 5 days in 2005", set()),
        ("state-of-the-art", set()),
    ],
)
def test_codes_are_letters_before_digits_however_they_are_written(text: str, named: set[str]) -> None:
    assert codes(text) == named


@pytest.mark.parametrize(
    "text", ["I have not finished", "I haven't", "I can’t come", "cannot", "je ne viens pas", "jamais"]
)
def test_negation_is_seen_in_both_languages(text: str) -> None:
    assert negated(text)


@pytest.mark.parametrize("text", ["I have finished", "a notable passage", "je viens"])
def test_words_that_only_look_like_negation_are_none(text: str) -> None:
    assert not negated(text)


@given(ANYTHING)
def test_any_text_can_be_cleaned_and_cleaning_twice_leaves_words_alone(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= LONGEST_MATCHED
    assert normalise(normalise(cleaned)) == normalise(cleaned)
