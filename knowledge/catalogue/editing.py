"""One course added, changed, retired or brought back by a person: checked as a line of the course table is.

What stands in a form is a line's cells by column; lists may be written one a line or with commas there. Of two editors
the second finds both texts: what each cell said when the form was opened is kept as a short digest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from knowledge.catalogue import drafts, files, importing
from knowledge.catalogue.cells import Reading
from knowledge.catalogue.drafts import CourseDraft
from knowledge.catalogue.loaded import Catalogue, KnownCourse
from knowledge.catalogue.names import bare
from knowledge.catalogue.problems import TableProblem
from knowledge.catalogue.records import Course, Prerequisite
from knowledge.catalogue.tables import COLUMNS, Row
from knowledge.errors import Conflict

Cells = Mapping[str, str]

FIELDS = COLUMNS["courses"]
MOST_LISTED = 3_000  # characters of a list in a form: Slack's own limit, which each of them keeps
LISTS = ("competencies", "prerequisites", "equivalences")
_BELONGS_TO = {
    "bad_length": "length", "bad_cost": "cost", "bad_date": "verified_on", "future_date": "verified_on",
    "bad_pair": "competencies", "unknown_competency": "competencies", "unknown_level": "competencies",
    "unknown_course": "prerequisites", "circle": "prerequisites", "duplicate_code": "code", "similar_code": "code",
}  # fmt: skip


def cells_of(course: KnownCourse, locale: str) -> dict[str, str]:
    """A course as it stands in a form, lists one a line."""
    cells = dict(zip(FIELDS, files.course_line(course), strict=True))
    if locale == "fr":
        cells["length"] = cells["length"].replace(".", ",").replace("day", "jour")
    return cells | {name: cells[name].replace("; ", "\n") for name in LISTS}


def beyond(cells: Cells) -> dict[str, str]:
    """The lists that no form holds: a table has them as they are, and they stay."""
    return {name: cells[name] for name in LISTS if len(cells[name]) > MOST_LISTED}


def marks(cells: Cells) -> dict[str, str]:
    """A short digest of each cell, by which `merged` knows later what was changed."""
    return {name: hashlib.sha256(cells[name].encode("utf-8", "surrogatepass")).hexdigest()[:8] for name in FIELDS}


def merged(base: Mapping[str, str], typed: Cells, now: Cells) -> tuple[dict[str, str], dict[str, str]]:
    """What the second of two editors should see, and by column what the course says now where both changed the same."""
    mine, there = marks(typed), marks(now)
    wanted = {name: now[name] if mine[name] == base.get(name) else typed[name] for name in FIELDS}
    theirs = {name: now[name] for name in FIELDS if base.get(name) not in (mine[name], there[name])}
    return wanted, {name: text for name, text in theirs.items() if text != typed[name]}


def check(
    catalogue: Catalogue, cells: Cells, today: date, *, new: bool
) -> tuple[CourseDraft | None, dict[str, TableProblem]]:
    """The course that the cells make, or by column the first thing that is wrong there."""
    row = Row("", 1, {name: cells[name] if name not in LISTS else _listed(cells[name]) for name in FIELDS})
    problems: list[TableProblem] = []
    draft = drafts.course(Reading(row, problems), today)
    problems += _between(catalogue, draft, new=new)
    wrong: dict[str, TableProblem] = {}
    for problem in problems:
        wrong.setdefault(str(problem.params.get("column") or _BELONGS_TO[problem.code]), problem)
    return (None if wrong else draft), wrong


def _listed(text: str) -> str:
    return re.sub(r"[\n,]", ";", text)


def _between(catalogue: Catalogue, draft: CourseDraft, *, new: bool) -> Iterable[TableProblem]:
    row, code = draft.row, draft.code
    if new and code:
        for other in catalogue.courses:
            if other == code:
                yield row.problem("duplicate_code", code=code)
            elif bare(other) == bare(code):
                yield row.problem("similar_code", code=code, other=other)
    yield from files.beside(draft, set(catalogue.competencies), {*catalogue.courses, code}, set(catalogue.scale))
    edges = {other.code: other.prerequisites for other in catalogue.courses.values()} | {code: draft.prerequisites}
    yield from files.circles(edges, dict.fromkeys(edges, row), "circle")


def save(session: Session, community_id: int, draft: CourseDraft, now: datetime) -> None:
    """Have the catalogue say so; `importing.lock` was taken before it was read."""
    importing.put(session, community_id, draft, now)


def retire(session: Session, community_id: int, catalogue: Catalogue, code: str, now: datetime) -> bool:
    """Hide a course; again is no harm. Raises Conflict `course_required` while others name it as a prerequisite."""
    if needed := catalogue.followers.get(code):
        raise Conflict("course_required", courses=", ".join(needed[:10]))
    return importing.retire(session, community_id, code, now)


def restore(session: Session, community_id: int, catalogue: Catalogue, code: str, now: datetime) -> bool:
    """Bring a retired course back as it was.

    Raises Conflict `course_code_similar` where another has a code like its own, `course_needs_retired` while one that
    it requires is retired: its form would not show that one, and saving would drop it.
    """
    needed = aliased(Course)
    hidden = (
        select(needed.code)
        .join(Prerequisite, Prerequisite.required_id == needed.id)
        .join(Course, Course.id == Prerequisite.course_id)
        .where(Course.community_id == community_id, Course.code == code, needed.retired)
    )
    if courses := session.scalars(hidden.order_by(needed.code)).all():
        raise Conflict("course_needs_retired", courses=", ".join(courses[:10]))
    if any(bare(other) == bare(code) and other != code for other in catalogue.courses):
        raise Conflict("course_code_similar")
    return importing.retire(session, community_id, code, now, retired=False)


def is_retired(session: Session, community_id: int, code: str) -> bool:
    """Whether there is such a course that is hidden."""
    found = select(Course.id).where(Course.community_id == community_id, Course.code == code, Course.retired)
    return session.scalar(found) is not None
