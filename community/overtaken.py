"""Reminders in whose place a later one goes out, as after a downtime: people read one, not all of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import reminder_rules
from community.records import Event, Reminder, ReminderState
from community.reminder_rules import EARLY
from community.reminders import too_late_at

OVERTAKEN = "overtaken"  # why one is recorded as missed
APART = timedelta(minutes=1)  # two reminders of one event are no nearer to each other


def overtaken(session: Session, reminder: Reminder, event: Event, now: datetime) -> bool:
    """Whether a later one before the same event is due as well and of use."""
    if reminder.kind not in EARLY or now - reminder.due_at < APART:
        return False
    chosen = reminder_rules.rules(session, event.community_id, event.kind)
    later = session.scalars(
        select(Reminder).where(
            Reminder.event_id == event.id,
            Reminder.state == ReminderState.pending,
            Reminder.kind.in_(EARLY),
            Reminder.due_at > reminder.due_at,
            Reminder.due_at <= now,
        )
    )
    # What is mandatory reaches people whom the other one leaves alone.
    least = chosen.demands(reminder.kind)
    return any(chosen.demands(one.kind) >= least and now < too_late_at(one, event) for one in later)
