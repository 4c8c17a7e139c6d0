"""What answering costs: a question on the starter entries beside a plain fuzzy scan, and loading, cold and warm."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process, utils

import delivery.records  # noqa: F401  # all tables, for the migrations
from community.records import Community
from knowledge import files
from knowledge.answering import Answers
from storage import Database, migrate

ROOT = Path(__file__).resolve().parents[1]
CONTENT = ROOT / "knowledge" / "content"
QUESTIONS = ROOT / "tests" / "data" / "starter_questions.csv"
ROUNDS = 5
GOAL_P95_MS = 25.0  # per question; the whole way from envelope to posted answer has 60
GOAL_RESIDENT_MB = 350.0  # of the whole bot
GOAL_WARM_S = 3.0  # process start to connected, of which loading is a part


def measure() -> list[dict[str, Any]]:
    """Rows for the table of benchmarks: name, figure, unit, peer, peer_figure, ratio, goal, ok."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        database, community_id = _starter(url)
        try:
            cold, _ = _in_a_new_process(url, community_id)
            warm, resident = _in_a_new_process(url, community_id)
            rows = _questions(database, community_id)
        finally:
            database.close()
    return [
        *rows,
        _row("entries loaded, first start ever", cold, "s", "warm start", warm, None),
        _row("entries loaded, warm start", warm, "s", None, None, GOAL_WARM_S),
        _row("resident memory of a process that only answers", resident, "MB", None, None, GOAL_RESIDENT_MB),
    ]


def _starter(url: str) -> tuple[Database, int]:
    database = Database(url)
    migrate.upgrade(database)
    entries, problems = files.read_folder(CONTENT)
    if problems:
        raise RuntimeError(f"{problems[0].file}:{problems[0].line}: {problems[0].sentence}")
    now = datetime.now(UTC)
    with database.begin() as session:
        community = Community(
            slack_team_id="TBENCH", name="Bench", locale="en", time_zone="America/Toronto", created_at=now
        )
        session.add(community)
        session.flush()
        files.import_entries(session, community.id, entries, now)
        return database, community.id


def _questions(database: Database, community_id: int) -> list[dict[str, Any]]:
    answers = Answers(database, community_id)
    answers.load()
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        asked = [row["sentence"] for row in csv.DictReader(file)]
    phrasings = [phrasing for entry in answers.entries() for phrasing in entry.phrasings]

    def scan(question: str) -> None:
        process.extractOne(question, phrasings, scorer=fuzz.WRatio, processor=utils.default_process)

    ours, theirs = _milliseconds(answers.ask, asked), _milliseconds(scan, asked)
    peer = f"rapidfuzz WRatio, {len(phrasings)} phrasings"
    return [
        _row(f"a question, {len(answers.entries())} entries, p50", ours[0], "ms", peer, theirs[0], None),
        _row(f"a question, {len(answers.entries())} entries, p95", ours[1], "ms", peer, theirs[1], GOAL_P95_MS),
    ]


def _milliseconds(ask: Callable[[str], object], asked: list[str]) -> tuple[float, float]:
    """p50 and p95 over some rounds, the first of which only warms up."""
    taken = []
    for number in range(ROUNDS + 1):
        for question in asked:
            started = time.perf_counter()
            ask(question)
            if number:
                taken.append(1000 * (time.perf_counter() - started))
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


_LOAD = """
import sys, time
import psutil
started = time.perf_counter()
import community.records, delivery.records
from knowledge.answering import Answers
from storage import Database
answers = Answers(Database(sys.argv[1]), int(sys.argv[2]))
answers.load()
answers.ask("who pays for the certificate?")
taken = time.perf_counter() - started
sys.stdout.write(f"\\n{taken} {psutil.Process().memory_info().rss / 2**20}")
"""


def _in_a_new_process(url: str, community_id: int) -> tuple[float, float]:
    """Seconds from the first import to the first answer, and resident memory then in MB."""
    run = subprocess.run(  # noqa: S603  # our own interpreter and code
        [sys.executable, "-c", _LOAD, url, str(community_id)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    seconds, megabytes = run.stdout.splitlines()[-1].split()
    return float(seconds), float(megabytes)


def _row(
    name: str, figure: float, unit: str, peer: str | None, peer_figure: float | None, goal: float | None
) -> dict[str, Any]:
    return {
        "name": name,
        "figure": round(figure, 2),
        "unit": unit,
        "peer": peer,
        "peer_figure": None if peer_figure is None else round(peer_figure, 2),
        "ratio": None if not peer_figure else round(figure / peer_figure, 2),
        "goal": goal,
        "ok": None if goal is None else figure <= goal,
    }


if __name__ == "__main__":
    for row in measure():
        print(row)
