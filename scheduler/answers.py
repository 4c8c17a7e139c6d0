"""Those who wished it are told, once, that their question has an answer now, or that it will have none here."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, text
from sqlalchemy.orm import Session

from community.records import Member
from delivery import outbox
from knowledge import answering, store
from knowledge.answering import Shown
from knowledge.records import Entry, EntryState, Question, Settled
from scheduler.apart import Apart
from storage import Database, unindexed
from views import answers as view

log = structlog.get_logger("praxis.answers")

AT_ONCE = 100
NEWS_FOR = timedelta(days=7)  # later nobody wants to hear that there is no answer


def tell(database: Database, now: datetime, community_id: int | None = None, apart: Apart | None = None) -> int:
    """Write to everybody whose question has an entry that is published by now, or was found not to be ours.

    Returns how many.
    """
    with database.read() as session:
        found = waiting(session, now, community_id)
    apart = apart or Apart()
    return sum(bool(apart.attempt("news", number, partial(_tell, database, number, now), now)) for number in found)


def waiting(session: Session, now: datetime, community_id: int | None = None) -> list[int]:
    """Ids of questions whose askers are to be told now, the oldest first; with `community_id`, of that community."""
    statement = (
        select(Question.id)
        .outerjoin(Entry, Question.settled_entry_id == Entry.id)
        .join(Member, Question.member_id == Member.id)
        # In the words of the index on these: SQLite would be asked for `wants_news = 1`, which is none of them.
        .where(text("question.wants_news"), Question.told_at.is_(None), Member.active)
        .where(or_(Entry.state == EntryState.published, _not_ours(now)))
        .order_by(Question.asked_at, Question.id)
        .limit(AT_ONCE)
    )
    if community_id is not None:
        statement = statement.where(unindexed(Question.community_id) == community_id)
    return list(session.scalars(statement))


def _not_ours(now: datetime) -> ColumnElement[bool]:
    return and_(Question.settled_as == Settled.not_ours, Question.settled_at >= now - NEWS_FOR)


def _tell(database: Database, number: int, now: datetime) -> bool:
    with database.begin() as session:
        return _tell_in(session, number, now)


def _tell_in(session: Session, number: int, now: datetime) -> bool:
    question = session.get(Question, number, with_for_update=True)
    if question is None or question.told_at is not None or not question.wants_news:
        return False
    member = session.get_one(Member, question.member_id)
    if question.settled_as is Settled.not_ours:
        payload = view.not_ours(question.text, member.locale)
    elif shown := _shown(session, question, member.locale):
        payload = view.news(question.text, shown, member.locale)
    else:
        return False
    question.told_at = now
    outbox.post(
        session,
        community_id=question.community_id,
        key=f"question:{number}:news",
        payload=payload,
        user=member.slack_user_id,
    )
    log.info("question.told", question=number, settled_as=question.settled_as and question.settled_as.value)
    return True


def _shown(session: Session, question: Question, locale: str) -> Shown | None:
    slug = session.scalar(select(Entry.slug).where(Entry.id == question.settled_entry_id)) or ""
    known = store.entries(session, question.community_id, [slug])
    related = known[slug].related if slug in known else ()
    known |= store.entries(session, question.community_id, [other for other in related if other != slug])
    return answering.shown(known, slug, locale)
