"""What somebody wants from the catalogue, as it was understood: kept with the question, corrected by buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

from knowledge.catalogue.records import CourseLevel, Mode


class Ask(StrEnum):
    """The kinds of question that records answer."""

    courses = "courses"  # which courses develop X, in French, online, …
    course = "course"  # what is C
    prerequisites = "prerequisites"  # what before C
    followers = "followers"  # what after C
    sessions = "sessions"  # when is C, or a course on X, next offered
    level = "level"  # what does level N in X mean
    levels = "levels"  # what are the levels in X
    growth = "growth"  # what is needed to get from level M to N in X
    teachers = "teachers"  # who teaches X or C
    people = "people"  # who knows X
    competency = "competency"  # X, and no more than that
    no_course = "no_course"  # a code like ours that names no course


# What narrows courses down, in the order it is shown in.
RESTRICTIONS = ("course_level", "language", "mode", "not_mode", "most_minutes", "most_cents", "no_prerequisite")
FILTERS = ("competency", "level", *RESTRICTIONS)
BOTH = "both"


@dataclass(frozen=True)
class Wish:
    """A question to the records. `level` is the least one for courses, the wanted one elsewhere.

    `below` makes `most_minutes` a length that is too long already. `said` is a code that names no course.
    """

    ask: Ask
    course: str | None = None
    competency: str | None = None
    level: int | None = None
    from_level: int | None = None
    course_level: CourseLevel | None = None
    language: str | None = None  # `en`, `fr`, or BOTH
    mode: Mode | None = None
    not_mode: Mode | None = None
    most_minutes: int | None = None
    below: bool = False
    most_cents: int | None = None
    no_prerequisite: bool | None = None
    said: str | None = None

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of those that are set and can be taken away: what a question is about stays."""
        names = FILTERS if self.ask is Ask.courses else RESTRICTIONS
        return tuple(name for name in names if getattr(self, name) is not None)

    def without(self, name: str) -> Self:
        """The same with one filter fewer. A name that is none changes nothing."""
        if name not in self.filters:
            return self
        changed: dict[str, Any] = {name: None, "below": self.below and name != "most_minutes"}
        return replace(self, **changed)

    def as_dict(self) -> dict[str, Any]:
        """What is set, as JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None and value is not False}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The wish from what `as_dict` gave. Raises ValueError for what it did not give."""
        try:
            return cls(
                Ask(kept["ask"]),
                _text(kept.get("course")),
                _text(kept.get("competency")),
                _number(kept.get("level")),
                _number(kept.get("from_level")),
                CourseLevel(kept["course_level"]) if kept.get("course_level") else None,
                _text(kept.get("language")),
                Mode(kept["mode"]) if kept.get("mode") else None,
                Mode(kept["not_mode"]) if kept.get("not_mode") else None,
                _number(kept.get("most_minutes")),
                bool(kept.get("below")),
                _number(kept.get("most_cents")),
                True if kept.get("no_prerequisite") else None,
                _text(kept.get("said")),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"This is no wish: {error}") from error


def _text(value: object) -> str | None:
    return str(value) if value is not None else None


def _number(value: Any) -> int | None:
    return int(value) if value is not None else None
