"""What people type, as Slack passes it on: escaped, with mentions, and as rich text."""

from __future__ import annotations

import re

from workspace.conversations import Conversations
from workspace.kinds import Json
from workspace.people import People

LONGEST = 40_000
# Slack drops control characters other than line breaks and tabs; lone surrogates cannot travel as UTF-8.
_JUNK = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MENTION = re.compile(r"(?<![\w.@#&/])([@#])([\w][\w.-]*)", re.UNICODE)
_BROADCAST = {"here": "<!here>", "channel": "<!channel>", "everyone": "<!everyone>"}
_TOKEN = re.compile(r"<(@|#|!)([^>|]+)(?:\|[^>]*)?>|(https?://[^\s<>]+)")


def clean(text: str) -> str:
    """Without control characters and half characters, cut at 40,000 characters."""
    return _JUNK.sub("", text.replace("\r\n", "\n"))[:LONGEST]


def escape(text: str) -> str:
    """`&`, `<` and `>` as Slack writes them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What `escape` did, undone."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str, people: People, conversations: Conversations) -> str:
    """Typed text as it arrives at an app: escaped, with @name, #channel, @here and @channel turned into mentions."""

    def mention(match: re.Match[str]) -> str:
        kind, word = match.groups()
        name = word.rstrip(".-")
        rest = word[len(name) :]
        if kind == "@":
            person = people.named(name)
            found = _BROADCAST.get(name) or (f"<@{person.id}>" if person else None)
        else:
            channel = conversations.find(name)
            found = f"<#{channel.id}|{channel.name}>" if channel and not channel.is_im else None
        return found + rest if found else match.group(0)

    return _MENTION.sub(mention, escape(clean(text)))


def rich_text(text: str, block_id: str) -> list[Json]:
    """The `blocks` that a person's message carries."""
    elements: list[Json] = []
    position = 0
    for match in _TOKEN.finditer(text):
        if match.start() > position:
            elements.append({"type": "text", "text": unescape(text[position : match.start()])})
        kind, name, link = match.groups()
        if link:
            elements.append({"type": "link", "url": unescape(link)})
        elif kind == "@":
            elements.append({"type": "user", "user_id": name})
        elif kind == "#":
            elements.append({"type": "channel", "channel_id": name})
        else:
            elements.append({"type": "broadcast", "range": name})
        position = match.end()
    if position < len(text):
        elements.append({"type": "text", "text": unescape(text[position:])})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]
