"""Those who wished it are told, once, that their question has an answer now."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from community.records import Member
from delivery import outbox
from knowledge import answering, store
from knowledge.answering import Shown
from knowledge.records import Entry, EntryState, Question
from storage import Database
from views import answers as view

log = structlog.get_logger("praxis.answers")

AT_ONCE = 100


def tell(database: Database, now: datetime, community_id: int | None = None) -> int:
    """Write to everybody whose question an organizer gave an entry that is published by now; returns how many."""
    waiting = (
        select(Question.id)
        .join(Entry, Question.settled_entry_id == Entry.id)
        .join(Member, Question.member_id == Member.id)
        .where(Question.wants_news, Question.told_at.is_(None), Entry.state == EntryState.published, Member.active)
        .order_by(Question.id)
        .limit(AT_ONCE)
    )
    if community_id is not None:
        waiting = waiting.where(Question.community_id == community_id)
    with database.read() as session:
        found = list(session.scalars(waiting))
    for number in found:
        with database.begin() as session:
            _tell(session, number, now)
    return len(found)


def _tell(session: Session, number: int, now: datetime) -> None:
    question = session.get(Question, number, with_for_update=True)
    if question is None or question.told_at is not None or not question.wants_news:
        return
    member = session.get_one(Member, question.member_id)
    shown = _shown(session, question, member.locale)
    if shown is None:
        return
    question.told_at = now
    outbox.post(
        session,
        community_id=question.community_id,
        key=f"question:{number}:news",
        payload=view.news(question.text, shown, member.locale),
        user=member.slack_user_id,
    )
    log.info("question.told", question=number, entry=shown.id)


def _shown(session: Session, question: Question, locale: str) -> Shown | None:
    slug = session.scalar(select(Entry.slug).where(Entry.id == question.settled_entry_id)) or ""
    known = store.entries(session, question.community_id, [slug])
    related = known[slug].related if slug in known else ()
    known |= store.entries(session, question.community_id, [other for other in related if other != slug])
    return answering.shown(known, slug, locale)
