"""Reminders a day and an hour before: to those going and to those who have not replied yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from community import reminders, rsvp
from community.records import Event, Member, Reminder
from scheduler.messages import Broadcast
from views import reminders as view


def remind(session: Session, reminder: Reminder, event: Event, _now: datetime) -> Broadcast:
    """Tell each, with what they can still do about it."""
    going = {member.id for member in rsvp.going(session, event)}
    standing = rsvp.standing(session, event)
    full = standing.seats_left == 0 and (not event.hybrid or standing.online_left == 0)

    def render(member: Member, is_going: bool) -> dict[str, Any]:
        return view.reminder(member, event, reminder.kind, going=is_going, full=full)

    return Broadcast(reminders.recipients(session, reminder, event), render, lambda member: member.id in going)
