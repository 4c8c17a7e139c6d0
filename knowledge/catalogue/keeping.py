"""What people changed in Slack since the last import is not set back by the next table unless they say so.

A course keeps the line that was imported last beside what it says now. Where somebody changed a cell in Slack and the
table says something else, the cell stays as it is and the import names it; every other cell is the table's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from knowledge.catalogue import files
from knowledge.catalogue.drafts import CourseDraft
from knowledge.catalogue.files import course_line
from knowledge.catalogue.loaded import Catalogue, KnownCourse
from knowledge.catalogue.names import bare
from knowledge.catalogue.problems import TableProblem
from knowledge.catalogue.records import Course
from knowledge.catalogue.tables import COLUMNS, Row

Either = CourseDraft | KnownCourse


class Contradicted(Exception):
    """A table and what stays of Slack make no catalogue together; nothing of it may be kept."""

    def __init__(self, problems: list[TableProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True)
class Kept:
    """A course that was changed in Slack at `changed_at`; `line` of the table says otherwise, None where none does.

    `columns` are the cells: what each says in Slack and in the table; none where the course was retired or added there.
    """

    code: str
    changed_at: datetime
    file: str
    line: int | None
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Settled:
    """What is to be taken of a table, what stays as it is in Slack, and the codes that are not to be retired."""

    drafts: list[CourseDraft]
    kept: list[Kept]
    staying: set[str]


def settle(
    drafts: Iterable[CourseDraft], rows: Mapping[str, Course], known: Mapping[str, KnownCourse], file: str
) -> Settled:
    """Hold a table against the courses as they are; `known` are those that are not retired."""
    settled = Settled([], [], set())
    named = set()
    for draft in drafts:
        named.add(draft.code)
        row = rows.get(draft.code)
        if row is None or row.changed_at is None:
            settled.drafts.append(draft)
        elif row.retired:
            settled.kept.append(Kept(draft.code, row.changed_at, draft.row.file, draft.row.line))
            settled.staying.add(draft.code)
        else:
            now = known[draft.code]
            if back := _set_back(row, now, draft):
                settled.kept.append(Kept(draft.code, row.changed_at, draft.row.file, draft.row.line, back))
            titles = {
                locale: now.titles[locale] if f"title_{locale}" in back else text
                for locale, text in draft.titles.items()
            }
            settled.drafts.append(replace(draft, titles=titles, **_values(now, back)))
    for code, row in rows.items():
        if code not in named and row.changed_at is not None and not row.retired:
            settled.kept.append(Kept(code, row.changed_at, file, None))
            settled.staying.add(code)
    return settled


def contradictions(
    settled: Settled, known: Mapping[str, KnownCourse], framework: Catalogue, file: str
) -> list[TableProblem]:
    """What is wrong with what would stand then, though the table by itself and what was changed in Slack are fine.

    A problem of a course that is in no line has the table's first line.
    """
    together = {draft.code: draft for draft in settled.drafts}
    staying = [_as_draft(known[code], file) for code in sorted(settled.staying) if code in known]
    found: list[TableProblem] = []
    names = {bare(code): code for code in together}
    for course in staying:
        if other := names.get(bare(course.code)):
            found.append(together[other].row.problem("similar_code", code=other, other=course.code))
        together[course.code] = course
    competencies, scale = set(framework.competencies), set(framework.scale)
    for course in together.values():
        for problem in files.beside(course, competencies, set(together), scale):
            found.append(replace(problem, params={**problem.params, "course": course.code}))
    rows = {code: course.row for code, course in together.items()}
    found += files.circles({code: course.prerequisites for code, course in together.items()}, rows, "circle")
    return [replace(problem, code=_TOGETHER.get(problem.code, problem.code)) for problem in found]


_TOGETHER = {
    "similar_code": "kept_similar_code", "circle": "kept_circle", "unknown_course": "kept_course",
    "unknown_competency": "kept_competency", "unknown_level": "kept_level",
}  # fmt: skip


def _as_draft(course: KnownCourse, file: str) -> CourseDraft:
    said = {part.name: getattr(course, part.name) for part in fields(CourseDraft) if part.name != "row"}
    return CourseDraft(Row(file, 1, {}), **said)


def _set_back(row: Course, now: KnownCourse, draft: CourseDraft) -> dict[str, tuple[str, str]]:
    imported = row.imported or {}
    there, wanted = cells(now), cells(draft)
    return {
        name: (there[name], wanted[name])
        for name in wanted
        if there[name] != wanted[name] and there[name] != imported.get(name)
    }


def cells(course: Either) -> dict[str, str]:
    """A course as a line of its table, by column."""
    return dict(zip(COLUMNS["courses"], course_line(course), strict=True))


_FIELDS: dict[str, Callable[[Either], dict[str, Any]]] = {
    "provider": lambda course: {"provider": course.provider},
    "languages": lambda course: {"languages": course.languages},
    "mode": lambda course: {"mode": course.mode},
    "length": lambda course: {"minutes": course.minutes},
    "cost": lambda course: {"cost_cents": course.cost_cents},
    "level": lambda course: {"level": course.level},
    "competencies": lambda course: {"develops": course.develops},
    "prerequisites": lambda course: {"prerequisites": course.prerequisites},
    "equivalences": lambda course: {"equivalences": course.equivalences},
    "verified_on": lambda course: {"verified_on": course.verified_on},
    "sample": lambda course: {"sample": course.sample},
}


def _values(now: KnownCourse, columns: Iterable[str]) -> dict[str, Any]:
    """These columns as a draft has them, from what the course says now."""
    found: dict[str, Any] = {}
    for name in columns:
        found |= _FIELDS[name](now) if name in _FIELDS else {}
    return found
