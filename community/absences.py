"""Whoever stays away: three absences in a row, or too many for a certificate, noticed when an absence is recorded.

That is when an event is settled, and when its roster is put right afterwards. Each concern has a name of its own: the
row by the event it began with, the certificate by its series; whoever tells of it does so once for each name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from community import choices, people, recurrence, series
from community.errors import Invalid
from community.records import Attendance, Event, EventState, Member, Role, Status
from community.series_records import Series, SeriesState

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
    """One person's absences: `name` tells it from any other; `reachable` and `need` are percentages."""

    member: Member
    worry: Worry
    name: str
    absences: int = 0
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
    """Who was absent from this settled event and was so three times in a row, or cannot reach the need any more.

    Counted are the events of its series, with those it was before or after its following events changed; of one without
    a series, those of its kind that belong to none. Excused ones do not count either way.
    """
    absent = select(Attendance.member_id).where(Attendance.event_id == event.id, Attendance.status == Status.absent)
    family = _family(session, event)
    rows = session.execute(
        select(Attendance.member_id, Event.id, Attendance.status)
        .join(Event, Event.id == Attendance.event_id)
        .where(
            Attendance.member_id.in_(absent),
            Attendance.status != Status.excused,
            Event.state == EventState.closed,
            *_alike(event, family),
        )
        .order_by(Event.starts_at, Event.id)
    ).all()
    past: dict[int, list[tuple[int, Status]]] = defaultdict(list)
    for member_id, event_id, status in rows:
        past[member_id].append((event_id, status))
    ahead, wanted = _dates_ahead(session, family), need(session, event.community_id)
    members = {m.id: m for m in session.scalars(select(Member).where(Member.id.in_(past), Member.active))}
    found = []
    for member_id, member in members.items():
        row = _row(past[member_id], event.id)
        if len(row) >= IN_A_ROW:
            found.append(Concern(member, Worry.row, f"row:{member_id}:{row[0]}", len(row)))
        if ahead is not None:
            came = sum(status in CAME for _, status in past[member_id])
            total = len(past[member_id]) + ahead
            if 100 * (came + ahead) < wanted * total:
                name = f"rate:{member_id}:series{min(one.id for one in family)}"
                reachable = 100 * (came + ahead) // total
                found.append(Concern(member, Worry.rate, name, reachable=reachable, need=wanted))
    return sorted(found, key=lambda concern: (concern.member.name, concern.member.id, concern.worry))


def to_tell(session: Session, event: Event) -> list[tuple[Concern, Member]]:
    """Each concern with whom it is told: facilitators, organizers where there are none. None before it is settled."""
    if event.state is not EventState.closed:
        return []
    found = concerns(session, event)
    staff = (people.with_role(session, event.community_id, role) for role in (Role.facilitator, Role.organizer))
    told = next((some for some in staff if some), []) if found else []
    return [(concern, member) for concern in found for member in told]


def _row(past: list[tuple[int, Status]], event_id: int) -> list[int]:
    """The absences around this event with nothing else between them, by event."""
    row: list[int] = []
    for number, status in past:
        if status is Status.absent:
            row.append(number)
        elif event_id in row:
            break
        else:
            row = []
    return row


def _family(session: Session, event: Event) -> list[Series]:
    if event.series_id is None:
        return []
    root = series.root_id(series.get(session, event.community_id, event.series_id))
    return list(session.scalars(select(Series).where((Series.id == root) | (Series.split_from_id == root))))


def _alike(event: Event, family: list[Series]) -> tuple[ColumnElement[bool], ...]:
    if family:
        return (Event.series_id.in_([one.id for one in family]),)
    return (
        Event.community_id == event.community_id,
        Event.kind == event.kind,
        Event.series_id.is_(None),
    )


def _dates_ahead(session: Session, family: list[Series]) -> int | None:
    """How many dates of these series are still to come; None without a series, or when one has no end."""
    running = [one for one in family if one.state is SeriesState.active]
    if not family or not all(recurrence.ends(one.rule) for one in running):
        return None
    columns = (Event.series_id, Event.occurrence, Event.state)
    known = {
        (number, day): state
        for number, day, state in session.execute(
            select(*columns).where(Event.series_id.in_([one.id for one in family]))
        )
    }
    last = max((day for (_, day), state in known.items() if state is EventState.closed and day), default=None)
    not_made = sum(
        slot.day is not None and (last is None or slot.occurrence > last) and (one.id, slot.occurrence) not in known
        for one in running
        for slot in series.slots(one)
    )
    return not_made + sum(state is EventState.scheduled for state in known.values())
