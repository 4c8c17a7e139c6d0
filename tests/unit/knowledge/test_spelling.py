from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.spelling import MOST_LOOKED_UP, Speller
from knowledge.words import Words, load_words

TEXTS = [
    "Who funds the certificate programme?",
    "Qui finance le certificat?",
    "What does IMLI mean?",
    "When is the launch",
]


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words()


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("certifcate", "certificate"),  # a letter missing
        ("certfiicate", "certificate"),  # two swapped
        ("lauch", "launch"),
        ("fnuds", "funds"),
        ("certificte progrmme", "certificate programme"),
    ],
)
def test_unknown_words_become_the_nearest_known_one(typed: str, repaired: str) -> None:
    assert Speller(TEXTS).repair(typed).text == repaired


@pytest.mark.parametrize(
    "text", ["who funds the certificate", "IMLO", "RM-101 2005", "moon", "Certificat?", "xyzzyplugh"]
)
def test_known_short_far_and_shouted_words_stay(text: str) -> None:
    repair = Speller(TEXTS).repair(text)
    assert repair.text == text
    assert repair.changes == ()


def test_accents_alone_are_no_error() -> None:
    assert Speller(["événement à venir"]).repair("evenement").changes == ()


def test_words_of_the_general_sample_are_neither_repaired_nor_offered() -> None:
    assert Speller(TEXTS, others=["lunch"]).repair("lunch").text == "lunch"
    assert Speller([], others=["launch"]).repair("launhc").text == "launhc"


def test_real_words_that_the_entries_do_not_use_stay(words: Words) -> None:
    entries = ["what will come to be known", "quelle date"]
    assert Speller(entries).repair("some chat").text != "some chat"
    assert Speller(entries, language=words).repair("some chat").text == "some chat"


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [("who gives the omney", "who gives the money"), ("Le 3 novembrw", "Le 3 novembre"), ("my freind", "my friend")],
)
def test_words_the_entries_do_not_use_are_repaired_to_the_commonest_of_the_language(
    typed: str, repaired: str, words: Words
) -> None:
    assert Speller(TEXTS).repair(typed).changes == ()
    assert Speller(TEXTS, language=words).repair(typed).text == repaired


def test_entries_words_come_before_commoner_ones_of_the_language(words: Words) -> None:
    assert words.shares(["lunch", "lauch"], "en").astype(bool).tolist() == [True, False]
    assert Speller(TEXTS, language=words).repair("launh").text == "launch"


def test_text_in_which_every_word_is_strange_is_not_looked_up_word_by_word(words: Words) -> None:
    strange = "omney freind brnch"
    speller = Speller(TEXTS, language=words)
    assert [better for _, better in speller.repair(strange).changes] == ["money", "friend", "bunch"]
    many = " ".join(f"qzx{letter}wvk" for letter in "abcdefghijklm"[:MOST_LOOKED_UP])
    assert speller.repair(f"{many} {strange}").changes == ()
    assert speller.repair("x" * 300).changes == ()


@pytest.mark.parametrize("text", ["gonna buy okay", "bosses", "backgrounds of retailers"])
def test_rare_words_stay(text: str, words: Words) -> None:
    assert Speller(TEXTS, language=words).repair(text).changes == ()


@pytest.mark.parametrize(("typed", "repaired"), [("oder a bed", "order a bed"), ("i haven't chat", "i haven't chat")])
def test_real_word_becomes_one_of_the_entries_only_where_that_is_far_likelier(
    typed: str, repaired: str, words: Words
) -> None:
    entries = ["my order", "order a bed", "what have they", "have it"]
    assert Speller(entries, language=words).repair(typed).text == repaired


def test_of_two_equally_near_words_the_more_common_wins() -> None:
    assert Speller(["courses", "coursed", "coursed"]).repair("course3 coursef").text == "course3 coursed"


@given(st.text(max_size=200))
def test_repairing_a_repaired_text_changes_nothing_more(text: str) -> None:
    speller = Speller(TEXTS)
    once = speller.repair(text).text
    assert speller.repair(once).text == once
