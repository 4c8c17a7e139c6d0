"""Takes what files hold into the database; the same twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.catalogue import keeping, loaded
from knowledge.catalogue.changes import Report
from knowledge.catalogue.drafts import CompetencyDraft, CourseDraft, LevelDraft
from knowledge.catalogue.files import Drafts
from knowledge.catalogue.keeping import Contradicted
from knowledge.catalogue.loaded import KnownCourse
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


def take(session: Session, community_id: int, drafts: Drafts, *, overwrite: bool = False) -> Report:
    """Bring the tables that are there into the community's catalogue, as they are in the files.

    Lines that are gone from a table are retired: hidden, and back with everything that refers to them when they return.
    What was changed in Slack since the last import stays unless `overwrite`; `kept` names it either way. The drafts
    must be free of problems. Raises Contradicted where they do not go together with what stays.
    """
    lock(session, community_id)
    report, before = Report(), loaded.load(session, community_id).courses
    if drafts.levels is not None:
        _scale(session, community_id, [d for d in drafts.levels if d.competency is None], report)
    if drafts.competencies is not None:
        _competencies(session, community_id, drafts.competencies, report)
    if drafts.levels is not None:
        _descriptors(session, community_id, [d for d in drafts.levels if d.competency is not None], report)
    if drafts.courses is not None:
        _course_table(session, community_id, drafts.courses, before, report, overwrite=overwrite)
    _finish(session, community_id, report)
    return report


def put(session: Session, community_id: int, draft: CourseDraft, now: datetime) -> Report:
    """Have one course say this, a new one or one that was retired too; the others stay. `lock` goes before."""
    report = Report()
    _note_table(session, community_id, session.scalar(_of(Course, community_id).where(Course.code == draft.code)))
    (course,) = _courses(session, community_id, [draft], report, staying=None)
    course.changed_at = now
    _finish(session, community_id, report)
    return report


def _course_table(
    session: Session, community_id: int, drafts: list[CourseDraft], before: Mapping[str, KnownCourse], report: Report,
    *, overwrite: bool,
) -> None:  # fmt: skip
    """The whole table, but for what was changed in Slack since the last one; `before` is what courses said till now."""
    rows = {row.code: row for row in session.scalars(_of(Course, community_id))}
    file = drafts[0].row.file if drafts else "courses"
    settled = keeping.settle(drafts, rows, before, file)
    framework = loaded.load(session, community_id)
    if not overwrite and (problems := keeping.contradictions(settled, before, framework, file)):
        raise Contradicted(problems)
    report.kept = settled.kept
    lines = {draft.code: keeping.cells(draft) for draft in drafts}
    wanted, staying = (drafts, set[str]()) if overwrite else (settled.drafts, settled.staying)
    still = set() if overwrite else {one.code for one in settled.kept}
    for course in _courses(session, community_id, wanted, report, staying=staying):
        _set(course, {"imported": lines[course.code]} | ({} if course.code in still else {"changed_at": None}))


def retire(session: Session, community_id: int, code: str, now: datetime, *, retired: bool = True) -> bool:
    """Hide a course, or bring it back, with everything that refers to it; False where there is nothing to do."""
    row = session.scalar(_of(Course, community_id).where(Course.code == code))
    if row is None or row.retired is retired:
        return False
    if retired:
        _note_table(session, community_id, row)
    row.retired = retired
    _note_table(session, community_id, row)  # one brought back can be read only now
    row.changed_at = now
    _finish(session, community_id, Report(changed=1))
    return True


def _note_table(session: Session, community_id: int, row: Course | None) -> None:
    """Before a person changes a course for the first time: what it says is what a table said, if none is known."""
    if row is not None and row.imported is None and row.changed_at is None:
        course = loaded.load(session, community_id).courses.get(row.code)
        row.imported = keeping.cells(course) if course else None


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
        _put(
            session,
            report,
            f"level {draft.level}",
            row,
            Proficiency(community_id=community_id, level=draft.level),
            values,
        )
    for level, row in rows.items():
        session.delete(row)
        report.count_retired(f"level {level}")


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
        name = f"competency {draft.code}"
        _put(session, report, name, row, Competency(community_id=community_id, code=draft.code), values)
    _retire(rows.values(), report)
    session.flush()


def _descriptors(session: Session, community_id: int, drafts: list[LevelDraft], report: Report) -> None:
    competencies = {row.code: row.id for row in session.scalars(_of(Competency, community_id))}
    mine = select(Descriptor).where(Descriptor.competency_id.in_(_ids(Competency, community_id)))
    rows = {(row.competency_id, row.level): row for row in session.scalars(mine)}
    for draft in drafts:
        place = (competencies[draft.competency or ""], draft.level)
        texts = _both("text", draft.descriptors)
        name = f"level {draft.level} of {draft.competency}"
        _put(session, report, name, rows.pop(place, None), Descriptor(competency_id=place[0], level=place[1]), texts)
    codes = {number: code for code, number in competencies.items()}
    for (competency_id, level), row in rows.items():
        session.delete(row)
        report.count_retired(f"level {level} of {codes[competency_id]}")


def _courses(
    session: Session, community_id: int, drafts: list[CourseDraft], report: Report, *, staying: set[str] | None
) -> list[Course]:
    """Have the courses say this; those that no draft names are retired but for `staying`, None for all of them."""
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
        differs = None if differs is None else differs or sum(map(len, renewed.values())) > before
        report.count(differs, f"course {draft.code}")
    _unlink(session, CourseCompetency, [id for id in renewed[CourseCompetency] if id in developed])
    _unlink(session, Prerequisite, [id for id in renewed[Prerequisite] if id in required])
    session.add_all(links)
    if staying is not None:
        gone = [row for code, row in waiting.items() if code not in staying]
        _retire(gone, report)
        for row in gone:
            row.changed_at = None
    return [course for course, _ in made.values()]


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


def _put(session: Session, report: Report, name: str, row: Any, new: Any, values: dict[str, Any]) -> None:
    if row is None:
        row = new
        _set(row, values)
        session.add(row)
        report.count(None, name)
    else:
        report.count(_set(row, values), name)


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
            report.count_retired(f"{type(row).__name__.lower()} {row.code}")


def _both(name: str, texts: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{locale}": text for locale, text in texts.items()}


def _of(record: type[Row], community_id: int) -> Any:
    return select(record).where(record.community_id == community_id)


def _ids(record: type[Competency] | type[Course], community_id: int) -> Any:
    return select(record.id).where(record.community_id == community_id)


def _insert(session: Session) -> type[sqlite.Insert] | type[postgresql.Insert]:
    return sqlite.Insert if session.get_bind().dialect.name == "sqlite" else postgresql.Insert
