"""What somebody wants to know of courses and competencies, read from their own words in either language.

What is not plainly a question to the records is none: the entries answer then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from knowledge.catalogue import filters, words
from knowledge.catalogue.filters import Found
from knowledge.catalogue.loaded import Catalogue, KnownCompetency
from knowledge.catalogue.names import COMPETENCY, COURSE, Named, names_of
from knowledge.catalogue.wishes import RESTRICTIONS, Ask, Wish
from knowledge.text import tokens


@dataclass(frozen=True)
class _Heard:
    """A question taken apart."""

    catalogue: Catalogue
    text: str
    codes: list[str]
    strange_codes: list[str]
    named: list[Named]
    words: list[str]  # with HOLE in place of what was named
    found: Found

    @cached_property
    def rest(self) -> str:
        return " ".join(self.words)

    @cached_property
    def unexplained(self) -> list[str]:
        """Words that carry meaning and were not understood."""
        known = words.SMALL | words.FILLER | self.found.words
        return [word for word in self.words if word not in known and word != words.HOLE and not word.isdigit()]

    @cached_property
    def narrowed(self) -> dict[str, Any]:
        """What narrows courses down, by the wish's field."""
        return {name: value for name, value in self.found.values.items() if name in (*RESTRICTIONS, "below")}

    @cached_property
    def competency(self) -> str | None:
        """The competency that is named at most length."""
        named = [name for name in self.named if name.kind == COMPETENCY]
        return max(named, key=lambda name: len(name.words)).code if named else None

    @cached_property
    def courses(self) -> list[str]:
        """Courses that are named, by code first."""
        return [*self.codes, *(name.code for name in self.named if name.kind == COURSE and name.code not in self.codes)]

    def says(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.rest))


def understand(catalogue: Catalogue, text: str) -> Wish | None:
    """The question to the records that a text asks in English or French; None when it plainly asks none."""
    if not catalogue.courses and not catalogue.competencies:
        return None
    heard = _hear(catalogue, text)
    if heard.says(words.ELSEWHERE):
        return None
    return _about_people(heard) or _about_course(heard) or _about_level(heard) or _about_courses(heard)


def find_competency(catalogue: Catalogue, text: str) -> KnownCompetency | None:
    """The competency that a sentence in either language names, the most exactly named first; None when it names none.

    A course that is named stands for the competency that it develops first.
    """
    heard = _hear(catalogue, text)
    if heard.competency:
        return catalogue.competencies[heard.competency]
    developed = [code for course in heard.courses for code in catalogue.courses[course].develops]
    return catalogue.competencies[developed[0]] if developed else None


def refine(catalogue: Catalogue, text: str, before: Wish) -> Wish | None:
    """What a follow-up asks when it only adds to the question before ("and in French?"); None when it says more."""
    heard = _hear(catalogue, text)
    added = {name: value for name, value in heard.found.values.items() if name != "from_level"}
    if heard.competency and before.ask in (
        Ask.courses,
        Ask.sessions,
        Ask.level,
        Ask.levels,
        Ask.growth,
        Ask.teachers,
        Ask.people,
    ):
        added["competency"] = heard.competency
    if not added or heard.unexplained or heard.courses or heard.strange_codes:
        return None
    kept = {**before.as_dict(), **added}
    return Wish.from_dict(kept)


def _hear(catalogue: Catalogue, text: str) -> _Heard:
    names = names_of(catalogue)
    codes, strange, masked = names.codes(text.replace("cannot", "can not"))
    spoken = tokens(masked)
    places = [place for place, word in enumerate(spoken) if word not in words.SMALL]
    named = names.find(masked)
    for name in named:
        first, last = places[name.words.start], places[name.words.stop - 1]
        spoken[first : last + 1] = [words.HOLE] + [""] * (last - first)
    found = filters.find(_outside(masked, named, places), catalogue)
    return _Heard(catalogue, text, codes, strange, named, [word for word in spoken if word], found)


def _outside(masked: str, named: list[Named], places: list[int]) -> str:
    """The text without what was named: a course called "online primer" is no wish for online courses."""
    taken = {place for name in named for place in range(places[name.words.start], places[name.words.stop - 1] + 1)}
    pieces, end = [], 0
    for place, match in enumerate(re.finditer(r"\w+", masked)):
        pieces.append(masked[end : match.start()] + ("" if place in taken else match.group()))
        end = match.end()
    return "".join(pieces) + masked[end:]


def _about_people(heard: _Heard) -> Wish | None:
    if not (heard.competency or heard.courses):
        return None
    course = heard.courses[0] if heard.courses else None
    if heard.says(words.TEACH):
        if course:
            return Wish(Ask.teachers, course=course)
        return Wish(Ask.teachers, competency=heard.competency, **heard.narrowed)
    if heard.competency and heard.says(words.KNOW) and not heard.says(words.COURSE):
        return Wish(Ask.people, competency=heard.competency)
    return None


def _about_course(heard: _Heard) -> Wish | None:
    says = heard.says
    asks = says(words.WHEN) or says(words.BEFORE) or says(words.AFTER)
    if heard.strange_codes and not heard.codes and (asks or says(words.COURSE) or len(heard.unexplained) == 0):
        return Wish(Ask.no_course, said=heard.strange_codes[0])
    courses = heard.courses
    said_partly = asks and not (heard.competency and says(words.WHEN))
    if not courses and said_partly and (meant := names_of(heard.catalogue).meant(heard.text)):
        courses = [meant]
    if not courses:
        return None
    if says(words.WHEN):
        return Wish(Ask.sessions, course=courses[0])
    if says(words.REQUIRING) and says(words.COURSE):
        return Wish(Ask.followers, course=courses[0])
    if says(words.AFTER) and len(courses) == 1 and not says(words.REACHED):
        return Wish(Ask.followers, course=courses[0])
    if says(words.BEFORE):
        return Wish(Ask.prerequisites, course=_last_of(heard.catalogue, courses))
    odd = [word for word in heard.unexplained if not words.FACTS.fullmatch(word)]
    plain = not odd or (says(words.FACTS) and len(heard.unexplained) == 1)
    return Wish(Ask.course, course=courses[0]) if len(courses) == 1 and plain else None


def _last_of(catalogue: Catalogue, courses: list[str]) -> str:
    """Of courses that build on each other the last one: "do I need A before B?" asks about B."""
    for code in courses:
        if any(other in catalogue.courses[code].prerequisites for other in courses):
            return code
    return courses[-1]


def _about_level(heard: _Heard) -> Wish | None:
    code, level = heard.competency, heard.found.values.get("level")
    if code is None or heard.says(words.COURSE) or len(heard.unexplained) > 2:
        return None
    if level is None:
        asks = heard.says(words.LEVELS) and heard.says(words.MEAN)
        return Wish(Ask.levels, competency=code) if asks else None
    start = heard.found.values.get("from_level")
    if start is not None or heard.says(words.RISE):
        return Wish(Ask.growth, competency=code, level=level, from_level=start, **heard.narrowed)
    return Wish(Ask.level, competency=code, level=level) if heard.says(words.MEAN) or not heard.unexplained else None


def _about_courses(heard: _Heard) -> Wish | None:
    code, values = heard.competency, heard.found.values
    of_courses = heard.says(words.COURSE) or "no_prerequisite" in values
    if code and of_courses and heard.says(words.WHEN):
        return Wish(Ask.sessions, competency=code, **heard.narrowed)
    if code and values.get("from_level") is not None:
        way = {"level": values["level"], "from_level": values["from_level"]}
        return Wish(Ask.growth, competency=code, **way, **heard.narrowed)
    wished = {name: value for name, value in values.items() if name != "from_level"}
    if code and (of_courses or heard.says(words.LEARN)) and len(heard.unexplained) <= 2:
        return Wish(Ask.courses, competency=code, **wished)
    plainly = heard.says(words.LIST) or len(heard.words) <= 10
    # Without a competency a restriction alone must carry it, and nothing else may have been meant.
    if wished and not code and of_courses and plainly and not heard.unexplained and not _single(heard):
        return Wish(Ask.courses, **wished)
    return None


def _single(heard: _Heard) -> bool:
    """ "Is the training free?" asks about all of it, which is no list."""
    return bool(
        re.search(r"\b(?:is|est|are|sont) (?:the|la|le|les|it|elle|elles|ils|training|your|vos)\b", heard.rest)
    ) or (bool(re.search(r"\b(?:est|sont) (?:elle|il|elles|ils)\b", heard.rest)))
