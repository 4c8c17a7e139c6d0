"""When an event's check-in opens, when one is late, when those missing are nudged, when it closes."""

from __future__ import annotations

from datetime import datetime, timedelta

from community.records import Event, EventState


def opens_at(event: Event) -> datetime:
    """From when people can check in."""
    return event.starts_at - timedelta(minutes=event.check_in_opens_minutes)


def late_from(event: Event) -> datetime:
    """Whoever checks in after this is late."""
    return event.starts_at + timedelta(minutes=event.late_after_minutes)


def nudge_at(event: Event) -> datetime | None:
    """When those who are missing are asked once more; None when nobody is, or it would be after check-in closes."""
    if event.nudge_after_minutes is None:
        return None
    moment = event.starts_at + timedelta(minutes=event.nudge_after_minutes)
    return moment if moment < closes_at(event) else None


def closes_at(event: Event) -> datetime:
    """From when on nobody can check in: the end, or some minutes after it."""
    return event.ends_at + timedelta(minutes=event.check_in_closes_minutes)


def has_button(event: Event) -> bool:
    """Whether a press checks in. Who has to be in the room shows it by the code, unless organizers chose otherwise."""
    return event.check_in_button if event.check_in_button is not None else bool(event.link) or not event.place


def is_open(event: Event, now: datetime) -> bool:
    """Whether people can check in."""
    return event.state is not EventState.cancelled and opens_at(event) <= now < closes_at(event)
