"""Check-in codes: which event a code opens now, why another does not, and how often one may guess."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community.errors import CommunityError, Invalid, NotAllowed, NotFound
from community.records import CodeTry, Event, EventState, Member, Reply, Rsvp
from community.rows import HOLD, locked_event
from community.windows import closes_at, is_open, opens_at

TRIES = 5
TRIES_WITHIN = timedelta(minutes=10)
# A code whose event ended within this time was shown today: "too late"; one from before that is old.
JUST_OVER = timedelta(hours=12)
# Codes come round again: what was valid longer ago than this is simply wrong.
REMEMBERED = timedelta(days=60)


def event_for(session: Session, member: Member, code: str, now: datetime, event_id: int | None) -> Event:
    """The event whose check-in this code opens for the member now, held against being changed meanwhile.

    Raises NotAllowed `code_tries`, else the reason as Invalid; every reason but `code_form` counts as a try.
    """
    digits = _digits(code)
    _hold_tries(session, member, now)
    if event_id is not None:
        wanted = session.get(Event, event_id)
        if wanted is None or wanted.community_id != member.community_id:
            raise NotFound("event_unknown")
    matching = session.scalars(
        select(Event)
        .where(
            Event.community_id == member.community_id,
            Event.check_in_code == digits,
            Event.ends_at > now - REMEMBERED,
        )
        .order_by(Event.starts_at, Event.id)
    ).all()
    own = [event for event in matching if event_id in (None, event.id)]
    for event in _own_first(session, member, [event for event in own if is_open(event, now)]):
        held = locked_event(session, member.community_id, event.id, shared=True)
        if held is not None and held.check_in_code == digits and is_open(held, now):
            return held
    reason = _reason(own, now)
    if matching and not own:
        reason = Invalid("code_other_event", field="code", keep=True)
    session.add(CodeTry(member_id=member.id, tried_at=now))
    session.flush()
    raise reason


def forget_tries(session: Session, now: datetime) -> None:
    """Delete the tries that are too old to matter."""
    session.execute(delete(CodeTry).where(CodeTry.tried_at <= now - TRIES_WITHIN))


def _digits(code: str) -> str:
    digits = "".join(code.split()).removeprefix("#")
    if len(digits) != 4 or not digits.isdecimal():
        raise Invalid("code_form", field="code")
    return "".join(str(int(digit)) for digit in digits)  # full-width digits and other scripts' are digits too


def _own_first(session: Session, member: Member, opened: list[Event]) -> list[Event]:
    """Two open events may share a code once one of them was moved: the one the person goes to is meant."""
    going = set(
        session.scalars(
            select(Rsvp.event_id).where(
                Rsvp.member_id == member.id,
                Rsvp.reply == Reply.going,
                Rsvp.event_id.in_([event.id for event in opened]),
            )
        )
    )
    return sorted(opened, key=lambda event: event.id not in going)


def _reason(events: list[Event], now: datetime) -> CommunityError:
    live = [event for event in events if event.state is not EventState.cancelled]
    ahead = [event for event in live if event.starts_at > now]
    over = [event for event in live if closes_at(event) > now - JUST_OVER]
    if ahead:
        return Invalid("code_early", field="code", keep=True, opens_at=opens_at(ahead[0]), event=ahead[0])
    if over:
        return Invalid("code_late", field="code", keep=True, event=over[-1])
    if any(closes_at(event) > now for event in events):
        return Invalid("event_cancelled", field="code", keep=True)
    return Invalid("code_old" if live else "code_wrong", field="code", keep=True)


def _hold_tries(session: Session, member: Member, now: datetime) -> None:
    session.get(Member, member.id, with_for_update=HOLD)  # guesses sent at once are counted one after the other
    recent = session.scalars(
        select(CodeTry.tried_at)
        .where(CodeTry.member_id == member.id, CodeTry.tried_at > now - TRIES_WITHIN)
        .order_by(CodeTry.tried_at)
    ).all()
    if len(recent) >= TRIES:
        wait = recent[-TRIES] + TRIES_WITHIN - now
        raise NotAllowed("code_tries", field="code", minutes=max(1, ceil(wait / timedelta(minutes=1))))
