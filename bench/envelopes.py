"""From an envelope to its ack and to the answer, with the whole bot as its own process, beside a bare Bolt app."""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from bench.slack import LoadSlack, event, profile, question
from settings import ROOT

PACE = 170  # envelopes a second: what a busy workspace of some thousand people sends at most
SECONDS = 8
ROUNDS = 3
BURST = 3000
ASKED = (
    "What is the IM Certificate Program?",
    "Who can take part in the leadership initiative?",
    "Quels sont les objectifs du programme de certificat en GI?",
    "how many departments were in the first cohort",
    "what does IMPC stand for",
    "combien de participants y avait-il",
)


def measure() -> list[dict[str, Any]]:
    """Rows for `make bench`: ack, burst, answer, crowd, start, memory."""
    with tempfile.TemporaryDirectory(prefix="praxis-bench-") as folder:
        database = Path(folder) / "praxis.db"
        first_run(database)  # entries imported, vectors and thresholds computed: what follows is a warm start
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(_bare_ack())
            ours.append(_our_ack(database))
        commit = _commit_p95(Path(folder))
        return [_ack_row(bare, ours, commit), *_whole(database)]


def _ack_row(bare: Sequence[float], ours: Sequence[float], commit: float) -> dict[str, Any]:
    peer, mine = statistics.median(bare) + commit, statistics.median(ours)
    return {
        "name": f"envelope to ack, p95 at {PACE}/s",
        "figure": mine * 1000,
        "unit": "ms",
        "peer": f"bare Bolt {statistics.median(bare) * 1000:.2f} + one durable commit {commit * 1000:.2f}",
        "peer_figure": peer * 1000,
        "ratio": mine / peer,
        "goal": "ratio at most 1.3",
        "ok": mine / peer <= 1.3,
    }


def _whole(database: Path) -> Iterator[dict[str, Any]]:
    """One bot, warm: start, burst, answers, crowd, memory."""
    with LoadSlack().start() as slack:
        began = time.monotonic()
        with bot(slack, database) as process:
            connected = time.monotonic() - began
            yield _row("process start to connected, warm", connected, "s", "at most 3 s", connected <= 3)

            _answer_times(slack, 10)  # the first questions of a process also fill caches
            waits = _answer_times(slack, 60)
            p95 = _p95(waits) * 1000
            yield _row("envelope to posted answer, p95, one at a time", p95, "ms", "at most 60 ms", p95 <= 60)

            flights = slack.send_at(
                [question(ASKED[n % len(ASKED)], f"U0CROWD{n}", f"D0CROWD{n}") for n in range(20)], None
            )
            slowest = max(_until(lambda f=flight: f.posted, 15) - flight.sent for flight in flights)
            yield _row("20 people ask at once, slowest answer", slowest, "s", "at most 1 s", slowest <= 1)

            before = _inbox_rows(database)
            flights = slack.send_at([_change(n) for n in range(BURST)], None)
            last = max(_until(lambda f=flight: f.acked, 60) for flight in flights)
            rate = BURST / (last - flights[0].sent)
            yield _row(
                f"burst of {BURST:,} envelopes, written down and acked", rate, "/s", "at least 600/s", rate >= 600
            )
            lost = BURST - (_inbox_rows(database) - before)
            yield _row("lost of that burst", lost, "envelopes", "none", lost == 0)

            memory = psutil.Process(process.pid).memory_info().rss / 2**20
            yield _row(
                "resident memory with the encoder, after all this", memory, "MiB", "at most 350 MiB", memory <= 350
            )


def _row(name: str, figure: float, unit: str, goal: str, ok: bool) -> dict[str, Any]:
    return {"name": name, "figure": figure, "unit": unit, "goal": goal, "ok": ok}


def _change(number: int) -> dict[str, Any]:
    return event({"type": "user_change", "user": profile(f"U0CHANGE{number % 50}")})


def _answer_times(slack: LoadSlack, count: int) -> list[float]:
    waits = []
    for number in range(count):
        channel = f"D0ASKER{time.monotonic_ns()}"
        (flight,) = slack.send_at([question(ASKED[number % len(ASKED)], "U0ASKER", channel)], None)
        waits.append(_until(lambda f=flight: f.posted, 15) - flight.sent)
    return waits


def _bare_ack() -> float:
    with LoadSlack().start() as slack, _process([sys.executable, "-m", "bench.bare"], slack, {}):
        return _ack_p95(slack)


def _our_ack(database: Path) -> float:
    with LoadSlack().start() as slack, bot(slack, database):
        _answer_times(slack, 1)  # the entries are read: what follows is not its start
        return _ack_p95(slack)


def _ack_p95(slack: LoadSlack) -> float:
    slack.send_at([_change(n) for n in range(PACE)], PACE)  # not counted: connections and caches warm up
    flights = slack.send_at([_change(n) for n in range(PACE * SECONDS)], PACE)
    return _p95([_until(lambda f=flight: f.acked, 30) - flight.sent for flight in flights])


def _commit_p95(folder: Path) -> float:
    """One small durable commit on the same file system, at the same pace."""
    with sqlite3.connect(folder / "commit.db", isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT)")
        times = []
        for number in range(PACE * 4):
            began = time.monotonic()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO note (key, body) VALUES (?, ?)", (f"Ev{number}", "x" * 900))
            connection.execute("COMMIT")
            times.append(time.monotonic() - began)
            time.sleep(max(0.0, 1 / PACE - times[-1]))
    connection.close()
    return _p95(times)


def first_run(database: Path) -> None:
    """Have a bot import its entries, so that what follows is a warm start."""
    with LoadSlack().start() as slack, bot(slack, database):
        _answer_times(slack, 3)


@contextmanager
def bot(slack: LoadSlack, database: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A whole bot as its own process, connected to this Slack."""
    extra = {"DATABASE_URL": f"sqlite:///{database}", "PRAXIS_LOG_LEVEL": "WARNING"}
    with _process([sys.executable, str(ROOT / "bot.py"), "run"], slack, extra) as process:
        yield process


@contextmanager
def _process(command: list[str], slack: LoadSlack, extra: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - our own programs
        command, cwd=ROOT, env={**os.environ, **slack.environment(), **extra}, stdout=subprocess.DEVNULL
    )
    try:
        if not slack.connected.wait(60):
            raise RuntimeError(f"{command} did not connect")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _inbox_rows(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM inbox").fetchone()
    connection.close()
    return int(count)


def _until(look: Any, within: float) -> float:
    deadline = time.monotonic() + within
    while (moment := look()) is None:
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {within} s")
        time.sleep(0.0005)
    return float(moment)


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
