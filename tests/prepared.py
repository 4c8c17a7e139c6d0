"""A database with the starter entries, their vectors and thresholds: made once for all test processes."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from knowledge.answering import Answers
from runtime.console import knowledge_base
from settings import Settings


def make(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file, to be copied and not written to; the first process makes it, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path = shared / "prepared.db"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = shared / "unfinished.db"
            settings = Settings(_env_file=None, DATABASE_URL=f"sqlite:///{unfinished}")
            with knowledge_base(settings) as (database, community_id):
                Answers(database, community_id, encoder="use").load()
                with database.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            unfinished.rename(path)
    return path
