"""Tables of what people are told by the bot itself: how often a day, and what waits until they want to hear it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class LetterState(StrEnum):
    """`late`: its time ran out while it waited."""

    waiting = "waiting"
    sent = "sent"
    late = "late"


class NoticeDay(Base):
    """How many messages a person was sent unasked on one day of theirs."""

    __tablename__ = "notice_day"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    used: Mapped[int]


class WaitingLetter(Base):
    """A message that waits for the end of a person's quiet hours, or for another day; its text is in `payload`."""

    __tablename__ = "waiting_letter"
    __table_args__ = (
        UniqueConstraint("community_id", "key"),
        Index("ix_waiting_letter_state_due_at", "state", "due_at"),
        Index("ix_waiting_letter_event_id_member_id", "event_id", "member_id"),
        Index("ix_waiting_letter_subject_state", "subject", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    key: Mapped[str] = mapped_column(String(200))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    payload_id: Mapped[int]  # of what delivery stored
    subject: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    state: Mapped[LetterState] = mapped_column(default=LetterState.waiting)
