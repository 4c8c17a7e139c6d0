"""Answers made from the records of the catalogue: a list, with what was understood as words that can be corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge.answering import Shown
from knowledge.catalogue import answers
from knowledge.catalogue.loaded import Catalogue, KnownCompetency, KnownCourse
from knowledge.catalogue.names import names_of
from knowledge.catalogue.wishes import Ask, Wish
from views import courses as view
from views import expertise
from views.answers import Asked, more, rating
from views.course_rows import SHOWN, Records, less, rows
from views.course_understood import understood
from views.i18n import Translator, translator
from views.text import Block, actions, button, clip, context_line, escape, message, section
from views.typed import verbatim

AT_ONCE = 5  # suggestions
WITH_EXPERTS = (Ask.people, Ask.teachers, Ask.competency)  # whose answers name those who offered to be asked


def answer(
    records: Records,
    wish: Wish,
    locale: str,
    asked: Asked | None,
    *,
    can_share: bool = False,
    intro: str | None = None,
    also: Sequence[Shown] = (),
) -> Block:
    """The answer to a wish. With `asked` its asker can correct what was understood and say whether it helped.

    `also` are entries that may have been meant.
    """
    t = translator(locale)
    lead, blocks = _RENDER[wish.ask](records, wish, t)
    top: list[Block] = [verbatim(intro)] if intro else []
    top += understood(records.catalogue, wish, t, asked)
    end = [context_line(t(view.SAMPLE))] if _is_sample(records.catalogue, wish) else []
    if asked is not None:
        end += rating(asked, t, can_share)
        further = []
        if wish.ask is Ask.competency:
            further.append(button(t("What its levels mean"), "competency.open", wish.competency or ""))
        if wish.ask is not Ask.people:
            further.append(button(t("Browse courses"), "course.browse", asked.id))
        if wish.competency and wish.ask in WITH_EXPERTS and records.experts:
            further.append(button(t("Ask them a question"), "request.ask", wish.competency))
        end += [actions(*further, id="catalogue.browse")] if further else []
        end += more(asked, [(entry.id, entry.title) for entry in also], t("See also"), "answer.related")
    said = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section" and "text" in block)
    return message(f"{lead}\n{clip(said, 3000)}", [*top, section(f"*{lead}*"), *blocks, *end])


def _is_sample(catalogue: Catalogue, wish: Wish) -> bool:
    if wish.ask is Ask.people:  # they are real, whatever the courses are
        return False
    if wish.ask is Ask.competency:
        return catalogue.competencies[wish.competency or ""].sample
    if wish.course in catalogue.courses:
        return catalogue.courses[wish.course].sample and wish.ask is not Ask.course  # its card says so itself
    return any(course.sample for course in catalogue.courses.values())


def _courses(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    found = answers.courses(records.catalogue, wish)
    if found:
        return t.n("{n} course fits", "{n} courses fit", len(found)), rows(records, found, t)
    return t("No course in the catalogue fits"), less(records, wish, t)


def _course(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    course = records.catalogue.courses[wish.course or ""]
    blocks = view.card(
        records.catalogue,
        course,
        t,
        records.sessions.get(course.code, ()),
        time_zone=records.time_zone,
        watched=course.code in records.watched,
    )
    return t("What is on record of {course}", course=escape(course.code)), blocks


def _prerequisites(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    course = records.catalogue.courses[wish.course or ""]
    direct, further = answers.prerequisites(records.catalogue, course.code)
    title = f"{escape(course.code)} {escape(course.title(t.locale))}"
    if not direct:
        return t("{course} has no prerequisite", course=title), []
    blocks = rows(records, direct, t)
    if further:
        blocks += [section(t("Those in turn require:")), *rows(records, further, t)]
    return t("Before {course}, take:", course=title), blocks


def _followers(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    course = records.catalogue.courses[wish.course or ""]
    found = answers.followers(records.catalogue, course.code)
    title = f"{escape(course.code)} {escape(course.title(t.locale))}"
    if not found:
        return t("No course in the catalogue builds on {course}", course=title), []
    return t("After {course}, you can take:", course=title), rows(records, found, t)


def _sessions(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    catalogue = records.catalogue
    if wish.course:
        course = catalogue.courses[wish.course]
        title = f"{escape(course.code)} {escape(course.title(t.locale))}"
        waits = view.watch(course, t, watched=course.code in records.watched)
        events = records.sessions.get(course.code, ())
        if not events:
            return t("No session of {course} is planned yet", course=title), waits
        planned = [view.session_row(event, t, records.time_zone) for event in events[:SHOWN]]
        return t("Next sessions of {course}:", course=title), planned
    competency = catalogue.competencies[wish.competency or ""]
    found = answers.courses(catalogue, wish)
    events = sorted(
        (event for course in found for event in records.sessions.get(course.code, ())),
        key=lambda event: event.starts_at,
    )
    if events:
        lead = t("Next sessions on {competency}:", competency=escape(competency.title(t.locale)))
        return lead, [view.session_row(event, t, records.time_zone) for event in events[:SHOWN]]
    lead = t("No session on {competency} is planned yet", competency=escape(competency.title(t.locale)))
    return lead, rows(records, found, t) or less(records, wish, t)


def _level(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    competency = records.catalogue.competencies[wish.competency or ""]
    level = wish.level or 0
    if level not in records.catalogue.scale:
        return _off_scale(records.catalogue, level, t), []
    lead = t(
        "{competency}, {level}",
        competency=escape(competency.title(t.locale)),
        level=view.level_name(records.catalogue, level, t),
    )
    return lead, [section(_descriptor(records.catalogue, competency, level, t))]


def _levels(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    competency = records.catalogue.competencies[wish.competency or ""]
    return t("The levels of {competency}", competency=escape(competency.title(t.locale))), level_rows(
        records.catalogue, competency, t
    )


def level_rows(catalogue: Catalogue, competency: KnownCompetency, t: Translator) -> list[Block]:
    """What each level of the scale means in a competency."""
    return [section(_level_line(catalogue, competency, level, t)) for level in catalogue.scale]


def _level_line(catalogue: Catalogue, competency: KnownCompetency, level: int, t: Translator) -> str:
    return t(
        "*Level {level} ({name}):* {descriptor}",
        level=level,
        name=escape(catalogue.scale[level].titles[t.locale]),
        descriptor=_descriptor(catalogue, competency, level, t),
    )


def _descriptor(catalogue: Catalogue, competency: KnownCompetency, level: int, t: Translator) -> str:
    """What a level means here; where nothing is said of that, what it means everywhere."""
    own = competency.descriptors.get(level)
    return escape(own[t.locale] if own else catalogue.scale[level].descriptors[t.locale])


def _off_scale(catalogue: Catalogue, level: int, t: Translator) -> str:
    if not catalogue.scale:
        return t("There is no proficiency scale yet")
    least, most = min(catalogue.scale), max(catalogue.scale)
    return t("The scale has no level {level}: it goes from {least} to {most}", level=level, least=least, most=most)


def _growth(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    catalogue = records.catalogue
    competency = catalogue.competencies[wish.competency or ""]
    start, goal = answers.rise(wish)
    if goal not in catalogue.scale:
        return _off_scale(catalogue, goal, t), []
    title = escape(competency.title(t.locale))
    if start in catalogue.scale:
        lead = t("From level {start} to {goal} in {competency}", start=start, goal=goal, competency=title)
    else:
        lead = t("To level {goal} in {competency}", goal=goal, competency=title)
    if start >= goal:
        return lead, [section(t("Level {goal} is not above level {start}.", goal=goal, start=start))]
    told = _level_line(catalogue, competency, start, t) + "\n" if start in catalogue.scale else ""
    told += t(
        "*What is expected at level {level} ({name}):* {descriptor}",
        level=goal,
        name=escape(catalogue.scale[goal].titles[t.locale]),
        descriptor=_descriptor(catalogue, competency, goal, t),
    )
    found = answers.courses(catalogue, wish)
    if not found:
        return lead, [section(told), section(t("No course in the catalogue leads there.")), *less(records, wish, t)]
    blocks = [section(told), section(t("*Courses that lead there*")), *rows(records, found, t)]
    if required := answers.needed(catalogue, found):
        blocks += [section(t("*What they require*")), *rows(records, required, t)]
    return lead, blocks


def _teachers(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    catalogue = records.catalogue
    if wish.course:
        found = [catalogue.courses[wish.course]]
        about = f"{escape(found[0].code)} {escape(found[0].title(t.locale))}"
    else:
        found = answers.courses(catalogue, wish)
        about = escape(catalogue.competencies[wish.competency or ""].title(t.locale))
    experts = expertise.who_offers(catalogue, wish.competency, records.experts, t) if wish.competency else []
    if not found:
        lead = t("No course in the catalogue is about {subject}", subject=about)
        return lead, [*less(records, wish, t), *experts]
    providers: dict[str, list[KnownCourse]] = {}
    for course in found:
        providers.setdefault(course.provider, []).append(course)
    lines = [
        f"*{escape(provider)}*\n" + "\n".join(f"• {view.named(course, t)}" for course in given)
        for provider, given in providers.items()
    ]
    return t("Who teaches {subject}", subject=about), [
        *(verbatim(clip(line, 3000)) for line in lines[:SHOWN]),
        *experts,
    ]


def _people(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    return expertise.who_knows(records.catalogue, wish.competency or "", records.experts, t)


def _competency(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    catalogue = records.catalogue
    competency = catalogue.competencies[wish.competency or ""]
    said = competency.descriptions[t.locale]
    blocks = [verbatim(escape(said))] if said else []
    found = answers.courses(catalogue, wish)
    told = t("*Courses that develop it*") if found else t("No course in the catalogue develops it yet.")
    return escape(competency.title(t.locale)), [*blocks, section(told), *rows(records, found, t)]


def _no_course(records: Records, wish: Wish, t: Translator) -> tuple[str, list[Block]]:
    near = [records.catalogue.courses[code] for code in names_of(records.catalogue).near(wish.said or "", AT_ONCE)]
    lead = t("There is no course {code} in the catalogue", code=escape(clip(wish.said or "", 40)))
    return lead, [section(t("Codes that look alike:")), *rows(records, near, t)] if near else []


_RENDER: dict[Ask, Callable[[Records, Wish, Translator], tuple[str, list[Block]]]] = {
    Ask.courses: _courses,
    Ask.course: _course,
    Ask.prerequisites: _prerequisites,
    Ask.followers: _followers,
    Ask.sessions: _sessions,
    Ask.level: _level,
    Ask.levels: _levels,
    Ask.growth: _growth,
    Ask.teachers: _teachers,
    Ask.people: _people,
    Ask.competency: _competency,
    Ask.no_course: _no_course,
}
ANSWERED = frozenset(_RENDER)
