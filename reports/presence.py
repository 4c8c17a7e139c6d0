"""Attendance: who was expected and who came, with the way to every figure.

rate = (present + late) / (expected - excused), of those expected; who came unexpected is counted apart. Only events
that are over and settled count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Null, Select, Subquery, and_, func, null, or_, select, union
from sqlalchemy.orm import Session

from community.attendance_records import Attendance, Status
from community.evidence import excused_ahead
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


class Attended(NamedTuple):
    """What is known of one person at one event: `status` of one who was expected, or who came unexpected."""

    event_id: int
    member_id: int
    expected: bool
    status: Status | None


def figures(session: Session, selection: Selection, by: By | None = None) -> dict[Hashable, Presence]:
    """Attendance by event id, series id (None: single events), cohort id, department, month (2026-03) or kind.

    Without `by` there is one figure, under None. Whoever is in two cohorts counts in both. The database counts: a
    thousand events of a hundred people are a few thousand rows.
    """
    keys = _keys(session, selection, by)
    counted: dict[Hashable, Presence] = defaultdict(Presence)
    if by is None:
        counted[None] = Presence()
    wanted, ids = _expected(selection), settled(selection)
    same = and_(Attendance.event_id == wanted.c.event_id, Attendance.member_id == wanted.c.member_id)
    known = select(wanted.c.event_id, Attendance.status, func.count()).outerjoin(Attendance, same)
    came: Counter[tuple[Hashable, Status | None]] = Counter()
    for event_id, part, status, number in session.execute(_told_apart(known, wanted.c, selection, by)):
        came[keys(event_id, part), status] += number
        count(counted[keys(event_id, part)], Attended(event_id, 0, expected=True, status=status), number)
    recorded = select(Attendance.event_id, Attendance.status, func.count()).where(Attendance.event_id.in_(ids))
    columns = Attendance.__table__.c
    for event_id, part, status, number in session.execute(_told_apart(recorded, columns, selection, by)):
        came[keys(event_id, part), status] -= number
    for (key, status), number in came.items():  # what is left was recorded of people who were not expected
        if number < 0 and status is not None:
            count(counted[key], Attended(0, 0, expected=False, status=status), -number)
    replied = select(Rsvp.event_id, Rsvp.reply, func.count()).where(Rsvp.event_id.in_(ids))
    for event_id, part, reply, number in session.execute(_told_apart(replied, Rsvp.__table__.c, selection, by)):
        counted[keys(event_id, part)].invited += number
        counted[keys(event_id, part)].going += number if reply is Reply.going else 0
    answered = (
        select(Rsvp.id)
        .where(Rsvp.event_id == EventInvitation.event_id, Rsvp.member_id == EventInvitation.member_id)
        .exists()
    )
    silent = select(EventInvitation.event_id, null(), func.count()).where(EventInvitation.event_id.in_(ids), ~answered)
    columns = EventInvitation.__table__.c
    for event_id, part, _, number in session.execute(_told_apart(silent, columns, selection, by)):
        counted[keys(event_id, part)].invited += number
    return dict(counted)


def figures_by(
    session: Session, selection: Selection, parts: Iterable[By | None]
) -> dict[By | None, dict[Hashable, Presence]]:
    """The same for several kinds of part: those that are made of whole events are added up from the events' figures."""
    by_event = figures(session, selection, By.event)
    counted: dict[By | None, dict[Hashable, Presence]] = {}
    for by in parts:
        if by in (By.department, By.cohort):
            counted[by] = figures(session, selection, by)
            continue
        keys = _keys(session, selection, by)
        grouped: dict[Hashable, list[Presence]] = defaultdict(list)
        for event_id, found in by_event.items():
            if isinstance(event_id, int):
                grouped[keys(event_id, None)].append(found)
        counted[by] = {key: total(found) for key, found in grouped.items()}
        if by is None:
            counted[by].setdefault(None, Presence())
    return counted


def _told_apart(statement: Any, who: Any, selection: Selection, by: By | None) -> Any:
    """What `statement` (event, what, count) tells of people, by event where it matters and by part."""
    event_id, what, number = statement.selected_columns
    part: ColumnElement[Any] = null()
    if by is By.department or selection.department is not None:
        statement = statement.join(Member, Member.id == who.member_id)
        if selection.department is not None:
            statement = statement.where(Member.department == selection.department)
        part = Member.__table__.c.department if by is By.department else part
    if by is By.cohort or selection.cohort is not None:
        statement = statement.join(Event, Event.id == who.event_id).join(CohortMember, _was_in(who.member_id))
        if selection.cohort is not None:
            statement = statement.where(CohortMember.cohort_id == selection.cohort.id)
        part = CohortMember.__table__.c.cohort_id if by is By.cohort else part
    if by in (None, By.department, By.cohort):  # of many events these are a few rows
        event_id = null()
    counted = statement.with_only_columns(event_id, part, what, number, maintain_column_froms=True)
    return counted.group_by(*(column for column in (event_id, part, what) if not isinstance(column, Null)))


def _expected(selection: Selection) -> Subquery:
    """Events and members as `community.attendance.expected` says of one event."""
    ids = settled(selection)
    starts_at = select(Event.starts_at).where(Event.id == Rsvp.event_id).scalar_subquery()
    let_in = and_(Rsvp.let_in_at.is_not(None), Rsvp.let_in_at > starts_at)
    going = select(Rsvp.event_id, Rsvp.member_id).where(Rsvp.event_id.in_(ids), Rsvp.reply == Reply.going, ~let_in)
    waiting = (
        select(Rsvp.id)
        .where(
            Rsvp.event_id == EventInvitation.event_id,
            Rsvp.member_id == EventInvitation.member_id,
            (Rsvp.reply == Reply.waitlisted) | let_in,
        )
        .exists()
    )
    enrolled = select(EventInvitation.event_id, EventInvitation.member_id).where(
        EventInvitation.event_id.in_(ids), EventInvitation.enrolled, ~waiting
    )
    # Whoever excused themselves gave their seat away and is expected still; see there.
    excused = excused_ahead().where(Attendance.event_id.in_(ids))
    return union(going, enrolled, excused).subquery("expected")


def _keys(session: Session, selection: Selection, by: By | None) -> Callable[[int, Hashable], Hashable]:
    """Under which key counts of an event, and of a part of its people, come."""
    if by is None:
        return lambda _event, _part: None
    if by is By.event:
        return lambda event_id, _part: event_id
    if by in (By.department, By.cohort):
        return lambda _event, part: part
    columns = (Event.id, Event.kind, Event.local_start, Event.series_id)
    rows = session.execute(select(*columns).where(Event.id.in_(settled(selection)))).all()
    if by is By.month:
        found: dict[int, Hashable] = {number: local[:7] for number, _, local, _ in rows}
    elif by is By.kind:
        found = {number: kind.value for number, kind, _, _ in rows}
    else:
        first = roots(session, selection.community_id)
        found = {number: first.get(series_id) if series_id else None for number, _, _, series_id in rows}
    return lambda event_id, _part: found[event_id]


def count(presence: Presence, row: Attended, number: int = 1) -> None:
    """Add what is known of a person at an event, or of so many alike."""
    if not row.expected:
        presence.unexpected += number if row.status in (Status.present, Status.late) else 0
        return
    presence.expected += number
    match row.status:
        case Status.present:
            presence.present += number
        case Status.late:
            presence.late += number
        case Status.excused:
            presence.excused += number
        case Status.absent:
            presence.absent += number
        case None:
            presence.unsettled += number


def total(parts: Iterable[Presence]) -> Presence:
    """The sum of parts that have nobody in common at the same event."""
    each = list(parts)
    return Presence(**{field.name: sum(getattr(part, field.name) for part in each) for field in fields(Presence)})


def rows(session: Session, selection: Selection, member_id: int | None = None) -> Iterator[Attended]:
    """Everybody expected at, or recorded for, each settled event, whom the selection is about; or one person alone."""
    wanted = _expected(selection)
    expected = select(wanted.c.event_id, wanted.c.member_id)
    recorded = select(Attendance.event_id, Attendance.member_id, Attendance.status).where(
        Attendance.event_id.in_(settled(selection))
    )
    if member_id is not None:
        expected = expected.where(wanted.c.member_id == member_id)
        recorded = recorded.where(Attendance.member_id == member_id)
    known = {(event_id, who): status for event_id, who, status in session.execute(_about(recorded, selection))}
    for event_id, who in session.execute(_about(expected, selection)):
        yield Attended(event_id, who, expected=True, status=known.pop((event_id, who), None))
    for (event_id, who), status in known.items():
        yield Attended(event_id, who, expected=False, status=status)


def _about(statement: Any, selection: Selection) -> Any:
    """Of (event, member, ...), those whom the selection is about, as `figures` counts them."""
    event_id, member_id, *_ = statement.selected_columns
    if selection.department is not None:
        statement = statement.join(Member, Member.id == member_id).where(Member.department == selection.department)
    if selection.cohort is not None:
        statement = statement.join(Event, Event.id == event_id).join(CohortMember, _was_in(member_id))
        statement = statement.where(CohortMember.cohort_id == selection.cohort.id)
    return statement


def _was_in(member_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether somebody's time in a cohort is counted at the event: whoever left it before is not."""
    return and_(
        CohortMember.member_id == member_id,
        or_(CohortMember.left_at.is_(None), CohortMember.left_at >= Event.starts_at),
    )


def settled(selection: Selection) -> Select[int]:
    """Ids of the events that count."""
    return select(Event.id).where(*selection.events(), Event.state == EventState.closed)


def left_out(session: Session, selection: Selection) -> LeftOut:
    """The events of the selection that do not count."""
    statement = select(Event.state, func.count()).where(*selection.events()).group_by(Event.state)
    counts = dict(session.execute(statement).all())
    return LeftOut(counts.get(EventState.cancelled, 0), counts.get(EventState.scheduled, 0))
