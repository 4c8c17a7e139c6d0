"""Works off the reminders that are due, each by itself, so that a bad one stops no other.

A reminder, what it does and its messages are one transaction. One to very many people takes several, so that nobody who
writes meanwhile waits for long: the first keeps it from other clocks, the last settles it, and whatever dies in between
is done again by whoever comes next, where the messages' keys let each person be told once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from community import reminders
from community.overtaken import OVERTAKEN, overtaken
from community.records import Event, EventState, Reminder, ReminderKind, ReminderState
from community.reminder_rules import EARLY, LATER
from scheduler import attendance, invitations, messages
from scheduler.messages import Broadcast, Letter
from storage import Database
from storage.errors import StorageError

log = structlog.get_logger("praxis.scheduler")

AT_ONCE = 100
PEOPLE_AT_ONCE = 200

JOBS: dict[ReminderKind, Callable[[Session, Reminder, Event, datetime], Broadcast]] = {
    **dict.fromkeys(EARLY, invitations.remind),
    **dict.fromkeys(LATER, invitations.look_back),
    ReminderKind.check_in_opens: attendance.open_check_in,
    ReminderKind.attendance_prompt: attendance.prompt,
    ReminderKind.attendance_nudge: attendance.nudge,
    ReminderKind.attendance_close: attendance.close,
}


def work_off(database: Database, clock: Callable[[], datetime], community_id: int | None = None) -> int:
    """Do all that is due, oldest first, until nothing is left that others do not hold; returns how many were done.

    With `community_id`, all that is due in that community. Raises StorageError when the database cannot be used; what
    was not settled by then is still due.
    """
    done = 0
    while True:
        now = clock()
        with database.read() as session:
            batch = reminders.due(session, now, AT_ONCE, community_id)
        worked = sum(_one(database, reminder, clock) for reminder in batch)
        done += worked
        if not worked:
            return done


def _one(database: Database, found: Reminder, clock: Callable[[], datetime]) -> bool:
    """Whether this one was ours to do, and is settled now or put off."""
    try:
        return _carry_out(database, found, clock)
    except StorageError:
        raise  # nothing is wrong with the reminder: leave it as it is
    except Exception as error:
        log.exception("reminder.failed", reminder_id=found.id, kind=found.kind.value, error=type(error).__name__)
        with database.begin() as session:
            held = reminders.hold(session, found)
            if held is not None:
                reminders.postpone(session, held[0], clock(), type(error).__name__)
        return True


def _carry_out(database: Database, found: Reminder, clock: Callable[[], datetime]) -> bool:
    letters: list[Letter] | None = None
    sent = 0
    while True:
        now = clock()
        with database.begin() as session:
            held = reminders.hold(session, found, now if letters is None else None)
            if held is None:
                return letters is not None
            reminder, event = held
            if not _of_no_use(session, reminder, event, now, begun=letters is not None):
                if letters is None:
                    broadcast = JOBS[reminder.kind](session, reminder, event, now)
                    reminders.note(session, reminder, broadcast.members)
                    letters = messages.addressed(session, reminder, broadcast)
                sent += messages.post(session, reminder, event, letters[:PEOPLE_AT_ONCE], now)
                letters = letters[PEOPLE_AT_ONCE:]
                if letters:
                    reminders.keep(session, reminder, now)
                else:
                    reminders.settle(session, reminder, ReminderState.done, now)
        if reminder.state is not ReminderState.pending:
            _tell(reminder, sent, now)
            return True


def _of_no_use(session: Session, reminder: Reminder, event: Event, now: datetime, *, begun: bool) -> bool:
    """Whether it need not be done any more; then it is settled."""
    if event.state is EventState.cancelled:
        reminders.settle(session, reminder, ReminderState.cancelled, now)
    elif now >= reminders.too_late_at(reminder, event):
        reminders.note(session, reminder, reminders.recipients(session, reminder, event))
        reminders.settle(session, reminder, ReminderState.missed, now, "too late")
    elif not begun and overtaken(session, reminder, event, now):
        reminders.note(session, reminder, ())  # those whom it concerned hear of the event all the same
        reminders.settle(session, reminder, ReminderState.missed, now, OVERTAKEN)
    return reminder.state is not ReminderState.pending


def _tell(reminder: Reminder, sent: int, now: datetime) -> None:
    log.info(
        "reminder.settled",
        reminder_id=reminder.id,
        event_id=reminder.event_id,
        kind=reminder.kind.value,
        state=reminder.state.value,
        recipients=sent,
        late_s=round((now - reminder.due_at).total_seconds(), 1),
    )
