"""The competency framework to look through: its tree, and one competency with its levels and courses."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import answers
from knowledge.catalogue.loaded import Catalogue, KnownCompetency
from knowledge.catalogue.wishes import Ask, Wish
from views import courses
from views.course_answers import level_rows
from views.i18n import Translator, translator
from views.text import Block, actions, button, context_line, escape, header, modal, option, section, select
from views.typed import verbatim

SHOWN = 80
COURSES_SHOWN = 20
ALL = "all"
AREA = "competency.area"


def tree(catalogue: Catalogue, area: str | None, locale: str) -> Block:
    """The modal with the framework, or the part of it below `area`."""
    t = translator(locale)
    areas = [option(catalogue.competencies[code].title(locale), code) for code in catalogue.children.get(None, ())]
    blocks: list[Block] = []
    if len(areas) > 1:
        whole = option(t("The whole framework"), ALL)
        blocks.append(actions(select(AREA, [whole, *areas[:99]], initial=area or ALL), id="area"))
    found = list(_walk(catalogue, area, 0))
    blocks += [_row(catalogue, competency, depth, t) for competency, depth in found[:SHOWN]]
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        blocks.append(context_line(t.n("{n} more; choose an area.", "{n} more; choose an area.", more)))
    if not found:
        blocks.append(section(t("There is no competency framework yet.")))
    if any(competency.sample for competency, _ in found):
        blocks.append(context_line(t(courses.SAMPLE)))
    return modal("competency.tree", t("Competencies"), blocks, close=t("Close"))


def opened(catalogue: Catalogue, competency: KnownCompetency, locale: str) -> Block:
    """One competency: what it is, what its levels mean, which courses develop it."""
    t = translator(locale)
    blocks = [header(competency.title(locale))]
    if text := competency.descriptions[locale]:
        blocks.append(verbatim(escape(text)))
    blocks += level_rows(catalogue, competency, t)
    found = answers.courses(catalogue, Wish(Ask.courses, competency=competency.code))
    if found:
        blocks.append(section(t("*Courses that develop it*")))
        blocks += [courses.row(catalogue, course, t) for course in found[:COURSES_SHOWN]]
    else:
        blocks.append(section(t("No course in the catalogue develops it yet.")))
    if competency.sample:
        blocks.append(context_line(t(courses.SAMPLE)))
    return modal("competency.card", t("Competency"), blocks, close=t("Close"))


def _walk(catalogue: Catalogue, area: str | None, depth: int) -> Iterator[tuple[KnownCompetency, int]]:
    """The competencies below one, each with how deep it lies; a tree that a file made circular ends all the same."""
    codes = [area] if area in catalogue.competencies else catalogue.children.get(None, [])
    waiting = [(code, depth) for code in reversed(codes) if code]
    seen: set[str] = set()
    while waiting:
        code, at = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        yield catalogue.competencies[code], at
        waiting += [(child, at + 1) for child in reversed(catalogue.children.get(code, ()))]


def _row(catalogue: Catalogue, competency: KnownCompetency, depth: int, t: Translator) -> Block:
    title = escape(competency.title(t.locale))
    name = f"{'› ' * min(depth, 6)}{title}" if depth else f"*{title}*"
    number = len(answers.courses(catalogue, Wish(Ask.courses, competency=competency.code)))
    text = f"{name}{courses.SEPARATOR}{t.n('{n} course', '{n} courses', number)}"
    label = t("Details: {title}", title=competency.title(t.locale))
    return verbatim(text, button(t("Details"), "competency.open", competency.code, label=label))
