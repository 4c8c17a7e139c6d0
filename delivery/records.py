"""Tables of delivery. Times here are the real ones, never those of a moved clock: leases depend on them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class InboxState(StrEnum):
    """`open`: written down, effect not yet committed; `parked`: given up after several tries."""

    open = "open"
    done = "done"
    parked = "parked"


class OutboxState(StrEnum):
    """`parked`: it may or may not have been posted, and nobody but a person can tell."""

    pending = "pending"
    claimed = "claimed"
    sent = "sent"
    failed = "failed"
    parked = "parked"
    discarded = "discarded"


class Method(StrEnum):
    """What a row does in Slack."""

    post = "chat.postMessage"
    ephemeral = "chat.postEphemeral"
    update = "chat.update"
    publish = "views.publish"
    upload = "files.completeUploadExternal"


class Inbox(Base):
    """One thing Slack sent, written down before it is acknowledged. `key`: event_id or trigger_id."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("key"), Index("ix_inbox_state_lease_until", "state", "lease_until"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # Whose bot received it: another community's must not take it up.
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"))
    key: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any] | None]  # forgotten once the effect is committed
    state: Mapped[InboxState]
    attempts: Mapped[int] = mapped_column(default=1)
    lease_until: Mapped[datetime]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))


class Payload(Base):
    """What a broadcast says in one language, stored once however many receive it."""

    __tablename__ = "payload"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    body: Mapped[dict[str, Any]]


class Outbox(Base):
    """One call to Slack that must happen, written in the transaction of the change it tells of."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("community_id", "key"),
        Index("ix_outbox_due", "state", "priority", "not_before", "id"),
        Index("ix_outbox_conversation_state", "conversation", "state"),
        Index("ix_outbox_subject_state", "subject", "state"),
        # Only broadcasts have one, and it is looked for when a stored payload is deleted.
        Index(
            "ix_outbox_payload_id",
            "payload_id",
            sqlite_where=text("payload_id IS NOT NULL"),
            postgresql_where=text("payload_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    key: Mapped[str] = mapped_column(String(200))
    method: Mapped[Method]
    channel: Mapped[str | None] = mapped_column(String(32))  # null while a DM has yet to be opened
    user: Mapped[str | None] = mapped_column(String(32))  # of the DM, the ephemeral's reader, the Home's owner
    conversation: Mapped[str] = mapped_column(String(80))  # rows of one are posted in the order of their ids
    priority: Mapped[int] = mapped_column(default=0)  # 0: somebody waits for it; 1: a broadcast
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    payload: Mapped[dict[str, Any] | None]
    payload_id: Mapped[int | None] = mapped_column(ForeignKey("payload.id"))
    subject: Mapped[str | None] = mapped_column(String(64))  # "announcement:12": what the row belongs to
    target_key: Mapped[str | None] = mapped_column(String(200))  # of the message a chat.update changes
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.pending)
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    # Of the first attempt whose outcome nobody knows; null means: certainly not posted.
    in_doubt_since: Mapped[datetime | None]
    uploaded: Mapped[list[str] | None]  # ids of files that Slack holds and has yet to share
    insisted: Mapped[bool] = mapped_column(default=False)  # a person asked for it again although it may be there
    lease_until: Mapped[datetime | None]
    # Counts coalesced payloads, so that a newer one is not taken for sent.
    generation: Mapped[int] = mapped_column(default=0)
    ts: Mapped[str | None] = mapped_column(String(32))  # of the message, once posted
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class DirectMessage(Base):
    """The channel of the bot's conversation with one person, remembered once opened."""

    __tablename__ = "direct_message"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    user: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))


class Pause(Base):
    """Until when a method (with `channel`, only there) is to be left alone, because Slack said so."""

    __tablename__ = "pause"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    method: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32), primary_key=True, default="")  # "": everywhere
    until: Mapped[datetime]
