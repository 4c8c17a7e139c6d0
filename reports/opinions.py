"""What people answered: respondents, and the share who agree, by groups that give nobody away.

Answers are counted by whole cells (`community.survey_cells`) of runs that are settled, and only where a cell has as
many answers to the question as the floor asks for. Every figure here is a sum over such cells, so the difference
between any two of them is one as well, or nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, fields

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from community.records import Event
from community.survey_records import (
    QuestionKind,
    RunState,
    Survey,
    SurveyAnswered,
    SurveyCell,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyRun,
)
from reports.selection import By, Selection, roots


@dataclass
class Opinion:
    """People times surveys. `agreeing` of `n` agree with the question that a programme is judged by.

    Left out: surveys that are `open` still, answers of groups with too few (`few`), and, where cohorts or departments
    are told apart, those of groups in which several were put together (`mixed`), counted in people asked.
    """

    asked: int = 0
    answered: int = 0
    agreeing: int = 0
    n: int = 0
    open: int = 0
    few: int = 0
    mixed: int = 0

    @property
    def response_rate(self) -> float | None:
        """The share of those asked who answered."""
        return self.answered / self.asked if self.asked else None

    @property
    def share(self) -> float | None:
        """The share of answers that agree."""
        return self.agreeing / self.n if self.n else None


@dataclass(frozen=True)
class Cell:
    """One group of one run, with what may be told of it."""

    id: int
    run: SurveyRun
    event: Event | None
    floor: int
    cohort: str | None
    department: str | None
    asked: int
    answered: int


@dataclass(frozen=True)
class Tally:
    """How often each answer was given to a question, over the cells that have enough of them."""

    question: SurveyQuestion
    counts: dict[int, int]

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(self.counts.values())

    @property
    def agreeing(self) -> int:
        """How many agree."""
        return sum(number for value, number in self.counts.items() if value in self.question.agreeing)


def figures(session: Session, selection: Selection, by: By | None = None) -> dict[Hashable, Opinion]:
    """Opinions by the same keys as attendance, except cohorts, which go by their code."""
    return figures_by(session, selection, (by,))[by]


def figures_by(
    session: Session, selection: Selection, parts: Iterable[By | None]
) -> dict[By | None, dict[Hashable, Opinion]]:
    """The same for several kinds of part: what people answered is read once."""
    found = list(cells(session, selection))
    headlines = _headlines(session, found)
    given = _given(session, selection)
    counted: dict[By | None, dict[Hashable, Opinion]] = {}
    for by in parts:
        keys = _keys(session, selection, by)
        opinions: dict[Hashable, Opinion] = defaultdict(Opinion)
        if by is None:
            opinions[None] = Opinion()
        for cell in found:
            headline = headlines.get(cell.run.id)
            answers = given.get((cell.id, headline.id), {}) if headline else {}
            for key in keys(cell):
                _count(opinions[key], cell, headline, answers, fits=_fits(cell, selection, by))
        counted[by] = dict(opinions)
    return counted


def _count(
    opinion: Opinion, cell: Cell, headline: SurveyQuestion | None, answers: dict[int, int], *, fits: bool
) -> None:
    if cell.run.state is RunState.open:
        opinion.open += 1
        return
    if not fits:
        opinion.mixed += cell.asked
        return
    opinion.asked += cell.asked
    opinion.answered += cell.answered
    if headline is None:
        return
    if sum(answers.values()) < cell.floor:
        opinion.few += cell.answered > 0
        return
    opinion.n += sum(answers.values())
    opinion.agreeing += sum(number for value, number in answers.items() if value in headline.agreeing)


def total(parts: Iterable[Opinion]) -> Opinion:
    """The sum of parts that have no survey in common."""
    each = list(parts)
    return Opinion(**{field.name: sum(getattr(part, field.name) for part in each) for field in fields(Opinion)})


def tallies(session: Session, selection: Selection) -> list[Tally]:
    """Every question with choices or a scale that was asked, with its answers."""
    given = _given(session, selection)
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for cell in visible(session, selection):
        for question_id in cell.run.question_ids:
            answers = given.get((cell.id, question_id), {})
            if sum(answers.values()) >= cell.floor:
                for value, number in answers.items():
                    counts[question_id][value] += number
    asked = select(SurveyQuestion).where(SurveyQuestion.id.in_(counts))
    in_order = asked.order_by(SurveyQuestion.survey_id, SurveyQuestion.position, SurveyQuestion.id)
    return [Tally(question, dict(counts[question.id])) for question in session.scalars(in_order)]


def words(session: Session, selection: Selection) -> list[str]:
    """What people wrote, from cells where enough of them did, in no order that tells anything: by the text itself."""
    wanted = {cell.id: cell for cell in visible(session, selection)}
    statement = (
        select(SurveyResponse.cell_id, SurveyResponse.text)
        .join(SurveyRun, SurveyRun.id == SurveyResponse.run_id)
        .join(Event, Event.id == SurveyRun.event_id)
        .where(*selection.events(), SurveyResponse.text.is_not(None))
    )
    by_cell: dict[int, list[str]] = defaultdict(list)
    for cell_id, text in session.execute(statement):
        if cell_id in wanted and text:
            by_cell[cell_id].append(text)
    return sorted(text for cell_id, texts in by_cell.items() if len(texts) >= wanted[cell_id].floor for text in texts)


def visible(session: Session, selection: Selection) -> Iterator[Cell]:
    """The cells whose answers may be told."""
    for cell in cells(session, selection):
        if cell.run.state is RunState.settled and cell.answered >= cell.floor and _fits(cell, selection, None):
            yield cell


def cells(session: Session, selection: Selection) -> Iterator[Cell]:
    """Every cell of every survey after an event of the selection."""
    where = selection.events()
    runs = {
        run.id: (run, event, floor)
        for run, event, floor in session.execute(
            select(SurveyRun, Event, Survey.floor)
            .join(Event, Event.id == SurveyRun.event_id)
            .join(Survey, Survey.id == SurveyRun.survey_id)
            .where(*where)
        )
    }
    mine = select(SurveyRun.id).join(Event, Event.id == SurveyRun.event_id).where(*where)
    asked, answered = _people(session, mine)
    # Column by column: there are several cells to a run, and a record for each takes its time.
    columns = (SurveyCell.id, SurveyCell.run_id, SurveyCell.cohort, SurveyCell.department)
    for number, run_id, cohort, department in session.execute(select(*columns).where(SurveyCell.run_id.in_(mine))):
        run, event, floor = runs[run_id]
        # A floor that was raised since holds for what is shown now; one that was lowered does not.
        yield Cell(
            number, run, event, max(run.floor, floor), cohort, department,
            asked.get(number, 0), answered.get(number, 0),
        )  # fmt: skip


def _people(session: Session, run_ids: object) -> tuple[dict[int, int], dict[int, int]]:
    """How many are asked, and how many answered, by cell."""
    of_runs = SurveyInvitation.run_id.in_(run_ids)  # type: ignore[arg-type]  # a statement
    all_asked = select(SurveyInvitation.cell_id, func.count()).where(of_runs).group_by(SurveyInvitation.cell_id)
    done = all_asked.join(
        SurveyAnswered,
        and_(
            SurveyAnswered.run_id == SurveyInvitation.run_id,
            SurveyAnswered.member_id == SurveyInvitation.member_id,
            SurveyAnswered.about_id == SurveyInvitation.about_id,
        ),
    )
    return dict(session.execute(all_asked).all()), dict(session.execute(done).all())


def _given(session: Session, selection: Selection) -> dict[tuple[int, int], dict[int, int]]:
    """How often each answer was given, by cell and question."""
    columns = (SurveyResponse.cell_id, SurveyResponse.question_id, SurveyResponse.value)
    statement = (
        select(*columns, func.count())
        .join(SurveyRun, SurveyRun.id == SurveyResponse.run_id)
        .join(Event, Event.id == SurveyRun.event_id)
        .where(*selection.events(), SurveyResponse.value.is_not(None))
        .group_by(*columns)
    )
    found: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for cell_id, question_id, value, number in session.execute(statement):
        found[cell_id, question_id][value or 0] = number
    return found


def _headlines(session: Session, found: Iterable[Cell]) -> dict[int, SurveyQuestion]:
    """The question of each run that a programme is judged by."""
    runs = {cell.run.id: cell.run for cell in found}
    ids = {number for run in runs.values() for number in run.question_ids}
    statement = select(SurveyQuestion).where(
        SurveyQuestion.id.in_(ids), SurveyQuestion.headline, SurveyQuestion.kind != QuestionKind.text
    )
    judged = {question.id: question for question in session.scalars(statement)}
    return {run.id: judged[number] for run in runs.values() for number in run.question_ids if number in judged}


def _fits(cell: Cell, selection: Selection, by: By | None) -> bool:
    """Whether the cell lies within what is asked for, and under one name where names are told apart."""
    if selection.department is not None and cell.department != selection.department:
        return False
    if selection.cohort is not None and cell.cohort != selection.cohort.code:
        return False
    return not (by is By.department and cell.department is None) and not (by is By.cohort and cell.cohort is None)


def _keys(session: Session, selection: Selection, by: By | None):  # type: ignore[no-untyped-def]
    first = roots(session, selection.community_id) if by is By.series else {}

    def of(cell: Cell) -> tuple[Hashable, ...]:
        event = cell.event
        if by is None or event is None:
            return (None,)
        match by:
            case By.event:
                return (event.id,)
            case By.series:
                return (first.get(event.series_id) if event.series_id else None,)
            case By.month:
                return (event.local_start[:7],)
            case By.kind:
                return (event.kind.value,)
            case By.cohort:
                return (cell.cohort,)
            case By.department:
                return (cell.department,)

    return of
