"""Courses to look through in a modal: what to choose by on top, what is left of the catalogue below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community.records import Event
from knowledge.catalogue import answers
from knowledge.catalogue.cells import DAY_MINUTES
from knowledge.catalogue.loaded import Catalogue, KnownCourse
from knowledge.catalogue.records import CourseLevel, Mode
from knowledge.catalogue.wishes import Ask, Wish
from knowledge.text import fold
from views import courses as view
from views.i18n import Translator, translator
from views.inputs import looked_up
from views.text import (
    Block,
    actions,
    button,
    confirmation,
    context_line,
    escape,
    modal,
    option,
    section,
    select,
)

SHOWN = 40
ANY = "any"
COMPETENCY = "course.filter.competency"
LENGTHS = (DAY_MINUTES // 2, DAY_MINUTES, 2 * DAY_MINUTES, 5 * DAY_MINUTES)
COSTS = (0, 25_000, 50_000, 100_000)


def browse(
    catalogue: Catalogue,
    wish: Wish,
    sessions: Mapping[str, Event],
    locale: str,
    time_zone: str,
    *,
    may_add: bool = False,
) -> Block:
    """The modal for these filters."""
    t = translator(locale)
    found = answers.courses(catalogue, wish)
    add = button(t("Add a course"), "course.new") if may_add else None
    blocks = [*_filters(catalogue, wish, t), section(_count(found, t), accessory=add)]
    blocks += [
        view.row(catalogue, course, t, session=sessions.get(course.code), time_zone=time_zone)
        for course in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        blocks.append(context_line(t.n("{n} more; choose further.", "{n} more; choose further.", more)))
    if any(course.sample for course in found):
        blocks.append(context_line(t(view.SAMPLE)))
    return modal("course.browse", t("Courses"), blocks, close=t("Close"))


def opened(
    catalogue: Catalogue,
    course: KnownCourse,
    sessions: list[Event],
    locale: str,
    time_zone: str,
    *,
    watched: bool,
    may_edit: bool = False,
) -> Block:
    """A course's card as a modal."""
    t = translator(locale)
    blocks = view.card(catalogue, course, t, sessions, time_zone=time_zone, watched=watched)
    if may_edit:
        sure = confirmation(
            t("Retire {code}?", code=course.code),
            t("Nobody finds it any more. Its record is kept, and you can bring it back."),
            t("Retire"),
            t("Cancel"),
            style="danger",
        )
        edit = button(t("Edit"), "course.edit", course.code)
        blocks.append(
            actions(edit, button(t("Retire"), "course.retire", course.code, confirm=sure), id="course:manage")
        )
    return modal("course.card", t("Course"), blocks, close=t("Close"), metadata=course.code)


def retired(code: str, locale: str) -> Block:
    """What stands in place of the card of a course that was just retired."""
    t = translator(locale)
    told = t("*{code} is retired.* Nobody finds it any more; its record is kept.", code=escape(code))
    back = button(t("Bring it back"), "course.restore", code)
    return modal("course.card", t("Course"), [section(told), actions(back, id="course:manage")], close=t("Close"))


def wish_from(values: Mapping[str, Any]) -> Wish:
    """The filters that are chosen in the modal, by name. What cannot be is left out."""
    chosen = {name: str(value) for name, value in values.items() if value not in (None, ANY, "")}
    number = {name: int(text) for name, text in chosen.items() if text.isascii() and text.isdigit() and len(text) < 9}
    return Wish(
        Ask.courses,
        competency=chosen.get("competency"),
        level=number.get("level"),
        course_level=CourseLevel(chosen["course_level"]) if chosen.get("course_level") in set(CourseLevel) else None,
        language=chosen.get("language") if chosen.get("language") in view.GIVEN_IN else None,
        mode=Mode(chosen["mode"]) if chosen.get("mode") in set(Mode) else None,
        most_minutes=number.get("most_minutes"),
        most_cents=number.get("most_cents"),
    )


def competency_options(catalogue: Catalogue, typed: str, locale: str, limit: int = 90) -> list[Block]:
    """Competencies whose title or code has what was typed, all of them first."""
    return [option(translator(locale)("All competencies"), ANY), *named_competencies(catalogue, typed, locale, limit)]


def named_competencies(catalogue: Catalogue, typed: str, locale: str, limit: int = 90) -> list[Block]:
    """Competencies whose title or code has what was typed."""
    wanted = fold(typed).split()
    found = [
        option(competency.title(locale), competency.code)
        for competency in catalogue.competencies.values()
        if all(word in fold(f"{competency.code} {competency.title(locale)}") for word in wanted)
    ]
    return found[:limit]


def _filters(catalogue: Catalogue, wish: Wish, t: Translator) -> list[Block]:
    competency = catalogue.competencies.get(wish.competency or "")
    chosen = option(competency.title(t.locale), competency.code) if competency else option(t("All competencies"), ANY)
    scale = [option(view.level_name(catalogue, level, t), level) for level in catalogue.scale]
    return [
        actions(
            looked_up(COMPETENCY, chosen, t("Competency")),
            _select("level", t("Any level reached"), scale, wish.level),
            id="filters:subject",
        ),
        actions(
            _select("course_level", t("For anybody"), _options(view.LEVELS, t), wish.course_level),
            _select("language", t("In any language"), _options(view.GIVEN_IN, t), wish.language),
            _select("mode", t("Given in any way"), _options(view.MODES, t), wish.mode),
            _select("most_minutes", t("Of any length"), _lengths(wish, t), wish.most_minutes),
            _select("most_cents", t("At any cost"), _costs(wish, t), wish.most_cents),
            id="filters:more",
        ),
    ]


def _select(name: str, everything: str, options: list[Block], chosen: object) -> Block:
    initial = ANY if chosen is None else str(chosen)
    return select(f"course.filter.{name}", [option(everything, ANY), *options], initial=initial)


def _options(names: Mapping[Any, str], t: Translator) -> list[Block]:
    return [option(t(text), str(value)) for value, text in names.items()]


def _lengths(wish: Wish, t: Translator) -> list[Block]:
    limits = sorted({*LENGTHS, *([wish.most_minutes] if wish.most_minutes else [])})
    return [option(t("up to {length}", length=view.length(limit, t)), limit) for limit in limits]


def _costs(wish: Wish, t: Translator) -> list[Block]:
    limits = sorted({*COSTS, *([wish.most_cents] if wish.most_cents else [])})
    return [option(t("free") if limit == 0 else t("up to {cost}", cost=view.cost(limit, t)), limit) for limit in limits]


def _count(found: list[KnownCourse], t: Translator) -> str:
    if not found:
        return t("*No course in the catalogue fits.* Choose less.")
    return t.n("*{n} course*", "*{n} courses*", len(found))
