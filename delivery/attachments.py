"""Files of a message: how the outbox keeps them, and how their bytes reach Slack before they are shared."""

from __future__ import annotations

import base64
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError

from slack_sdk import WebClient

from delivery.calls import Limited, NotSent, Unknown
from delivery.client import is_loopback

LARGEST_B = 10 * 1024 * 1024  # of all files of one message: they wait in the database
ALT_LIMIT = 1000  # Slack's


@dataclass(frozen=True)
class File:
    """A file to be shared; `alt` says what a picture shows, for who cannot see it."""

    name: str
    content: bytes = field(repr=False)
    title: str = ""
    alt: str = ""


def body(text: str, files: Sequence[File]) -> dict[str, Any]:
    """What the outbox keeps. Raises ValueError for files that Slack would refuse, or that are too large to keep."""
    if not files or not all(file.name and file.content for file in files):
        raise ValueError("Each file has a name and something in it, and there is at least one")
    if sum(len(file.content) for file in files) > LARGEST_B:
        raise ValueError(f"The files of a message have at most {LARGEST_B} bytes")
    return {
        "text": text,
        "files": [
            {
                "name": file.name,
                "title": file.title or file.name,
                "alt": file.alt[:ALT_LIMIT],
                "content": base64.b64encode(file.content).decode("ascii"),
            }
            for file in files
        ],
    }


def content(kept: dict[str, Any]) -> bytes:
    """The bytes of one of the files that `body` kept."""
    return base64.b64decode(kept["content"])


def send(client: WebClient, url: str, data: bytes) -> Limited | NotSent | Unknown | None:
    """Put bytes where Slack said; None when they are there. May be repeated: nobody sees a file before it is shared."""
    request = urllib.request.Request(url, data=data, method="POST")  # noqa: S310  # Slack's own answer
    request.add_header("Content-Type", "application/octet-stream")
    proxies = {} if is_loopback(url) else {"http": client.proxy, "https": client.proxy} if client.proxy else None
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies),
        *([urllib.request.HTTPSHandler(context=client.ssl)] if client.ssl else []),
    )
    try:
        with opener.open(request, timeout=client.timeout) as answer:
            answer.read()
    except HTTPError as error:
        with error:
            if error.code == 429:
                return Limited(_seconds(error.headers.get("Retry-After")))
            return NotSent(f"HTTP {error.code}")
    except OSError as error:
        return Unknown(type(error).__name__)
    return None


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isdigit() else 30.0
