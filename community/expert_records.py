"""Tables of expertise: who offers what they know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class Expertise(Base):
    """A competency that a member chose to be asked about. Nobody else can write this for them."""

    __tablename__ = "expertise"
    __table_args__ = (
        UniqueConstraint("member_id", "competency_code"),
        Index("ix_expertise_community_id_competency_code", "community_id", "competency_code"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    competency_code: Mapped[str] = mapped_column(String(32))
    level: Mapped[int | None]  # of the community's scale, as they see themselves
    words: Mapped[str] = mapped_column(String(200))  # what they know best, as they put it; may be empty
    offered_at: Mapped[datetime]
