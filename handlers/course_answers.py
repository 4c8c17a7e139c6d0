"""Questions that the records of courses and competencies answer, before the entries are asked."""

from __future__ import annotations

from typing import Any

from community import expertise, sessions
from handlers import earlier
from handlers.work import Work
from knowledge.catalogue import answers, watches
from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.understanding import name_alone, refine, understand
from knowledge.catalogue.wishes import Ask, Wish
from knowledge.records import Outcome, Question
from views import answers as answer_view
from views import course_answers as view
from views.course_rows import Records
from views.i18n import locale_of

BY = "catalogue"  # in `question.answered_by`


def catalogue_of(w: Work) -> Catalogue:
    """The community's catalogue as it stands."""
    return w.services.shelf.catalogue(w.session, w.community.id)


def wish_of(w: Work, text: str, thread: str | None, *, sure: bool) -> Wish | None:
    """What is plainly asked of the records: by the text itself, or by what it adds to the question before.

    A competency's name alone asks them where no entry is `sure` to be meant.
    """
    catalogue = catalogue_of(w)
    wish = understand(catalogue, text)
    if wish is None and (leant := _before(w, thread)):
        wish = refine(catalogue, text, leant)
    if wish is None and not sure:
        wish = name_alone(catalogue, text)
    return wish if wish and wish.ask in view.ANSWERED and _stands(catalogue, wish) else None


def _before(w: Work, thread: str | None) -> Wish | None:
    """What the person asked the records last in this conversation, if that was their last question there."""
    if not w.place.channel:
        return None
    since = w.now - (earlier.THREAD_LASTS if thread else earlier.TALK_LASTS)
    found = earlier.before(w.session, w.community.id, w.place.channel, thread, since, limit=1)
    mine = next((question for question in found if question.member_id == w.member.id), None)
    return wish_in(mine) if mine is not None else None


def keep(question: Question, wish: Wish) -> None:
    """Note that the records answer the question, and what was understood of it.

    What an entry would have answered to a name alone stays at hand.
    """
    also = [str(slug) for slug in question.suggestions] if wish.ask is Ask.competency else []
    question.outcome, question.entry_id, question.suggestions, question.score = Outcome.answered, None, also, None
    question.answered_by, question.understood = BY, wish.as_dict()


def wish_in(question: Question) -> Wish | None:
    """What was understood of a question that the records answered."""
    if question.answered_by != BY or not question.understood:
        return None
    try:
        return Wish.from_dict(question.understood)
    except ValueError:  # written by a version that understood other things
        return None


def card(
    w: Work, question: Question, wish: Wish, *, can_share: bool = False, intro: str | None = None
) -> dict[str, Any]:
    """The answer as the records stand now; with `intro` it is for others, who cannot correct it."""
    locale = locale_of(question.locale)
    if not _stands(catalogue_of(w), wish):
        return answer_view.sentence(answer_view.GONE, locale)
    passed_on = question.passed_on_at is not None
    asked = answer_view.Asked(question.id, question.helpful, passed_on, question.wants_news)
    knowledge = w.services.answers
    also = [shown for slug in question.suggestions if knowledge and (shown := knowledge.show(slug, locale))]
    mine = None if intro else asked
    return view.answer(records(w, wish), wish, locale, mine, can_share=can_share, intro=intro, also=also)


def records(w: Work, wish: Wish) -> Records:
    """What an answer to the wish is made from."""
    catalogue = catalogue_of(w)
    codes = [wish.course] if wish.course else [course.code for course in answers.courses(catalogue, wish)]
    if wish.ask in (Ask.prerequisites, Ask.followers, Ask.growth, Ask.no_course):
        codes = list(catalogue.courses)
    planned: dict[str, list[Any]] = {}
    for event in sessions.upcoming(w.session, w.community.id, codes[:500], w.now, limit=200):
        planned.setdefault(event.course_code or "", []).append(event)
    watched = watches.watched(w.session, w.community.id, w.member.id)
    # Who offered to be asked about what is named, or about something below it.
    codes = catalogue.below(wish.competency) if wish.ask in view.WITH_EXPERTS and wish.competency else []
    experts = expertise.who_knows(w.session, w.community.id, codes)
    return Records(catalogue, planned, watched, w.time_zone, experts)


def _stands(catalogue: Catalogue, wish: Wish) -> bool:
    """Whether all that the wish names is in the catalogue."""
    if wish.course and wish.course not in catalogue.courses:
        return False
    if wish.ask in (Ask.courses, Ask.no_course):
        return wish.competency is None or wish.competency in catalogue.competencies
    return bool(wish.course) or wish.competency in catalogue.competencies
