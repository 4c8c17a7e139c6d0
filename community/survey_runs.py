"""A survey that was sent: whom it asks, when it reminds and closes, and which groups have results in the end.

Nobody sees any result before the run is settled: by looking twice, one could tell who answered what in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, true, update
from sqlalchemy.orm import Session

from community import survey_cells, surveys
from community.group_records import Cohort, CohortMember
from community.records import Attendance, Event, EventState, Member, Status
from community.rows import insert_new
from community.survey_cells import Key
from community.survey_records import (
    RunState,
    Survey,
    SurveyAnswered,
    SurveyCell,
    SurveyInvitation,
    SurveyResponse,
    SurveyRun,
)

SENT_AFTER = timedelta(hours=1)  # the end of the event: by then its roster has been put right
SENT_WITHIN = timedelta(days=7)  # of the end; later nobody remembers well


def events_due(session: Session, now: datetime, limit: int, community_id: int | None = None) -> list[Event]:
    """Events that are over and settled, whose survey is on and was not sent yet."""
    sent = select(SurveyRun.id).where(SurveyRun.event_id == Event.id).exists()
    off = (
        select(Survey.id)
        .where(Survey.community_id == Event.community_id, Survey.purpose == Event.kind, ~Survey.enabled)
        .exists()
    )
    # By the start, which has an index: no event lasts longer than a week.
    recent = Event.starts_at > now - 2 * SENT_WITHIN
    over = (Event.ends_at <= now - SENT_AFTER, Event.ends_at > now - SENT_WITHIN)
    where = (Event.state == EventState.closed, recent, *over, ~Event.sample, ~sent, ~off)
    mine = true() if community_id is None else Event.community_id == community_id
    return list(session.scalars(select(Event).where(mine, *where).order_by(Event.ends_at, Event.id).limit(limit)))


def open_for_event(session: Session, event: Event, now: datetime) -> SurveyRun | None:
    """Ask those who were there, once; None when somebody else has done so. With nobody to ask it is settled at once."""
    survey = surveys.ensure(session, event.community_id, surveys.purpose_of(event.kind))
    there = select(Attendance.member_id).where(
        Attendance.event_id == event.id, Attendance.status.in_((Status.present, Status.late))
    )
    people = session.scalars(select(Member).where(Member.id.in_(there), ~Member.is_bot).order_by(Member.id))
    return open_run(session, survey, [(member, member) for member in people], now, event_id=event.id)


def open_run(
    session: Session, survey: Survey, asked: Iterable[tuple[Member, Member]], now: datetime, **of: object
) -> SurveyRun | None:
    """Ask each first about each second; `of` names the event. None when there is such a run already."""
    pairs = list(asked)
    days = timedelta(days=survey.open_days)
    new = insert_new(
        session,
        SurveyRun,
        community_id=survey.community_id,
        survey_id=survey.id,
        question_ids=[question.id for question in surveys.questions(session, survey)],
        floor=survey.floor,
        state=RunState.open if pairs else RunState.settled,
        opened_at=now,
        remind_at=now + days / 2,
        closes_at=now + days,
        **of,
    )
    if not new:
        return None
    wanted = [getattr(SurveyRun, name) == value for name, value in of.items()]
    run = session.scalars(select(SurveyRun).where(SurveyRun.survey_id == survey.id, *wanted)).one()
    _invite(session, run, pairs)
    return run


def _invite(session: Session, run: SurveyRun, pairs: list[tuple[Member, Member]]) -> None:
    if run.event_id is None:  # one person may answer about several, who are not to be told apart then
        keys: list[Key] = [survey_cells.ALL] * len(pairs)
    else:
        cohorts = _cohorts(session, {about.id for _, about in pairs})
        keys = [(cohorts.get(about.id), about.department) for _, about in pairs]
    becomes = survey_cells.pooled(Counter(keys), run.floor)
    cells = {key: SurveyCell(run_id=run.id, cohort=key[0], department=key[1]) for key in set(becomes.values())}
    session.add_all(cells.values())
    session.flush()
    rows = [
        {"run_id": run.id, "member_id": member.id, "about_id": about.id, "cell_id": cells[becomes[key]].id}
        for (member, about), key in zip(pairs, keys, strict=True)
    ]
    if rows:
        session.execute(insert(SurveyInvitation), rows)


def _cohorts(session: Session, member_ids: set[int]) -> dict[int, str]:
    """The newest cohort that each is in."""
    statement = (
        select(CohortMember.member_id, Cohort.code)
        .join(Cohort, Cohort.id == CohortMember.cohort_id)
        .where(CohortMember.member_id.in_(member_ids), CohortMember.left_at.is_(None))
        .order_by(Cohort.id)
    )
    return dict(session.execute(statement).all())


def silent(session: Session, run: SurveyRun) -> list[tuple[Member, Member]]:
    """Those who are asked and have not answered, each with whom they are asked about."""
    done = select(SurveyAnswered.run_id).where(
        SurveyAnswered.run_id == SurveyInvitation.run_id,
        SurveyAnswered.member_id == SurveyInvitation.member_id,
        SurveyAnswered.about_id == SurveyInvitation.about_id,
    )
    statement = (
        select(SurveyInvitation.member_id, SurveyInvitation.about_id)
        .where(SurveyInvitation.run_id == run.id, ~done.exists())
        .order_by(SurveyInvitation.member_id, SurveyInvitation.about_id)
    )
    pairs = session.execute(statement).all()
    people = {
        member.id: member
        for member in session.scalars(select(Member).where(Member.id.in_({id for pair in pairs for id in pair})))
    }
    return [(people[member_id], people[about_id]) for member_id, about_id in pairs]


def runs_due(session: Session, now: datetime, limit: int, community_id: int | None = None) -> list[SurveyRun]:
    """Open runs that are to be settled, or whose reminder is due, oldest first."""
    due = or_(SurveyRun.closes_at <= now, SurveyRun.remind_at <= now)
    statement = select(SurveyRun).where(SurveyRun.state == RunState.open, due, _of(community_id))
    return list(session.scalars(statement.order_by(SurveyRun.closes_at, SurveyRun.id).limit(limit)))


def hold(session: Session, found: SurveyRun) -> SurveyRun | None:
    """The open run as it is now, for this transaction alone; None when another has it or settled it."""
    statement = select(SurveyRun).where(SurveyRun.id == found.id, SurveyRun.state == RunState.open)
    return session.scalar(statement.with_for_update(skip_locked=True).execution_options(populate_existing=True))


def settle(session: Session, run: SurveyRun) -> None:
    """Take no more answers, and put together the groups from which too few came. The run must be held.

    Where even all together are too few, their answers are forgotten: nobody will ever see them, and of the only one who
    answered the tables would say what.
    """
    cells = {cell.id: cell for cell in session.scalars(select(SurveyCell).where(SurveyCell.run_id == run.id))}
    counts: dict[Key, int] = {(cell.cohort, cell.department): 0 for cell in cells.values()}
    counts |= {(cells[cell_id].cohort, cells[cell_id].department): n for cell_id, n in _voices(session, run).items()}
    becomes = survey_cells.pooled(counts, run.floor)
    by_key = {(cell.cohort, cell.department): cell for cell in cells.values()}
    for key, target in becomes.items():
        if key == target:
            continue
        if target not in by_key:
            by_key[target] = SurveyCell(run_id=run.id, cohort=target[0], department=target[1])
            session.add(by_key[target])
            session.flush()
        for record in (SurveyResponse, SurveyInvitation):
            moved = update(record).where(record.cell_id == by_key[key].id).values(cell_id=by_key[target].id)
            session.execute(moved.execution_options(synchronize_session=False))
    sizes = Counter[Key]()
    for key, target in becomes.items():
        sizes[target] += counts[key]
    too_few = [by_key[key].id for key, size in sizes.items() if size < run.floor]
    session.execute(delete(SurveyResponse).where(SurveyResponse.cell_id.in_(too_few)))
    run.state, run.remind_at = RunState.settled, None
    session.flush()
    used = set(becomes.values())
    session.execute(delete(SurveyCell).where(SurveyCell.id.in_([by_key[k].id for k in by_key.keys() - used])))


def _voices(session: Session, run: SurveyRun) -> dict[int, int]:
    """How many people answered, by cell: one who answers about several is one."""
    statement = (
        select(SurveyInvitation.cell_id, func.count(SurveyAnswered.member_id.distinct()))
        .join(
            SurveyAnswered,
            (SurveyAnswered.run_id == SurveyInvitation.run_id)
            & (SurveyAnswered.member_id == SurveyInvitation.member_id)
            & (SurveyAnswered.about_id == SurveyInvitation.about_id),
        )
        .where(SurveyInvitation.run_id == run.id)
        .group_by(SurveyInvitation.cell_id)
    )
    return dict(session.execute(statement).all())


def next_due(session: Session, community_id: int | None = None) -> datetime | None:
    """When the next reminder or end of an open run is due; None when nothing is."""
    soonest = func.min(func.coalesce(SurveyRun.remind_at, SurveyRun.closes_at))
    return session.scalar(select(soonest).where(SurveyRun.state == RunState.open, _of(community_id)))


def _of(community_id: int | None) -> ColumnElement[bool]:
    return true() if community_id is None else SurveyRun.community_id == community_id
