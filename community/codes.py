"""Check-in codes: six digits that change every 30 seconds, so that who knows one is in the room, or was just now.

A code is made of the event's secret, its id and the time, as one-time passwords are (RFC 4226 and 6238, HMAC-SHA-256):
it belongs to one event, and nobody can work out the next. The one shown and the one before it are accepted.

Guessing. One guess is right with probability 2 in 1,000,000. A person may be wrong 5 times in 10 minutes and 20 times
at an event: whoever tries all day, or lets a program try 10,000 times, is checked 20 times and gets in with probability
4 in 100,000; without the limits it would be 2 in 100. All people together may be wrong 60 times in 10 minutes; from
then on only those expected who were never wrong there get a try. If hundreds conspire through all eight hours of an
event for a hundred people, that makes 2,980 guesses, and one of them is right with probability 6 in 1,000.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from community import seats
from community.errors import CommunityError, Invalid, NotAllowed, NotFound
from community.group_records import EventInvitation
from community.records import CodeTry, Event, EventState, Member, Reply, Rsvp
from community.rows import HOLD, locked_event
from community.windows import closes_at, is_open, opens_at

STEP_SECONDS = 30
DIGITS = 6
GRACE = 1  # how many steps back a code still works
REMEMBERED = 20  # steps back for which it is said that a code was right and no longer is
TRIES = 5
TRIES_WITHIN = timedelta(minutes=10)
TRIES_AT_EVENT = 20
TRIES_OF_ALL = 60
KEPT = timedelta(days=8)  # longer than an event can last
NEAR = timedelta(days=1)  # so long before the start check-in can open, and so long after the end it can close


@dataclass(frozen=True)
class Code:
    """What is shown now: `digits`, and until when."""

    digits: str
    step: int
    until: datetime


def step_at(now: datetime) -> int:
    """The number of the 30 seconds that `now` is in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_of(event: Event, step: int) -> str:
    """The event's code in that step."""
    digest = hmac.digest(bytes.fromhex(event.check_in_secret), f"{event.id}:{step}".encode(), "sha256")
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}}"


def shown(event: Event, now: datetime) -> Code:
    """What to show at the event now."""
    step = step_at(now)
    return Code(code_of(event, step), step, datetime.fromtimestamp((step + 1) * STEP_SECONDS, UTC))


def event_for(session: Session, member: Member, code: str, now: datetime, event_id: int | None) -> Event:
    """The event whose check-in this code opens for the member now, held against being changed meanwhile.

    Raises NotAllowed `code_tries`, `code_tries_event` or `code_tries_all`, else the reason as Invalid; every reason but
    `code_form` counts as a try.
    """
    digits = _digits(code)
    session.get(Member, member.id, with_for_update=HOLD)  # guesses sent at once are counted one after the other
    near = _near(session, member, now)
    wanted = near if event_id is None else [event for event in near if event.id == event_id]
    if event_id is not None and not wanted:
        known = session.get(Event, event_id)
        if known is None or known.community_id != member.community_id:
            raise NotFound("event_unknown")
        raise Invalid("check_in_over" if known.ends_at <= now else "check_in_early",
                      field="code", opens_at=opens_at(known), event=known)  # fmt: skip
    tried = [event for event in wanted if is_open(event, now)]
    barred = {event.id: refusal for event in tried if (refusal := _barred(session, member, event, now)) is not None}
    allowed = [event for event in tried if event.id not in barred]
    if tried and not allowed:
        raise barred[tried[0].id]
    if not tried and (spent := _spent(session, member, None, now)):
        raise spent
    for event in _own_first(session, member, [event for event in allowed if _age(event, digits, now) <= GRACE]):
        shared = not seats.waits(session, event.id, member.id)  # whoever waits may take the last seat
        held = locked_event(session, member.community_id, event.id, shared=shared)
        if held is not None and is_open(held, now):
            return held
    against_all: list[int | None] = [event.id for event in allowed] or [None]
    for against in against_all:
        session.add(CodeTry(member_id=member.id, event_id=against, tried_at=now))
    session.flush()
    raise _reason(wanted, [event for event in near if event not in wanted], digits, now)


def forget_tries(session: Session, now: datetime) -> None:
    """Delete the tries that are too old to matter."""
    session.execute(delete(CodeTry).where(CodeTry.tried_at <= now - KEPT))


def _digits(code: str) -> str:
    digits = "".join(code.split()).removeprefix("#").replace("-", "")
    if len(digits) != DIGITS or not digits.isdecimal():
        raise Invalid("code_form", field="code")
    return "".join(str(int(digit)) for digit in digits)  # full-width digits and other scripts' are digits too


def _age(event: Event, digits: str, now: datetime) -> int:
    """How many steps ago this was the event's code; more than are remembered when it was not."""
    last = step_at(now)
    ages = [age for age in range(REMEMBERED + 1) if hmac.compare_digest(code_of(event, last - age), digits)]
    return ages[0] if ages else REMEMBERED + 1


def _near(session: Session, member: Member, now: datetime) -> list[Event]:
    """Events that are on, were lately, or are soon, the earliest first."""
    return list(
        session.scalars(
            select(Event)
            .where(
                Event.community_id == member.community_id,
                Event.starts_at <= now + NEAR,
                Event.ends_at > now - NEAR,
            )
            .order_by(Event.starts_at, Event.id)
        )
    )


def _own_first(session: Session, member: Member, opened: list[Event]) -> list[Event]:
    """Once in a million times two open events show one code: the one the person is expected at is meant."""
    own = _expected_at(session, member, [event.id for event in opened]) if len(opened) > 1 else set()
    return sorted(opened, key=lambda event: event.id not in own)


def _expected_at(session: Session, member: Member, event_ids: list[int]) -> set[int]:
    going = select(Rsvp.event_id).where(Rsvp.member_id == member.id, Rsvp.reply == Reply.going)
    enrolled = select(EventInvitation.event_id).where(EventInvitation.member_id == member.id, EventInvitation.enrolled)
    found = session.scalars(select(Event.id).where(Event.id.in_(event_ids), Event.id.in_(going.union(enrolled))))
    return set(found)


def _reason(wanted: list[Event], others: list[Event], digits: str, now: datetime) -> CommunityError:
    for event in wanted:
        age = _age(event, digits, now)
        # After the end a code is no longer shown: whoever types the last one is late, not wrong.
        if age > REMEMBERED:
            continue
        if event.state is EventState.cancelled:
            return Invalid("event_cancelled", field="code", keep=True)
        if now < opens_at(event):
            return Invalid("code_early", field="code", keep=True, opens_at=opens_at(event), event=event)
        if now >= closes_at(event):
            return Invalid("code_late", field="code", keep=True, event=event)
        return Invalid("code_old", field="code", keep=True)
    if any(_age(event, digits, now) <= GRACE for event in others):
        return Invalid("code_other_event", field="code", keep=True)
    return Invalid("code_wrong", field="code", keep=True)


def _barred(session: Session, member: Member, event: Event, now: datetime) -> NotAllowed | None:
    """Why the member may not try a code at this event now, if so."""
    mine = session.scalar(
        select(func.count()).where(CodeTry.member_id == member.id, CodeTry.event_id == event.id)
    ) or 0  # fmt: skip
    if mine >= TRIES_AT_EVENT:
        return NotAllowed("code_tries_event", field="code", event=event)
    if spent := _spent(session, member, event, now):
        return spent
    everybody = session.scalar(
        select(func.count()).where(CodeTry.event_id == event.id, CodeTry.tried_at > now - TRIES_WITHIN)
    ) or 0  # fmt: skip
    if everybody >= TRIES_OF_ALL and (mine or not _expected_at(session, member, [event.id])):
        return NotAllowed("code_tries_all", field="code", event=event)
    return None


def _spent(session: Session, member: Member, event: Event | None, now: datetime) -> NotAllowed | None:
    against = CodeTry.event_id.is_(None) if event is None else CodeTry.event_id == event.id
    recent = session.scalars(
        select(CodeTry.tried_at)
        .where(CodeTry.member_id == member.id, against, CodeTry.tried_at > now - TRIES_WITHIN)
        .order_by(CodeTry.tried_at)
    ).all()
    if len(recent) < TRIES:
        return None
    wait = recent[-TRIES] + TRIES_WITHIN - now
    return NotAllowed("code_tries", field="code", minutes=max(1, ceil(wait / timedelta(minutes=1))))
