"""A question's card as it stands: written when the question is asked, and again after each press on it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.services import NotReady, Services
from handlers.work import Work
from knowledge import questions
from knowledge.answering import Answer, Answers, Shown
from knowledge.language import detect
from knowledge.records import Entry, Question
from views import answers as view
from views.i18n import locale_of

# Right after a start the entries are still being read; a command must be acknowledged within 2.5 s.
PATIENCE_S = 1.5


def knowledge_of(services: Services) -> Answers:
    """What answers questions, waited for a moment. Raises NotReady while it cannot."""
    if services.answers is None or not services.answers.wait(PATIENCE_S):
        raise NotReady
    return services.answers


def take(w: Work, matched: Answer, *, thread: str | None, public: bool) -> tuple[Question, dict[str, Any]]:
    """Write the question down and render its card.

    A person's own choice of language wins; else a question is answered in the language it was asked in.
    """
    locale = w.member.chosen_locale or detect(matched.question, "fr" if w.locale == "fr" else "en")
    question = questions.record(
        w.session,
        w.member,
        matched,
        w.now,
        channel=w.place.channel,
        thread_ts=thread if public else None,
        message_ts=w.place.message_ts,
    )
    question.locale = locale
    return question, card(w, question, can_share=w.is_command and _is_channel(w.place.channel))


def card(w: Work, question: Question, *, can_share: bool = False, intro: str | None = None) -> dict[str, Any]:
    """The card of a question as the database has it, in the language it was answered in."""
    knowledge, locale = knowledge_of(w.services), locale_of(question.locale)
    asked = view.Asked(question.id, question.helpful, question.passed_on_at is not None)
    slug = slug_of(w.session, question)
    offered = [shown for other in question.suggestions if (shown := knowledge.show(other, locale)) and other != slug]
    shown = knowledge.show(slug, locale) if slug else None
    if shown is not None:
        return view.answer(shown, locale, asked, others=offered, can_share=can_share, intro=intro)
    return view.suggestions(offered, locale, asked) if offered else view.unknown(locale, asked)


def shown_of(w: Work, question: Question) -> Shown | None:
    """The entry a question was answered with, as long as it is there."""
    slug = slug_of(w.session, question)
    return knowledge_of(w.services).show(slug, locale_of(question.locale)) if slug else None


def slug_of(session: Session, question: Question) -> str | None:
    """The id of the entry a question was answered with."""
    return session.scalar(select(Entry.slug).where(Entry.id == question.entry_id)) if question.entry_id else None


def may_share(w: Work) -> bool:
    """Whether the card that was pressed is one that its reader alone sees, in a channel."""
    return w.place.container == "ephemeral" and _is_channel(w.place.channel)


def _is_channel(channel: str | None) -> bool:
    return bool(channel) and not str(channel).startswith("D")
