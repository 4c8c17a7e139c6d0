"""Reminders before an event, to those who come, may come or have not replied; and afterwards to those who came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from community import reminders, rsvp
from community.records import Event, Member, Reminder, Reply
from scheduler.messages import Broadcast
from views import reminders as view


def remind(session: Session, reminder: Reminder, event: Event, _now: datetime) -> Broadcast:
    """Tell each, with what they can still do about it."""
    replies = {member.id: row.reply for member, row in rsvp.rows(session, event)}
    standing = rsvp.standing(session, event)
    full = standing.seats_left == 0 and (not event.hybrid or standing.online_left == 0)

    def render(member: Member, reply: Reply | None) -> dict[str, Any]:
        return view.reminder(member, event, reminder.kind, reply, full=full)

    return Broadcast(reminders.recipients(session, reminder, event), render, lambda member: replies.get(member.id))


def look_back(session: Session, reminder: Reminder, event: Event, _now: datetime) -> Broadcast:
    """Thank those who came, and show them where what was shared is."""

    def render(member: Member, _variant: object) -> dict[str, Any]:
        return view.afterwards(member, event)

    return Broadcast(reminders.recipients(session, reminder, event), render)
