"""What a question says once Slack's markup, case and accents are taken away."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_MATCHED = 2_000  # characters; whoever writes more has said what it is about by then
KEPT = 10_000  # texts of which it is remembered what was found: entries are read anew whenever one changes

_MARKUP = re.compile(
    r"<(?:https?|mailto|tel):[^>|\s]*\|(?P<label>[^>]*)>"  # a link with a label: the label is what the person reads
    r"|<#\w+\|(?P<channel>[^>]*)>"
    r"|<[@#!][^>]*>"  # mentions and special mentions say nothing about the subject
    r"|<?\b(?:https?|mailto|ftp)://?[^\s>]+>?"
    r"|:(?!\d+:)[a-z0-9_+'-]+:(?!\w)"  # :tada:
)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd\ud800-\udfff]"
)
_WORD = re.compile(r"\w+")
# Letters, then digits, with or without a hyphen: RM-101, C2, GI-3b. A code names one thing and no other.
_CODE = re.compile(r"\b[^\W\d_]{1,6}-?\d[^\W_]*(?:-[^\W_]+)*\b")
_SHORT_NOT = re.compile(
    r"\b(?:(?P<verb>is|are|was|were|do|does|did|has|have|had|would|could|should|must|need)n"
    r"|(?P<can>ca)n|(?P<will>wo)n)['’]?t\b"
)
_NEGATION_WORDS = """
    not no never without nor neither none except unable
    pas jamais sans aucun aucune ni sauf excepte impossible
"""
_NEGATIONS = frozenset(_NEGATION_WORDS.split())


def clean(raw: str) -> str:
    """The words of a message without markup, links, emoji codes and control characters, cut at LONGEST_MATCHED."""
    head = raw[: 4 * LONGEST_MATCHED]  # markup may take room; what lies beyond is never looked at
    plain = _UNPRINTABLE.sub(" ", _MARKUP.sub(_keep_label, head))
    plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join(plain.split())[:LONGEST_MATCHED]


def _keep_label(match: re.Match[str]) -> str:
    return f" {match['label'] or match['channel'] or ''} "


def fold(text: str) -> str:
    """Lower case without accents, so that « événement » and "EVENEMENT" are one word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def tokens(text: str) -> list[str]:
    """The words of a text, folded; "can't" and "cannot" are read as "can not"."""
    return _WORD.findall(in_full(fold(text)))


def in_full(folded: str) -> str:
    """A folded text with its negations spelled out: "isn't" and "isnt" as "is not"."""
    return _SHORT_NOT.sub(_in_full, folded).replace("cannot", "can not")


def _in_full(match: re.Match[str]) -> str:
    return f"{match['verb'] or ('can' if match['can'] else 'will')} not"


def normalise(text: str) -> str:
    """The words of a text, folded, with one space between."""
    return " ".join(tokens(text))


@lru_cache(KEPT)
def codes(text: str) -> frozenset[str]:
    """The codes a text names ("RM-101", "rm101"), written one way: lower case, no hyphen."""
    return frozenset(code.replace("-", "") for code in _CODE.findall(fold(text)))


@lru_cache(KEPT)
def negated(text: str) -> bool:
    """Whether the text says *not*, in either language."""
    words = tokens(text)
    return any(word in _NEGATIONS for word in words)
