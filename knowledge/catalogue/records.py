"""Tables of the catalogue: the competency framework, the courses that develop it, and who waits for a session."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id

CODE = 32  # characters of a course's or competency's code


class Mode(StrEnum):
    """How a course is given."""

    in_person = "in_person"
    online = "online"  # together, at a set time
    self_paced = "self_paced"  # online, each at a time of their own
    blended = "blended"


class CourseLevel(StrEnum):
    """For whom a course is."""

    introductory = "introductory"
    intermediate = "intermediate"
    advanced = "advanced"


class CatalogueVersion(Base):
    """Counts changes of a community's catalogue, so that every process notices one."""

    __tablename__ = "catalogue_version"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    version: Mapped[int]


class Proficiency(Base):
    """One step of the community's proficiency scale, the same for all competencies."""

    __tablename__ = "proficiency"
    __table_args__ = (UniqueConstraint("community_id", "level"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    level: Mapped[int]  # 1 is the lowest
    title_en: Mapped[str] = mapped_column(String(200))
    title_fr: Mapped[str] = mapped_column(String(200))
    descriptor_en: Mapped[str] = mapped_column(Text)
    descriptor_fr: Mapped[str] = mapped_column(Text)
    sample: Mapped[bool] = mapped_column(default=False)


class Competency(Base):
    """What a person can do, as a node of the framework's tree. Expertise refers to it by `code`."""

    __tablename__ = "competency"
    __table_args__ = (UniqueConstraint("community_id", "code"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    code: Mapped[str] = mapped_column(String(CODE))
    parent: Mapped[str | None] = mapped_column(String(CODE))  # code of the node above
    position: Mapped[int]  # among all, in the order of the file
    title_en: Mapped[str] = mapped_column(String(200))
    title_fr: Mapped[str] = mapped_column(String(200))
    description_en: Mapped[str] = mapped_column(Text)
    description_fr: Mapped[str] = mapped_column(Text)
    phrasings_en: Mapped[list[str]]  # what else people call it
    phrasings_fr: Mapped[list[str]]
    retired: Mapped[bool] = mapped_column(default=False)
    sample: Mapped[bool] = mapped_column(default=False)


class Descriptor(Base):
    """What one level of the scale means in one competency."""

    __tablename__ = "descriptor"
    __table_args__ = (UniqueConstraint("competency_id", "level"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id", ondelete="CASCADE"))
    level: Mapped[int]
    text_en: Mapped[str] = mapped_column(Text)
    text_fr: Mapped[str] = mapped_column(Text)


class Course(Base):
    """A course as it is announced; `languages` are those it is given in. Its sessions are events with its code."""

    __tablename__ = "course"
    __table_args__ = (
        UniqueConstraint("community_id", "code"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("cost_cents IS NULL OR cost_cents >= 0", name="cost_not_negative"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    code: Mapped[str] = mapped_column(String(CODE))
    title_en: Mapped[str] = mapped_column(String(200))
    title_fr: Mapped[str] = mapped_column(String(200))
    provider: Mapped[str] = mapped_column(String(200))
    languages: Mapped[list[str]]
    mode: Mapped[Mode]
    minutes: Mapped[int]  # of learning; a day has DAY_MINUTES
    cost_cents: Mapped[int | None]  # Canadian; 0 is free, None is not known
    level: Mapped[CourseLevel]
    equivalences: Mapped[list[str]]  # codes, some of them of other catalogues
    verified_on: Mapped[date]
    retired: Mapped[bool] = mapped_column(default=False)
    sample: Mapped[bool] = mapped_column(default=False)
    imported: Mapped[dict[str, Any] | None]  # its line as the table had it that was imported last, by column
    changed_at: Mapped[datetime | None]  # when somebody changed it in Slack, while a table may not know


class CourseCompetency(Base):
    """A course leads to this level of a competency."""

    __tablename__ = "course_competency"
    __table_args__ = (
        UniqueConstraint("course_id", "competency_id"),
        Index("ix_course_competency_competency_id", "competency_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id", ondelete="CASCADE"))
    level: Mapped[int]


class Prerequisite(Base):
    """`required_id` is to be taken before `course_id`."""

    __tablename__ = "prerequisite"
    __table_args__ = (UniqueConstraint("course_id", "required_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    required_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))


class CourseWatch(Base):
    """A member wants to hear of the next session of a course; told once, the wish is fulfilled."""

    __tablename__ = "course_watch"
    __table_args__ = (UniqueConstraint("course_id", "member_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    turn: Mapped[int] = mapped_column(default=1)  # how often it was wished: each wish is answered once
    told_at: Mapped[datetime | None]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))  # told of this one
