"""Answers from the records: what a wish picks out of the catalogue, in an order one can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from knowledge.catalogue.loaded import Catalogue, KnownCourse
from knowledge.catalogue.records import Mode
from knowledge.catalogue.wishes import BOTH, Ask, Wish

# Whoever says "online" does not mind whether it is together or alone.
ALSO = {Mode.online: {Mode.online, Mode.self_paced}}


def courses(catalogue: Catalogue, wish: Wish) -> list[KnownCourse]:
    """The courses that every filter of the wish lets through, those to a lower level first."""
    return _in_order(_among(_reaching(catalogue, wish.competency), wish))


def _in_order(found: Iterable[tuple[int, KnownCourse]]) -> list[KnownCourse]:
    return [course for _, course in sorted(found, key=lambda one: (one[0], one[1].code))]


def _among(reached: Iterable[tuple[int, KnownCourse]], wish: Wish) -> list[tuple[int, KnownCourse]]:
    """Those that the wish lets through; of a way up, those that lead beyond its start and not beyond its end."""
    if wish.ask is not Ask.growth:
        return [(level, course) for level, course in reached if _fits(course, level, wish)]
    start, goal = rise(wish)
    narrowed = replace(wish, level=None)
    return [(level, course) for level, course in reached if start < level <= goal and _fits(course, level, narrowed)]


def rise(wish: Wish) -> tuple[int, int]:
    """From which level to which; from the one below where none was said."""
    goal = wish.level or 0
    return goal - 1 if wish.from_level is None else wish.from_level, goal


def _reaching(catalogue: Catalogue, competency: str | None) -> Iterable[tuple[int, KnownCourse]]:
    """Courses on the competency or one below it, with the level they lead to; without one all, with their highest."""
    if competency is None:
        return catalogue.highest
    levels: dict[str, int] = {}
    for code in catalogue.below(competency):
        for course in catalogue.developing.get(code, ()):
            levels[course.code] = max(levels.get(course.code, 0), course.develops[code])
    return [(level, catalogue.courses[code]) for code, level in levels.items()]


def _fits(course: KnownCourse, level: int, wish: Wish) -> bool:
    if wish.level is not None and level < wish.level:
        return False
    if wish.language == BOTH and not ("en" in course.languages and "fr" in course.languages):
        return False
    if wish.language and wish.language != BOTH and wish.language not in course.languages:
        return False
    if wish.mode and course.mode not in ALSO.get(wish.mode, {wish.mode}):
        return False
    if wish.not_mode and course.mode in ALSO.get(wish.not_mode, {wish.not_mode}):
        return False
    if wish.no_prerequisite and course.prerequisites:
        return False
    if wish.course_level and course.level is not wish.course_level:
        return False
    if wish.most_minutes is not None and course.minutes > wish.most_minutes - wish.below:
        return False
    # A cost that is not known is no promise of a low one.
    return wish.most_cents is None or (course.cost_cents is not None and course.cost_cents <= wish.most_cents)


def relaxed(catalogue: Catalogue, wish: Wish) -> list[tuple[str, int]]:
    """Filters without which something is found, each with how many courses, most first."""
    reached = list(_reaching(catalogue, wish.competency))
    counts = []
    for name in wish.filters:
        looser = wish.without(name)
        among = reached if looser.competency == wish.competency else _reaching(catalogue, looser.competency)
        counts.append((name, len(_among(among, looser))))
    return sorted((found for found in counts if found[1]), key=lambda found: -found[1])


def prerequisites(catalogue: Catalogue, code: str) -> tuple[list[KnownCourse], list[KnownCourse]]:
    """What is to be taken right before a course, and what those need in turn."""
    direct = list(_known(catalogue, catalogue.courses[code].prerequisites))
    return direct, _further(catalogue, code, direct)


def _further(catalogue: Catalogue, code: str, direct: list[KnownCourse]) -> list[KnownCourse]:
    seen = {code, *(course.code for course in direct)}
    found: list[KnownCourse] = []
    waiting = list(direct)
    while waiting:
        for course in _known(catalogue, waiting.pop(0).prerequisites):
            if course.code not in seen:
                seen.add(course.code)
                found.append(course)
                waiting.append(course)
    return found


def followers(catalogue: Catalogue, code: str) -> list[KnownCourse]:
    """Courses that a course is a prerequisite of."""
    return list(_known(catalogue, catalogue.followers.get(code, ())))


def needed(catalogue: Catalogue, found: Iterable[KnownCourse]) -> list[KnownCourse]:
    """Everything these courses require that is not among them."""
    listed = list(found)
    inside = {course.code for course in listed}
    required: dict[str, KnownCourse] = {}
    for course in listed:
        direct, further = prerequisites(catalogue, course.code)
        required.update({other.code: other for other in (*further, *direct) if other.code not in inside})
    return list(required.values())


def _known(catalogue: Catalogue, codes: Iterable[str]) -> Iterable[KnownCourse]:
    return (catalogue.courses[code] for code in codes if code in catalogue.courses)
