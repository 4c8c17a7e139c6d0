"""What keeps a process from starting."""

from __future__ import annotations


class StartError(Exception):
    """The bot cannot start; the message says why and what to do."""
