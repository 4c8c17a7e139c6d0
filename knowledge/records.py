"""Tables of knowledge: entries in both languages, what was asked, and what is dear to compute."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

import knowledge.catalogue.records  # noqa: F401 - whoever has these tables has those of the catalogue too
from storage.base import Base, Id


class Outcome(StrEnum):
    """What became of a question."""

    answered = "answered"
    suggested = "suggested"
    unknown = "unknown"


class EntryState(StrEnum):
    """A draft waits to be published; a retired entry is answered from no more, and kept."""

    draft = "draft"
    published = "published"
    retired = "retired"


class EntryAct(StrEnum):
    """What made an entry what it is in one of its revisions."""

    imported = "imported"
    drafted = "drafted"
    changed = "changed"
    phrased = "phrased"  # a phrasing was added
    reviewed = "reviewed"  # somebody made sure that it is still right
    published = "published"
    retired = "retired"
    restored = "restored"


class Settled(StrEnum):
    """What became of a question that had found no answer."""

    phrased = "phrased"  # it is another way to ask for an entry
    drafted = "drafted"  # an entry was written for it
    not_ours = "not_ours"
    answered = "answered"  # an entry that came, or changed, since answers it


class Entry(Base):
    """A question with its answer. `slug` is its id in files and on the command line.

    Rows are written by `knowledge.revisions` alone, which keeps what they said before.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("community_id", "slug"),
        Index("ix_entry_community_id_state_review_due_on", "community_id", "state", "review_due_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    slug: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(String(2000))
    reviewed_on: Mapped[date]
    review_months: Mapped[int] = mapped_column(default=12)  # how long a review holds; 0: for ever
    review_due_on: Mapped[date | None]  # follows from the two before
    owner: Mapped[str | None] = mapped_column(String(200))  # as it is shown
    owner_user_id: Mapped[str | None] = mapped_column(String(32))  # in Slack, where the owner is one person
    related: Mapped[list[str]]
    sample: Mapped[bool] = mapped_column(default=False)  # invented, to be replaced; the card says so
    state: Mapped[EntryState] = mapped_column(default=EntryState.published)
    version: Mapped[int] = mapped_column(default=1)  # the number of its newest revision
    digest: Mapped[str] = mapped_column(String(64))  # of all it says: importing the same twice changes nothing
    imported_version: Mapped[int | None]  # what the last import left; another one is there: changed in Slack since
    imported_mark: Mapped[str | None] = mapped_column(String(32))  # which revision that import's file was made from
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


class EntryRevision(Base):
    """What an entry said from `made_at` on, who made it so, and why. The newest is the entry itself.

    An entry that was imported and never changed since needs none: its row says all of it.
    """

    __tablename__ = "entry_revision"
    __table_args__ = (UniqueConstraint("entry_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    number: Mapped[int]
    act: Mapped[EntryAct]
    state: Mapped[EntryState]  # from then on
    note: Mapped[str | None] = mapped_column(Text)  # in the words of who made it
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # None: an import
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


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
        Index("ix_question_leader_id", "leader_id"),
        # Few wish it, and it is looked for every two seconds.
        Index(
            "ix_question_news",
            "settled_entry_id",
            sqlite_where=text("wants_news AND told_at IS NULL"),
            postgresql_where=text("wants_news AND told_at IS NULL"),
        ),
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
    # The first question that asked for the same, maybe itself; None: it was not compared with others.
    leader_id: Mapped[int | None] = mapped_column(Id)
    settled_as: Mapped[Settled | None]
    settled_at: Mapped[datetime | None]
    settled_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    wants_news: Mapped[bool] = mapped_column(default=False)  # the asker is to be told when there is an answer
    told_at: Mapped[datetime | None]


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
