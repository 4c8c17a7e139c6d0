"""One message to many people, each in their language and zone, when and as often as they want to hear."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from community import notices, reminders
from community.notices import Letter, Sorted
from community.records import Event, Member, Reminder
from delivery import outbox, reach

__all__ = ["Broadcast", "Letter", "addressed", "post"]


@dataclass(frozen=True)
class Broadcast:
    """What to say to whom: `render(member, variant(member))` is what a member reads."""

    members: Sequence[Member] = ()
    render: Callable[[Member, Any], dict[str, Any]] = lambda _member, _variant: {}
    variant: Callable[[Member], Hashable] = lambda _member: None


def addressed(session: Session, reminder: Reminder, broadcast: Broadcast) -> list[Letter]:
    """Render and store the broadcast: once for all people of one language, zone and variant."""
    stored: dict[Hashable, int] = {}
    letters = []
    for member in broadcast.members:
        variant = broadcast.variant(member)
        shared = (member.locale, member.time_zone, variant)
        if shared not in stored:
            stored[shared] = outbox.store_payload(session, broadcast.render(member, variant))
        letters.append(notices.letter(reminders.letter_key(reminder, member), member, stored[shared]))
    return letters


def post(session: Session, reminder: Reminder, event: Event, letters: Sequence[Letter], now: datetime) -> int:
    """Hand to delivery what is to go now and was not handed over before, keep what waits; returns how many go."""
    subject = f"event:{event.id}"
    before = reach.known(session, event.community_id, [letter.key for letter in letters])
    fresh = [letter for letter in letters if letter.key not in before]
    if reminders.is_exempt(session, reminder, event):
        done = Sorted(fresh)
        if reminder.kind in reminders.PROMPTS:
            notices.count(session, event.community_id, fresh, now)
    else:
        done = notices.sort_out(
            session,
            event.community_id,
            fresh,
            now,
            useful_until=reminders.too_late_at(reminder, event),
            subject=subject,
            event_id=event.id,
        )
    going = [(letter.key, letter.slack_user_id, letter.payload_id) for letter in done.now]
    outbox.broadcast(session, community_id=event.community_id, letters=going, subject=subject)
    reminders.count(session, reminder, len(done.now), done.waiting, done.held)
    return len(done.now)
