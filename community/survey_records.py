"""Tables of surveys: what is asked, whom, who has answered, and, apart from all people, what was answered.

Nothing in `survey_response` leads to a person: no id of theirs, no time, no order (ids are drawn at random), and
nothing that tells which answers were given together.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class SurveyPurpose(StrEnum):
    """What a survey is about: a kind of event, or participants as their supervisors see them."""

    learning_event = "learning_event"
    action_learning = "action_learning"
    course_session = "course_session"
    supervisor = "supervisor"


class QuestionKind(StrEnum):
    """How a question is answered: from 1 to 5, by one of several choices, in one's own words."""

    scale = "scale"
    choice = "choice"
    text = "text"


class Wave(StrEnum):
    """When supervisors are asked about a participant."""

    start = "start"
    after = "after"


class RunState(StrEnum):
    """A settled run takes no answers any more, and its results stand."""

    open = "open"
    settled = "settled"


class Survey(Base):
    """What a community asks for one purpose; `floor` is the fewest answers that results are shown from."""

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("community_id", "purpose"),
        CheckConstraint("floor >= 5 AND floor <= 10", name="floor_range"),
        CheckConstraint("open_days > 0", name="open_days_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    purpose: Mapped[SurveyPurpose]
    enabled: Mapped[bool] = mapped_column(default=True)
    open_days: Mapped[int] = mapped_column(default=7)
    floor: Mapped[int] = mapped_column(default=5)


class SurveyQuestion(Base):
    """One question as it is or was asked: a changed one is a new row, so that answers keep the words they answer.

    `agreeing` are the answers that count as agreement; the `headline` is the one a programme is judged by.
    """

    __tablename__ = "survey_question"
    __table_args__ = (Index("ix_survey_question_survey_id", "survey_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[QuestionKind]
    text_en: Mapped[str] = mapped_column(String(300))
    text_fr: Mapped[str] = mapped_column(String(300))
    choices_en: Mapped[list[str]]
    choices_fr: Mapped[list[str]]
    agreeing: Mapped[list[int]]
    headline: Mapped[bool] = mapped_column(default=False)
    retired: Mapped[bool] = mapped_column(default=False)


class SurveyRun(Base):
    """A survey as it was sent: after one event, or to the supervisors of some participants at one time."""

    __tablename__ = "survey_run"
    __table_args__ = (
        UniqueConstraint("event_id"),
        UniqueConstraint("cohort_id", "wave"),
        Index("ix_survey_run_community_id_state", "community_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    wave: Mapped[Wave | None]
    question_ids: Mapped[list[int]]
    floor: Mapped[int]
    state: Mapped[RunState] = mapped_column(default=RunState.open)
    opened_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]  # None once it was done
    closes_at: Mapped[datetime]


class SurveyCell(Base):
    """The smallest group that answers of a run can be told apart by: never fewer than the floor.

    `department` is None where people of several were put together.
    """

    __tablename__ = "survey_cell"
    __table_args__ = (Index("ix_survey_cell_run_id", "run_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("survey_run.id", ondelete="CASCADE"))
    cohort: Mapped[str | None] = mapped_column(String(32))
    department: Mapped[str | None] = mapped_column(String(120))


class SurveyInvitation(Base):
    """Somebody who is asked; `about` is whom: themselves after an event, else the participant they supervise."""

    __tablename__ = "survey_invitation"

    run_id: Mapped[int] = mapped_column(ForeignKey("survey_run.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("survey_cell.id", ondelete="CASCADE"))


class SurveyAnswered(Base):
    """That somebody has answered, and not what: the key keeps them from doing so twice."""

    __tablename__ = "survey_answered"

    run_id: Mapped[int] = mapped_column(ForeignKey("survey_run.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)


class SurveyResponse(Base):
    """One answer to one question, without whose: `value` counts from 1 (scale, choices), `text` is in their words."""

    __tablename__ = "survey_response"
    __table_args__ = (Index("ix_survey_response_run_id", "run_id"),)

    # Drawn at random: an id, or a place in the table, must not tell the order in which answers came.
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(ForeignKey("survey_run.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("survey_question.id"))
    cell_id: Mapped[int] = mapped_column(ForeignKey("survey_cell.id"))
    value: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(Text)
