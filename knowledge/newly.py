"""Questions that had found no answer and find one now: an entry was imported, published or changed since.

Only those whose askers wished to be told are asked again; who tells them finds the entry with the question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from knowledge import gaps
from knowledge.answering import Answers
from knowledge.records import Entry, EntryState, Outcome, Question, Settled
from storage.database import Database

AT_ONCE = 20  # a tenth of a second of work: who changed an entry meanwhile waits no longer


@dataclass(frozen=True)
class Looked:
    """How many find an answer now, and after which question to go on; None: all were asked."""

    answered: int
    after: int | None


def look(database: Database, community_id: int, answers: Answers, now: datetime, after: int = 0) -> Looked:
    """Ask the next few of them again; what is answered leaves the review queue as if an organizer had said so.

    The entry that an asker found not helpful, or passed on to a person, is no news to them.
    """
    mine = gaps.still_open(community_id) & Question.wants_news & Question.told_at.is_(None)
    with database.read() as session:
        waiting = select(Question.id, Question.text, Question.locale, Question.entry_id).where(
            mine, Question.id > after
        )
        found = session.execute(waiting.order_by(Question.id).limit(AT_ONCE)).all()
    told = 0
    for row in found:
        answer = answers.ask(row.text, row.locale)
        if answer.outcome is Outcome.answered and answer.answer and answer.answer.entry_id != row.entry_id:
            with database.begin() as session:
                there = select(Entry.id).where(Entry.id == answer.answer.entry_id, Entry.state == EntryState.published)
                told += session.execute(
                    update(Question)
                    .where(mine, Question.id == row.id, there.exists())
                    .values(settled_as=Settled.answered, settled_at=now, settled_entry_id=answer.answer.entry_id)
                    .execution_options(synchronize_session=False)
                ).rowcount  # type: ignore[attr-defined]  # an update's result counts rows
    return Looked(told, found[-1].id if len(found) == AT_ONCE else None)
