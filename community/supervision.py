"""Supervisors: of whom, in which department, and what they are asked when a cohort starts and after 90 days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from community import people, survey_runs, surveys, times
from community.errors import Invalid, NotFound
from community.group_records import Cohort, CohortMember
from community.records import Community, Member, Role
from community.survey_records import Survey, SurveyPurpose, SurveyRun, Wave
from community.text import one_line, within

AFTER = {Wave.start: timedelta(0), Wave.after: timedelta(days=90)}
WITHIN = timedelta(days=14)  # of the day; a bot that was away longer does not ask any more
AT = time(9)
DEPARTMENT_LIMIT = 120


def describe(session: Session, by: Member, member: Member, department: str, supervisor: Member | None) -> None:
    """Where somebody works and who supervises them, None for nobody. Raises NotAllowed, NotFound, Invalid."""
    people.require(session, by, Role.organizer)
    for one in (member, supervisor):
        if one is not None and one.community_id != by.community_id:
            raise NotFound("member_unknown")
    if member.is_bot or (supervisor is not None and (supervisor.is_bot or not supervisor.active)):
        raise Invalid("role_needs_person", field="supervisor" if not member.is_bot else "member")
    if supervisor is not None and supervisor.id == member.id:
        raise Invalid("supervisor_self", field="supervisor")
    member.department = within(one_line(department), DEPARTMENT_LIMIT, "department") or None
    member.supervisor_id = supervisor.id if supervisor else None
    session.flush()


def due(session: Session, now: datetime, community_id: int | None = None) -> list[tuple[Cohort, Wave]]:
    """Cohorts whose supervisors are to be asked now, as the community's clock has it, and were not."""
    statement = (
        select(Cohort, Community.time_zone)
        .join(Community, Community.id == Cohort.community_id)
        .where(
            Cohort.starts_on.is_not(None),
            Cohort.starts_on >= (now - AFTER[Wave.after] - WITHIN - timedelta(days=1)).date(),
            Cohort.starts_on <= (now + timedelta(days=1)).date(),
        )
        .order_by(Cohort.id)
    )
    if community_id is not None:
        statement = statement.where(Cohort.community_id == community_id)
    found = []
    for cohort, time_zone in session.execute(statement):
        asked = set(session.scalars(select(SurveyRun.wave).where(SurveyRun.cohort_id == cohort.id)))
        for wave, later in AFTER.items():
            at = _moment(cohort.starts_on, time_zone) + later
            if wave not in asked and at <= now < at + WITHIN and _wanted(session, cohort):
                found.append((cohort, wave))
    return found


def open_for_cohort(session: Session, cohort: Cohort, wave: Wave, now: datetime) -> SurveyRun | None:
    """Ask the supervisors of those in the cohort, once a wave; None when somebody else has done so."""
    survey = surveys.ensure(session, cohort.community_id, SurveyPurpose.supervisor)
    above = aliased(Member)
    statement = (
        select(above, Member)
        .join(Member, Member.supervisor_id == above.id)
        .join(CohortMember, CohortMember.member_id == Member.id)
        .where(CohortMember.cohort_id == cohort.id, CohortMember.left_at.is_(None), above.active, ~above.is_bot)
        .order_by(above.id, Member.id)
    )
    pairs = [(supervisor, member) for supervisor, member in session.execute(statement)]
    return survey_runs.open_run(session, survey, pairs, now, cohort_id=cohort.id, wave=wave)


def _moment(day: date | None, time_zone: str) -> datetime:
    return times.resolve(datetime.combine(day or date.max, AT), times.zone(time_zone))


def _wanted(session: Session, cohort: Cohort) -> bool:
    """Whether the survey is on, and somebody of the cohort has a supervisor to ask: until then it waits."""
    off = select(Survey.id).where(
        Survey.community_id == cohort.community_id, Survey.purpose == SurveyPurpose.supervisor, ~Survey.enabled
    )
    above = (
        select(Member.id)
        .join(CohortMember, CohortMember.member_id == Member.id)
        .where(CohortMember.cohort_id == cohort.id, Member.supervisor_id.is_not(None))
    )
    return session.scalar(off.limit(1)) is None and session.scalar(above.limit(1)) is not None
