"""Everything that the clock does for one event, and when: reminders by the rules, and what belongs to attendance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from community import reminder_rules
from community.records import Event, ReminderKind
from community.reminder_rules import EARLY, LATER, Rules, Slot
from community.windows import closes_at, nudge_at, opens_at

NUDGE_LATE = timedelta(hours=1)


def slots(event: Event, rules: Rules) -> Iterator[tuple[Slot, datetime]]:
    """What is due for the event, and when."""
    chosen = dict(reminder_rules.due_times(event, rules))
    yield from ((slot, due_at) for slot, due_at in chosen.items() if slot[0] in EARLY)
    yield (ReminderKind.check_in_opens, 0), opens_at(event)
    yield (ReminderKind.attendance_prompt, 0), event.starts_at
    if (nudge := nudge_at(event)) is not None:
        yield (ReminderKind.attendance_nudge, 0), nudge
    yield (ReminderKind.attendance_close, 0), closes_at(event)
    yield from ((slot, due_at) for slot, due_at in chosen.items() if slot[0] not in EARLY)


def schedule(event: Event, rules: Rules | None = None) -> Iterator[tuple[ReminderKind, datetime]]:
    """The same by kind alone; without `rules` by the usual ones."""
    yield from ((kind, due_at) for (kind, _minutes), due_at in slots(event, rules or Rules()))


def too_late(slot: Slot, due_at: datetime, event: Event) -> datetime:
    """From when on what was due then is of no use; settling attendance always is."""
    match slot[0]:
        case kind if kind in EARLY or kind in LATER:
            return reminder_rules.too_late(slot, due_at, event)
        case ReminderKind.check_in_opens | ReminderKind.attendance_prompt:
            return closes_at(event)
        case ReminderKind.attendance_nudge:
            return min(due_at + NUDGE_LATE, closes_at(event))
        case _:  # settling attendance
            return datetime.max.replace(tzinfo=UTC)
