"""Surveys that were sent and answered, as the tests of several subjects need them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from community import survey_answers, survey_runs
from community.errors import CommunityError
from community.records import Attendance, Event, EventState, Evidence, Member, Status
from community.survey_answers import Given
from community.survey_records import (
    QuestionKind,
    SurveyAnswered,
    SurveyQuestion,
    SurveyResponse,
    SurveyRun,
)
from tests.town import NOW, Town, fresh

END = NOW + timedelta(days=2, hours=2)
LATER = END + timedelta(hours=2)
OVER = LATER + timedelta(days=8)


def held(town: Town, there: list[Member], *missing: Member) -> Event:
    """An event that is over, at which these people were."""
    event = town.event()
    rows = [(member, Status.present) for member in there] + [(member, Status.absent) for member in missing]
    with town.database.begin() as session:
        session.execute(
            insert(Attendance),
            [
                {
                    "event_id": event.id,
                    "member_id": member.id,
                    "status": status,
                    "evidence": Evidence.button,
                    "recorded_at": NOW,
                }
                for member, status in rows
            ],
        )
        fresh(session, event).state = EventState.closed
    return event


def sent(town: Town, event: Event) -> SurveyRun:
    with town.database.begin() as session:
        run = survey_runs.open_for_event(session, fresh(session, event), LATER)
    assert run is not None
    return run


def given(session: Session, run: SurveyRun, value: int = 4, words: str = "") -> Given:
    """An answer to every question of the run."""
    asked = session.scalars(select(SurveyQuestion).where(SurveyQuestion.id.in_(run.question_ids)))
    return {q.id: words if q.kind is QuestionKind.text else min(value, len(q.choices_en) or 5) for q in asked}


def answer(town: Town, run: SurveyRun, member: Member, value: int = 4, words: str = "", now: datetime = LATER) -> None:
    with town.database.begin() as session:
        survey_answers.answer(session, member, run.id, given(session, run, value, words), now)


def refused(town: Town, run: SurveyRun, member: Member, now: datetime = LATER, answers: Given | None = None) -> str:
    with pytest.raises(CommunityError) as refusal, town.database.begin() as session:
        survey_answers.answer(session, member, run.id, given(session, run) if answers is None else answers, now)
    return refusal.value.code


def settle(town: Town, run: SurveyRun) -> None:
    with town.database.begin() as session:
        mine = survey_runs.hold(session, run)
        assert mine is not None
        survey_runs.settle(session, mine)


def count(town: Town, record: type[SurveyResponse | SurveyAnswered], run: SurveyRun) -> int:
    with town.database.read() as session:
        return len(session.scalars(select(record).where(record.run_id == run.id)).all())
