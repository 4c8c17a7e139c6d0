"""Tables of knowledge: entries in both languages, what was asked, and what is dear to compute."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import knowledge.catalogue.records  # noqa: F401 - whoever has these tables has those of the catalogue too
from storage.base import Base, Id


class Outcome(StrEnum):
    """What became of a question."""

    answered = "answered"
    suggested = "suggested"
    unknown = "unknown"


class Entry(Base):
    """A question with its answer. `slug` is its id in files and on the command line."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("community_id", "slug"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    slug: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(String(2000))
    reviewed_on: Mapped[date]
    owner: Mapped[str | None] = mapped_column(String(200))
    related: Mapped[list[str]]
    sample: Mapped[bool] = mapped_column(default=False)  # invented, to be replaced; the card says so
    retired: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(String(64))  # of the file it came from: importing twice changes nothing
    updated_at: Mapped[datetime]


class EntryText(Base):
    """An entry in one language: the question as title, the answer as Slack mrkdwn-safe Markdown."""

    __tablename__ = "entry_text"
    __table_args__ = (UniqueConstraint("entry_id", "locale"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    locale: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)  # as this language names it; None: as the entry does


class Alias(Base):
    """Another phrasing of an entry's question."""

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("entry_id", "locale", "text"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    locale: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(String(500))


class KnowledgeVersion(Base):
    """Counts changes of a community's entries, so that every process notices one."""

    __tablename__ = "knowledge_version"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    version: Mapped[int]


class Question(Base):
    """What somebody asked and what became of it. Private to the asker and, without a name, to organizers."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_community_id_outcome", "community_id", "outcome"),
        Index("ix_question_thread", "channel", "thread_ts"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[Outcome]
    entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("entry.id")
    )  # answered with, or picked from the suggestions
    score: Mapped[float | None]
    suggestions: Mapped[list[str]]  # slugs offered
    answered_by: Mapped[str | None] = mapped_column(String(32))  # None: an entry; "catalogue": records of courses
    understood: Mapped[dict[str, Any] | None]  # what the catalogue was asked for, as its asker corrected it
    helpful: Mapped[bool | None]
    passed_on_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]


class Embedding(Base):
    """A phrasing's vector (float32 bytes), kept so that a restart does not encode anew."""

    __tablename__ = "embedding"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # of encoder, its version and the text
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class Calibration(Base):
    """Thresholds chosen for one state of the entries."""

    __tablename__ = "calibration"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # of encoder and all phrasings
    answer: Mapped[float]
    suggest: Mapped[float]
    made_at: Mapped[datetime]
