"""The catalogue in files: read and checked as a whole, and written so that reading it back changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.catalogue import drafts, tables
from knowledge.catalogue.cells import written_cost, written_length
from knowledge.catalogue.drafts import CompetencyDraft, CourseDraft, LevelDraft
from knowledge.catalogue.loaded import Catalogue, KnownCourse, Texts
from knowledge.catalogue.names import bare, content
from knowledge.catalogue.problems import TableProblem
from knowledge.catalogue.tables import Row, Tables

LOCALES = ("en", "fr")


@dataclass(frozen=True)
class Drafts:
    """What files hold; None for a table that was not among them and is to stay as it is."""

    levels: list[LevelDraft] | None
    competencies: list[CompetencyDraft] | None
    courses: list[CourseDraft] | None

    @property
    def lines(self) -> int:
        """How many lines there are in all."""
        return sum(len(part) for part in (self.levels, self.competencies, self.courses) if part is not None)


def read(path: Path, known: Catalogue, today: date) -> tuple[Drafts, list[TableProblem]]:
    """What a folder, a CSV file or a workbook holds, and line by line what is wrong with it.

    `known` is the catalogue as it stands, for what the tables that are not there would say.
    """
    found, problems = tables.read(path)
    read_drafts = Drafts(
        drafts.levels(found["levels"], problems) if "levels" in found else None,
        drafts.competencies(found["competencies"], problems) if "competencies" in found else None,
        drafts.courses(found["courses"], problems, today) if "courses" in found else None,
    )
    problems += _problems_between(read_drafts, found, known)
    return read_drafts, sorted(problems, key=lambda problem: (problem.file, problem.line))


def _problems_between(read: Drafts, found: Tables, known: Catalogue) -> Iterable[TableProblem]:
    """What is wrong only beside other lines. A code counts as there even when its own line has a problem."""
    competencies = _codes(found, "competencies", known.competencies)
    courses = _codes(found, "courses", known.courses)
    scale = {draft.level for draft in read.levels or () if draft.competency is None}
    scale = scale if read.levels is not None else set(known.scale)
    for name in ("competencies", "courses"):
        yield from _duplicates(found.get(name, ()))
    yield from _levels(read.levels or (), competencies, scale)
    yield from _framework(read.competencies or (), competencies)
    for course in read.courses or ():
        yield from beside(course, competencies, courses, scale)
    yield from circles(
        {course.code: course.prerequisites for course in read.courses or ()},
        {course.code: course.row for course in read.courses or ()},
        "circle",
    )


def _codes(found: Tables, name: str, known: Mapping[str, object]) -> set[str]:
    return {row.cells["code"] for row in found[name]} if name in found else set(known)


def _duplicates(rows: Iterable[Row]) -> Iterable[TableProblem]:
    seen: dict[str, Row] = {}
    for row in rows:
        code = row.cells["code"]
        before = seen.setdefault(bare(code), row)
        if before is row or not bare(code):
            continue
        if before.cells["code"] == code:
            yield row.problem("duplicate_code", code=code[:50], line=before.line)
        else:
            yield row.problem("similar_code", code=code[:50], other=before.cells["code"][:50], line=before.line)


def _levels(found: Iterable[LevelDraft], competencies: set[str], scale: set[int]) -> Iterable[TableProblem]:
    seen: dict[tuple[str | None, int], Row] = {}
    for draft in found:
        before = seen.setdefault((draft.competency, draft.level), draft.row)
        if before is not draft.row and draft.competency is None:
            yield draft.row.problem("duplicate_step", level=draft.level, line=before.line)
        elif before is not draft.row:
            yield draft.row.problem("duplicate_level", level=draft.level, code=draft.competency, line=before.line)
        if draft.competency is not None:
            if draft.competency not in competencies:
                yield draft.row.problem("unknown_competency", code=draft.competency)
            yield from _off_scale(draft.row, draft.level, scale)


def _off_scale(row: Row, level: int, scale: set[int]) -> Iterable[TableProblem]:
    if level not in scale:
        known = ", ".join(map(str, sorted(scale))) or "none; add a line without a competency to levels.csv"
        yield row.problem("unknown_level", level=level, known=known)


def _framework(found: Iterable[CompetencyDraft], codes: set[str]) -> Iterable[TableProblem]:
    names: dict[tuple[str, ...], str] = {}
    parents: dict[str, tuple[str, ...]] = {}
    rows: dict[str, Row] = {}
    for draft in found:
        if draft.parent and draft.parent not in codes:
            yield draft.row.problem("unknown_competency", code=draft.parent)
        parents[draft.code] = (draft.parent,) if draft.parent else ()
        rows[draft.code] = draft.row
        for name in (*draft.titles.values(), *draft.phrasings["en"], *draft.phrasings["fr"]):
            owner = names.setdefault(content(name), draft.code)
            if owner != draft.code:
                yield draft.row.problem("shared_name", name=name, other=owner)
    yield from circles(parents, rows, "own_parent")


def beside(course: CourseDraft, competencies: set[str], courses: set[str], scale: set[int]) -> Iterable[TableProblem]:
    """What is wrong with a course beside the rest of the catalogue: what it names is not there, or is itself."""
    for code, level in course.develops.items():
        if code not in competencies:
            yield course.row.problem("unknown_competency", code=code)
        yield from _off_scale(course.row, level, scale)
    for code in course.prerequisites:
        if code == course.code:
            yield course.row.problem("own_prerequisite", column="prerequisites")
        elif code not in courses:
            yield course.row.problem("unknown_course", code=code)
    if bare(course.code) in map(bare, course.equivalences):
        yield course.row.problem("own_prerequisite", column="equivalences")


def circles(edges: Mapping[str, tuple[str, ...]], rows: Mapping[str, Row], code: str) -> Iterable[TableProblem]:
    """One problem for each group that leads back to itself; a direct one of its own is told elsewhere for courses."""
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        on_path: set[str] = set()
        waiting = [(start, False)]
        while waiting:
            node, leaving = waiting.pop()
            if leaving:
                on_path.discard(path.pop())
                done.add(node)
                continue
            if node in on_path:
                circle = path[path.index(node) :]
                if len(circle) > 1 or code == "own_parent":
                    yield rows[node].problem(code, codes=" → ".join([*circle, node][:10]))
                continue
            if node in done or node not in edges:
                continue
            path.append(node)
            on_path.add(node)
            waiting.append((node, True))
            waiting += [(other, False) for other in edges[node]]


def export(catalogue: Catalogue, target: Path) -> int:
    """Write the catalogue as a workbook (`.xlsx`) or into a folder as CSV files; the number of lines written."""
    written = {"levels": _level_lines(catalogue), "competencies": _competency_lines(catalogue)}
    written["courses"] = _course_lines(catalogue)
    if target.suffix.lower() == ".xlsx":
        tables.write_workbook(target, written)
    else:
        tables.write_csv(target, written)
    return sum(map(len, written.values()))


def _level_lines(catalogue: Catalogue) -> list[list[str]]:
    lines = [
        ["", str(step.level), *_both(step.titles), *_both(step.descriptors), _yes(step.sample)]
        for step in catalogue.scale.values()
    ]
    for competency in catalogue.competencies.values():
        lines += [
            [competency.code, str(level), "", "", *_both(texts), _yes(competency.sample)]
            for level, texts in competency.descriptors.items()
        ]
    return lines


def _competency_lines(catalogue: Catalogue) -> list[list[str]]:
    return [
        [
            competency.code,
            competency.parent or "",
            *_both(competency.titles),
            *_both(competency.descriptions),
            *("; ".join(competency.phrasings[locale]) for locale in LOCALES),
            _yes(competency.sample),
        ]
        for competency in catalogue.competencies.values()
    ]


def _course_lines(catalogue: Catalogue) -> list[list[str]]:
    return [course_line(course) for course in catalogue.courses.values()]


def course_line(course: KnownCourse | CourseDraft) -> list[str]:
    """A course as a line of its table."""
    return [
        course.code,
        *_both(course.titles),
        course.provider,
        "; ".join(course.languages),
        course.mode.value,
        written_length(course.minutes),
        written_cost(course.cost_cents),
        course.level.value,
        "; ".join(f"{code}:{level}" for code, level in course.develops.items()),
        "; ".join(course.prerequisites),
        "; ".join(course.equivalences),
        course.verified_on.isoformat(),
        _yes(course.sample),
    ]


def _both(texts: Texts) -> list[str]:
    return [texts[locale] for locale in LOCALES]


def _yes(value: bool) -> str:
    return "yes" if value else "no"
