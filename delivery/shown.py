"""What a message shows, or is about to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from delivery.records import Outbox


def newest_payload(session: Session, community_id: int, key: str) -> dict[str, Any] | None:
    """The newest payload of the message posted under `key`; None when there is none, or it was forgotten."""
    statement = select(Outbox.key, Outbox.payload).where(
        Outbox.community_id == community_id, Outbox.key.in_((key, f"update:{key}"))
    )
    found: dict[str, dict[str, Any] | None] = dict(session.execute(statement).all())
    return found.get(f"update:{key}", found.get(key))
