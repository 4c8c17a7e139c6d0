"""What a question to the records costs, from its words to the card: the sample catalogue, and one of 10,000 courses."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process, utils

import delivery.records  # noqa: F401  # all tables, for the migrations
from community import people
from knowledge.catalogue import loaded
from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.understanding import understand
from runtime.content import import_sample_catalogue
from storage import Database, migrate
from views import course_answers
from views.course_rows import Records

MANY = 10_000
ROUNDS = 5
GOALS_P95_MS = (25.0, 40.0)  # as for a question to so many entries, and to a hundred times as many
QUESTIONS = (
    "which courses develop records management",
    "which courses develop records management to level 3, in French, online, under two days",
    "free online courses about access to information",
    "courses on metadata of at most one day",
    "what are the prerequisites of {code}",
    "what comes after {code}",
    "when is {code} next offered",
    "what does level 3 in records management mean",
    "what do I need to get from level 2 to 3 in records management",
    "who knows about records management",
    "quels cours développent la gestion des documents",
    "quels cours gratuits en ligne développent la gestion des documents jusqu'au niveau 3",
    "cours en français de moins de deux jours",
    "quels sont les préalables de {code}",
    "que signifie le niveau 2 en gestion des documents",
    "qui s'y connaît en gestion des documents",
    "what is the objective of the certificate program",
    "where can I park my bicycle",
)


def measure() -> list[dict[str, Any]]:
    """Rows for the table of benchmarks."""
    sample = _sample()
    rows = []
    for catalogue, goal in zip((sample, _grown(sample)), GOALS_P95_MS, strict=True):
        code = next(reversed(catalogue.courses))
        asked = [question.format(code=code) for question in QUESTIONS]
        began = time.perf_counter()
        answered = sum(_answer(catalogue, question) for question in asked)
        first = 1000 * (time.perf_counter() - began)
        if answered < len(asked) - 4:
            raise RuntimeError(f"only {answered} of {len(asked)} questions were understood")
        titles = [title for course in catalogue.courses.values() for title in course.titles.values()]

        def scan(question: str, titles: Sequence[str] = titles) -> None:
            process.extractOne(question, titles, scorer=fuzz.WRatio, processor=utils.default_process)

        def answer(question: str, catalogue: Catalogue = catalogue) -> None:
            _answer(catalogue, question)

        ours, theirs = _milliseconds(answer, asked), _milliseconds(scan, asked)
        size, peer = len(catalogue.courses), f"rapidfuzz WRatio, {len(titles):,} titles"
        rows += [
            _row(f"a question to {size:,} courses, p50", ours[0], peer, theirs[0], None),
            _row(f"a question to {size:,} courses, p95", ours[1], peer, theirs[1], goal),
            _row(f"{len(asked)} questions to {size:,} courses just changed, together", first, None, None, None),
        ]
    return rows


def _answer(catalogue: Catalogue, question: str) -> bool:
    """Understand a question and make its card; whether the records answer it."""
    wish = understand(catalogue, question)
    if wish is None or wish.ask not in course_answers.ANSWERED:
        return False
    course_answers.answer(Records(catalogue, {}), wish, "en", None)
    return True


def _sample() -> Catalogue:
    """The sample catalogue as a community has it at its first start."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate.upgrade(database)
        with database.begin() as session:
            now = datetime.now(UTC)
            community = people.ensure_community(
                session, slack_team_id="TBENCH", name="Bench", locale="en", time_zone="America/Toronto", now=now
            )
        try:
            import_sample_catalogue(database, community.id)
            with database.read() as session:
                return loaded.load(session, community.id)
        finally:
            database.close()


def _grown(catalogue: Catalogue) -> Catalogue:
    """The same with copies of its courses under other codes and titles, 10,000 in all."""
    courses = list(catalogue.courses.values())
    grown = dict(catalogue.courses)
    number = 0
    while len(grown) < MANY:
        number += 1
        course = courses[number % len(courses)]
        titles = {locale: f"{title} {number}" for locale, title in course.titles.items()}
        made = replace(course, course_id=number + 1000, code=f"ZZ-{number:05}", titles=titles)
        grown[made.code] = made
    return replace(catalogue, courses=grown)


def _milliseconds(call: Callable[[str], object], asked: Sequence[str]) -> tuple[float, float]:
    times = []
    for _ in range(ROUNDS):
        for question in asked:
            began = time.perf_counter()
            call(question)
            times.append(1000 * (time.perf_counter() - began))
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def _row(name: str, figure: float, peer: str | None, peer_figure: float | None, goal: float | None) -> dict[str, Any]:
    return {
        "name": name,
        "figure": round(figure, 2),
        "unit": "ms",
        "peer": peer,
        "peer_figure": None if peer_figure is None else round(peer_figure, 2),
        "ratio": None if not peer_figure else round(figure / peer_figure, 2),
        "goal": goal,
        "ok": None if goal is None else figure <= goal,
    }
