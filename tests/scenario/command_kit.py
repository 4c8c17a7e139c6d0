"""Runs the command line as an operator does, on a database of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot
from runtime import command_line
from settings import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


def surroundings(database: Path, **more: str) -> dict[str, str]:
    """The environment of an operator who has set nothing but the database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "PRAXIS_"))}
    return kept | {"DATABASE_URL": f"sqlite:///{database}", "NO_COLOR": "1", "COLUMNS": "140"} | more


@pytest.fixture
def own(tmp_path: Path, prepared: Path) -> Path:
    """A database of this test's own that already holds the starter entries."""
    return Path(shutil.copy(prepared, tmp_path / "praxis.db"))


@pytest.fixture
def process(own: Path) -> Run:
    """Runs the command line as a process of its own."""

    def call(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, str(ROOT / "bot.py"), *arguments],
            cwd=own.parent,
            env=surroundings(own, **environment),
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def run(own: Path, monkeypatch: pytest.MonkeyPatch, logs_restored: None) -> Run:
    """Runs the command line in this process: an error that nothing foresees fails the test."""
    monkeypatch.chdir(own.parent)
    for console in (command_line.out, command_line.err):
        monkeypatch.setattr(console, "_width", 140)

    def call(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        with pytest.MonkeyPatch.context() as patched:
            for name in os.environ.keys() - (wanted := surroundings(own, **environment)).keys():
                patched.delenv(name)
            for name, value in wanted.items():
                patched.setenv(name, value)
            done = CliRunner().invoke(bot.app, arguments, input=stdin, catch_exceptions=False)
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return call
