"""What tests of series share: planning one, its dates, an event's form as it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from community import series, times
from community.records import Event, EventState
from community.series import Repetition
from community.series_records import Series
from storage import Database
from tests.town import NOW, ZONE, Town, draft

TORONTO = ZoneInfo(ZONE)
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=TORONTO)
WEEKLY = Repetition("FREQ=WEEKLY;BYDAY=TU;COUNT=6")


def planned(town: Town, repetition: Repetition = WEEKLY, start: datetime = TUESDAY, **changes: Any) -> Series:
    with town.database.begin() as session:
        kept = series.draft(session, town.organizer, draft(start, **changes), repetition, NOW)
        return series.confirm(session, town.organizer, kept.id, NOW)[0]


def found(database: Database, of: Series) -> list[Event]:
    with database.read() as session:
        return series.members(session, session.get_one(Series, of.id))


def days(rows: list[Event]) -> list[str]:
    return [row.local_start[:10] for row in rows if row.state is EventState.scheduled]


def everything(town: Town) -> list[Event]:
    with town.database.read() as session:
        mine = select(Event).where(Event.community_id == town.id)
        return list(session.scalars(mine.order_by(Event.starts_at)))


def edit(event: Event, **changes: Any) -> Any:
    local = times.parse_local(event.local_start)
    return replace(draft(day=local.date(), at=local.time()), **changes)
