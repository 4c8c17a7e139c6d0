"""What somebody wants to know of courses and competencies, read from their own words in either language.

What is not plainly a question to the records is none: the entries answer then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge import followups
from knowledge.catalogue import filters, words
from knowledge.catalogue.filters import Found
from knowledge.catalogue.loaded import Catalogue, KnownCompetency
from knowledge.catalogue.names import COMPETENCY, COURSE, Named, Names, names_of, singular
from knowledge.catalogue.wishes import RESTRICTIONS, Ask, Wish
from knowledge.text import fold, in_full, tokens

SHORT = 4  # words; "who teaches?" can lean on nothing but what was said before
SLIP_FROM = 6  # letters from which a word may have a slip of the keys in it


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

    @property
    def asks(self) -> bool:
        """Whether something is asked that one asks of a course alone."""
        return self.says(words.WHEN) or self.says(words.BEFORE) or self.says(words.AFTER)

    @cached_property
    def meant(self) -> str | None:
        """The course most of whose title is said; where a competency is called so, only by what needs a course."""
        code = names_of(self.catalogue).meant(self.text)
        if code and self.competency and not (self.says(words.BEFORE) or self.says(words.AFTER)):
            return code if len(self.outside(code).words) < len(self.words) else None
        return code

    def outside(self, course: str) -> _Heard:
        """The same without the words of a course's title: a retention schedule is no schedule of sessions."""
        names = names_of(self.catalogue)
        title = names.title_words(course)
        left = [word for word in self.words if word in words.SMALL or names.known(singular(word)) not in title]
        return replace(self, words=left)

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


def name_alone(catalogue: Catalogue, text: str) -> Wish | None:
    """The competency whose name is all that a text says ("records management?"); None when it says more or less."""
    heard = _hear(catalogue, text)
    said = [word for word in heard.words if word not in words.SMALL and word not in words.ABOUT]
    alone = heard.competency and said == [words.HOLE]
    return Wish(Ask.competency, competency=heard.competency) if alone else None


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
    """What a follow-up asks when it leans on the question before ("and in French?"); None when it stands alone."""
    heard = _hear(catalogue, text)
    if turned := _turned(catalogue, text, heard, before):
        return turned
    added = {name: value for name, value in heard.found.values.items() if name != "from_level"}
    if heard.competency and before.ask in (
        Ask.competency,
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
    if before.ask is Ask.competency and added.keys() != {"competency"}:
        kept["ask"] = Ask.level if added.keys() <= {"competency", "level"} else Ask.courses
    wish = Wish.from_dict(kept)
    return wish if wish != before or heard.found.values else None  # a name that was there says nothing new


def _turned(catalogue: Catalogue, text: str, heard: _Heard, before: Wish) -> Wish | None:
    """Something else of what was asked about before: "and when is it offered?", "who teaches that?", "what next?"."""
    subject = before.course or before.competency
    if subject is None or heard.named or heard.codes or heard.strange_codes:
        return None
    if followups.read(text) is None and (len(heard.words) > SHORT or heard.unexplained):
        return None
    another = heard.asks or heard.says(words.TEACH) or heard.says(words.KNOW)
    another = another or (heard.says(words.COURSE) and before.ask is not Ask.courses)
    if not another and not (before.course and heard.says(words.FACTS) and not heard.narrowed):
        return None
    course = "course " if before.competency and heard.says(words.WHEN) else ""
    wish = understand(catalogue, f"{text} {course}{subject}")
    if wish is None or wish.ask not in (Ask.sessions, Ask.teachers):
        return wish
    kept = {name: value for name, value in before.as_dict().items() if name in (*RESTRICTIONS, "below")}
    return Wish.from_dict({**kept, **wish.as_dict()}) if wish.competency else wish


def _hear(catalogue: Catalogue, text: str) -> _Heard:
    names = names_of(catalogue)
    codes, strange, masked = names.codes(_repaired(in_full(fold(text)), names))
    spoken = tokens(masked)
    places = [place for place, word in enumerate(spoken) if word not in words.SMALL]
    named = names.find(masked)
    for name in named:
        first, last = places[name.words.start], places[name.words.stop - 1]
        spoken[first : last + 1] = [words.HOLE] + [""] * (last - first)
    found = filters.find(_outside(masked, named, places), catalogue)
    return _Heard(catalogue, text, codes, strange, named, [word for word in spoken if word], found)


def _repaired(folded: str, names: Names) -> str:
    """The text with the words that questions turn on as they are spelled, where a key slipped."""

    def repair(match: re.Match[str]) -> str:
        word = match.group()
        if word in words.KEYWORDS or word in words.FILLER or names.knows(word):
            return word
        found = process.extractOne(word, words.KEYWORDS, scorer=OSA.distance, score_cutoff=1)
        return str(found[0]) if found else word

    return re.sub(rf"\b[^\W\d_]{{{SLIP_FROM},}}\b", repair, folded)


def _outside(masked: str, named: list[Named], places: list[int]) -> str:
    """The text without what was named: a course called "online primer" is no wish for online courses."""
    taken = {place for name in named for place in range(places[name.words.start], places[name.words.stop - 1] + 1)}
    pieces, end = [], 0
    for place, match in enumerate(re.finditer(r"\w+", masked)):
        pieces.append(masked[end : match.start()] + ("" if place in taken else match.group()))
        end = match.end()
    return "".join(pieces) + masked[end:]


def _about_people(heard: _Heard) -> Wish | None:
    course = heard.courses[0] if heard.courses else None
    if not (heard.competency or course):
        knows = heard.says(words.KNOW) and not heard.says(words.COURSE)
        developed = list(heard.catalogue.courses[heard.meant].develops) if knows and heard.meant else []
        return Wish(Ask.people, competency=developed[0]) if developed else None
    if heard.says(words.TEACH):
        if course:
            return Wish(Ask.teachers, course=course)
        return Wish(Ask.teachers, competency=heard.competency, **heard.narrowed)
    if heard.competency and heard.says(words.KNOW) and not heard.says(words.COURSE) and not heard.says(words.BECOME):
        return Wish(Ask.people, competency=heard.competency)
    return None


def _about_course(heard: _Heard) -> Wish | None:
    courses = heard.courses
    # Every title is looked through for what is meant: where nothing is asked of a course it need not be.
    if not courses and (heard.asks or (heard.says(words.MEASURE) and heard.says(words.COURSE))) and heard.meant:
        courses, heard = [heard.meant], heard.outside(heard.meant)
        if not heard.asks and heard.says(words.MEASURE) and heard.says(words.COURSE) and not heard.competency:
            return Wish(Ask.course, course=courses[0])
        if not heard.asks:
            return None
    says = heard.says
    if heard.strange_codes and not heard.codes and (heard.asks or says(words.COURSE) or len(heard.unexplained) == 0):
        return Wish(Ask.no_course, said=heard.strange_codes[0])
    if not courses:
        return None
    if says(words.WHEN):
        return Wish(Ask.sessions, course=courses[0])
    if says(words.REQUIRING) and says(words.COURSE):
        return Wish(Ask.followers, course=courses[0])
    if says(words.AFTER) and len(courses) == 1 and not says(words.REACHED):
        return Wish(Ask.followers, course=courses[0])
    if says(words.BEFORE) or (len(courses) > 1 and says(words.WITHOUT)):
        return Wish(Ask.prerequisites, course=_last_of(heard.catalogue, courses))
    if says(words.EQUAL):
        return Wish(Ask.course, course=courses[0])
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
        asks = (heard.says(words.LEVELS) and heard.says(words.MEAN)) or heard.says(words.NEXT_LEVEL)
        return Wish(Ask.levels, competency=code) if asks else None
    start = heard.found.values.get("from_level")
    if start is not None or heard.says(words.RISE):
        return Wish(Ask.growth, competency=code, level=level, from_level=start, **heard.narrowed)
    return Wish(Ask.level, competency=code, level=level) if heard.says(words.MEAN) or not heard.unexplained else None


def _about_courses(heard: _Heard) -> Wish | None:
    code, values = heard.competency, heard.found.values
    of_courses = heard.says(words.COURSE) or "no_prerequisite" in values
    if code and (of_courses or heard.says(words.SESSION)) and heard.says(words.WHEN):
        return Wish(Ask.sessions, competency=code, **heard.narrowed)
    if code and values.get("from_level") is not None:
        way = {"level": values["level"], "from_level": values["from_level"]}
        return Wish(Ask.growth, competency=code, **way, **heard.narrowed)
    wished = {name: value for name, value in values.items() if name != "from_level"}
    if code and (of_courses or heard.says(words.LEARN)) and len(heard.unexplained) <= 2:
        return Wish(Ask.courses, competency=code, **wished)
    # Nothing but a course is online or free; in French there is much else.
    restricted = wished.keys() - {"language", "level"} or ("language" in wished and heard.says(words.LIST))
    if code and restricted and len(heard.unexplained) <= 1:
        return Wish(Ask.courses, competency=code, **wished)
    plainly = heard.says(words.LIST) or len(heard.words) <= 10 or len(wished) > 1
    # Without a competency a restriction alone must carry it, and nothing else may have been meant.
    if wished and not code and of_courses and plainly and not heard.unexplained and not _single(heard):
        return Wish(Ask.courses, **wished)
    return None


def _single(heard: _Heard) -> bool:
    """ "Is the training free?" asks about all of it, which is no list."""
    return bool(
        re.search(r"\b(?:is|est|are|sont) (?:the|la|le|les|it|elle|elles|ils|training|your|vos)\b", heard.rest)
    ) or (bool(re.search(r"\b(?:est|sont) (?:elle|il|elles|ils)\b", heard.rest)))
