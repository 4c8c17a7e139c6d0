"""What was asked and what became of it. Only who asked a question may rate it, pick an answer or pass it on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.answering import Answer
from knowledge.errors import NotFound, NotYours
from knowledge.records import Entry, EntryState, Question
from storage import unindexed

LONGEST_KEPT = 4_000  # characters of a question


class Asker(Protocol):
    """A member, as far as questions need to know one."""

    @property
    def id(self) -> int:
        """Of the member's row."""
        ...

    @property
    def community_id(self) -> int:
        """Of the member's community."""
        ...


def record(
    session: Session,
    member: Asker,
    answer: Answer,
    now: datetime,
    *,
    channel: str | None = None,
    thread_ts: str | None = None,
    message_ts: str | None = None,
) -> Question:
    """Write down a question with its answer."""
    question = Question(
        community_id=member.community_id,
        member_id=member.id,
        text=_storable(answer.question),
        locale=answer.locale,
        channel=channel,
        thread_ts=thread_ts,
        message_ts=message_ts,
        outcome=answer.outcome,
        entry_id=answer.answer.entry_id if answer.answer else None,
        score=answer.score,
        suggestions=[shown.id for shown in answer.suggestions],
        asked_at=now,
    )
    session.add(question)
    session.flush()
    return question


def get(session: Session, question_id: int, member: Asker) -> Question:
    """The member's own question, locked until the end of the transaction. Raises NotFound, NotYours."""
    question = session.scalar(
        select(Question)
        .where(Question.id == question_id, Question.community_id == member.community_id)
        .with_for_update()
    )
    if question is None:
        raise NotFound("question_unknown")
    if question.member_id != member.id:
        raise NotYours("question_not_yours")
    return question


def pick(session: Session, question_id: int, member: Asker, slug: str) -> Question:
    """The asker took one of the entries that were offered. Raises NotFound, NotYours."""
    question = get(session, question_id, member)
    entry = session.scalar(
        select(Entry).where(
            Entry.community_id == member.community_id, Entry.slug == slug, Entry.state == EntryState.published
        )
    )
    if entry is None:
        raise NotFound("entry_unknown")
    question.entry_id = entry.id
    question.helpful = None  # it was said of another entry
    session.flush()
    return question


def rate(session: Session, question_id: int, member: Asker, helpful: bool) -> Question:
    """The asker says whether the answer helped; the last word counts. Raises NotFound, NotYours."""
    question = get(session, question_id, member)
    question.helpful = helpful
    session.flush()
    return question


def pass_on(session: Session, question_id: int, member: Asker, now: datetime) -> bool:
    """The asker wants a person to answer; False when it was passed on before. Raises NotFound, NotYours."""
    question = get(session, question_id, member)
    if question.passed_on_at is not None:
        return False
    question.passed_on_at = now
    session.flush()
    return True


def want_news(session: Session, question_id: int, member: Asker, wanted: bool) -> Question:
    """The asker wants to be told, or not, when there is an answer. Raises NotFound, NotYours."""
    question = get(session, question_id, member)
    question.wants_news = wanted
    session.flush()
    return question


def before(
    session: Session, community_id: int, channel: str, thread_ts: str | None, since: datetime, limit: int = 5
) -> Sequence[Question]:
    """The questions last asked in a thread (None: in the conversation itself), newest first, to read a follow-up by."""
    return session.scalars(
        select(Question)
        .where(
            unindexed(Question.community_id) == community_id,
            Question.channel == channel,
            Question.thread_ts == thread_ts if thread_ts else Question.thread_ts.is_(None),
            Question.asked_at >= since,
        )
        .order_by(Question.asked_at.desc(), Question.id.desc())
        .limit(limit)
    ).all()


def _storable(text: str) -> str:
    """Without what PostgreSQL's text cannot hold: NUL and halves of surrogate pairs."""
    return text[:LONGEST_KEPT].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
