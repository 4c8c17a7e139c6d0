"""One message to many people, each in their language and zone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from sqlalchemy.orm import Session

from community.records import Event, Member, Reminder
from delivery import outbox


def send(
    session: Session,
    reminder: Reminder,
    event: Event,
    members: Iterable[Member],
    render: Callable[[Member, Any], dict[str, Any]],
    variant: Callable[[Member], Hashable] = lambda _member: None,
) -> int:
    """Post `render(member, variant)` to each member; returns how many messages are new.

    What people of one language, zone and variant get is rendered and stored once.
    """
    stored: dict[Hashable, int] = {}
    posted = 0
    for member in members:
        kind = variant(member)
        shared = (member.locale, member.time_zone, kind)
        if shared not in stored:
            stored[shared] = outbox.store_payload(session, render(member, kind))
        posted += outbox.post(
            session,
            community_id=event.community_id,
            key=f"reminder:{event.id}:{reminder.kind.value}:{reminder.occurrence}:{member.id}",
            payload_id=stored[shared],
            user=member.slack_user_id,
            subject=f"event:{event.id}",
        )
    return posted
