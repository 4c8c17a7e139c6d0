"""Whoever stays away: three absences in a row, or too many for a certificate, noticed when an event is settled.

Each is said once: at the absence that makes it so, and not again at the next.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from community import choices, people, recurrence, series
from community.errors import Invalid
from community.records import Attendance, Event, EventState, Member, Role, Status
from community.times import parse_local

IN_A_ROW = 3
NEED = "attendance.certificate"
DEFAULT_NEED = 80  # percent
CAME = frozenset({Status.present, Status.late})


class Worry(StrEnum):
    """Why somebody's absences are worth a word."""

    row = "row"
    rate = "rate"


@dataclass(frozen=True)
class Concern:
    """One person's absences: `since` is the event that the row began with; `reachable` and `need` are percentages."""

    member: Member
    worry: Worry
    since: int
    reachable: int = 0
    need: int = 0


def need(session: Session, community_id: int) -> int:
    """The attendance, in percent, that a certificate takes."""
    return int(choices.get(session, community_id, NEED, DEFAULT_NEED))


def choose_need(session: Session, by: Member, percent: int) -> None:
    """Ask for this attendance from now on. Raises NotAllowed, Invalid `percent_range`."""
    people.require(session, by, Role.organizer)
    if not 0 <= percent <= 100:
        raise Invalid("percent_range", field="need")
    choices.set(session, by.community_id, NEED, percent)


def concerns(session: Session, event: Event) -> list[Concern]:
    """Who was absent from this settled event and for whom it is the third time in a row, or puts the need out of reach.

    Counted are the events of its series; of one without, those of its kind that belong to none. Excused ones do not
    count either way.
    """
    absent = select(Attendance.member_id).where(Attendance.event_id == event.id, Attendance.status == Status.absent)
    rows = session.execute(
        select(Attendance.member_id, Event.id, Attendance.status)
        .join(Event, Event.id == Attendance.event_id)
        .where(
            Attendance.member_id.in_(absent),
            Attendance.status != Status.excused,
            Event.state == EventState.closed,
            Event.starts_at <= event.starts_at,
            *_alike(event),
        )
        .order_by(Event.starts_at, Event.id)
    ).all()
    past: dict[int, list[tuple[int, Status]]] = defaultdict(list)
    for member_id, event_id, status in rows:
        past[member_id].append((event_id, status))
    ahead, wanted = _dates_ahead(session, event), need(session, event.community_id)
    members = {m.id: m for m in session.scalars(select(Member).where(Member.id.in_(past), Member.active))}
    found = []
    for member_id, member in members.items():
        last = past[member_id][-IN_A_ROW - 1 :]
        if [status for _, status in last[-IN_A_ROW:]] == [Status.absent] * IN_A_ROW and (
            len(last) == IN_A_ROW or last[0][1] is not Status.absent
        ):
            found.append(Concern(member, Worry.row, last[-IN_A_ROW][0]))
        if ahead is not None:
            came = sum(status in CAME for _, status in past[member_id])
            total = len(past[member_id]) + ahead
            if 100 * (came + ahead) < wanted * total <= 100 * (came + ahead + 1):
                found.append(Concern(member, Worry.rate, event.id, 100 * (came + ahead) // total, wanted))
    return sorted(found, key=lambda concern: (concern.member.name, concern.member.id, concern.worry))


def _alike(event: Event) -> tuple[ColumnElement[bool], ...]:
    if event.series_id is not None:
        return (Event.series_id == event.series_id,)
    return (
        Event.community_id == event.community_id,
        Event.kind == event.kind,
        Event.series_id.is_(None),
    )


def _dates_ahead(session: Session, event: Event) -> int | None:
    """How many dates of the event's series are still to come; None without a series, or when it has no end."""
    if event.series_id is None:
        return None
    whole = series.get(session, event.community_id, event.series_id)
    if not recurrence.ends(whole.rule):
        return None
    today: date = event.occurrence or parse_local(event.local_start).date()
    planned = {slot.occurrence for slot in series.slots(whole) if slot.day is not None and slot.occurrence > today}
    off = session.scalars(
        select(Event.occurrence).where(Event.series_id == whole.id, Event.state == EventState.cancelled)
    )
    return len(planned - set(off))
