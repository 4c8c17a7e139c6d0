"""What supervisors see of those in the programme, at the start and after 90 days: in aggregate, never of one person."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.survey_records import RunState, Survey, SurveyAnswered, SurveyQuestion, SurveyResponse, SurveyRun, Wave
from reports.opinions import Tally


def tallies(session: Session, community_id: int) -> dict[Wave, list[Tally]]:
    """What supervisors answered at the start and after, over the cohorts in which enough of them did.

    One who answers about several is one: a cohort counts where there are as many supervisors as the floor asks for.
    """
    runs = select(SurveyRun, Survey.floor).join(Survey, Survey.id == SurveyRun.survey_id)
    mine = (SurveyRun.community_id == community_id, SurveyRun.cohort_id.is_not(None))
    counts: dict[Wave, dict[int, dict[int, int]]] = {wave: defaultdict(lambda: defaultdict(int)) for wave in Wave}
    for run, floor in session.execute(runs.where(*mine, SurveyRun.state == RunState.settled)):
        voices = select(func.count(SurveyAnswered.member_id.distinct())).where(SurveyAnswered.run_id == run.id)
        if run.wave is None or (session.scalar(voices) or 0) < max(run.floor, floor):
            continue
        columns = (SurveyResponse.question_id, SurveyResponse.value)
        answers = select(*columns, func.count()).where(SurveyResponse.run_id == run.id).group_by(*columns)
        for question_id, value, number in session.execute(answers.where(SurveyResponse.value.is_not(None))):
            counts[run.wave][question_id][value or 0] += number
    asked = {number for of_wave in counts.values() for number in of_wave}
    statement = select(SurveyQuestion).where(SurveyQuestion.id.in_(asked))
    questions = session.scalars(statement.order_by(SurveyQuestion.position, SurveyQuestion.id)).all()
    return {
        wave: [Tally(question, dict(found[question.id])) for question in questions if question.id in found]
        for wave, found in counts.items()
    }
