"""A message in Slack as the Markdown of an entry: its emphasis, links and lists stay, mentions become names."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"<([^<>]+)>")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
# Slack's *bold* and ~struck~ stand at the borders of words; inside a word the signs are text.
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_STRUCK = re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])")
_BULLET = re.compile(r"(?m)^(\s*)[•◦▪]\s*")
PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def as_markdown(text: str, names: Mapping[str, str]) -> str:
    """The text of a message; `names` are people's by their Slack ids, somebody unknown is left out."""
    parts = _CODE.split(text)
    written = "".join(_unescaped(part) if number % 2 else _marked(part, names) for number, part in enumerate(parts))
    return written.strip()


def typed_as_markdown(text: str) -> str:
    """What somebody typed into a form with Slack's emphasis, or with Markdown's, in which nothing is escaped."""
    parts = _CODE.split(text)
    return "".join(part if number % 2 else _emphasis(part) for number, part in enumerate(parts))


def _marked(text: str, names: Mapping[str, str]) -> str:
    return _unescaped(_TOKEN.sub(lambda token: _meant(token[1], names), _emphasis(text)))


def _emphasis(text: str) -> str:
    return _BULLET.sub(r"\1- ", _STRUCK.sub(r"~~\1~~", _BOLD.sub(r"**\1**", text)))


def _meant(token: str, names: Mapping[str, str]) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return names.get(target[1:], "")
    if target.startswith("#"):
        return f"#{label}" if label else ""
    if target.startswith("!"):  # a date, a group, everybody: what Slack shows for it is text
        return label or ("" if "^" in target else f"@{target[1:]}")
    if target.startswith("mailto:"):
        return label or target.removeprefix("mailto:")
    return f"[{label}]({target})" if label and label != target else target


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
