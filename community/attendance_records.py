"""Tables of attendance: what is known of who was there, and how it came to be known."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class Status(StrEnum):
    """Attendance."""

    present = "present"
    late = "late"
    excused = "excused"
    absent = "absent"


class Evidence(StrEnum):
    """How attendance is known, weakest first: `excuse` is what the person said ahead, `minutes` a meeting's list."""

    closing = "closing"
    excuse = "excuse"
    minutes = "minutes"
    button = "button"
    code = "code"
    organizer = "organizer"


class Attendance(Base):
    """Whether one person was there; the best evidence wins, the first time is kept."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("event_id", "member_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    status: Mapped[Status]
    evidence: Mapped[Evidence]
    checked_in_at: Mapped[datetime | None]
    minutes: Mapped[int | None]  # in the video meeting, as its list says
    recorded_at: Mapped[datetime]


class AttendanceChange(Base):
    """Audit of attendance: who changed what into what, when, and why. Without `after` the record was taken back.

    `reason` is for organizers and facilitators alone.
    """

    __tablename__ = "attendance_change"
    __table_args__ = (Index("ix_attendance_change_event_id", "event_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    before: Mapped[Status | None]
    after: Mapped[Status | None]
    evidence: Mapped[Evidence]
    reason: Mapped[str | None] = mapped_column(Text)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    changed_at: Mapped[datetime]


class CodeTry(Base):
    """A check-in code that was refused at an event that was open, or, without one, when none was."""

    __tablename__ = "code_try"
    __table_args__ = (
        Index("ix_code_try_member_id_tried_at", "member_id", "tried_at"),
        Index("ix_code_try_event_id_tried_at", "event_id", "tried_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    tried_at: Mapped[datetime]


class CodeDisplay(Base):
    """An event's code being shown by somebody: on a card that follows it, until `until`, and on a page.

    `step` is what the card shows last; `page_digest` is the SHA-256 of the token in the page's address.
    """

    __tablename__ = "code_display"
    __table_args__ = (UniqueConstraint("page_digest"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    step: Mapped[int]
    until: Mapped[datetime]
    page_digest: Mapped[str | None] = mapped_column(String(64))
    opens: Mapped[str] = mapped_column(String(300))  # address that opens Slack at the bot


class MeetingQuestion(Base):
    """A name on a video meeting's list that may be one of several people; open until somebody says who."""

    __tablename__ = "meeting_question"
    __table_args__ = (Index("ix_meeting_question_event_id", "event_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    minutes: Mapped[int]
    candidates: Mapped[list[int]] = mapped_column(JSON)  # members' ids
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
