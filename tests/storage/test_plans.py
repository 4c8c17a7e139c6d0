"""What is looked at every second, or with every opening of Home, is found by its index, whatever has piled up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from community import seats
from delivery import standing
from knowledge import questions
from scheduler import answers
from storage import Database

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda session: seats.lapsing(session, NOW, 100, 1), "ix_rsvp_offer_ends_at"),
        (lambda session: seats.next_due(session, 1), "ix_rsvp_offer_ends_at"),
        (lambda session: standing.troubled(session, 1, 10), "ix_outbox_due"),
        (lambda session: standing.oldest_pending_age(session, NOW, 1), "ix_outbox_due"),
        (lambda session: answers.waiting(session, NOW, 1), "ix_question_news"),
        (lambda session: questions.before(session, 1, "D1", None, NOW), "ix_question_thread"),
    ],
)
def test_sqlite_without_statistics_looks_by_the_index_of_the_few(
    sqlite_url: str, look: Callable[[Session], object], index: str
) -> None:
    database = Database(sqlite_url)
    asked: list[tuple[str, Any]] = []
    event.listen(
        database.engine, "before_cursor_execute", lambda _c, _cursor, said, given, *_: asked.append((said, given))
    )
    with database.read() as session:
        look(session)
        (said, given), *_ = [one for one in asked if one[0].startswith("SELECT")]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given).all()
    database.close()
    assert any(index in row.detail for row in plan), [row.detail for row in plan]
