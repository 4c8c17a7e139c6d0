"""The connection to Slack's Web API that delivery uses."""

from __future__ import annotations

import ipaddress
import logging
from typing import Any
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from slack_sdk import WebClient

TIMEOUT_S = 10

# The SDK logs bodies that it cannot read, and they may hold what people wrote; what matters of them we log ourselves.
_silent = logging.getLogger("delivery.slack_sdk")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False
_silent.setLevel(logging.CRITICAL)


class _DirectClient(WebClient):
    """A client that goes past the proxies of the environment, which cannot know this machine's loopback."""

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:  # noqa: ARG002  # the SDK's
        with build_opener(ProxyHandler({})).open(req, timeout=self.timeout) as response:
            charset = response.headers.get_content_charset() or "utf-8"
            return {"status": response.status, "headers": response.headers, "body": response.read().decode(charset)}


def web_client(token: str, base_url: str = WebClient.BASE_URL, *, timeout: int = TIMEOUT_S) -> WebClient:
    """A Web API client that never repeats a call by itself: only the outbox knows whether that is safe.

    `timeout` is in seconds. Each call is made on a connection of its own, so threads may share the client.
    """
    kind = _DirectClient if is_loopback(base_url) else WebClient
    return kind(token=token, base_url=base_url, timeout=timeout, retry_handlers=[], logger=_silent)


def is_loopback(url: str) -> bool:
    """Whether `url` names this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
