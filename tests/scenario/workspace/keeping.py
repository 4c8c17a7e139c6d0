"""Workspaces that are kept in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workspace import server

Start = Callable[..., server.Running]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "workspace.db"


@pytest.fixture
def start(file: Path) -> Iterator[Start]:
    """Starts workspaces that are kept in `file`, one after the other."""
    started: list[server.Running] = []

    def run(**more: Any) -> server.Running:
        started.append(server.start(state=file, limits=False, **more))
        return started[-1]

    yield run
    for running in started:
        running.stop()
