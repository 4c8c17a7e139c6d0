"""What follows from a change of an event: its card, and messages to those whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog

from community import attendance, rsvp
from community.records import Event, Member
from delivery import outbox
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
    """Show the event as it stands now on its card; many changes in a row become few updates."""
    payload = card(event, rsvp.standing(w.session, event), w.now)
    try:
        outbox.update(w.session, community_id=event.community_id, of=card_key(event.id), payload=payload)
    except LookupError:  # restored from a backup, say: what the person did counts all the same
        log.warning("card.unknown", event_id=event.id)


def tell(w: Work, event: Event, what: str, people: Iterable[Member], render: Callable[[Member], Block]) -> int:
    """Send each of these people but the one who acts a message in their language; returns how many."""
    told = 0
    for member in people:
        if member.id != w.member.id and member.active:
            key = KEY.format(event=event.id, what=what, version=event.version, member=member.id)
            w.message(render(member), member=member, key=key, subject=f"event:{event.id}")
            told += 1
    return told


def tell_promoted(w: Work, event: Event, promoted: Iterable[Member]) -> None:
    """Tell people from the waitlist that a seat is theirs; a second time after they had left is a second message."""
    for member in promoted:
        key = f"event:{event.id}:promoted:{member.id}:{w.key}"
        w.message(event_news.promoted(member, event), member=member, key=key[:200], subject=f"event:{event.id}")


def seen(w: Work, event: Event) -> Seen:
    """The event as the acting person finds it."""
    attended = attendance.mine(w.session, event.id, w.member.id)
    return Seen(
        event,
        rsvp.standing(w.session, event),
        rsvp.mine(w.session, event.id, w.member.id),
        attended.status if attended else None,
        may_run=w.may_run,
        may_change=w.is_organizer,
    )
