"""The real bot, by real Socket Mode, in the local workspace."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.process import Access, Process
from settings import ROOT, Settings
from tests.kit import Person, Workspace, eventually
from workspace import server


@pytest.fixture(scope="module", autouse=True)
def threads_end() -> Iterator[None]:
    """What a module starts ends with it: a thread left behind would go on in the tests of others."""
    before = set(threading.enumerate())
    yield
    eventually(lambda: not _left_since(before), what=f"the end of {_left_since(before)}")


def _left_since(before: set[threading.Thread]) -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread not in before]


def _settings(url: str, **more: Any) -> Settings:
    return Settings(_env_file=None, DATABASE_URL=url, **more)


@pytest.fixture
def slack() -> Iterator[server.Running]:
    """A local workspace of its own; every call the bot makes is recorded for the check against Slack's reference."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    record = build / f"slack-calls-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.jsonl"
    running = server.start(port=0, record=record, manifest=ROOT / "manifest.json")
    yield running
    running.stop()


@pytest.fixture
def workspace(slack: server.Running) -> Iterator[Workspace]:
    ours = Workspace(slack.url)
    yield ours
    ours.http.close()


@pytest.fixture
def start_bot(slack: server.Running) -> Iterator[Callable[..., Process]]:
    """Starts bots against the workspace, on the database named; all are stopped at the end."""
    started: list[Process] = []

    def start(url: str, **more: Any) -> Process:
        access = Access(slack.api_url, slack.bot_token, slack.app_token, slack.signing_secret)
        process = Process(_settings(url, **more), access)
        started.append(process)
        process.start()
        return process

    yield start
    for process in reversed(started):
        process.stop()


@pytest.fixture
def bot(start_bot: Callable[..., Process], prepared: Path, tmp_path: Path) -> Process:
    """One bot on SQLite with the starter entries, connected."""
    shutil.copy(prepared, tmp_path / "praxis.db")
    return start_bot(f"sqlite:///{tmp_path / 'praxis.db'}")


@pytest.fixture
def person(workspace: Workspace, bot: Process) -> Callable[[str], Person]:
    """Somebody of the workspace by name, with the bot running."""
    return lambda name: Person(workspace, name)
