"""Typing errors made on purpose, to see what one costs."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]{4,}")  # in shorter words an error often makes another word
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def misspelled(sentences: Sequence[str], seed: int) -> list[str]:
    """Each sentence with one letter dropped, doubled, swapped or hit beside, in a word of four letters or more.

    The same for the same seed. A sentence without such a word stays as it is.
    """
    dice = random.Random(seed)  # noqa: S311 - errors to measure with, no secrets
    return [_with_error(sentence, dice) for sentence in sentences]


def _with_error(sentence: str, dice: random.Random) -> str:
    words = list(_WORD.finditer(sentence))
    if not words:
        return sentence
    word = dice.choice(words)
    at = dice.randrange(word.start(), word.end())
    before, letter, after = sentence[:at], sentence[at], sentence[at + 1 :]
    match dice.randrange(4):
        case 0:
            return before + after
        case 1:
            return before + letter + letter + after
        case 2 if at + 1 < word.end():
            return before + after[0] + letter + after[1:]
        case _:
            return before + _beside(letter, dice) + after


def _beside(letter: str, dice: random.Random) -> str:
    for row in _KEYS:
        at = row.find(letter.lower())
        if at >= 0:
            near = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
            return dice.choice(near)
    return "e"  # an accented letter typed without its accent, or another script
