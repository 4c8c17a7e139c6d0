"""Tables of what belongs to an event: material before it, recording and notes after it, and who wants to hear."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class MaterialKind(StrEnum):
    """What it is."""

    material = "material"
    recording = "recording"
    notes = "notes"


class EventMaterial(Base):
    """A link that belongs to an event."""

    __tablename__ = "event_material"
    __table_args__ = (Index("ix_event_material_event_id", "event_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[MaterialKind]
    title: Mapped[str] = mapped_column(String(150))
    link: Mapped[str] = mapped_column(String(2000))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    added_at: Mapped[datetime]


class MaterialWish(Base):
    """Somebody who wants to be told of an event's recording and notes."""

    __tablename__ = "material_wish"
    __table_args__ = (UniqueConstraint("event_id", "member_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
