"""The outbox and the inbox beside bare commits: how many messages and requests a second their bookkeeping allows."""

from __future__ import annotations

import logging
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import structlog
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

import knowledge.records  # noqa: F401  # every table, for the foreign keys
from community.records import Community
from delivery import outbox
from delivery.inbox import Inbox
from delivery.sender import Sender
from storage import Database, migrate
from tests import postgresql

MESSAGES = 2000
SENDERS = 4
REQUESTS = 400
TOGETHER = 16
GOALS = {"SQLite": 300, "PostgreSQL": 600}


class _InstantSlack(WebClient):
    """Answers at once, so that nothing but the bookkeeping takes time."""

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        given = arguments.get("json") or {}
        data = {"ok": True, "channel": given.get("channel"), "ts": "1700000000.000100"}
        return SlackResponse(
            client=self, http_verb="POST", api_url=api_method, req_args={}, data=data, headers={}, status_code=200
        )


def measure() -> list[dict[str, Any]]:
    """Rows for `make bench`: messages a second, requests a second, time of one request."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="praxis-bench-") as folder, postgresql.running(durable=True) as server:
        for engine, url, bare in (
            ("SQLite", f"sqlite:///{folder}/praxis.db", partial(_bare_sqlite, Path(folder))),
            ("PostgreSQL", server.url(server.create()), partial(_bare_postgresql, server.url(server.create()))),
        ):
            with _community(url) as (database, community_id):
                commits = _times(bare, REQUESTS)
                rows += [_outbox(engine, database, community_id, commits), *_inbox(engine, database, commits)]
    return rows


def _outbox(engine: str, database: Database, community_id: int, commits: list[float]) -> dict[str, Any]:
    with database.begin() as session:
        for number in range(MESSAGES):
            outbox.post(
                session, community_id=community_id, key=f"k{number}", channel=f"C{number}", payload={"text": "hello"}
            )
    sender = Sender(database, _InstantSlack(token="xoxb-none"), threads=SENDERS)  # noqa: S106  # nobody asks for it
    before = time.monotonic()
    sender.start()
    sender.drain(300)
    rate = MESSAGES / (time.monotonic() - before)
    sender.stop()
    peer = 1 / (2 * statistics.mean(commits))
    goal = GOALS[engine]
    return {
        "name": f"outbox: claim and mark, {engine}, {SENDERS} senders",
        "figure": rate,
        "unit": "messages/s",
        "peer": "two bare durable commits for each",
        "peer_figure": peer,
        "ratio": rate / peer,
        "goal": f"at least {goal}/s",
        "ok": rate >= goal,
    }


def _inbox(engine: str, database: Database, commits: list[float]) -> Iterator[dict[str, Any]]:
    box = Inbox(database)
    body = {"event": {"type": "message", "text": "What is the certificate programme? " * 8}}
    alone = [_time(partial(box.receive, f"alone{number}", "event", body)) for number in range(REQUESTS)]
    mine, peer = _p95(alone) * 1000, _p95(commits) * 1000
    yield {
        "name": f"inbox: one request on disk, p95, {engine}",
        "figure": mine,
        "unit": "ms",
        "peer": "one bare durable commit",
        "peer_figure": peer,
        "ratio": mine / peer,
        "goal": None,
        "ok": None,
    }

    def receive(name: int) -> None:
        for number in range(REQUESTS // 4):
            box.receive(f"{name}/{number}", "event", body)

    before = time.monotonic()
    threads = [threading.Thread(target=receive, args=(name,)) for name in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = TOGETHER * (REQUESTS // 4) / (time.monotonic() - before)
    single = 1 / statistics.mean(commits)
    yield {
        "name": f"inbox: requests on disk, {TOGETHER} at a time, {engine}",
        "figure": rate,
        "unit": "/s",
        "peer": "bare durable commits, one after the other",
        "peer_figure": single,
        "ratio": rate / single,
        "goal": "at least 600/s",
        "ok": rate >= 600,
    }


@contextmanager
def _community(url: str) -> Iterator[tuple[Database, int]]:
    database = Database(url)
    migrate.upgrade(database)
    with database.begin() as session:
        here = Community(slack_team_id="T1", name="Bench", locale="en", time_zone="UTC", created_at=datetime.now(UTC))
        session.add(here)
        session.flush()
        community_id = here.id
    yield database, community_id
    database.close()


def _bare_sqlite(folder: Path) -> Callable[[int], object]:
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE bare (n INTEGER, body TEXT)"
    )
    return lambda n: connection.execute("INSERT INTO bare VALUES (?, ?)", (n, "x" * 300))


def _bare_postgresql(url: str) -> Callable[[int], object]:
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE TABLE bare (n INTEGER, body TEXT)")
    return lambda n: connection.execute("INSERT INTO bare VALUES (%s, %s)", (n, "x" * 300))


def _times(prepare: Callable[[], Callable[[int], object]], count: int) -> list[float]:
    commit = prepare()
    return [_time(partial(commit, number)) for number in range(count)]


def _time(work: Callable[[], object]) -> float:
    before = time.monotonic()
    work()
    return time.monotonic() - before


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    for row in measure():
        print(row)
