"""What an answer says, read as ways to ask for it: people ask in the words of the answer that they look for."""

from __future__ import annotations

import re

from knowledge.text import LONGEST_MATCHED, clean

FEWEST_WORDS = 4  # of a sentence that says something: "Yes." does not
MOST_WORDS = 60  # what comes later is detail, and the meaning of long texts is that of none of their parts

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"(?m)^\s*(?:#+|[-*+>]|\d+[.)])\s+|[*_`|]+")
_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def leads(answer: str) -> tuple[str, ...]:
    """The first sentence of an answer in Markdown and its first 60 words, in plain words; none where it has none."""
    plain = _SIGNS.sub(" ", _LINK.sub(r"\1", answer[:LONGEST_MATCHED]))
    sentences = [clean(part).split() for part in _END.split(plain)]
    telling = [words for words in (*sentences, clean(plain).split()) if len(words) >= FEWEST_WORDS]
    return tuple(dict.fromkeys(" ".join(words[:MOST_WORDS]) for words in (*telling[:1], *telling[-1:])))
