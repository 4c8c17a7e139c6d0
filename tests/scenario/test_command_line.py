"""`python bot.py …` as an operator types it: what it prints, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot
from tests.scenario.command_kit import Run, own, process, run

__all__ = ["own", "process", "run"]  # fixtures of the tests here


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["run"],
        ["check"],
        ["ask"],
        ["backup"],
        ["restore"],
        ["knowledge"],
        ["knowledge", "import"],
        ["knowledge", "evaluate"],
    ],
)
def test_every_command_explains_itself(command: list[str]) -> None:
    done = CliRunner().invoke(bot.app, [*command, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_half_a_configuration_says_what_is_missing_and_exits_with_2(process: Run) -> None:
    done = process("run", SLACK_BOT_TOKEN="xoxb-secret-123")
    assert done.returncode == 2
    assert "SLACK_APP_TOKEN" in done.stderr
    assert "xoxb-secret" not in done.stderr + done.stdout


def test_a_setting_that_cannot_work_is_named(run: Run) -> None:
    done = run("run", PRAXIS_TIME_ZONE="Mars/Olympus")
    assert done.returncode == 2
    assert "PRAXIS_TIME_ZONE" in done.stderr
    assert "Mars/Olympus" in done.stderr
    assert "Traceback" not in done.stderr


def test_catalogue_goes_out_and_comes_back_as_csv_and_as_a_workbook(run: Run, tmp_path: Path) -> None:
    for name in ("out", "out.xlsx"):
        target = str(tmp_path / name)
        assert "50 lines written" in run("catalogue", "export", target).stdout
        dry = run("catalogue", "import", target, "--dry-run")
        assert "nothing was changed" in dry.stdout
        assert "0 added, 0 changed, 50 unchanged, 0 retired" in run("catalogue", "import", target).stdout


def test_a_backup_comes_back(run: Run, tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "copy.backup")).returncode == 0
    refused = run("restore", str(tmp_path / "copy.backup"))
    assert refused.returncode == 3
    assert "--overwrite" in refused.stderr
    fresh = {"DATABASE_URL": f"sqlite:///{tmp_path / 'fresh.db'}"}
    assert run("restore", str(tmp_path / "copy.backup"), **fresh).returncode == 0
    asked = run("ask", "What is the IM Certificate Program?", "--json", **fresh)
    assert json.loads(asked.stdout)["outcome"] == "answered"


@pytest.mark.parametrize("content", [b"", b"this is no database" * 100])
def test_a_file_that_is_no_database_is_one_clear_sentence(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.db").write_bytes(content)
    done = run("check", DATABASE_URL=f"sqlite:///{tmp_path / 'odd.db'}")
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if content else 0)


def test_check_finds_nothing_wrong_without_tokens(run: Run) -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "local workspace" in done.stdout


def test_a_slack_that_is_not_there_is_one_clear_sentence(process: Run) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-2-abc"}
    done = process("run", SLACK_API_URL="http://127.0.0.1:9/api/", **tokens)
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr
    assert "xoxb-1-2" not in done.stderr
    assert "Traceback" not in done.stderr
