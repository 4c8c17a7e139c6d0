"""What happens by itself around an event: the card gets its button, people are asked in, the roster is settled."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from community import absences, attendance, reminders, rsvp
from community.records import Event, Member, Reminder, ReminderKind
from delivery import outbox
from scheduler.messages import Broadcast
from views import absences as absence_view
from views import attendance_prompt as view
from views.events import card, card_key
from views.reminders import roster_summary

APART = timedelta(minutes=5)  # between being asked and being asked again, after downtime


def open_check_in(session: Session, _reminder: Reminder, event: Event, now: datetime) -> Broadcast:
    """The card gets its check-in button; nobody is told."""
    _refresh_card(session, event, now)
    return Broadcast()


def prompt(session: Session, reminder: Reminder, event: Event, now: datetime) -> Broadcast:
    """Ask those expected who have not checked in yet to do so."""
    _refresh_card(session, event, now)

    def render(member: Member, _variant: object) -> dict[str, Any]:
        return view.prompt(member, event)

    return Broadcast(_missing(session, reminder, event), render)


def nudge(session: Session, reminder: Reminder, event: Event, now: datetime) -> Broadcast:
    """Ask those once more who are still missing some minutes after the start, unless they were asked just now."""
    if reminders.just_done(session, reminder, ReminderKind.attendance_prompt, now - APART):
        return Broadcast()

    def render(member: Member, _variant: object) -> dict[str, Any]:
        return view.nudge(member, event)

    return Broadcast(_missing(session, reminder, event), render)


def close(session: Session, reminder: Reminder, event: Event, now: datetime) -> Broadcast:
    """Whoever was expected and did not come is absent; organizers and facilitators get the roster in short."""
    roster = attendance.close(session, event, now)
    _refresh_card(session, event, now)
    _tell_concerns(session, event)

    def render(member: Member, _variant: object) -> dict[str, Any]:
        return roster_summary(member, roster)

    return Broadcast(reminders.recipients(session, reminder, event), render)


def _tell_concerns(session: Session, event: Event) -> None:
    """Those who run the event hear of those whose absences are worth a word; each once."""
    for concern, told in absences.to_tell(session, event):
        outbox.post(
            session,
            community_id=event.community_id,
            key=absence_view.key(concern, told),
            user=told.slack_user_id,
            payload=absence_view.concern(told, event, concern),
            subject=f"event:{event.id}",
        )


def _missing(session: Session, reminder: Reminder, event: Event) -> list[Member]:
    known = attendance.recorded(session, event)
    return [m for m in reminders.recipients(session, reminder, event) if m.id not in known]


def _refresh_card(session: Session, event: Event, now: datetime) -> None:
    shown = card(event, rsvp.standing(session, event), now)
    # An event that was planned without a card has none to refresh.
    with suppress(LookupError):
        outbox.update(session, community_id=event.community_id, of=card_key(event.id), payload=shown)
