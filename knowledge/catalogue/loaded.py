"""A community's catalogue as it is held in memory while questions are answered from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalogue.records import (
    CatalogueVersion,
    Competency,
    Course,
    CourseCompetency,
    CourseLevel,
    Descriptor,
    Mode,
    Prerequisite,
    Proficiency,
)

Texts = dict[str, str]  # by locale, `en` and `fr`


@dataclass(frozen=True)
class KnownLevel:
    """One step of the scale, or what it means in one competency."""

    level: int
    titles: Texts
    descriptors: Texts
    sample: bool = False


@dataclass(frozen=True)
class KnownCompetency:
    """A competency; `descriptors` say by level what it means here."""

    code: str
    parent: str | None
    titles: Texts
    descriptions: Texts
    phrasings: dict[str, tuple[str, ...]]
    descriptors: dict[int, Texts]
    sample: bool

    def title(self, locale: str) -> str:
        """In `en` or `fr`."""
        return self.titles[locale]


@dataclass(frozen=True)
class KnownCourse:
    """A course; `develops` maps a competency's code to the level reached."""

    course_id: int
    code: str
    titles: Texts
    provider: str
    languages: tuple[str, ...]
    mode: Mode
    minutes: int
    cost_cents: int | None
    level: CourseLevel
    develops: dict[str, int]
    prerequisites: tuple[str, ...]
    equivalences: tuple[str, ...]
    verified_on: date
    sample: bool

    def title(self, locale: str) -> str:
        """In `en` or `fr`."""
        return self.titles[locale]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Courses and competencies by code, in the order they are shown in, and the scale by level."""

    version: int = 0
    courses: dict[str, KnownCourse] = field(default_factory=dict)
    competencies: dict[str, KnownCompetency] = field(default_factory=dict)
    scale: dict[int, KnownLevel] = field(default_factory=dict)

    @cached_property
    def children(self) -> dict[str | None, list[str]]:
        """Codes of the competencies below each; those at the top under None."""
        found: dict[str | None, list[str]] = {}
        for competency in self.competencies.values():
            above = competency.parent if competency.parent in self.competencies else None
            found.setdefault(above, []).append(competency.code)
        return found

    @cached_property
    def followers(self) -> dict[str, list[str]]:
        """Codes of the courses that each course is a prerequisite of."""
        return self._naming(lambda course: course.prerequisites)

    @cached_property
    def counted_as(self) -> dict[str, list[str]]:
        """Codes of the courses that name each course as their equivalent: what is said of one holds for the other."""
        return self._naming(lambda course: course.equivalences)

    def _naming(self, named: Callable[[KnownCourse], Iterable[str]]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for course in self.courses.values():
            for code in named(course):
                found.setdefault(code, []).append(course.code)
        return found

    @cached_property
    def developing(self) -> dict[str, list[KnownCourse]]:
        """Courses by each competency that they develop."""
        found: dict[str, list[KnownCourse]] = {}
        for course in self.courses.values():
            for code in course.develops:
                found.setdefault(code, []).append(course)
        return found

    @cached_property
    def highest(self) -> list[tuple[int, KnownCourse]]:
        """Every course with the highest level that it leads to; 0 where it develops nothing."""
        return [(max(course.develops.values(), default=0), course) for course in self.courses.values()]

    def around(self, code: str | None) -> list[list[str]]:
        """Codes by how near they are to a competency: itself with all below it, then what it belongs to, upwards."""
        way: list[str] = []
        while code in self.competencies and code not in way:
            way.append(code)
            code = self.competencies[code].parent
        return [self.below(way[0]), *([above] for above in way[1:])] if way else []

    def below(self, code: str) -> list[str]:
        """The competency and all those below it in the tree."""
        found, waiting = [], [code]
        while waiting:
            found.append(waiting.pop(0))
            waiting += [child for child in self.children.get(found[-1], ()) if child not in found]
        return found


class Shelf:
    """Holds the catalogue read last; reads it anew when it was changed. Safe among threads."""

    def __init__(self) -> None:
        self._held: dict[int, Catalogue] = {}
        self._lock = threading.Lock()

    def catalogue(self, session: Session, community_id: int) -> Catalogue:
        """The community's catalogue as it stands: one small query when nothing changed."""
        stands = version(session, community_id)
        with self._lock:
            held = self._held.get(community_id)
        if held is None or held.version != stands:
            held = load(session, community_id)
            with self._lock:
                self._held[community_id] = held
        return held


def version(session: Session, community_id: int) -> int:
    """Grows with every change of the catalogue; 0 before the first."""
    return session.scalar(select(CatalogueVersion.version).where(CatalogueVersion.community_id == community_id)) or 0


def load(session: Session, community_id: int) -> Catalogue:
    """Read the whole catalogue, without what is retired."""
    stands = version(session, community_id)
    competencies = _competencies(session, community_id)
    return Catalogue(stands, _courses(session, community_id, competencies), competencies, _scale(session, community_id))


def _scale(session: Session, community_id: int) -> dict[int, KnownLevel]:
    steps = select(Proficiency).where(Proficiency.community_id == community_id).order_by(Proficiency.level)
    return {
        step.level: KnownLevel(
            step.level,
            {"en": step.title_en, "fr": step.title_fr},
            {"en": step.descriptor_en, "fr": step.descriptor_fr},
            step.sample,
        )
        for step in session.scalars(steps)
    }


def _competencies(session: Session, community_id: int) -> dict[str, KnownCompetency]:
    mine = (Competency.community_id == community_id) & ~Competency.retired
    descriptors: dict[int, dict[int, Texts]] = {}
    found = select(Descriptor).join(Competency, Competency.id == Descriptor.competency_id).where(mine)
    for descriptor in session.scalars(found.order_by(Descriptor.level)):
        texts = {"en": descriptor.text_en, "fr": descriptor.text_fr}
        descriptors.setdefault(descriptor.competency_id, {})[descriptor.level] = texts
    return {
        row.code: KnownCompetency(
            row.code,
            row.parent,
            {"en": row.title_en, "fr": row.title_fr},
            {"en": row.description_en, "fr": row.description_fr},
            {"en": tuple(row.phrasings_en), "fr": tuple(row.phrasings_fr)},
            descriptors.get(row.id, {}),
            row.sample,
        )
        for row in session.scalars(select(Competency).where(mine).order_by(Competency.position, Competency.id))
    }


def _courses(session: Session, community_id: int, known: dict[str, KnownCompetency]) -> dict[str, KnownCourse]:
    mine = (Course.community_id == community_id) & ~Course.retired
    rows = {row.id: row for row in session.scalars(select(Course).where(mine).order_by(Course.code))}
    develops: dict[int, dict[str, int]] = {}
    developed = (
        select(CourseCompetency.course_id, Competency.code, CourseCompetency.level)
        .join(Competency, Competency.id == CourseCompetency.competency_id)
        .where(Competency.community_id == community_id)
        .order_by(CourseCompetency.id)
    )
    for course_id, code, level in session.execute(developed):
        if code in known:
            develops.setdefault(course_id, {})[code] = level
    required: dict[int, list[str]] = {}
    needed = select(Prerequisite).join(Course, Course.id == Prerequisite.course_id).where(mine)
    for prerequisite in session.scalars(needed.order_by(Prerequisite.id)):
        if prerequisite.required_id in rows:
            required.setdefault(prerequisite.course_id, []).append(rows[prerequisite.required_id].code)
    return {
        row.code: KnownCourse(
            row.id,
            row.code,
            {"en": row.title_en, "fr": row.title_fr},
            row.provider,
            tuple(row.languages),
            row.mode,
            row.minutes,
            row.cost_cents,
            row.level,
            develops.get(row.id, {}),
            tuple(required.get(row.id, ())),
            tuple(row.equivalences),
            row.verified_on,
            row.sample,
        )
        for row in rows.values()
    }
