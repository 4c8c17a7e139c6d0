"""Tables of groups of people: cohorts, who is in them, and who is invited to which event."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class InvitedBy(StrEnum):
    """How somebody came to be invited."""

    cohort = "cohort"
    channel = "channel"
    user_group = "user_group"
    list = "list"
    guest = "guest"


class Cohort(Base):
    """People who go through the programme, or meet as a group, together. `code` is its short name in tables."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("community_id", "code"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    code: Mapped[str] = mapped_column(String(32))
    name_en: Mapped[str] = mapped_column(String(150))
    name_fr: Mapped[str] = mapped_column(String(150))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]


class CohortMember(Base):
    """Somebody in a cohort; with `left_at` somebody who was."""

    __tablename__ = "cohort_member"
    __table_args__ = (UniqueConstraint("cohort_id", "member_id"), Index("ix_cohort_member_member_id", "member_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class EventAudience(Base):
    """A cohort that an event is for: whoever joins it later is invited too."""

    __tablename__ = "event_audience"
    __table_args__ = (UniqueConstraint("event_id", "cohort_id"), Index("ix_event_audience_cohort_id", "cohort_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    enrolled: Mapped[bool] = mapped_column(default=False)


class GuestRequest(Base):
    """Somebody outside the list who asks to come; `approved` is None until an organizer decides."""

    __tablename__ = "guest_request"
    __table_args__ = (UniqueConstraint("event_id", "member_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    approved: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided_at: Mapped[datetime | None]


class EventInvitation(Base):
    """Somebody invited to an event; who is `enrolled` is expected without a reply."""

    __tablename__ = "event_invitation"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id"),
        Index("ix_event_invitation_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    source: Mapped[InvitedBy]
    enrolled: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime]
