"""Settings: which mode they name, what they refuse, what they hide."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from settings import ROOT, Mode, Settings, SettingsError


def make(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


@pytest.fixture(autouse=True)
def _no_tokens_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DATABASE_URL", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)


def test_without_tokens_the_local_workspace_runs() -> None:
    assert make().mode is Mode.local


def test_bot_and_app_token_mean_socket_mode() -> None:
    assert make(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1").mode is Mode.socket


def test_bot_token_and_signing_secret_mean_http() -> None:
    assert make(SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s").mode is Mode.http


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN"),
    ],
)
def test_half_a_configuration_names_what_is_missing(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        _ = make(**given).mode


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    assert make().mode is Mode.local


def test_no_secret_shows_in_a_repr_or_dump() -> None:
    settings = make(
        SLACK_BOT_TOKEN="xoxb-hidden", SLACK_APP_TOKEN="xapp-hidden", DATABASE_URL="postgresql://me:hidden@host/db"
    )
    for shown in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert "hidden" not in shown


@pytest.mark.parametrize(
    "wrong",
    [{"port": 70000}, {"time_zone": "Mars/Olympus"}, {"locale": "de"}, {"socket_connections": 0}, {"senders": 0}],
)
def test_a_value_that_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make(**wrong)


def test_organizers_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAXIS_ORGANIZERS", " U123 , alice@example.org,")
    assert make().organizers == ("U123", "alice@example.org")


@pytest.mark.parametrize("module", ["settings", "workspace", "bot"])
def test_clock_changes_are_those_of_the_pinned_package_whatever_the_machine_says(module: str) -> None:
    # British Columbia stopped putting its clocks back in 2026: a machine's older files do not know.
    script = (
        f"import {module}; from datetime import datetime; from zoneinfo import ZoneInfo; "
        "print(datetime(2026, 12, 1, tzinfo=ZoneInfo('America/Vancouver')).utcoffset().total_seconds() / 3600)"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "-7.0"
