"""What somebody typed, read as a question; or why it is none."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from views import answers
from views.text import clean

LIMIT = 2000  # characters; a question is a sentence or two
UNREADABLE_SHARE = 0.1  # of characters that are none

_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_NAMED = re.compile(
    r"<(?:[#!@][^|>]*\|([^>]*)|(?:https?://|mailto:)[^|>]*\|([^>]*)|((?:https?://|mailto:)[^>]*)|[^>]*)>"
)
_ADDRESS = re.compile(r"(?:https?://|mailto:|www\.)\S+", re.IGNORECASE)
_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_GREETINGS = {
    "hi",
    "hello",
    "hey",
    "good morning",
    "good afternoon",
    "bonjour",
    "bonsoir",
    "bon matin",
    "salut",
    "allo",
}
_HELP = {"help", "aide", "?", "menu", "start", "aidez moi", "help me"} | _GREETINGS
_THANKS = {"thanks", "thank you", "merci", "thx", "merci beaucoup", "thank you very much"}


@dataclass(frozen=True)
class Read:
    """The question's text; or the sentence of `views.answers` that says why there is none; or a wish for help."""

    text: str = ""
    refusal: str | None = None
    wants_help: bool = False


def read(raw: object, *, files: bool = False) -> Read:
    """Slack's text as the person meant it: without mentions, with the names of links and channels, unescaped."""
    typed = str(raw or "")
    without = _NAMED.sub(lambda found: next((name for name in found.groups() if name), ""), _MENTION.sub(" ", typed))
    text = html.unescape(without)
    text, strange = clean(text), len(text) - len(clean(text)) + text.count("�")
    if strange > UNREADABLE_SHARE * max(len(typed), 1):
        return Read(refusal=answers.UNREADABLE)
    text = " ".join(text.split())
    if not text:
        return Read(refusal=answers.ONLY_FILES if files else answers.EMPTY)
    if len(text) > LIMIT:
        return Read(refusal=answers.TOO_LONG)
    bare = " ".join(re.sub(r"[^\w\s?]", " ", _unaccented(text.lower())).split())
    if bare in _HELP or bare.rstrip("? ") in _HELP:
        return Read(wants_help=True)
    if bare in _THANKS:
        return Read(refusal=answers.WELCOME)
    if not any(character.isalnum() for character in _EMOJI.sub("", text)):
        return Read(refusal=answers.NO_WORDS)
    if not any(character.isalnum() for character in _ADDRESS.sub("", text)):
        return Read(refusal=answers.ONLY_LINKS)
    return Read(text=text)


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
