"""What becomes of reminders that are written already when organizers change the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import reminder_rules, times
from community.records import Event, EventKind, Member, Reminder, ReminderState
from community.reminder_rules import AFTER, BEFORE
from community.reminders import written


def change_rules(
    session: Session, by: Member, kind: EventKind, kinds: Sequence[str], mandatory: Sequence[str], now: datetime
) -> int:
    """Remind of events of this kind so from now on; returns for how many events ahead that was written.

    Raises like `reminder_rules.choose`.
    """
    ahead = reminder_rules.choose(session, by, kind, kinds, mandatory, now)
    for event in ahead:
        follow_rules(session, event, now)
    return len(ahead)


def follow_rules(session: Session, event: Event, now: datetime) -> None:
    """Write what the rules say now; what went out stays, what they do not want any more is cancelled."""
    rules = reminder_rules.rules(session, event.community_id, event.kind)
    wanted = dict(reminder_rules.due_times(event, rules))
    of_now = (Reminder.event_id == event.id, Reminder.occurrence == event.revision)
    known = {row.kind: row for row in session.scalars(select(Reminder).where(*of_now).with_for_update())}
    for kind in (*BEFORE, *AFTER):
        row, due_at = known.get(kind), wanted.get(kind)
        if row is None and due_at is not None and due_at > now:
            session.add(written(event, kind, due_at, times.zone(event.time_zone)))
        elif row is not None and row.state is ReminderState.pending and due_at is None:
            row.state, row.settled_at = ReminderState.cancelled, now
        elif row is not None and row.state is ReminderState.cancelled and due_at is not None and due_at > now:
            row.state, row.settled_at = ReminderState.pending, None
    session.flush()
