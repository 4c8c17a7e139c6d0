"""What the command line does with a meeting's list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from community import meetings
from community.meeting_files import Attendee
from community.meetings import Outcome
from community.records import Event, EventState
from storage import Database
from views.text import clean

SHOWN = 5


class NoSuchEvent(Exception):
    """No event, or several, answer to what was typed; the message names some that are there."""


class _DryRun(Exception):
    """Leaves a transaction on purpose; nothing went wrong."""


def find(database: Database, community_id: int, wanted: str) -> int:
    """The id of the event with this number, or of the only one on this local day."""
    with database.read() as session:
        known = session.scalars(
            select(Event)
            .where(Event.community_id == community_id, Event.state != EventState.cancelled)
            .order_by(Event.starts_at.desc())
        ).all()
    found = [event for event in known if wanted in (str(event.id), event.local_start[:10])]
    if len(found) == 1:
        return found[0].id
    some = "; ".join(f"{event.id}: {event.title_en}, {event.local_start}" for event in (found or known)[:SHOWN])
    why = f"There is no event {wanted}." if not found else f"There are several events on {wanted}."
    raise NoSuchEvent(f"{why} {f'Name one by its number: {some}.' if some else 'No event is planned.'}")


def take(database: Database, event_id: int, attendees: Sequence[Attendee], now: datetime, *, dry_run: bool) -> Outcome:
    """Record what the list says, or only say what it would come to."""
    try:
        with database.begin() as session:
            outcome = meetings.take(session, None, event_id, attendees, now)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return outcome


def told(outcome: Outcome) -> Iterator[str]:
    """What came of it, line by line; typed names without control characters."""
    yield f"{outcome.event.title_en}, {outcome.event.local_start}: {len(outcome.recorded)} recorded as present."
    for member in outcome.otherwise:
        yield f"recorded otherwise on the roster, which stands: {clean(member.name)}"
    for member in outcome.brief:
        yield f"too short: {clean(member.name)}"
    for item in outcome.unsure:
        people = " or ".join(clean(member.name) for member in item.candidates)
        yield f"unsure: {clean(item.name)} ({item.minutes} min) may be {people}"
    for name in outcome.unknown:
        yield f"nobody: {clean(name)}"
    if outcome.unsure:
        yield "Who the unsure ones are is asked in Slack: open the event's roster and press Meeting list."
