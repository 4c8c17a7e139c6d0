"""Ids, tokens and secrets: those of the personas are stable, the others are made as Slack makes them."""

from __future__ import annotations

import itertools
import secrets
import string

TEAM = "T0PRAXIS01"
APP = "A0PRAXIS01"
BOT_USER = "U0PRAXIS01"
BOT = "B0PRAXIS01"
DOMAIN = "praxis-local"

# These open nothing but this server on loopback, so they may stand here for everybody to read.
BOT_TOKEN = "xoxb-100000000001-100000000002-localworkspace"  # noqa: S105 - see above
APP_TOKEN = "xapp-1-A0PRAXIS01-100000000003-localworkspace"  # noqa: S105 - see above
SIGNING_SECRET = "local-workspace-signing-secret"  # noqa: S105 - see above
VERIFICATION_TOKEN = "local-workspace-verification"  # noqa: S105 - see above

_ALPHABET = string.ascii_uppercase + string.digits
_SPACE = 36**10
_STRIDE = 2_862_933_555_777_941_757  # shares no factor with the space, so every number is met once before any repeats
# A random start: an app remembers the event ids of earlier runs, and must not take a new event for one of them.
_counter = itertools.count(secrets.randbelow(_SPACE))


def new_id(prefix: str) -> str:
    """A new id of Slack's form, `prefix` and ten capitals or digits; never the same twice in one process."""
    number, text = next(_counter) * _STRIDE % _SPACE, ""
    for _ in range(10):
        number, digit = divmod(number, 36)
        text += _ALPHABET[digit]
    return prefix + text


def secret() -> str:
    """An unguessable token of 32 hexadecimal digits."""
    return secrets.token_hex(16)


def short() -> str:
    """Five characters, as Slack gives to blocks and actions that come without an id."""
    return new_id("")[:5]
