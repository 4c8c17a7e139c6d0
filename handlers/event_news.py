"""What follows from a change of an event: its card, and messages to those whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from community import attendance, invitations, people, rsvp
from community.records import Event, Member, Seat
from community.reminder_rules import EARLY
from delivery import outbox, reach
from handlers.work import Work
from views import event_news
from views.event_details import Seen
from views.events import card, card_key
from views.text import Block

log = structlog.get_logger("praxis.events")

# A move or a cancellation may be the second of its kind: its version tells them apart.
KEY = "event:{event}:{what}:{version}:{member}"


def post_card(w: Work, event: Event) -> None:
    """Put the new event's card into its channel."""
    payload = card(event, rsvp.standing(w.session, event), w.now)
    w.say(payload, channel=event.channel, key=card_key(event.id), subject=f"event:{event.id}")


def refresh_card(w: Work, event: Event) -> None:
    """Show the event as it stands now on its card, if it has one yet; many changes in a row become few updates."""
    if event.card_at is not None:
        return
    payload = card(event, rsvp.standing(w.session, event), w.now)
    try:
        outbox.update(w.session, community_id=event.community_id, of=card_key(event.id), payload=payload)
    except LookupError:  # restored from a backup, say: what the person did counts all the same
        log.warning("card.unknown", event_id=event.id)


def to_correct(w: Work, event: Event, *, withdraw: bool = False) -> list[Member]:
    """Whom a change concerns: those who reply that they come or may, those who wait, whoever else was reminded of it.

    With `withdraw` reminders that have not gone out yet do not: they would be wrong.
    """
    subject = f"event:{event.id}"
    written = [f"reminder:{event.id}:{kind.value}:" for kind in EARLY]
    if withdraw:
        reach.withdraw(w.session, event.community_id, subject, written)
    told = rsvp.concerned(w.session, event)
    known = {member.slack_user_id for member in told}
    for user in sorted(reach.reached(w.session, event.community_id, subject, written) - known):
        member = people.find_member(w.session, event.community_id, user)
        if member is not None and member.active:
            told.append(member)
    return told


def tell(w: Work, event: Event, what: str, those: Iterable[Member], render: Callable[[Member], Block]) -> int:
    """Send each of these people but the one who acts a message in their language; returns how many."""
    stored: dict[tuple[str | None, str], int] = {}
    letters = []
    for member in those:
        if member.id != w.member.id and member.active:
            manner = (member.locale, member.time_zone)  # nothing else of a person is in what they read
            if manner not in stored:
                stored[manner] = outbox.store_payload(w.session, render(member))
            key = KEY.format(event=event.id, what=what, version=event.version, member=member.id)
            letters.append((key, member.slack_user_id, stored[manner]))
    outbox.broadcast(w.session, community_id=event.community_id, letters=letters, subject=f"event:{event.id}")
    return len(letters)


def tell_offered(w: Work, event: Event, offered: Iterable[Member], was: datetime | None = None) -> None:
    """Tell people from the waitlist of the seat that is kept for them, and of the move if the event began at `was`."""
    for member in offered:
        row = rsvp.row_of(w.session, event.id, member.id)
        if row is not None and row.offer_ends_at is not None:
            payload = event_news.offered(member, event, row.seat, row.offer_ends_at, was)
            key = event_news.offer_key(event.id, member.id, row.offers)
            w.message(payload, member=member, key=key, subject=f"event:{event.id}")


def seen(w: Work, event: Event) -> Seen:
    """The event as the acting person finds it."""
    attended = attendance.mine(w.session, event.id, w.member.id)
    row = rsvp.row_of(w.session, event.id, w.member.id)
    return Seen(
        event,
        rsvp.standing(w.session, event),
        row.reply if row else None,
        attended.status if attended else None,
        row.seat if row else Seat.room,
        row.offer_ends_at if row else None,
        enrolled=attendance.is_enrolled(w.session, event.id, w.member.id),
        must_ask=row is None and not invitations.may_come(w.session, event, w.member),
        may_run=w.may_run,
        may_change=w.is_organizer,
    )
