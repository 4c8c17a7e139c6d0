"""Tables of expertise: who offers what they know, and the questions that wait for a person's answer."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class Expertise(Base):
    """A competency that a member chose to be asked about. Nobody else can write this for them."""

    __tablename__ = "expertise"
    __table_args__ = (
        UniqueConstraint("member_id", "competency_code"),
        Index("ix_expertise_community_id_competency_code", "community_id", "competency_code"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    competency_code: Mapped[str] = mapped_column(String(32))
    level: Mapped[int | None]  # of the community's scale, as they see themselves
    words: Mapped[str] = mapped_column(String(200))  # what they know best, as they put it; may be empty
    offered_at: Mapped[datetime]


class RequestState(StrEnum):
    """`declined`: nobody who was asked could answer, or nobody wants to know any more. An answer may still come."""

    open = "open"
    claimed = "claimed"
    answered = "answered"
    declined = "declined"


class StepKind(StrEnum):
    """What happened to a request. `asked`, `reassigned`: `other_id` is to answer. `left`: `member_id` left Slack."""

    opened = "opened"
    asked = "asked"
    asked_channel = "asked_channel"
    claimed = "claimed"
    released = "released"
    reassigned = "reassigned"
    declined = "declined"
    answered = "answered"
    brought_up = "brought_up"
    left = "left"
    given_up = "given_up"
    drafted = "drafted"


class ExpertRequest(Base):
    """A question that waits for a person's answer. Who asked is known to those who may answer, and to nobody else."""

    __tablename__ = "expert_request"
    __table_args__ = (
        UniqueConstraint("question_id"),
        Index("ix_expert_request_community_id_state", "community_id", "state"),
        Index("ix_expert_request_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)  # the question as it was when passed on, with its language and channel
    locale: Mapped[str] = mapped_column(String(2))
    asked_in: Mapped[str | None] = mapped_column(String(32))
    competency_code: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[RequestState] = mapped_column(default=RequestState.open)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # who claimed it, then who answered
    channel: Mapped[str | None] = mapped_column(String(32))  # the experts' channel, once it was put there
    channel_turn: Mapped[int] = mapped_column(default=0)  # how often it was put there
    answer_en: Mapped[str | None] = mapped_column(Text)
    answer_fr: Mapped[str | None] = mapped_column(Text)
    draft_slug: Mapped[str | None] = mapped_column(String(100))  # of the entry made from the answer
    due_at: Mapped[datetime | None]  # when it is brought up again
    times_brought_up: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # answered or declined


class RequestPerson(Base):
    """Somebody who was asked personally; `turn` counts how often, `declined_at` says that it is not for them."""

    __tablename__ = "expert_request_person"
    __table_args__ = (
        UniqueConstraint("request_id", "member_id"),
        Index("ix_expert_request_person_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("expert_request.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    turn: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]


class RequestStep(Base):
    """History of a request: who did what, when; `member_id` is None for what happened by itself."""

    __tablename__ = "expert_request_step"
    __table_args__ = (Index("ix_expert_request_step_request_id", "request_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("expert_request.id", ondelete="CASCADE"))
    kind: Mapped[StepKind]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    at: Mapped[datetime]


class ExpertDigest(Base):
    """The list of what waits, of one local day: the row is there before anything is sent, so that one process does."""

    __tablename__ = "expert_digest"
    __table_args__ = (UniqueConstraint("community_id", "day"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    day: Mapped[date]
    waiting: Mapped[int | None]  # how many requests it lists; None: the day was too far gone to send it
    made_at: Mapped[datetime]
