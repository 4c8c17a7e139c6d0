"""The Web API client every part of a process shares."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from slack_sdk import WebClient

TIMEOUT_S = 10
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def is_loopback(url: str) -> bool:
    """Whether `url` names this machine."""
    return urlsplit(url).hostname in LOOPBACK


def make_client(api_url: str, token: str) -> WebClient:
    """A client that never repeats a call by itself: the outbox knows when that is safe, the SDK does not."""
    if is_loopback(api_url):
        # A proxy set for the outside world would be asked for this machine's own addresses as well.
        for name in ("no_proxy", "NO_PROXY"):
            os.environ[name] = ",".join(filter(None, {*os.environ.get(name, "").split(","), *LOOPBACK}))
    client = WebClient(token=token, base_url=_with_slash(api_url), timeout=TIMEOUT_S, retry_handlers=[])
    if is_loopback(api_url):
        client.proxy = None
    return client


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
