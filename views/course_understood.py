"""What was understood of a question to the records: said in words, each of which the asker can put right."""

from __future__ import annotations

from knowledge.catalogue import answers
from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.wishes import Ask, Wish
from views import courses as view
from views.answers import Asked
from views.i18n import Translator
from views.inputs import looked_up
from views.text import Block, actions, button, context_line, escape, option, select

COMPETENCY, COURSE = "catalogue.set.competency", "catalogue.set.course"
LEVEL, FROM_LEVEL = "catalogue.set.level", "catalogue.set.from_level"
SET = "catalogue.set:"  # block id, with the question's number
# A card that bears the name of what was meant needs no second one; for a code that is not there others are offered.
PLAIN = (Ask.course, Ask.no_course)


def understood(catalogue: Catalogue, wish: Wish, t: Translator, asked: Asked | None) -> list[Block]:
    """What was understood as words; for its asker with what it is about to be chosen anew, and restrictions to drop."""
    dropped = {name: word for name, word in view.filter_words(catalogue, wish, t).items() if name in wish.filters}
    words = [*_subject(catalogue, wish, t), *dropped.values()]
    if wish.ask in PLAIN or not words:
        return []
    said = escape(view.SEPARATOR.join(words))
    told = t("I looked for courses: {filters}", filters=said) if wish.ask is Ask.courses else None
    line = context_line(told or t("I understood: {words}", words=said))
    if asked is None:
        return [line]
    chips = [
        button(
            f"✕ {word}", f"catalogue.without.{name}", f"{asked.id}:{name}", label=t("Without “{filter}”", filter=word)
        )
        for name, word in dropped.items()
    ]
    chosen = _choices(catalogue, wish, t)
    return [line, actions(*chosen, *chips, id=f"{SET}{asked.id}" if chosen else "catalogue.filters")]


def _subject(catalogue: Catalogue, wish: Wish, t: Translator) -> list[str]:
    """What it is about, not escaped; nothing for lists of courses, whose every filter can go."""
    if wish.ask is Ask.courses:
        return []
    if wish.course in catalogue.courses:
        course = catalogue.courses[wish.course]
        return [f"{course.code} {course.title(t.locale)}"]
    words = (
        [catalogue.competencies[wish.competency].title(t.locale)] if wish.competency in catalogue.competencies else []
    )
    if wish.ask is Ask.growth:
        start, goal = answers.rise(wish)
        words.append(
            t("from level {start} to {goal}", start=start, goal=goal)
            if start in catalogue.scale
            else t("to level {level}", level=goal)
        )
    elif wish.ask is Ask.level:
        words.append(t("level {level}", level=wish.level))
    return words


def _choices(catalogue: Catalogue, wish: Wish, t: Translator) -> list[Block]:
    if wish.ask is Ask.courses:
        return []
    if wish.course in catalogue.courses:
        course = catalogue.courses[wish.course]
        return [looked_up(COURSE, option(f"{course.code} {course.title(t.locale)}", course.code), t("Course"))]
    competency = catalogue.competencies.get(wish.competency or "")
    initial = option(competency.title(t.locale), competency.code) if competency else None
    found = [looked_up(COMPETENCY, initial, t("Competency"))]
    if wish.ask is Ask.growth:
        start, goal = answers.rise(wish)
        begin = [option(t("from the beginning"), 0)]
        begin += [option(t("from level {level}", level=level), level) for level in list(catalogue.scale)[:-1]]
        found.append(select(FROM_LEVEL, begin, initial=start))
        found.append(select(LEVEL, [option(t("to level {level}", level=n), n) for n in catalogue.scale], initial=goal))
    elif wish.ask is Ask.level:
        steps = [option(view.level_name(catalogue, level, t), level) for level in catalogue.scale]
        found.append(select(LEVEL, steps, initial=wish.level))
    return found if catalogue.scale else found[:1]
