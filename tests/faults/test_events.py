"""The quick forms of the trials around events that no other test plays; `make soak` runs all at full length."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench import soak_clocks, soak_events


@pytest.fixture
def url(sqlite_url: str, postgresql_url: str) -> Callable[[str], str]:
    return {"SQLite": sqlite_url, "PostgreSQL": postgresql_url}.__getitem__


@pytest.mark.parametrize("trial", [soak_events.downtime, soak_clocks.clocks_change, soak_events.hostile])
def test_trial_shows_what_is_required(trial: Callable[..., tuple[bool, str]], url: Callable[[str], str]) -> None:
    ok, words = trial(url, True)
    assert ok, words
