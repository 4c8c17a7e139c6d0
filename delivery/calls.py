"""One call to Slack, and what can be known of it afterwards."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

# Slack's reference says of these two that part of the operation may have succeeded.
_DOUBTFUL_CODES = frozenset({"internal_error", "fatal_error"})
# Nothing took place, and the same call may succeed later.
_PASSING_CODES = frozenset(
    {"request_timeout", "service_unavailable", "team_added_to_org", "external_channel_migrating"}
)
_LIMIT_CODES = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# The token, not the message, is at fault: every other call would fail as well.
TOKEN_CODES = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required"}
)
_NOTHING_SENT = frozenset({errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_DEFAULT_RETRY_AFTER_S = 30.0


@dataclass(frozen=True)
class Done:
    """Slack did it."""

    response: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Refused:
    """Slack said why it did nothing."""

    code: str


@dataclass(frozen=True)
class Limited:
    """Slack did nothing and wants to be left alone for some seconds."""

    seconds: float


@dataclass(frozen=True)
class NotSent:
    """Slack did nothing: it was not reached, or it asked to be called again later."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Slack may have done it, and may not."""

    reason: str


Outcome = Done | Refused | Limited | NotSent | Unknown


def call(client: WebClient, method: str, *, form: bool = False, **arguments: Any) -> Outcome:
    """Call a Web API method once. Methods that only read want their arguments as a form."""
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        # `or None`: a call without arguments has no body, and the SDK would announce JSON.
        sent = client.api_call(method, params=given or None) if form else client.api_call(method, json=given)
    except SlackApiError as error:
        return _answered(error)
    except (OSError, HTTPException) as error:
        return _broken_off(error)
    except (SlackClientError, ValueError) as error:
        return Unknown(type(error).__name__)
    return Done(sent.data) if isinstance(sent.data, dict) else Unknown("unreadable response")


def _answered(error: SlackApiError) -> Outcome:
    status, headers, data = error.response.status_code, error.response.headers, error.response.data
    code = data.get("error") if isinstance(data, dict) else None
    if status == 429 or code in _LIMIT_CODES:
        return Limited(_seconds({name.lower(): value for name, value in headers.items()}.get("retry-after")))
    if status >= 500:
        return Unknown(f"HTTP {status}")
    if not isinstance(code, str) or not re.fullmatch(r"[a-z0-9_]+", code):
        return Unknown("unreadable response")  # the SDK puts the body itself in place of the code
    if code in _DOUBTFUL_CODES:
        return Unknown(code)
    return NotSent(code) if code in _PASSING_CODES else Refused(code)


def _broken_off(error: OSError | HTTPException) -> Outcome:
    cause = error.reason if isinstance(error, URLError) else error
    unsent = isinstance(cause, socket.gaierror | ssl.SSLCertVerificationError | ConnectionRefusedError) or (
        isinstance(error, URLError) and isinstance(cause, OSError) and cause.errno in _NOTHING_SENT
    )
    # A text instead of an exception as the reason is urllib's own: an address that names no server.
    return NotSent(type(cause).__name__) if unsent or isinstance(cause, str) else Unknown(type(cause).__name__)


def _seconds(header: Any) -> float:
    try:
        return max(0.1, float(header[0] if isinstance(header, list) else header))
    except (TypeError, ValueError):
        return _DEFAULT_RETRY_AFTER_S
