"""Works off the reminders that are due, each in a transaction of its own, so that a bad one stops no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from community import reminders
from community.records import Event, EventState, Reminder, ReminderKind, ReminderState
from scheduler import attendance, invitations
from storage import Database
from storage.errors import StorageError

log = structlog.get_logger("praxis.scheduler")

AT_ONCE = 100

JOBS: dict[ReminderKind, Callable[[Session, Reminder, Event, datetime], int]] = {
    ReminderKind.day_before: invitations.remind,
    ReminderKind.hour_before: invitations.remind,
    ReminderKind.check_in_opens: attendance.open_check_in,
    ReminderKind.attendance_prompt: attendance.prompt,
    ReminderKind.attendance_close: attendance.close,
}


def work_off(database: Database, clock: Callable[[], datetime]) -> int:
    """Do all that is due, oldest first, until nothing is left that others do not hold; returns how many were done."""
    done = 0
    while True:
        now = clock()
        with database.read() as session:
            batch = reminders.due(session, now, AT_ONCE)
        worked = sum(_one(database, reminder, now) for reminder in batch)
        done += worked
        if not worked:
            return done


def _one(database: Database, found: Reminder, now: datetime) -> bool:
    """Whether this one was ours to do, and is settled now or put off."""
    try:
        with database.begin() as session:
            return _settle(session, found, now)
    except StorageError:
        raise  # nothing is wrong with the reminder: leave it as it is
    except Exception as error:
        log.exception("reminder.failed", reminder_id=found.id, kind=found.kind, error=type(error).__name__)
        with database.begin() as session:
            held = reminders.hold(session, found)
            if held is not None:
                reminders.postpone(session, held[0], now, type(error).__name__)
        return True


def _settle(session: Session, found: Reminder, now: datetime) -> bool:
    held = reminders.hold(session, found)
    if held is None:
        return False
    reminder, event = held
    sent = 0
    if event.state is EventState.cancelled:
        reminders.settle(session, reminder, ReminderState.cancelled, now)
    elif now >= reminders.too_late_at(reminder, event):
        reminders.settle(session, reminder, ReminderState.missed, now, "too late")
    else:
        sent = JOBS[reminder.kind](session, reminder, event, now)
        reminders.settle(session, reminder, ReminderState.done, now)
    log.info(
        "reminder.settled",
        reminder_id=reminder.id,
        event_id=event.id,
        kind=reminder.kind.value,
        state=reminder.state.value,
        recipients=sent,
        late_s=round((now - reminder.due_at).total_seconds(), 1),
    )
    return True
