"""Check-in codes: which event a code opens now, why another does not, and how often one may guess."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community.errors import CommunityError, Invalid, NotAllowed, NotFound
from community.records import CodeTry, Event, EventState, Member, Reply, Rsvp

TRIES = 5
TRIES_WITHIN = timedelta(minutes=10)
# A code of an event that ended within this time was shown today: "too late"; before that it is simply old.
JUST_OVER = timedelta(hours=12)


def event_for(session: Session, member: Member, code: str, now: datetime, event_id: int | None) -> Event:
    """The event whose check-in this code opens for the member now, held against being changed meanwhile.

    Raises NotAllowed `code_tries`, else the reason as Invalid; every reason but `code_form` counts as a try.
    """
    digits = "".join(code.split()).strip("#")
    if len(digits) != 4 or not digits.isdecimal():
        raise Invalid("code_form", field="code")
    digits = "".join(str(int(d)) for d in digits)  # other scripts' digits too
    _hold_tries(session, member, now)
    matching = session.scalars(
        select(Event)
        .where(Event.community_id == member.community_id, Event.check_in_code == digits)
        .order_by(Event.starts_at, Event.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).all()
    if event_id is not None and not any(event.id == event_id for event in matching):
        wanted = session.get(Event, event_id)
        if wanted is None or wanted.community_id != member.community_id:
            raise NotFound("event_unknown")
        if any(_open(event, now) for event in matching):
            raise _refused(session, member, now, Invalid("code_other_event", field="code", keep=True))
        matching = []
    events = [event for event in matching if event_id is None or event.id == event_id]
    opened = [event for event in events if _open(event, now)]
    if opened:
        return _own_first(session, member, opened)
    raise _refused(session, member, now, _reason(events, now))


def forget_tries(session: Session, now: datetime) -> int:
    """Delete tries too old to matter; returns how many."""
    return session.connection().execute(delete(CodeTry).where(CodeTry.tried_at <= now - TRIES_WITHIN)).rowcount


def _open(event: Event, now: datetime) -> bool:
    return event.state is not EventState.cancelled and _opens(event) <= now < event.ends_at


def _opens(event: Event) -> datetime:
    return event.starts_at - timedelta(minutes=event.check_in_opens_minutes)


def _own_first(session: Session, member: Member, opened: list[Event]) -> Event:
    if len(opened) > 1:
        going = set(
            session.scalars(
                select(Rsvp.event_id).where(
                    Rsvp.member_id == member.id,
                    Rsvp.reply == Reply.going,
                    Rsvp.event_id.in_([event.id for event in opened]),
                )
            )
        )
        opened = sorted(opened, key=lambda event: event.id not in going)
    return opened[0]


def _reason(events: list[Event], now: datetime) -> CommunityError:
    # What lies nearest in time is what the person most likely means.
    live = [event for event in events if event.state is not EventState.cancelled]
    for event in live:
        if event.starts_at > now:
            return Invalid("code_early", field="code", keep=True, opens_at=_opens(event), event=event)
    if live and live[-1].ends_at > now - JUST_OVER:
        return Invalid("code_late", field="code", keep=True, event=live[-1])
    if any(event.state is EventState.cancelled and event.ends_at > now for event in events):
        return Invalid("event_cancelled", field="code", keep=True)
    return Invalid("code_old" if live else "code_wrong", field="code", keep=True)


def _hold_tries(session: Session, member: Member, now: datetime) -> None:
    session.get(Member, member.id, with_for_update=True)  # guesses sent at once are counted one after the other
    recent = session.scalars(
        select(CodeTry.tried_at)
        .where(CodeTry.member_id == member.id, CodeTry.tried_at > now - TRIES_WITHIN)
        .order_by(CodeTry.tried_at)
    ).all()
    if len(recent) >= TRIES:
        wait = recent[-TRIES] + TRIES_WITHIN - now
        raise NotAllowed("code_tries", field="code", minutes=max(1, ceil(wait / timedelta(minutes=1))))


def _refused(session: Session, member: Member, now: datetime, reason: CommunityError) -> CommunityError:
    session.add(CodeTry(member_id=member.id, tried_at=now))
    session.flush()
    return reason
