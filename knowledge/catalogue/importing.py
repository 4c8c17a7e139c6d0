"""Takes what files hold into the database; the same twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.catalogue.drafts import CompetencyDraft, CourseDraft, LevelDraft
from knowledge.catalogue.files import Drafts
from knowledge.catalogue.records import (
    CatalogueVersion,
    Competency,
    Course,
    CourseCompetency,
    Descriptor,
    Prerequisite,
    Proficiency,
)

AT_ONCE = 500  # rows named in one statement
Row = TypeVar("Row", Competency, Course, Proficiency)


@dataclass
class Report:
    """What an import did, in lines."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0


def take(session: Session, community_id: int, drafts: Drafts) -> Report:
    """Bring the tables that are there into the community's catalogue, as they are in the files.

    Lines that are gone from a table are retired: hidden, and back with everything that refers to them when they return.
    The drafts must be free of problems.
    """
    lock(session, community_id)
    report = Report()
    if drafts.levels is not None:
        _scale(session, community_id, [d for d in drafts.levels if d.competency is None], report)
    if drafts.competencies is not None:
        _competencies(session, community_id, drafts.competencies, report)
    if drafts.levels is not None:
        _descriptors(session, community_id, [d for d in drafts.levels if d.competency is not None], report)
    if drafts.courses is not None:
        _courses(session, community_id, drafts.courses, report)
    _finish(session, community_id, report)
    return report


def put(session: Session, community_id: int, draft: CourseDraft) -> Report:
    """Have one course say this, a new one or one that was retired too; the others stay. `lock` goes before."""
    report = Report()
    _courses(session, community_id, [draft], report, others_stay=True)
    _finish(session, community_id, report)
    return report


def retire(session: Session, community_id: int, code: str, *, retired: bool = True) -> bool:
    """Hide a course, or bring it back, with everything that refers to it; False where there is nothing to do."""
    row = session.scalar(_of(Course, community_id).where(Course.code == code))
    if row is None or row.retired is retired:
        return False
    row.retired = retired
    _finish(session, community_id, Report(changed=1))
    return True


def _finish(session: Session, community_id: int, report: Report) -> None:
    if report.added or report.changed or report.retired:
        session.execute(
            _insert(session)(CatalogueVersion)
            .values(community_id=community_id, version=1)
            .on_conflict_do_update(index_elements=["community_id"], set_={"version": CatalogueVersion.version + 1})
        )
    session.flush()


def lock(session: Session, community_id: int) -> None:
    """One change of the catalogue at a time: the second waits for the first."""
    insert = _insert(session)(CatalogueVersion).values(community_id=community_id, version=0)
    session.execute(insert.on_conflict_do_nothing(index_elements=["community_id"]))
    row = select(CatalogueVersion.version).where(CatalogueVersion.community_id == community_id)
    session.execute(row.with_for_update())


def _scale(session: Session, community_id: int, drafts: list[LevelDraft], report: Report) -> None:
    rows = {row.level: row for row in session.scalars(_of(Proficiency, community_id))}
    for draft in drafts:
        row = rows.pop(draft.level, None)
        values = {**_both("title", draft.titles), **_both("descriptor", draft.descriptors), "sample": draft.sample}
        _put(session, report, row, Proficiency(community_id=community_id, level=draft.level), values)
    for row in rows.values():
        session.delete(row)
        report.retired += 1


def _competencies(session: Session, community_id: int, drafts: list[CompetencyDraft], report: Report) -> None:
    rows = {row.code: row for row in session.scalars(_of(Competency, community_id))}
    for position, draft in enumerate(drafts):
        values = {
            "parent": draft.parent,
            "position": position,
            **_both("title", draft.titles),
            **_both("description", draft.descriptions),
            "phrasings_en": list(draft.phrasings["en"]),
            "phrasings_fr": list(draft.phrasings["fr"]),
            "sample": draft.sample,
            "retired": False,
        }
        row = rows.pop(draft.code, None)
        _put(session, report, row, Competency(community_id=community_id, code=draft.code), values)
    _retire(rows.values(), report)
    session.flush()


def _descriptors(session: Session, community_id: int, drafts: list[LevelDraft], report: Report) -> None:
    competencies = {row.code: row.id for row in session.scalars(_of(Competency, community_id))}
    mine = select(Descriptor).where(Descriptor.competency_id.in_(_ids(Competency, community_id)))
    rows = {(row.competency_id, row.level): row for row in session.scalars(mine)}
    for draft in drafts:
        place = (competencies[draft.competency or ""], draft.level)
        texts = _both("text", draft.descriptors)
        _put(session, report, rows.pop(place, None), Descriptor(competency_id=place[0], level=place[1]), texts)
    for row in rows.values():
        session.delete(row)
        report.retired += 1


def _courses(
    session: Session, community_id: int, drafts: list[CourseDraft], report: Report, *, others_stay: bool = False
) -> None:
    rows = {row.code: row for row in session.scalars(_of(Course, community_id))}
    competencies = {row.code: row.id for row in session.scalars(_of(Competency, community_id))}
    made: dict[str, tuple[Course, bool | None]] = {}  # with whether it changed; None for a new one
    waiting = dict(rows)
    for draft in drafts:
        row = waiting.pop(draft.code, None)
        course = row or Course(community_id=community_id, code=draft.code)
        changed = _set(course, _columns(draft))
        made[draft.code] = (course, None if row is None else changed)
        session.add(course)
    session.flush()
    ids = {code: row.id for code, row in rows.items()} | {code: course.id for code, (course, _) in made.items()}
    developed = _linked(session, community_id, CourseCompetency, CourseCompetency.competency_id, CourseCompetency.level)
    required = _linked(session, community_id, Prerequisite, Prerequisite.required_id, Prerequisite.course_id)
    renewed: dict[type[CourseCompetency | Prerequisite], list[int]] = {CourseCompetency: [], Prerequisite: []}
    links: list[CourseCompetency | Prerequisite] = []
    for draft in drafts:
        course, differs = made[draft.code]
        wanted = [(competencies[code], level) for code, level in draft.develops.items()]
        needed = [(ids[code], course.id) for code in draft.prerequisites]
        before = sum(map(len, renewed.values()))
        if developed.get(course.id, []) != wanted:
            renewed[CourseCompetency].append(course.id)
            links += [CourseCompetency(course_id=course.id, competency_id=id, level=level) for id, level in wanted]
        if required.get(course.id, []) != needed:
            renewed[Prerequisite].append(course.id)
            links += [Prerequisite(course_id=course.id, required_id=id) for id, _ in needed]
        _count(report, None if differs is None else differs or sum(map(len, renewed.values())) > before)
    _unlink(session, CourseCompetency, [id for id in renewed[CourseCompetency] if id in developed])
    _unlink(session, Prerequisite, [id for id in renewed[Prerequisite] if id in required])
    session.add_all(links)
    if not others_stay:
        _retire(waiting.values(), report)


def _unlink(session: Session, record: type[CourseCompetency] | type[Prerequisite], courses: list[int]) -> None:
    for start in range(0, len(courses), AT_ONCE):
        session.execute(delete(record).where(record.course_id.in_(courses[start : start + AT_ONCE])))


def _columns(draft: CourseDraft) -> dict[str, Any]:
    return {
        **_both("title", draft.titles),
        "provider": draft.provider,
        "languages": list(draft.languages),
        "mode": draft.mode,
        "minutes": draft.minutes,
        "cost_cents": draft.cost_cents,
        "level": draft.level,
        "equivalences": list(draft.equivalences),
        "verified_on": draft.verified_on,
        "sample": draft.sample,
        "retired": False,
    }


def _linked(session: Session, community_id: int, record: Any, *columns: Any) -> dict[int, list[tuple[int, int]]]:
    """By course, what it is linked to, in the order it was written in."""
    found: dict[int, list[tuple[int, int]]] = {}
    links = select(record.course_id, *columns).where(record.course_id.in_(_ids(Course, community_id)))
    for course_id, *values in session.execute(links.order_by(record.id)):
        found.setdefault(course_id, []).append(tuple(values))
    return found


def _put(session: Session, report: Report, row: Any, new: Any, values: dict[str, Any]) -> None:
    if row is None:
        row = new
        _set(row, values)
        session.add(row)
        _count(report, None)
    else:
        _count(report, _set(row, values))


def _set(row: Any, values: dict[str, Any]) -> bool:
    """Write what differs; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _retire(rows: Iterable[Competency | Course], report: Report) -> None:
    for row in rows:
        if not row.retired:
            row.retired = True
            report.retired += 1


def _count(report: Report, changed: bool | None) -> None:
    if changed is None:
        report.added += 1
    elif changed:
        report.changed += 1
    else:
        report.unchanged += 1


def _both(name: str, texts: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{locale}": text for locale, text in texts.items()}


def _of(record: type[Row], community_id: int) -> Any:
    return select(record).where(record.community_id == community_id)


def _ids(record: type[Competency] | type[Course], community_id: int) -> Any:
    return select(record.id).where(record.community_id == community_id)


def _insert(session: Session) -> type[sqlite.Insert] | type[postgresql.Insert]:
    return sqlite.Insert if session.get_bind().dialect.name == "sqlite" else postgresql.Insert
