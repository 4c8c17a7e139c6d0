"""The questions that a follow-up can lean on."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from delivery import standing
from knowledge import questions
from knowledge.records import Question
from views.answers import card_key

# How long a question can be leant on: a thread keeps its subject, a conversation moves on.
THREAD_LASTS, TALK_LASTS = timedelta(days=7), timedelta(minutes=30)
LOOKED_AT = 20  # questions in a conversation among which the one above a thread is looked for


def before(
    session: Session, community_id: int, channel: str, thread: str | None, since: datetime, limit: int = 5
) -> list[Question]:
    """What was asked last in a thread (None: in the conversation itself), newest first.

    A thread that was begun below a question or its answer begins with that question.
    """
    found = list(questions.before(session, community_id, channel, thread, since, limit))
    if thread is None or len(found) == limit or any(question.message_ts == thread for question in found):
        return found
    for question in questions.before(session, community_id, channel, None, since, LOOKED_AT):
        if question.message_ts == thread or _answered_at(session, question) == thread:
            return [*found, question]
    return found


def _answered_at(session: Session, question: Question) -> str | None:
    posted = standing.position(session, question.community_id, card_key(question.id))
    return posted.ts if posted else None
