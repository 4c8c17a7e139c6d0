"""Which events and whose attendance a figure is about."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from community import series
from community.cohorts import title as cohort_title
from community.errors import NotFound
from community.events import title
from community.group_records import Cohort
from community.records import Event, EventKind, EventState, Member
from community.series_records import Series

YEAR_MONTHS = 12


class By(StrEnum):
    """What figures are told apart by."""

    event = "event"
    series = "series"
    cohort = "cohort"
    department = "department"
    month = "month"
    kind = "kind"


@dataclass(frozen=True)
class Selection:
    """Events of a community from `since` to `until` (local days, both included), narrowed to what else is given."""

    community_id: int
    since: date | None = None
    until: date | None = None
    kinds: frozenset[EventKind] = frozenset()
    event_id: int | None = None
    series_ids: frozenset[int] = frozenset()
    cohort: Cohort | None = None
    department: str | None = None

    def of_kind(self, kind: EventKind) -> Selection:
        """The same for one kind of event."""
        return replace(self, kinds=frozenset({kind}))

    def events(self) -> tuple[ColumnElement[bool], ...]:
        """Conditions on the event, whatever became of it."""
        where: list[ColumnElement[bool]] = [Event.community_id == self.community_id]
        # Local time is written so that it sorts as it passes.
        if self.since:
            where.append(Event.local_start >= self.since.isoformat())
        if self.until:
            where.append(Event.local_start < (self.until + timedelta(days=1)).isoformat())
        if self.kinds:
            where.append(Event.kind.in_(self.kinds))
        if self.event_id is not None:
            where.append(Event.id == self.event_id)
        if self.series_ids:
            where.append(Event.series_id.in_(self.series_ids))
        return tuple(where)


def written(selection: Selection) -> str:
    """The selection as a short text, for buttons; `read` takes it back."""
    kept = {
        "s": selection.since.isoformat() if selection.since else None,
        "u": selection.until.isoformat() if selection.until else None,
        "r": min(selection.series_ids, default=None),
        "c": selection.cohort.id if selection.cohort else None,
        "d": selection.department,
    }
    return json.dumps({name: value for name, value in kept.items() if value is not None}, ensure_ascii=False)


def read(session: Session, community_id: int, text: str) -> Selection:
    """The selection of such a text. Raises NotFound `report_unknown` where it names nothing."""
    try:
        kept = json.loads(text or "{}")
        since, until = (date.fromisoformat(kept[name]) if name in kept else None for name in ("s", "u"))
        series_id, cohort_id = (_number(kept[name]) if name in kept else None for name in ("r", "c"))
        department = str(kept["d"]) if "d" in kept else None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NotFound("report_unknown") from None
    cohort = session.get(Cohort, cohort_id) if cohort_id is not None else None
    row = session.get(Series, series_id) if series_id is not None else None
    for wanted, found in ((cohort_id, cohort), (series_id, row)):
        if wanted is not None and (found is None or found.community_id != community_id):
            raise NotFound("report_unknown")
    return Selection(
        community_id,
        since,
        until,
        series_ids=family(session, community_id, row.id) if row is not None else frozenset(),
        cohort=cohort,
        department=department,
    )


def _number(value: object) -> int:
    if not isinstance(value, int) or not 0 < value < 2**62:
        raise ValueError(value)
    return value


def last_year(session: Session, community_id: int) -> Selection:
    """The twelve months that end with the newest event that is over; everything while there is none.

    While the sample year is there it is that one: what it shows does not hang on events of the community's own.
    """
    over = select(func.max(Event.local_start)).where(
        Event.community_id == community_id, Event.state == EventState.closed
    )
    newest = session.scalar(over.where(Event.sample)) or session.scalar(over)
    if newest is None:
        return Selection(community_id)
    month = date.fromisoformat(newest[:10]).replace(day=1)
    return Selection(community_id, _months_on(month, 1 - YEAR_MONTHS), _months_on(month, 1) - timedelta(days=1))


def _months_on(month: date, number: int) -> date:
    years, index = divmod(month.month - 1 + number, 12)
    return date(month.year + years, index + 1, 1)


def family(session: Session, community_id: int, series_id: int) -> frozenset[int]:
    """The series with all that were split from it when its following events changed."""
    rows = session.scalars(select(Series).where(Series.community_id == community_id)).all()
    parents = {row.id: row.split_from_id for row in rows}
    wanted = _root(parents, series_id)
    return frozenset(number for number in parents if _root(parents, number) == wanted) or frozenset({series_id})


def roots(session: Session, community_id: int) -> dict[int, int]:
    """The first series of each series' family."""
    rows = session.execute(select(Series.id, Series.split_from_id).where(Series.community_id == community_id))
    parents: dict[int, int | None] = dict(rows.all())
    return {number: _root(parents, number) for number in parents}


def _root(parents: dict[int, int | None], number: int) -> int:
    seen = {number}
    while (parent := parents.get(number)) is not None and parent not in seen:
        seen.add(parent)
        number = parent
    return number


def departments(session: Session, community_id: int) -> list[str]:
    """Every department that a member is of, by name."""
    statement = select(Member.department).where(Member.community_id == community_id, Member.department.is_not(None))
    return sorted({name for name in session.scalars(statement.distinct()) if name})


def cohorts(session: Session, community_id: int) -> list[Cohort]:
    """Every cohort, the oldest first."""
    return list(session.scalars(select(Cohort).where(Cohort.community_id == community_id).order_by(Cohort.id)))


def titles(session: Session, community_id: int, series_ids: Iterable[int], locale: str) -> dict[int, str]:
    """What series are called in a language."""
    rows = session.scalars(select(Series).where(Series.community_id == community_id, Series.id.in_(set(series_ids))))
    named = {row.id: series.read(row.template, series.first_day(row)) for row in rows}
    return {
        number: (draft.title_fr or draft.title_en) if locale == "fr" else (draft.title_en or draft.title_fr)
        for number, draft in named.items()
    }


def names(
    session: Session, selection: Selection, by: By | None, keys: set[Hashable], locale: str
) -> Mapping[Hashable, str]:
    """What parts of a kind are called; empty for what belongs to none."""
    match by:
        case By.event:
            events = session.scalars(select(Event).where(*selection.events()))
            named = {event.id: f"{event.local_start[:10]} {title(event, locale)}" for event in events}
            return {key: named[key] for key in keys if isinstance(key, int)}
        case By.series:
            wanted = {key for key in keys if isinstance(key, int)}
            found = titles(session, selection.community_id, wanted, locale)
            return {key: found.get(key, "") if isinstance(key, int) else "" for key in keys}
        case By.cohort:
            every = cohorts(session, selection.community_id)
            called = {cohort.id: cohort_title(cohort, locale) for cohort in every}
            return {key: called.get(key, "") if isinstance(key, int) else "" for key in keys}
    return {key: str(key or "") for key in keys}
