"""A question's card as it stands: written when the question is asked, and again after each press on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import course_answers, earlier
from handlers.payloads import Place
from handlers.services import NotReady, Services
from handlers.work import Work
from knowledge import followups, questions
from knowledge.answering import Answer, Answers
from knowledge.language import detect, foreign
from knowledge.records import Entry, Outcome, Question
from views import answers as view
from views.i18n import locale_of

# Right after a start the entries are still being read; a command must be acknowledged within 2.5 s.
PATIENCE_S = 1.5


def knowledge_of(services: Services) -> Answers:
    """What answers questions, waited for a moment. Raises NotReady while it cannot."""
    if services.answers is None or not services.answers.wait(PATIENCE_S):
        raise NotReady
    return services.answers


def ask(services: Services, place: Place, text: str, *, thread: str | None, public: bool) -> tuple[Answer, str | None]:
    """The answer to a question, read with the one before where it leans on it, and the language it asks for, if any.

    What was asked in private is leant on by nobody. Takes milliseconds; reads the database only for a question that
    cannot stand alone.
    """
    knowledge, leaning = knowledge_of(services), followups.read(text)
    leant = _earlier(services, place, thread, leaning) if leaning and public else None
    if leaning is None or leant is None:
        return knowledge.ask(text), None
    if leaning.language is None:
        return knowledge.follow(text, leant.text, leant.told), None
    return _again(knowledge, leant, text, leaning.language), leaning.language


@dataclass(frozen=True)
class _Earlier:
    """The question that a follow-up leans on, and what became of it."""

    text: str
    told: str | None
    outcome: Outcome
    score: float
    offered: tuple[str, ...]


def _earlier(services: Services, place: Place, thread: str | None, leaning: followups.FollowUp) -> _Earlier | None:
    """The last question there that can stand alone; for another language the last that asked for more than that."""
    if not place.channel or not (thread or place.is_dm):
        return None
    since = services.now() - (earlier.THREAD_LASTS if thread else earlier.TALK_LASTS)
    with services.database.read() as session:
        for question in earlier.before(session, services.community_id, place.channel, thread, since):
            leant = followups.read(question.text)
            if leant is None or (leaning.language and not leant.language):
                told = slug_of(session, question)
                offered = tuple(question.suggestions)
                return _Earlier(question.text, told, question.outcome, question.score or 0.0, offered)
    return None


def _again(knowledge: Answers, leant: _Earlier, text: str, language: str) -> Answer:
    """What was answered before, in another language."""
    shown = knowledge.show(leant.told, language) if leant.told else None
    offered = (knowledge.show(slug, language) for slug in leant.offered)
    outcome = Outcome.answered if shown else leant.outcome
    return Answer(text, language, outcome, shown, leant.score, tuple(other for other in offered if other))


def take(
    w: Work, matched: Answer, *, thread: str | None, public: bool, language: str | None = None
) -> tuple[Question, dict[str, Any]]:
    """Write the question down and render its card.

    The language asked for wins, then a person's own choice; else it is the language the question was asked in.
    """
    wish = course_answers.wish_of(w, matched.question, thread if public else None, sure=matched.certain)
    if wish:  # then "and in French?" asks for courses in French
        language = None
    locale = language or w.member.chosen_locale or detect(matched.question, "fr" if w.locale == "fr" else "en")
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
    if wish:
        if matched.answer:
            question.suggestions = [matched.answer.id, *question.suggestions]
        course_answers.keep(question, wish)
    return question, card(w, question, can_share=w.is_command and _is_channel(w.place.channel))


def card(w: Work, question: Question, *, can_share: bool = False, intro: str | None = None) -> dict[str, Any]:
    """The card of a question as the database has it, in the language it was answered in."""
    if wish := course_answers.wish_in(question):
        return course_answers.card(w, question, wish, can_share=can_share, intro=intro)
    knowledge, locale = knowledge_of(w.services), locale_of(question.locale)
    asked = view.Asked(question.id, question.helpful, question.passed_on_at is not None, question.wants_news)
    slug = slug_of(w.session, question)
    offered = [shown for other in question.suggestions if (shown := knowledge.show(other, locale)) and other != slug]
    shown = knowledge.show(slug, locale) if slug else None
    if shown is not None:
        return view.answer(shown, locale, asked, others=offered, can_share=can_share, intro=intro, today=w.today)
    return (
        view.suggestions(offered, locale, asked)
        if offered
        else view.unknown(locale, asked, foreign=foreign(question.text))
    )


def for_others(w: Work, question: Question, intro: str) -> dict[str, Any] | None:
    """The answer to a question as its asker shares it, without what only they may press; None when it is gone."""
    if wish := course_answers.wish_in(question):
        return course_answers.card(w, question, wish, intro=intro)
    slug = slug_of(w.session, question)
    shown = knowledge_of(w.services).show(slug, locale_of(question.locale)) if slug else None
    return view.answer(shown, locale_of(question.locale), intro=intro, today=w.today) if shown else None


def slug_of(session: Session, question: Question) -> str | None:
    """The id of the entry a question was answered with."""
    return session.scalar(select(Entry.slug).where(Entry.id == question.entry_id)) if question.entry_id else None


def may_share(w: Work) -> bool:
    """Whether the card that was pressed is one that its reader alone sees, in a channel."""
    return w.place.container == "ephemeral" and _is_channel(w.place.channel)


def _is_channel(channel: str | None) -> bool:
    return bool(channel) and not str(channel).startswith("D")
