"""Trying what may be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from community.errors import CommunityError

T = TypeVar("T")


def attempt(call: Callable[[], T]) -> tuple[T | None, CommunityError | None]:
    """What the call returns, or why it was refused."""
    try:
        return call(), None
    except CommunityError as error:
        return None, error
