"""What organizers chose for their community in Slack, by name; what was never chosen has the caller's default."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Id


class CommunitySetting(Base):
    """One choice: anything that JSON can hold but null, which stands for no choice."""

    __tablename__ = "community_setting"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)


def get(session: Session, community_id: int, name: str, default: Any) -> Any:
    """The community's choice, `default` where there is none."""
    found = session.scalar(
        select(CommunitySetting.value).where(
            CommunitySetting.community_id == community_id, CommunitySetting.name == name
        )
    )
    return default if found is None else found


def set(session: Session, community_id: int, name: str, value: Any) -> None:
    """Choose `value` (JSON) from now on; None goes back to the default. The caller checks role and value."""
    session.flush()
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = make(CommunitySetting).values(community_id=community_id, name=name, value=value)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[CommunitySetting.community_id, CommunitySetting.name],
            set_={"value": statement.excluded.value},
        )
    )
