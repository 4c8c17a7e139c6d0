"""What people typed, shown to others as they typed it: no mention, no mass mention, no hidden link comes alive."""

from __future__ import annotations

import re

from views.i18n import quoted
from views.text import Block, clean, clip, escape, mrkdwn, paragraphs

_LINK = re.compile(r"https?://[^\s<>|]+")
# Markdown's bold, at the borders of words, where Slack knows its own alone.
_MARKDOWN_BOLD = re.compile(r"(?<![\w*])\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*(?![\w*])")
_FORMATTING = frozenset("*_~`")


def typed(text: str) -> str:
    """Escaped text in which plain web addresses can be clicked."""
    return _LINK.sub(_linked, escape(text))


def _linked(found: re.Match[str]) -> str:
    address = found.group()
    kept = address.rstrip(".,;:!?)'\"’»")
    # An entity at the end is a sign that was typed after the address, not a part of it.
    kept = re.sub(r"(?:&gt;|&lt;)+$", "", kept)
    return f"<{kept}>{address[len(kept) :]}"


def in_slacks_bold(text: str) -> str:
    """What somebody wrote, with Slack's bold where they used Markdown's."""
    return _MARKDOWN_BOLD.sub(r"*\1*", text)


def typed_section(text: str, limit: int = 3000) -> Block:
    """A paragraph that somebody typed."""
    return verbatim(typed(clip(clean(text), limit)))


def typed_sections(text: str) -> list[Block]:
    """All of a long text that somebody typed."""
    return [verbatim(block["text"]["text"]) for block in paragraphs(typed(text))]


def verbatim(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn in which Slack is told to look for no mention, channel or address of its own."""
    block: Block = {"type": "section", "text": {**mrkdwn(text), "verbatim": True}}
    return {**block, "accessory": accessory} if accessory else block


def bold(text: str, locale: str) -> str:
    """A name within a sentence: bold, or quoted where its own asterisks or underscores would break that."""
    safe = escape(text)
    return quoted(safe, locale) if _FORMATTING & set(safe) else f"*{safe}*"
