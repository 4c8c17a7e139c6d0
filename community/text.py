"""What people type, made fit to keep. Markup stays as typed: views escape it when they show it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from community.errors import Invalid

_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029")


def clean(text: str) -> str:
    """NFC, newlines as \\n, no control characters or halves of characters (a database refuses those), trimmed."""
    whole = _LINE_ENDS.sub("\n", text).encode("utf-8", "ignore").decode()
    kept = "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", kept).strip()


def one_line(text: str) -> str:
    """Cleaned, with every run of white space one space."""
    return " ".join(clean(text).split())


def within(text: str, limit: int, field: str) -> str:
    """The text itself. Raises Invalid `too_long` (params: `limit`, `length`)."""
    if len(text) > limit:
        raise Invalid("too_long", field=field, limit=limit, length=len(text))
    return text


def required(text: str, limit: int, field: str) -> str:
    """The text itself. Raises Invalid `empty` or `too_long`."""
    if not text:
        raise Invalid("empty", field=field)
    return within(text, limit, field)


def web_link(text: str | None, limit: int, field: str) -> str | None:
    """The link, None when empty. Raises Invalid `link_form` unless it is http(s) with a host and nothing hidden."""
    link = clean(text or "")
    if not link:
        return None
    within(link, limit, field)
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        raise Invalid("link_form", field=field) from None
    if (
        parts.scheme.lower() not in ("http", "https")
        or not host
        or re.search(r"[\s<>|\"\\]", link)
        or "@" in parts.netloc
    ):
        raise Invalid("link_form", field=field)
    return link
