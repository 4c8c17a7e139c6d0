"""Attendance: who was expected and who came, with the way to every figure.

rate = (present + late) / (expected - excused), of those expected; who came unexpected is counted apart. Only events
that are over and settled count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session

from community.attendance_records import Attendance, Status
from community.group_records import CohortMember, EventInvitation
from community.records import Event, EventState, Member, Reply, Rsvp
from reports.selection import By, Selection, roots


@dataclass
class Presence:
    """Counts of people times events; `unexpected` came without being expected, of `unsettled` nothing is known."""

    invited: int = 0
    going: int = 0
    expected: int = 0
    present: int = 0
    late: int = 0
    excused: int = 0
    absent: int = 0
    unsettled: int = 0
    unexpected: int = 0

    @property
    def came(self) -> int:
        """The rate's numerator."""
        return self.present + self.late

    @property
    def counted(self) -> int:
        """The rate's denominator."""
        return self.expected - self.excused - self.unsettled

    @property
    def rate(self) -> float | None:
        """The share who came; None where nobody counts."""
        return self.came / self.counted if self.counted else None


@dataclass(frozen=True)
class LeftOut:
    """Events that do not count: called off, not over yet."""

    cancelled: int
    ahead: int


class _Event(NamedTuple):
    id: int
    kind: str
    starts_at: datetime
    month: str
    series_id: int | None


class Attended(NamedTuple):
    """What is known of one person at one event: `status` of one who was expected, or who came unexpected."""

    event_id: int
    member_id: int
    expected: bool
    status: Status | None


def figures(session: Session, selection: Selection, by: By | None = None) -> dict[Hashable, Presence]:
    """Attendance by event id, series id (None: single events), cohort id, department, month (2026-03) or kind.

    Without `by` there is one figure, under None. Whoever is in two cohorts counts in both.
    """
    events = {event.id: event for event in _events(session, selection)}
    keys = _Keys(session, selection, by, events)
    counted: dict[Hashable, Presence] = defaultdict(Presence)
    if by is None:
        counted[None] = Presence()
    for row in rows(session, selection):
        for key in keys.of(row.event_id, row.member_id):
            _count(counted[key], row)
    for event_id, member_id, said_going in _invited(session, selection):
        for key in keys.of(event_id, member_id):
            counted[key].invited += 1
            counted[key].going += said_going
    return dict(counted)


def _count(presence: Presence, row: Attended) -> None:
    if not row.expected:
        presence.unexpected += row.status in (Status.present, Status.late)
        return
    presence.expected += 1
    match row.status:
        case Status.present:
            presence.present += 1
        case Status.late:
            presence.late += 1
        case Status.excused:
            presence.excused += 1
        case Status.absent:
            presence.absent += 1
        case None:
            presence.unsettled += 1


def rows(session: Session, selection: Selection) -> Iterator[Attended]:
    """Everybody expected at, or recorded for, each event of the selection that is settled."""
    ids = settled(selection)
    going = select(Rsvp.event_id, Rsvp.member_id).where(Rsvp.event_id.in_(ids), Rsvp.reply == Reply.going)
    waiting = (
        select(Rsvp.id)
        .where(
            Rsvp.event_id == EventInvitation.event_id,
            Rsvp.member_id == EventInvitation.member_id,
            Rsvp.reply == Reply.waitlisted,
        )
        .exists()
    )
    # The same people as `community.attendance.expected` says of one event.
    enrolled = select(EventInvitation.event_id, EventInvitation.member_id).where(
        EventInvitation.event_id.in_(ids), EventInvitation.enrolled, ~waiting
    )
    recorded = select(Attendance.event_id, Attendance.member_id, Attendance.status).where(Attendance.event_id.in_(ids))
    known = {(event_id, member_id): status for event_id, member_id, status in session.execute(recorded)}
    for event_id, member_id in session.execute(union(going, enrolled)):
        yield Attended(event_id, member_id, expected=True, status=known.pop((event_id, member_id), None))
    for (event_id, member_id), status in known.items():
        yield Attended(event_id, member_id, expected=False, status=status)


def people(session: Session, selection: Selection) -> list[Attended]:
    """The same of those alone whom the selection is about."""
    events = {event.id: event for event in _events(session, selection)}
    keys = _Keys(session, selection, None, events)
    return [row for row in rows(session, selection) if keys.of(row.event_id, row.member_id)]


def settled(selection: Selection) -> Select[int]:
    """Ids of the events that count."""
    return select(Event.id).where(*selection.events(), Event.state == EventState.closed)


def left_out(session: Session, selection: Selection) -> LeftOut:
    """The events of the selection that do not count."""
    statement = select(Event.state, func.count()).where(*selection.events()).group_by(Event.state)
    counts = dict(session.execute(statement).all())
    return LeftOut(counts.get(EventState.cancelled, 0), counts.get(EventState.scheduled, 0))


def _events(session: Session, selection: Selection) -> Iterator[_Event]:
    columns = (Event.id, Event.kind, Event.starts_at, Event.local_start, Event.series_id)
    for number, kind, starts_at, local, series_id in session.execute(
        select(*columns).where(*selection.events(), Event.state == EventState.closed)
    ):
        yield _Event(number, kind.value, starts_at, local[:7], series_id)


def _invited(session: Session, selection: Selection) -> Iterator[tuple[int, int, bool]]:
    """Who was invited by name or replied, once each, and whether they said that they were going."""
    ids = settled(selection)
    replied = select(Rsvp.event_id, Rsvp.member_id, Rsvp.reply).where(Rsvp.event_id.in_(ids))
    replies = {(event_id, member_id): reply for event_id, member_id, reply in session.execute(replied)}
    named = select(EventInvitation.event_id, EventInvitation.member_id).where(EventInvitation.event_id.in_(ids))
    everybody = {(event_id, member_id) for event_id, member_id in session.execute(named)} | replies.keys()
    for event_id, member_id in everybody:
        yield event_id, member_id, replies.get((event_id, member_id)) is Reply.going


class _Keys:
    """Under which keys a person at an event counts; none when the selection leaves the person out."""

    def __init__(self, session: Session, selection: Selection, by: By | None, events: dict[int, _Event]) -> None:
        self._by, self._selection, self._events = by, selection, events
        self._departments: dict[int, str | None] = {}
        self._cohorts: dict[int, list[tuple[int, datetime | None]]] = defaultdict(list)
        of_community = Member.community_id == selection.community_id
        if by is By.department or selection.department is not None:
            people = select(Member.id, Member.department).where(of_community)
            self._departments = dict(session.execute(people).all())
        if by is By.cohort or selection.cohort is not None:
            belong = select(CohortMember.member_id, CohortMember.cohort_id, CohortMember.left_at)
            joined = belong.join(Member, Member.id == CohortMember.member_id).where(of_community)
            for member_id, cohort_id, left_at in session.execute(joined):
                self._cohorts[member_id].append((cohort_id, left_at))
        self._roots = roots(session, selection.community_id) if by is By.series else {}
        self._fixed = {event.id: self._of_event(event) for event in events.values()}

    def _of_event(self, event: _Event) -> tuple[Hashable, ...]:
        match self._by:
            case By.event:
                return (event.id,)
            case By.series:
                return (self._roots.get(event.series_id) if event.series_id else None,)
            case By.month:
                return (event.month,)
            case By.kind:
                return (event.kind,)
        return (None,)

    def of(self, event_id: int, member_id: int) -> tuple[Hashable, ...]:
        """The keys; several for a person in several cohorts."""
        selection = self._selection
        if selection.department is not None and self._departments.get(member_id) != selection.department:
            return ()
        if selection.cohort is not None or self._by is By.cohort:
            starts_at = self._events[event_id].starts_at
            cohorts = [number for number, left in self._cohorts.get(member_id, ()) if not left or left >= starts_at]
            if selection.cohort is not None and selection.cohort.id not in cohorts:
                return ()
            if self._by is By.cohort:
                return tuple(cohorts) if selection.cohort is None else (selection.cohort.id,)
        if self._by is By.department:
            return (self._departments.get(member_id),)
        return self._fixed[event_id]
