"""How soon an organizer's change of an entry is answered from: a published entry, and an accepted phrasing."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

import delivery.records  # noqa: F401  # all tables, for the migrations
from bench.growth import Town
from community import people
from community.records import Member
from knowledge import files, revisions
from knowledge.answering import Answers
from knowledge.encoders import load_encoder
from knowledge.entry_file import EntryDraft, TextDraft
from runtime.content import CONTENT
from runtime.reader import Reader
from storage import Database, migrate

MANY = 1_000
RUNS = 12
GOAL_S = 2.0
LOOKED_EVERY_S = 0.005
PATIENCE_S = 60.0


def measure() -> list[dict[str, Any]]:
    """Rows for the table of benchmarks."""
    starter, problems = files.read_folder(CONTENT)
    if problems:
        raise RuntimeError(problems[0].sentence)
    return [row for entries in (starter, _many()) for row in _measured(entries)]


def _many() -> list[EntryDraft]:
    encoder = load_encoder("use")
    if encoder is None:
        raise RuntimeError("There is no encoder to measure with.")
    texts = Town(4 * MANY, encoder).texts
    return [
        _draft(f"entry-{number}", texts[4 * number], tuple(texts[4 * number + 1 : 4 * number + 4]))
        for number in range(MANY)
    ]


def _draft(slug: str, title: str, phrasings: tuple[str, ...] = ()) -> EntryDraft:
    text = {"en": TextDraft(title, phrasings, "So.")}
    return EntryDraft(slug, "A guide", None, date(2026, 1, 1), None, (), False, text)


def _measured(entries: list[EntryDraft]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, _known(Path(folder), entries) as (database, member, answers):

        def publish(number: int) -> tuple[str, str]:
            slug, title = f"new-{number}", f"Where does lighthouse {_word(number)} keep its ladder?"
            now, both = datetime.now(UTC), False
            with database.begin() as session:
                draft = _draft(slug, title)
                revisions.create(session, member.community_id, draft, by_member_id=member.id, now=now)
                revisions.publish(
                    session, member.community_id, slug, by_member_id=member.id, now=now, both_languages=both
                )
            return title, slug

        def accept(number: int) -> tuple[str, str]:
            slug, text = entries[number].slug, f"{_word(number)} {_word(number + 1)} zeppelins {_word(number + 2)}"
            with database.begin() as session:
                revisions.add_phrasing(session, member.community_id, slug, "en", text, member.id, datetime.now(UTC))
            return text, slug

        size = len(answers.entries())
        for name, change in (("an entry published", publish), ("a phrasing accepted", accept)):
            calm = [_until_told(answers, change, number, calm=True) for number in range(RUNS)]
            rush = [_until_told(answers, change, number, calm=False) for number in range(RUNS, 2 * RUNS)]
            told = f"{name} until it is answered from, {size:,} entries"
            yield _row(f"{told}, median", float(np.median(calm)))
            yield _row(f"{told}, p95", float(np.percentile(calm, 95)))
            yield _row(f"{told}, one right after the other, p95", float(np.percentile(rush, 95)))


def _until_told(answers: Answers, change: Callable[[int], tuple[str, str]], number: int, *, calm: bool) -> float:
    """Seconds from the organizer's press; `calm`: once thresholds are chosen for what came before."""
    while calm and answers.busy:
        time.sleep(LOOKED_EVERY_S)
    began = time.perf_counter()
    question, slug = change(number)
    while time.perf_counter() - began < PATIENCE_S:
        found = answers.ask(question).answer
        if found is not None and found.id == slug:
            return time.perf_counter() - began
        time.sleep(LOOKED_EVERY_S)
    raise RuntimeError(f"{question!r} was never answered from {slug}")


def _word(number: int) -> str:
    """A word that nobody knows."""
    syllables = ("bra", "cli", "dro", "fle", "gru", "kna", "plo", "sne", "tri", "vlu")
    return syllables[number % 10] + syllables[number // 10 % 10] + syllables[(3 * number + 1) % 10]


@contextmanager
def _known(folder: Path, entries: list[EntryDraft]) -> Iterator[tuple[Database, Member, Answers]]:
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    migrate.upgrade(database)
    now = datetime.now(UTC)
    with database.begin() as session:
        community = people.ensure_community(
            session, slack_team_id="TBENCH", name="Bench", locale="en", time_zone="America/Toronto", now=now
        )
        member = Member(community_id=community.id, slack_user_id="U1", name="x", time_zone="America/Toronto")
        session.add(member)
        session.flush()
        files.import_entries(session, community.id, entries, now)
    answers = Answers(database, member.community_id)
    reader = Reader(database, member.community_id, answers, lambda: datetime.now(UTC))
    thread = threading.Thread(target=reader.run)
    thread.start()
    answers.wait(PATIENCE_S)
    try:
        yield database, member, answers
    finally:
        reader.stop()
        thread.join()
        database.close()


def _row(name: str, figure: float) -> dict[str, Any]:
    return {"name": name, "figure": round(figure, 2), "unit": "s", "goal": GOAL_S, "ok": figure <= GOAL_S}
