"""Questions that ask for the same come together, also across languages; others stay apart."""

from __future__ import annotations

import numpy as np

from knowledge import grouping
from knowledge.encoder import Encoder

PAIRS = [
    ("Can my dog come along?", "Est-ce que mon chien peut venir?"),
    ("who pays for lunch", "qui paie le diner"),
    ("How do I get a travel refund?", "Comment me faire rembourser mon voyage?"),
    ("Is the certificate recognized by universities?", "Les universités reconnaissent-elles le certificat?"),
]


def test_the_same_in_english_and_in_french_is_one_group(encoder: Encoder) -> None:
    texts = [text for pair in PAIRS for text in pair]
    found = grouping.joined(texts, [], encoder.encode(texts))
    assert found == [0, 0, 2, 2, 4, 4, 6, 6]


def test_what_names_another_code_or_says_not_stays_apart_across_languages(encoder: Encoder) -> None:
    texts = ["When is RM-101 given?", "Quand RM-102 est-il donné?", "Can I come?", "Je ne peux pas venir?"]
    assert grouping.joined(texts, [], encoder.encode(texts)) == [0, 1, 2, 3]


def test_without_an_encoder_spelling_decides_alone() -> None:
    texts = ["who pays for lunch", "who pays for the lunch?", "qui paie le diner"]
    assert grouping.joined(texts, [], None) == [0, 0, 2]
    assert grouping.joined([], texts, np.zeros((3, 512), np.float32)) == []
