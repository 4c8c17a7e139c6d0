"""What the review queue and the figures cost with ten thousand questions: in the background, and for who opens them."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

import delivery.records  # noqa: F401  # all tables, for the migrations
from community import people
from community.records import Member
from knowledge import figures, gaps
from knowledge.answering import Answers
from knowledge.catalogue.loaded import Catalogue
from knowledge.records import Outcome, Question
from storage import Database, migrate

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "data" / "starter_questions.csv"
MANY = 10_000
GOAL_PAGE_MS = 500.0  # a modal has three seconds in all


def measure() -> list[dict[str, Any]]:
    """Rows for the table of benchmarks."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate.upgrade(database)
        try:
            community_id = _asked(database)
            answers = Answers(database, community_id)
            answers.load()
            began = time.perf_counter()
            steps = 0
            while gaps.compare(database, community_id, answers):
                steps += 1
            all_of_them = time.perf_counter() - began
            with database.read() as session:
                page = _seconds(lambda: gaps.page(session, community_id, limit=5))
                groups = gaps.page(session, community_id, limit=1).total
                counted = _seconds(lambda: _figures(session, community_id))
        finally:
            database.close()
    return [
        _row(f"{MANY:,} questions without an answer put into {groups:,} groups", all_of_them, "s", None),
        _row(f"the longest wait for it of anybody else: one of {steps} steps", all_of_them / steps, "s", None),
        _row("a page of the review queue", 1000 * page, "ms", GOAL_PAGE_MS),
        _row(f"figures of {MANY:,} questions", counted, "s", None),
    ]


def _asked(database: Database) -> int:
    """A community in which the labelled questions were asked in vain, ten thousand times in all."""
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        texts = [row["sentence"] for row in csv.DictReader(file)]
    now = datetime.now(UTC)
    with database.begin() as session:
        community = people.ensure_community(
            session, slack_team_id="TBENCH", name="Bench", locale="en", time_zone="America/Toronto", now=now
        )
        member = Member(community_id=community.id, slack_user_id="U1", name="x", time_zone="UTC")
        session.add(member)
        session.flush()
        rows = [
            {
                "community_id": community.id,
                "member_id": member.id,
                "text": f"{texts[number % len(texts)]} {number // len(texts) or ''}",
                "locale": "en",
                "outcome": Outcome.unknown,
                "suggestions": [],
                "asked_at": now - timedelta(minutes=number),
                "wants_news": False,
            }
            for number in range(MANY)
        ]
        session.execute(insert(Question), rows)
        return community.id


def _figures(session: Any, community_id: int) -> None:
    today = datetime.now(UTC).date()
    figures.gather(
        session,
        community_id,
        since=today - timedelta(weeks=13),
        until=today,
        time_zone="America/Toronto",
        catalogue=Catalogue(),
        waits={},
        codes={},
    )


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _row(name: str, figure: float, unit: str, goal: float | None) -> dict[str, Any]:
    found = round(figure, 2)
    return {"name": name, "figure": found, "unit": unit, "goal": goal, "ok": None if goal is None else found <= goal}
