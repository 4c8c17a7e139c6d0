"""The nights clocks change, through the real scheduler and outbox: what goes out, day by day, is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select

from community import events
from community.errors import Invalid
from community.records import Event
from delivery.records import Outbox
from storage import Database, migrate
from tests.storage.scheduler.conftest import Day
from tests.town import draft
from tests.unit.test_community_schedule import CHANGES

ENGINES = ("SQLite", "PostgreSQL")
AROUND = 2  # days before and after
TICK = timedelta(minutes=30)  # one of the zones is half an hour apart from full ones
QUICK_TICK = timedelta(hours=3)
Told = Counter[tuple[str, date, time]]  # zone, local day, local time of the event reminded of


def clocks_change(url: Callable[[str], str], quick: bool) -> tuple[bool, str]:
    """An event at every hour of the days around both changes of four zones: each is reminded of on the day before."""
    hours = (9,) if quick else tuple(range(24))
    days = wrong = 0
    for engine in ENGINES[:1] if quick else ENGINES:
        database = Database(url(engine))
        migrate.upgrade(database)
        planned, told = _through_the_nights(
            Day(database), hours, CHANGES[:1] if quick else CHANGES, QUICK_TICK if quick else TICK
        )
        wanted = Counter(dict.fromkeys(planned, 1))
        days += len(wanted)
        wrong += sum(told[key] != wanted[key] for key in told | wanted)
        database.close()
    return wrong == 0 and days > (8 if quick else 1_800), f"{days:,} local days in 4 zones, {wrong} with none or two"


def _through_the_nights(
    day: Day, hours: tuple[int, ...], changes: Sequence[tuple[str, date, date]], tick: timedelta
) -> tuple[list[tuple[str, date, time]], Told]:
    nights = sorted((night, zone) for zone, *both in changes for night in both)
    planned: dict[int, tuple[str, time]] = {}
    wanted: list[tuple[str, date, time]] = []
    told: Told = Counter()
    seen = 0
    for night, zones in groupby(nights, key=lambda item: item[0]):
        for _, zone in zones:
            for offset in range(-AROUND, AROUND + 1):
                for hour in hours:
                    local = night + timedelta(days=offset)
                    with suppress(Invalid):  # what clocks skip cannot be planned
                        event = _planned(day, local, time(hour), zone)
                        planned[event.id] = zone, time(hour)
                        wanted.append((zone, local - timedelta(days=1), time(hour)))
        now = datetime.combine(night - timedelta(days=AROUND + 2), time(), UTC)
        while now < datetime.combine(night + timedelta(days=AROUND + 1), time(), UTC):
            day.at(now)
            with day.database.read() as session:
                rows = session.execute(
                    select(Outbox.id, Outbox.key).where(Outbox.id > seen, Outbox.key.like("reminder:%:day_before:%"))
                ).all()
            for row_id, key in rows:
                seen = max(seen, row_id)
                zone, at = planned[int(key.split(":")[1])]
                told[zone, now.astimezone(ZoneInfo(zone)).date(), at] += 1
            now += tick
    day.service.stop()
    return wanted, told


def _planned(day: Day, local: date, at: time, zone: str) -> Event:
    """An event at this local time, with somebody of its own who goes."""
    form = draft(time_zone=zone, day=local, at=at, minutes=15)
    with day.database.begin() as session:
        event = events.plan(session, day.town.organizer, form, day.clock.now())
    day.reply(event, day.town.person())
    return event
