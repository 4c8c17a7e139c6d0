"""Questions that cannot stand alone: "and in French?", "when is the next one?", « et en anglais ? »."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.text import normalise

LONGEST = 12  # words; whoever writes more says what it is about

_LANGUAGES = {"french": "fr", "francais": "fr", "francaise": "fr", "english": "en", "anglais": "en", "anglaise": "en"}
_AROUND_A_LANGUAGE = """
    in en and et ok now but mais also please the same la meme chose aussi can could you i have get it that say this
    is there do answer show me give too then what about how version translate into for to
    pouvez peux vous tu le l dire repondre reponse redire donne donnez moi avoir est ce que maintenant et pour y a t il
    de nouveau encore once more again back svp stp s te plait thanks thank merci
"""
_FILLERS = frozenset(_AROUND_A_LANGUAGE.split())
_OPENING = re.compile(
    r"(?:and|also|but|what about|how about|what if|et|mais|aussi|qu en est il|sinon|dans ce cas|in that case)\b"
)
# Words that stand for what was said before. "Il" and "there" are left out: they mostly stand for nothing at all.
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|this|that|those|these|ones?|he|she|him|her|his"
    r"|elles?|celui|celle|ceux|celles|cela|ca|leurs?|lui)\b"
    r"|\b(?:le|la|les|du|des) (?:prochaine?|suivante?|derniere?|premiere?|autre)s?$"
    r"|\b(?:ils|(?:est|sont|dure|coute|commence|finit|aura|peut|doit) (?:t )?ils?)\b"
)


@dataclass(frozen=True)
class FollowUp:
    """How a question leans on the one before: `language` is set when it asks for the same in that language."""

    language: str | None = None


def read(text: str) -> FollowUp | None:
    """How a question leans on the one before; None when it can stand alone."""
    said = normalise(text)
    words = said.split()
    if not words or len(words) > LONGEST:
        return None
    named = {_LANGUAGES[word] for word in words if word in _LANGUAGES}
    if len(named) == 1 and all(word in _LANGUAGES or word in _FILLERS for word in words):
        return FollowUp(named.pop())
    return FollowUp() if _OPENING.match(said) or _POINTING.search(said) else None
