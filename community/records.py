"""Tables of a community. Rules live in the modules beside this one."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import community.choices  # whoever has these tables has the others of the community too
import community.expert_records
import community.group_records
import community.material_records
import community.notice_records
import community.series_records
import community.survey_records  # noqa: F401

# Attendance has its tables in a module of its own; whoever reads records finds them here with the rest.
from community.attendance_records import Attendance as Attendance
from community.attendance_records import AttendanceChange as AttendanceChange
from community.attendance_records import CodeDisplay as CodeDisplay
from community.attendance_records import CodeTry as CodeTry
from community.attendance_records import Evidence as Evidence
from community.attendance_records import Status as Status
from community.reply_records import Offer as Offer
from community.reply_records import Reply as Reply
from community.reply_records import Rsvp as Rsvp
from community.reply_records import Seat as Seat
from storage.base import Base, Id


class Role(StrEnum):
    """What a member may do beyond taking part."""

    organizer = "organizer"
    facilitator = "facilitator"
    expert = "expert"
    supervisor = "supervisor"
    member = "member"


class EventKind(StrEnum):
    """What sort of meeting it is."""

    learning_event = "learning_event"
    action_learning = "action_learning"
    course_session = "course_session"


class EventState(StrEnum):
    """A cancelled event keeps its record; a closed one has its attendance settled."""

    scheduled = "scheduled"
    cancelled = "cancelled"
    closed = "closed"


class ReminderKind(StrEnum):
    """What the clock does for an event. `check_in_opens` says nothing to anybody: the card gets its button."""

    week_before = "week_before"
    three_days_before = "three_days_before"
    day_before = "day_before"
    hour_before = "hour_before"
    ten_minutes_before = "ten_minutes_before"
    check_in_opens = "check_in_opens"
    attendance_prompt = "attendance_prompt"
    attendance_nudge = "attendance_nudge"
    attendance_close = "attendance_close"
    hour_after = "hour_after"
    day_after = "day_after"
    before = "before"  # the start, or
    after = "after"  # the end, by as many minutes as organizers chose


class ReminderState(StrEnum):
    """`missed`: due while the bot was down, and too late to be of use."""

    pending = "pending"
    done = "done"
    missed = "missed"
    cancelled = "cancelled"


class Community(Base):
    """One community of practice, in one Slack team."""

    __tablename__ = "community"
    __table_args__ = (UniqueConstraint("slack_team_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slack_team_id: Mapped[str] = mapped_column(String(32))
    slack_enterprise_id: Mapped[str | None] = mapped_column(String(32))
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Member(Base):
    """A person, as Slack describes them and as they chose."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("community_id", "slack_user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    slack_user_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    time_zone: Mapped[str] = mapped_column(String(64))
    slack_locale: Mapped[str | None] = mapped_column(String(16))
    chosen_locale: Mapped[str | None] = mapped_column(String(2))
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    wants_announcements: Mapped[bool] = mapped_column(default=True)
    quiet_from: Mapped[str | None] = mapped_column(String(5))  # "22:00", on their own clock
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    active: Mapped[bool] = mapped_column(default=True)
    is_bot: Mapped[bool] = mapped_column(default=False)
    sample: Mapped[bool] = mapped_column(default=False)  # of the sample year: nobody who is in Slack
    department: Mapped[str | None] = mapped_column(String(120))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    refreshed_at: Mapped[datetime | None]

    @property
    def locale(self) -> str:
        """`en` or `fr`: the person's own choice, else their Slack's language by its prefix."""
        return self.chosen_locale or ("fr" if (self.slack_locale or "").lower().startswith("fr") else "en")


class MemberRole(Base):
    """A role somebody gave to a member."""

    __tablename__ = "member_role"
    __table_args__ = (UniqueConstraint("member_id", "role"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    role: Mapped[Role]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    granted_at: Mapped[datetime]


class Event(Base):
    """A meeting. `local_start` and `time_zone` are what was planned; `starts_at` is the instant they name."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
        CheckConstraint("online_capacity IS NULL OR online_capacity > 0", name="online_capacity_positive"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        Index("ix_event_community_id_starts_at", "community_id", "starts_at"),
        Index("ix_event_community_id_course_code", "community_id", "course_code"),
        UniqueConstraint("community_id", "uid"),
        UniqueConstraint("series_id", "occurrence"),
        Index("ix_event_card_at", "card_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    kind: Mapped[EventKind]
    state: Mapped[EventState] = mapped_column(default=EventState.scheduled)
    title_en: Mapped[str] = mapped_column(String(150))
    title_fr: Mapped[str] = mapped_column(String(150))
    description_en: Mapped[str] = mapped_column(Text)
    description_fr: Mapped[str] = mapped_column(Text)
    local_start: Mapped[str] = mapped_column(String(16))  # "2026-11-22T09:00", wall clock in time_zone
    time_zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(300))
    link: Mapped[str | None] = mapped_column(String(2000))
    capacity: Mapped[int | None]
    hybrid: Mapped[bool] = mapped_column(default=False)  # `capacity` is then the room's
    online_capacity: Mapped[int | None]
    by_invitation: Mapped[bool] = mapped_column(default=False)  # others ask to come as guests
    channel: Mapped[str] = mapped_column(String(32))
    course_code: Mapped[str | None] = mapped_column(String(32))  # of the catalogue's course that it is a session of
    check_in_secret: Mapped[str] = mapped_column(String(64), default=lambda: token_hex(32))  # its codes are made of it
    check_in_button: Mapped[bool | None]  # whether the button checks in; None: unless it only takes place in a room
    check_in_opens_minutes: Mapped[int] = mapped_column(default=15)  # before the start
    check_in_closes_minutes: Mapped[int] = mapped_column(default=0, server_default="0")  # after the end
    late_after_minutes: Mapped[int] = mapped_column(default=10)  # after the start
    sample: Mapped[bool] = mapped_column(default=False)  # of the sample year
    uid: Mapped[str] = mapped_column(String(255), default=lambda: str(uuid4()))  # its name in people's calendars
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    occurrence: Mapped[date | None]  # the series' date that it is for, wherever it was moved to
    apart: Mapped[bool] = mapped_column(default=False)  # changed on its own: the series' changes pass it by
    card_at: Mapped[datetime | None]  # when its card is to be posted; None once that is done
    nudge_after_minutes: Mapped[int | None] = mapped_column(default=10)  # after the start; None: nobody is nudged
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0)  # counts moves, so that a moved event reminds anew
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    # Who changed it last: told to whoever comes second.
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    # An organizer's stale form must not overwrite another's edit.
    __mapper_args__ = {"version_id_col": version}


class Reminder(Base):
    """What the clock does for an event at `due_at`; `occurrence` is the event's revision it was written for."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "occurrence", "minutes"),
        Index("ix_reminder_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[ReminderKind]
    minutes: Mapped[int] = mapped_column(default=0, server_default="0")  # of `before` and `after`: how far off
    occurrence: Mapped[int]
    local_due: Mapped[str] = mapped_column(String(16))
    time_zone: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    state: Mapped[ReminderState] = mapped_column(default=ReminderState.pending)
    settled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]  # after a failed attempt: not before this
    reason: Mapped[str | None] = mapped_column(String(200))  # why it was missed
    told: Mapped[int] = mapped_column(default=0)  # how many people it went to at once,
    waiting: Mapped[int] = mapped_column(default=0)  # how many get it later, when they want to hear of it,
    held: Mapped[int] = mapped_column(default=0)  # and how many do not, for later would be too late
    concerned: Mapped[list[int] | None] = mapped_column(deferred=True)  # ids of all of these when it went or was missed


class ChannelMember(Base):
    """A member who is in a channel, as Slack last said: the audience of that channel's events."""

    __tablename__ = "channel_member"
    __table_args__ = (UniqueConstraint("community_id", "channel", "member_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    channel: Mapped[str] = mapped_column(String(32))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime]


class Announcement(Base):
    """A message from an organizer; nothing goes out before `confirmed_at`. Deliveries are in the outbox."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    text_en: Mapped[str] = mapped_column(Text)
    text_fr: Mapped[str] = mapped_column(Text)
    audience: Mapped[dict[str, Any]]  # {"kind": "channel", "channel": "C…"} or {"kind": "members"}
    mention: Mapped[str | None] = mapped_column(String(8))  # "channel" or "here", confirmed by the sender
    mandatory: Mapped[bool] = mapped_column(default=False)  # goes to everybody, at once
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
