"""Tables of series, and of what leaves for people's calendars."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class SeriesState(StrEnum):
    """A draft waits for its organizer's word; an ended one has no date to come."""

    draft = "draft"
    active = "active"
    ended = "ended"


class OnHoliday(StrEnum):
    """What becomes of a date that falls on a holiday."""

    keep = "keep"
    skip = "skip"
    before = "before"  # the working day before
    after = "after"  # the working day after


class Series(Base):
    """Events that repeat. Each is an event of its own, made from `template` when its date comes near.

    `local_start` is the wall clock, in `time_zone`, of the date that the rule counts from.
    """

    __tablename__ = "series"
    __table_args__ = (
        Index("ix_series_state_next_plan_at", "state", "next_plan_at"),
        UniqueConstraint("community_id", "uid"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    state: Mapped[SeriesState] = mapped_column(default=SeriesState.draft)
    rule: Mapped[str] = mapped_column(String(500))  # RFC 5545, without start; UNTIL is a local date
    local_start: Mapped[str] = mapped_column(String(16))
    time_zone: Mapped[str] = mapped_column(String(64))
    holidays: Mapped[str | None] = mapped_column(String(8))  # "CA", or with a province: "CA-ON"
    days_off: Mapped[list[str]]  # of the community's own, as 2027-03-15
    on_holiday: Mapped[OnHoliday] = mapped_column(default=OnHoliday.keep)
    template: Mapped[dict[str, Any]]  # an event's draft but for its day
    left_out: Mapped[list[str]] = mapped_column(default=list)  # of the rule's dates, as 2027-03-15
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    uid: Mapped[str | None] = mapped_column(String(255))  # its name in the calendar that it was imported from,
    imported: Mapped[dict[str, Any] | None]  # the digest of what that said last, its dates that differed, and how
    next_plan_at: Mapped[datetime | None]  # when to see whether further dates have come near
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}


class CalendarCopy(Base):
    """Somebody took an event into their calendar, as it was at `version`: they get what changes in its `digest`."""

    __tablename__ = "calendar_copy"
    __table_args__ = (UniqueConstraint("event_id", "member_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))  # of what a calendar shows
    taken_at: Mapped[datetime]


class CalendarFeed(Base):
    """The secret address under which one person's calendar program reads their events; only its hash is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("member_id"), UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
