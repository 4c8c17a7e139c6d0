"""Showing an event's code: who does, until when, and what their card says so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import codes, people
from community.codes import Code
from community.errors import Invalid, NotFound
from community.records import CodeDisplay, Event, EventState, Member, Role
from community.rows import locked_event
from community.windows import closes_at

LONGEST = timedelta(hours=3)  # a card that nobody looks at any more is not to be renewed all day
AHEAD = timedelta(hours=2)  # how long before the start a screen may be set up


@dataclass(frozen=True)
class Shown:
    """What a page shows: the event, its code, and the address that opens Slack."""

    event: Event
    code: Code
    opens: str


def show(
    session: Session, by: Member, event_id: int, now: datetime, *, opens: str, token: str | None = None
) -> tuple[CodeDisplay, Event]:
    """Have the event's code shown for three hours at most; with `token` also to whoever knows it.

    `opens` is the address that opens Slack at the bot.

    Raises NotAllowed, NotFound, Invalid `event_cancelled`, `check_in_over`, `display_early`.
    """
    people.require(session, by, Role.facilitator)
    event = locked_event(session, by.community_id, event_id, shared=True)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if now >= closes_at(event):
        raise Invalid("check_in_over", event=event)
    if now < event.starts_at - AHEAD:
        raise Invalid("display_early", opens_at=event.starts_at - AHEAD, event=event)
    until = min(max(now, event.starts_at) + LONGEST, closes_at(event))
    display = CodeDisplay(event_id=event.id, member_id=by.id, step=codes.step_at(now), until=until, opens=opens,
                          page_digest=_digest(token) if token else None)  # fmt: skip
    session.add(display)
    session.flush()
    return display, event


def page(session: Session, token: str, now: datetime) -> Shown | None:
    """What the page with this token shows now; None when there is none, or its time is over."""
    display = session.scalar(select(CodeDisplay).where(CodeDisplay.page_digest == _digest(token)))
    if display is None:
        return None
    event = session.get_one(Event, display.event_id)
    return Shown(event, codes.shown(event, now), display.opens) if _goes_on(display, event, now) else None


def stale(session: Session, now: datetime, community_id: int | None = None) -> list[int]:
    """Ids of the displays whose card shows a code of before."""
    statement = select(CodeDisplay.id).where(CodeDisplay.step < codes.step_at(now)).order_by(CodeDisplay.id)
    if community_id is not None:
        statement = statement.join(Event, Event.id == CodeDisplay.event_id).where(Event.community_id == community_id)
    return list(session.scalars(statement))


def turn(session: Session, display_id: int, now: datetime) -> tuple[Event, bool] | None:
    """Take the display on to the present code; says whether it goes on. None when another process did it meanwhile."""
    display = session.scalar(
        select(CodeDisplay)
        .where(CodeDisplay.id == display_id, CodeDisplay.step < codes.step_at(now))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if display is None:
        return None
    event = session.get_one(Event, display.event_id)
    goes_on = _goes_on(display, event, now)
    if goes_on:
        display.step = codes.step_at(now)
    else:
        session.delete(display)
    session.flush()
    return event, goes_on


def _goes_on(display: CodeDisplay, event: Event, now: datetime) -> bool:
    return now < min(display.until, closes_at(event)) and event.state is not EventState.cancelled


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
