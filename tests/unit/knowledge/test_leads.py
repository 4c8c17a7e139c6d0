"""What an answer says first, as one more way to find its entry."""

from __future__ import annotations

import pytest

from knowledge.index import Index, Phrasing
from knowledge.leads import MOST_WORDS, leads
from knowledge.thresholds import askable


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("So.", ()),
        ("", ()),
        ("Yes. The **fee** is [paid](https://example.org).", ("The fee is paid.", "Yes. The fee is paid.")),
        ("# Frais\n\nLe fonds paie les frais.", ("Le fonds paie les frais.", "Frais Le fonds paie les frais.")),
        ("- Ask in the channel\n- Write to us", ("Ask in the channel", "Ask in the channel Write to us")),
        ("> <!channel> the fee is free", ("the fee is free",)),
    ],
)
def test_the_first_sentence_and_the_opening_are_read_in_plain_words(answer: str, found: tuple[str, ...]) -> None:
    assert leads(answer) == found


def test_of_a_long_answer_the_first_words_are_read() -> None:
    assert {len(text.split()) for text in leads("word " * 100_000)} == {MOST_WORDS}


def test_what_an_answer_says_is_found_but_never_asked_and_names_no_code() -> None:
    phrasings = [
        Phrasing("what does it cost", "fees"),
        Phrasing("price", "fees"),
        Phrasing("RM-101 is paid by the departments", "fees", asked=False),
        Phrasing("what is RM-101", "course"),
    ]
    index = Index(phrasings, None)
    assert index.phrasing(2) == phrasings[2]
    assert askable(index).tolist() == [0, 1]
    assert index.names("course", frozenset({"rm101"}))
    assert not index.names("fees", frozenset({"rm101"}))
