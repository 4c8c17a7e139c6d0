"""One answer from each person who is asked, kept apart from who they are (`survey_records`)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.records import Event, Member
from community.rows import HOLD, insert_new
from community.survey_defaults import SCALE
from community.survey_records import (
    QuestionKind,
    RunState,
    Survey,
    SurveyAnswered,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyRun,
)
from community.text import clean, within

WORDS_LIMIT = 2000
MIXED = 60  # earlier answers that are written anew beside each new one

Given = Mapping[int, int | str | None]  # question id to a number on the scale, of a choice, or words

_chance = secrets.SystemRandom()


@dataclass(frozen=True)
class Asked:
    """A run as one person is asked: `done` when they have answered."""

    run: SurveyRun
    survey: Survey
    event: Event | None
    about: Member
    questions: list[SurveyQuestion]
    done: bool


def asked(session: Session, member: Member, run_id: int, now: datetime, about_id: int | None = None) -> Asked:
    """What this person is asked. Raises NotFound `survey_unknown`, NotAllowed `survey_not_yours`, `survey_closed`."""
    return _asked(session, member, _run(session, member, run_id), now, about_id)


def answer(
    session: Session, member: Member, run_id: int, given: Given, now: datetime, about_id: int | None = None
) -> Asked:
    """Keep the answers, once and without whose they are.

    Raises what `asked` raises, Conflict `survey_answered`, and Invalid with the field `question.<id>`.
    """
    # Held: answers are written one after the other, for each writes others anew.
    mine = _asked(session, member, _run(session, member, run_id, hold=True), now, about_id)
    key = {"run_id": mine.run.id, "member_id": member.id, "about_id": mine.about.id}
    kept = [(question.id, _checked(question, given.get(question.id))) for question in mine.questions]
    if not insert_new(session, SurveyAnswered, **key):
        raise Conflict("survey_answered")
    cell_id = session.scalars(
        select(SurveyInvitation.cell_id).where(*(getattr(SurveyInvitation, name) == of for name, of in key.items()))
    ).one()
    _mix(
        session,
        mine.run,
        [
            {"run_id": mine.run.id, "question_id": question_id, "cell_id": cell_id} | _stored(value)
            for question_id, value in kept
            if value is not None
        ],
    )
    return mine


def _mix(session: Session, run: SurveyRun, new: list[dict[str, object]]) -> None:
    """Write the new answers among earlier ones that are written anew.

    A database keeps, beside what it is told, which rows one transaction wrote and in which order rows came: so neither
    must say which answers came together, or with which person's mark.
    """
    columns = ("run_id", "question_id", "cell_id", "value", "text")
    earlier = session.execute(
        select(SurveyResponse.id, *(getattr(SurveyResponse, name) for name in columns))
        .where(SurveyResponse.run_id == run.id)
        .order_by(func.random())
        .limit(MIXED)
    ).all()
    if earlier:
        session.execute(delete(SurveyResponse).where(SurveyResponse.id.in_([row.id for row in earlier])))
    rows = [{name: getattr(row, name) for name in columns} for row in earlier] + new
    _chance.shuffle(rows)
    if rows:
        session.execute(insert(SurveyResponse), [{"id": _chance.getrandbits(62)} | row for row in rows])


def _stored(value: int | str) -> dict[str, object]:
    return {"value": value, "text": None} if isinstance(value, int) else {"value": None, "text": value}


def _checked(question: SurveyQuestion, value: int | str | None) -> int | str | None:
    field = f"question.{question.id}"
    if question.kind is QuestionKind.text:
        return within(clean(str(value or "")), WORDS_LIMIT, field) or None
    most = len(SCALE) if question.kind is QuestionKind.scale else len(question.choices_en)
    if not isinstance(value, int) or not 1 <= value <= most:
        raise Invalid("survey_choose", field=field)
    return value


def _asked(session: Session, member: Member, run: SurveyRun, now: datetime, about_id: int | None) -> Asked:
    key = (run.id, member.id, about_id or member.id)
    if session.get(SurveyInvitation, key) is None:
        raise NotAllowed("survey_not_yours")
    if run.state is not RunState.open or now >= run.closes_at:
        raise Invalid("survey_closed", closes_at=run.closes_at)
    found = {
        row.id: row for row in session.scalars(select(SurveyQuestion).where(SurveyQuestion.id.in_(run.question_ids)))
    }
    return Asked(
        run,
        session.get_one(Survey, run.survey_id),
        session.get(Event, run.event_id) if run.event_id else None,
        session.get_one(Member, key[2]),
        [found[number] for number in run.question_ids],
        session.get(SurveyAnswered, key) is not None,
    )


def _run(session: Session, member: Member, run_id: int, *, hold: bool = False) -> SurveyRun:
    run = session.get(SurveyRun, run_id, with_for_update=HOLD if hold else None, populate_existing=hold)
    if run is None or run.community_id != member.community_id:
        raise NotFound("survey_unknown")
    return run
