"""Courses as lines of an answer from the records, and what an answer is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from community.expertise import Expert
from community.records import Event
from knowledge.catalogue import answers
from knowledge.catalogue.loaded import Catalogue, KnownCourse
from knowledge.catalogue.wishes import Wish
from views import courses as view
from views.i18n import Translator
from views.text import Block, context_line, escape, section

SHOWN = 12


@dataclass(frozen=True)
class Records:
    """What an answer is made from: the catalogue, sessions that are planned, and how the person stands to them.

    `sessions` are by course, the next first; `watched` are the courses whose next session the person waits for;
    `experts` are those who offered to be asked about the competency.
    """

    catalogue: Catalogue
    sessions: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    experts: Sequence[Expert] = ()


def less(records: Records, wish: Wish, t: Translator) -> list[Block]:
    """Without which restriction there would be something."""
    words = view.filter_words(records.catalogue, wish, t)
    less = [
        t.n("Without “{filter}” there is {n}.", "Without “{filter}” there are {n}.", number, filter=escape(words[name]))
        for name, number in answers.relaxed(records.catalogue, wish)
        if name in words
    ]
    return [section("\n".join(less))] if less else []


def rows(records: Records, found: Sequence[KnownCourse], t: Translator) -> list[Block]:
    """Courses in a line or two each; how many more there are."""
    lines = [
        view.row(
            records.catalogue,
            course,
            t,
            session=next(iter(records.sessions.get(course.code, ())), None),
            time_zone=records.time_zone,
        )
        for course in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(context_line(t.n("{n} more; browse them.", "{n} more; browse them.", len(found) - SHOWN)))
    return lines
