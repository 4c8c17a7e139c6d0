"""Lines of the catalogue's tables as levels, competencies and courses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.catalogue.cells import REFERENCE_LIMIT, TEXT_LIMIT, Reading, parse_length
from knowledge.catalogue.loaded import Texts
from knowledge.catalogue.problems import TableProblem
from knowledge.catalogue.records import CourseLevel, Mode
from knowledge.catalogue.tables import Row


@dataclass(frozen=True)
class LevelDraft:
    """A step of the scale (`competency` None), or what it means in a competency."""

    row: Row
    competency: str | None
    level: int
    titles: Texts
    descriptors: Texts
    sample: bool


@dataclass(frozen=True)
class CompetencyDraft:
    """A competency as a file has it."""

    row: Row
    code: str
    parent: str | None
    titles: Texts
    descriptions: Texts
    phrasings: dict[str, tuple[str, ...]]
    sample: bool


@dataclass(frozen=True)
class CourseDraft:
    """A course as a file has it."""

    row: Row
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


def levels(rows: Iterable[Row], problems: list[TableProblem]) -> list[LevelDraft]:
    """The scale, and what its levels mean in each competency."""
    found = []
    for row in rows:
        read = Reading(row, problems)
        of_scale = not row.cells["competency"]
        draft = LevelDraft(
            row,
            None if of_scale else read.code(row.cells["competency"], "competency"),
            read.level(row.cells["level"], "level"),
            read.both("title", required=of_scale),
            read.both("descriptor", TEXT_LIMIT),
            read.yes("sample"),
        )
        if read.fine:
            found.append(draft)
    return found


def competencies(rows: Iterable[Row], problems: list[TableProblem]) -> list[CompetencyDraft]:
    """The framework's competencies, in their order."""
    found = []
    for row in rows:
        read = Reading(row, problems)
        draft = CompetencyDraft(
            row,
            read.code(row.cells["code"], "code"),
            read.code(row.cells["parent"], "parent") if row.cells["parent"] else None,
            read.both("title"),
            read.both("description", TEXT_LIMIT, required=False),
            {locale: read.names(f"phrasings_{locale}") for locale in ("en", "fr")},
            read.yes("sample"),
        )
        if read.fine:
            found.append(draft)
    return found


def courses(rows: Iterable[Row], problems: list[TableProblem], today: date) -> list[CourseDraft]:
    """The courses."""
    found = []
    for row in rows:
        read = Reading(row, problems)
        draft = course(read, today)
        if read.fine:
            found.append(draft)
    return found


def course(read: Reading, today: date) -> CourseDraft:
    """A course, even of a line with problems: what cannot be read has a stand-in."""
    cells = read.row.cells
    return CourseDraft(
        read.row,
        read.code(cells["code"], "code"),
        read.both("title"),
        read.text("provider"),
        read.languages("languages"),
        read.choice("mode", Mode),
        read.checked("length", parse_length, "bad_length"),
        read.cost("cost"),
        read.choice("level", CourseLevel),
        read.develops("competencies"),
        read.codes("prerequisites"),
        read.names("equivalences", REFERENCE_LIMIT),
        read.day("verified_on", today),
        read.yes("sample"),
    )
