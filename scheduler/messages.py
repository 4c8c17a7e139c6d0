"""One message to many people, each in their language and zone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from community.records import Event, Member, Reminder
from delivery import outbox


@dataclass(frozen=True)
class Broadcast:
    """What to say to whom: `render(member, variant(member))` is what a member reads."""

    members: Sequence[Member] = ()
    render: Callable[[Member, Any], dict[str, Any]] = lambda _member, _variant: {}
    variant: Callable[[Member], Hashable] = lambda _member: None


@dataclass(frozen=True)
class Letter:
    """A message rendered, stored and addressed."""

    member_id: int
    slack_user_id: str
    payload_id: int


def addressed(session: Session, broadcast: Broadcast) -> list[Letter]:
    """Render and store the broadcast: once for all people of one language, zone and variant."""
    stored: dict[Hashable, int] = {}
    letters = []
    for member in broadcast.members:
        variant = broadcast.variant(member)
        shared = (member.locale, member.time_zone, variant)
        if shared not in stored:
            stored[shared] = outbox.store_payload(session, broadcast.render(member, variant))
        letters.append(Letter(member.id, member.slack_user_id, stored[shared]))
    return letters


def post(session: Session, reminder: Reminder, event: Event, letters: Iterable[Letter]) -> int:
    """Hand the letters to delivery; returns how many were not handed over before."""
    which = f"reminder:{event.id}:{reminder.kind.value}:{reminder.occurrence}"
    return outbox.broadcast(
        session,
        community_id=event.community_id,
        letters=[(f"{which}:{letter.member_id}", letter.slack_user_id, letter.payload_id) for letter in letters],
        subject=f"event:{event.id}",
    )
