"""What becomes of reminders that are written already when organizers change the rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import reminder_rules, times
from community.records import Event, EventKind, Member, Reminder, ReminderState
from community.reminder_rules import EARLY, LATER, Rules
from community.reminders import written


def change_rules(session: Session, by: Member, kind: EventKind, rules: Rules, now: datetime) -> int:
    """Remind of events of this kind so from now on; returns for how many events ahead that was written.

    Raises like `reminder_rules.choose`.
    """
    ahead = reminder_rules.choose(session, by, kind, rules, now)
    for event in ahead:
        follow_rules(session, event, now)
    return len(ahead)


def follow_rules(session: Session, event: Event, now: datetime) -> None:
    """Write what the rules say now; what went out stays, what they do not want any more is cancelled."""
    rules = reminder_rules.rules(session, event.community_id, event.kind)
    wanted = dict(reminder_rules.due_times(event, rules))
    of_now = (Reminder.event_id == event.id, Reminder.occurrence == event.revision)
    told = (Reminder.kind.in_(EARLY | LATER), *of_now)
    rows = session.scalars(select(Reminder).where(*told).order_by(Reminder.id).with_for_update())
    known = {(row.kind, row.minutes): row for row in rows}
    for slot in dict.fromkeys((*known, *wanted)):
        row, due_at = known.get(slot), wanted.get(slot)
        if row is None and due_at is not None and due_at > now:
            session.add(written(event, slot, due_at, times.zone(event.time_zone)))
        elif row is not None and row.state is ReminderState.pending and due_at is None:
            row.state, row.settled_at = ReminderState.cancelled, now
        elif row is not None and row.state is ReminderState.cancelled and due_at is not None and due_at > now:
            row.state, row.settled_at = ReminderState.pending, None
    session.flush()
