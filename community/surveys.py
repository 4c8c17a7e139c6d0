"""What a community asks: its surveys, one for each kind of event and one for supervisors, and their questions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import people
from community.errors import Conflict, Invalid, NotFound
from community.records import EventKind, Member, Role
from community.rows import HOLD, insert_new
from community.survey_defaults import AGREEING, DEFAULTS, QuestionDraft
from community.survey_records import QuestionKind, Survey, SurveyPurpose, SurveyQuestion
from community.text import one_line, required

FLOORS = (5, 10)
OPEN_DAYS = (1, 60)
MOST_QUESTIONS = 10
MOST_CHOICES = 10
TEXT_LIMIT = 300
CHOICE_LIMIT = 75


@dataclass(frozen=True)
class Settings:
    """Whether a survey is sent, how many days it takes answers, and from how many on there are results."""

    enabled: bool
    open_days: int
    floor: int


def purpose_of(kind: EventKind) -> SurveyPurpose:
    """The survey that belongs to a kind of event."""
    return SurveyPurpose(kind.value)


def ensure(session: Session, community_id: int, purpose: SurveyPurpose) -> Survey:
    """The community's survey for this purpose, with the questions everybody begins with the first time."""
    new = insert_new(
        session, Survey, community_id=community_id, purpose=purpose, enabled=True, open_days=7, floor=FLOORS[0]
    )
    survey = session.scalars(select(Survey).where(Survey.community_id == community_id, Survey.purpose == purpose)).one()
    if new:
        for position, draft in enumerate(DEFAULTS[purpose], start=1):
            session.add(_row(survey, position, draft))
        session.flush()
    return survey


def questions(session: Session, survey: Survey) -> list[SurveyQuestion]:
    """What it asks now, in order."""
    return list(
        session.scalars(
            select(SurveyQuestion)
            .where(SurveyQuestion.survey_id == survey.id, ~SurveyQuestion.retired)
            .order_by(SurveyQuestion.position, SurveyQuestion.id)
        )
    )


def question(session: Session, community_id: int, question_id: int) -> SurveyQuestion:
    """One question of the community. Raises NotFound `survey_question_unknown`."""
    found = session.get(SurveyQuestion, question_id)
    if found is None or session.get_one(Survey, found.survey_id).community_id != community_id:
        raise NotFound("survey_question_unknown")
    return found


def choose(session: Session, by: Member, purpose: SurveyPurpose, wanted: Settings) -> Survey:
    """Set how a survey is sent. Raises NotAllowed, Invalid `floor_range`, `open_days_range`.

    Runs that are open keep the closing date they have told people, and the floor they began with.
    """
    people.require(session, by, Role.organizer)
    for value, (low, high), field in ((wanted.floor, FLOORS, "floor"), (wanted.open_days, OPEN_DAYS, "open_days")):
        if not low <= value <= high:
            raise Invalid(f"{field}_range", field=field, low=low, high=high)
    survey = ensure(session, by.community_id, purpose)
    survey.enabled, survey.open_days, survey.floor = wanted.enabled, wanted.open_days, wanted.floor
    session.flush()
    return survey


def add(session: Session, by: Member, purpose: SurveyPurpose, draft: QuestionDraft) -> SurveyQuestion:
    """One more question, at the end. Raises NotAllowed, Invalid `too_many_questions` and those of a draft."""
    people.require(session, by, Role.organizer)
    draft = checked(draft)
    survey = _held(session, ensure(session, by.community_id, purpose))
    asked = questions(session, survey)
    if len(asked) >= MOST_QUESTIONS:
        raise Invalid("too_many_questions", field="text_en", limit=MOST_QUESTIONS)
    row = _row(survey, asked[-1].position + 1 if asked else 1, replace(draft, headline=False))
    session.add(row)
    session.flush()
    return row


def change(session: Session, by: Member, question_id: int, draft: QuestionDraft) -> SurveyQuestion:
    """The question in other words from the next event on; what was asked before stays as it was asked.

    Raises NotAllowed, NotFound, Conflict `survey_question_changed`, Invalid `headline_kind`: what a programme is judged
    by stays a question that one can agree to.
    """
    people.require(session, by, Role.organizer)
    old = _current(session, by, question_id)
    draft = replace(checked(draft), headline=old.headline)
    if old.headline and not draft.agreeing:
        raise Invalid("headline_kind", field="kind")
    old.retired = True
    new = _row(session.get_one(Survey, old.survey_id), old.position, draft)
    session.add(new)
    session.flush()
    return new


def remove(session: Session, by: Member, question_id: int) -> None:
    """Ask it no more. Raises NotAllowed, NotFound, Conflict, Invalid `headline_stays`."""
    people.require(session, by, Role.organizer)
    old = _current(session, by, question_id)
    if old.headline:
        raise Invalid("headline_stays", field="remove")
    old.retired = True
    session.flush()


def checked(draft: QuestionDraft) -> QuestionDraft:
    """The draft tidied up. Raises Invalid with the field: `empty`, `too_long`, `choices_number`, `choices_differ`."""
    text_en = required(one_line(draft.text_en), TEXT_LIMIT, "text_en")
    text_fr = required(one_line(draft.text_fr), TEXT_LIMIT, "text_fr")
    if draft.kind is QuestionKind.scale:
        return QuestionDraft(draft.kind, text_en, text_fr, agreeing=AGREEING)
    if draft.kind is QuestionKind.text:
        return QuestionDraft(draft.kind, text_en, text_fr)
    english = _choices(draft.choices_en, "choices_en")
    french = _choices(draft.choices_fr, "choices_fr")
    if len(english) != len(french):
        raise Invalid("choices_differ", field="choices_fr", english=len(english), french=len(french))
    if any(not 1 <= number <= len(english) for number in draft.agreeing):
        raise Invalid("agreeing_range", field="agreeing", high=len(english))
    return QuestionDraft(draft.kind, text_en, text_fr, english, french, tuple(sorted(set(draft.agreeing))))


def _choices(given: tuple[str, ...], field: str) -> tuple[str, ...]:
    kept = tuple(text for text in (one_line(line) for line in given) if text)
    if not 2 <= len(kept) <= MOST_CHOICES:
        raise Invalid("choices_number", field=field, low=2, high=MOST_CHOICES)
    return tuple(required(text, CHOICE_LIMIT, field) for text in kept)


def _current(session: Session, by: Member, question_id: int) -> SurveyQuestion:
    """The question, its survey held. Raises Conflict when somebody changed or removed it before."""
    found = question(session, by.community_id, question_id)
    _held(session, session.get_one(Survey, found.survey_id))
    session.refresh(found)
    if found.retired:
        raise Conflict("survey_question_changed")
    return found


def _held(session: Session, survey: Survey) -> Survey:
    return session.get_one(Survey, survey.id, with_for_update=HOLD, populate_existing=True)


def _row(survey: Survey, position: int, draft: QuestionDraft) -> SurveyQuestion:
    return SurveyQuestion(
        survey_id=survey.id,
        position=position,
        kind=draft.kind,
        text_en=draft.text_en,
        text_fr=draft.text_fr,
        choices_en=list(draft.choices_en),
        choices_fr=list(draft.choices_fr),
        agreeing=list(draft.agreeing),
        headline=draft.headline,
    )
