"""What follows from a change of an event: its card, and messages to those whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from community import absences, attendance, invitations, people, rsvp
from community.attendance import Roster
from community.events import Change
from community.records import Event, Member, Role, Seat
from community.reminder_rules import EARLY
from delivery import outbox, reach
from handlers.work import Work
from views import absences as absence_view
from views import event_news
from views.event_details import Seen
from views.events import card, card_key
from views.reminders import roster_summary, summary_key
from views.text import Block

log = structlog.get_logger("praxis.events")

# A move or a cancellation may be the second of its kind: its version tells them apart.
KEY = "event:{event}:{what}:{version}:{member}"


class Acting(Protocol):
    """A change as it is being made: by somebody in Slack (`Work`), or by a file, and then by nobody."""

    @property
    def session(self) -> Session:
        """Open until it is committed."""

    @property
    def now(self) -> datetime:
        """When it is made."""

    @property
    def member(self) -> Member | None:
        """Who makes it, and so need not be told."""


@dataclass(frozen=True)
class ByNobody:
    """A change that a file makes, or that follows from what Slack says: everybody concerned is told."""

    session: Session
    now: datetime
    member: None = None


def give_up(w: Acting, member: Member) -> None:
    """Somebody left Slack: their seats go to those who wait, who hear of it."""
    for answer in rsvp.give_up(w.session, member, w.now):
        refresh_card(w, answer.event)
        tell_offered(w, answer.event, answer.offered)


def post_card(w: Work, event: Event) -> None:
    """Put the new event's card into its channel."""
    payload = card(event, rsvp.standing(w.session, event), w.now)
    w.say(payload, channel=event.channel, key=card_key(event.id), subject=f"event:{event.id}")


def refresh_card(w: Acting, event: Event) -> None:
    """Show the event as it stands now on its card, if it has one yet; many changes in a row become few updates."""
    if event.card_at is not None:
        return
    payload = card(event, rsvp.standing(w.session, event), w.now)
    try:
        outbox.update(w.session, community_id=event.community_id, of=card_key(event.id), payload=payload)
    except LookupError:  # restored from a backup, say: what the person did counts all the same
        log.warning("card.unknown", event_id=event.id)


def to_correct(w: Acting, event: Event, *, withdraw: bool = False) -> list[Member]:
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


def tell(w: Acting, event: Event, what: str, those: Iterable[Member], render: Callable[[Member], Block]) -> int:
    """Send each of these people but the one who acts a message in their language; returns how many."""
    own = w.member.id if w.member else None
    stored: dict[tuple[str | None, str], int] = {}
    letters = []
    for member in those:
        if member.id != own and member.active:
            manner = (member.locale, member.time_zone)  # nothing else of a person is in what they read
            if manner not in stored:
                stored[manner] = outbox.store_payload(w.session, render(member))
            key = KEY.format(event=event.id, what=what, version=event.version, member=member.id)
            letters.append((key, member.slack_user_id, stored[manner]))
    outbox.broadcast(w.session, community_id=event.community_id, letters=letters, subject=f"event:{event.id}")
    return len(letters)


def tell_offered(w: Acting, event: Event, offered: Iterable[Member], was: datetime | None = None) -> None:
    """Tell people from the waitlist of the seat that is kept for them, and of the move if the event began at `was`."""
    for member in offered:
        row = rsvp.row_of(w.session, event.id, member.id)
        if row is not None and row.offer_ends_at is not None:
            payload = event_news.offered(member, event, row.seat, row.offer_ends_at, was)
            key = event_news.offer_key(event.id, member.id, row.offers)
            post(w, member, payload, key, f"event:{event.id}")


def post(w: Acting, member: Member, payload: Block, key: str, subject: str) -> None:
    """Write to one person, once under this key."""
    outbox.post(
        w.session,
        community_id=member.community_id,
        key=key,
        payload=payload,
        user=member.slack_user_id,
        subject=subject,
    )


def follow(w: Acting, change: Change, was: datetime, was_minutes: int) -> int:
    """Tell those concerned of a change, each once: of a seat they are offered, else of the move or the new place.

    The card follows too. The event began at `was` before and took `was_minutes`. Returns how many are told.
    """
    event = change.event
    tell_offered(w, event, change.offered, was)
    seated = {member.id for member in change.offered}
    others = [member for member in to_correct(w, event, withdraw=change.moved) if member.id not in seated]
    told = len(change.offered)
    if change.moved:
        told += tell(
            w, event, "moved", others,
            lambda member: event_news.moved(member, event, was, was_minutes, change.fields),
        )  # fmt: skip
    elif change.fields & {"place", "link"}:
        told += tell(w, event, "relocated", others, lambda member: event_news.relocated(member, event))
    if change.fields:
        refresh_card(w, event)
    return told


def follow_cancelled(w: Acting, event: Event) -> int:
    """Tell those concerned that the event is called off, and show it on its card; returns how many are told."""
    concerned = to_correct(w, event, withdraw=True)
    told = tell(w, event, "cancelled", concerned, lambda member: event_news.cancelled(member, event))
    refresh_card(w, event)
    return told


def refresh_summaries(w: Work, roster: Roster) -> None:
    """After a correction: the roster in short, with its one-tap corrections, as it is, for all who were sent it."""
    for role in (Role.organizer, Role.facilitator):
        for member in people.with_role(w.session, w.community.id, role):
            with suppress(LookupError):  # who has the role since then was sent none
                key = summary_key(roster.event, member)
                shown = roster_summary(member, roster)
                outbox.update(w.session, community_id=w.community.id, of=key, payload=shown)


def tell_concerns(w: Work, event: Event) -> None:
    """After a correction of a roster: those who run the event hear of absences that are worth a word; each once."""
    for concern, told in absences.to_tell(w.session, event):
        payload = absence_view.concern(told, event, concern)
        post(w, told, payload, absence_view.key(concern, told), f"event:{event.id}")


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
