"""What the clock costs: a tick with few and with many future reminders, and a reminder to many people."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import insert

import knowledge.records  # noqa: F401 - its tables are migrated too
from community import events, people
from community.drafts import EventDraft
from community.people import Profile
from community.records import Community, Event, EventKind, Member, Reminder, ReminderKind, ReminderState, Reply, Rsvp
from scheduler.clock import Clock
from scheduler.service import Service
from storage import Database, migrate
from tests.postgresql import running

FEW, MANY, CROWD = 100, 100_000, 10_000
TICKS = 200
GOAL_RATIO = 2.0
GOAL_CROWD_S = 15.0


def measure() -> list[dict[str, Any]]:
    """Rows for the table of benchmarks: name, figure, unit, peer, peer_figure, ratio, goal, ok."""
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack, quiet():
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running(durable=True))
        makers: dict[str, Callable[[], Database]] = {
            "SQLite": lambda: Database(f"sqlite:///{folder / str(time.monotonic_ns())}.db"),
            "PostgreSQL": lambda: Database(server.url(server.create())),
        }
        for engine, make in makers.items():
            with _house(make, FEW) as few, _house(make, MANY) as many:
                for name, cost in (("nothing due", _idle), ("one reminder due", _one_due)):
                    peer, figure = _in_turns(cost, few, many)
                    rows.append(
                        {
                            "name": f"clock tick, {name}, {MANY:,} future reminders, {engine}",
                            "figure": figure,
                            "unit": "ms",
                            "peer": f"{FEW} future reminders",
                            "peer_figure": peer,
                            "ratio": figure / peer,
                            "goal": f"at most {GOAL_RATIO:g} times",
                            "ok": figure <= GOAL_RATIO * peer,
                        }
                    )
                seconds = many.crowd()
                rows.append(
                    {
                        "name": f"a reminder to {CROWD:,} people rendered and queued, {engine}",
                        "figure": seconds,
                        "unit": "s",
                        "goal": f"at most {GOAL_CROWD_S:g} s",
                        "ok": seconds <= GOAL_CROWD_S,
                    }
                )
    return rows


class House:
    """A community with an event, so many reminders far ahead, and a service."""

    def __init__(self, database: Database, future: int) -> None:
        self.database = database
        migrate.upgrade(database)
        self.now = datetime.now(UTC)
        with database.begin() as session:
            self.community: Community = people.ensure_community(
                session, slack_team_id="T1", name="Bench", locale="en", time_zone="UTC", now=self.now
            )
            admin = Profile("U1", "Admin", is_admin=True)
            (self.organizer,) = people.seed_organizers(session, self.community, [admin], (), self.now)
            self.event = self._event(session, 400)
            far = self.now + timedelta(days=365)
            rows = [self._reminder(number, far + timedelta(seconds=number)) for number in range(1000, 1000 + future)]
            session.execute(insert(Reminder), rows)
        self.clock = Clock()
        self.service = Service(database, self.clock)
        self._next = 0

    def _event(self, session: Any, days: int) -> Event:
        start = self.now + timedelta(days=days)
        draft = EventDraft(
            EventKind.learning_event,
            "Bench",
            "Banc",
            "",
            "",
            start.date(),
            start.time(),
            "UTC",
            60,
            "",
            None,
            None,
            "C1",
        )
        return events.plan(session, self.organizer, draft, self.now)

    def _reminder(self, occurrence: int, due_at: datetime) -> dict[str, Any]:
        return {
            "community_id": self.community.id,
            "event_id": self.event.id,
            "kind": ReminderKind.day_before,
            "occurrence": occurrence,
            "local_due": due_at.strftime("%Y-%m-%dT%H:%M"),
            "time_zone": "UTC",
            "due_at": due_at,
            "state": ReminderState.pending,
            "attempts": 0,
        }

    def make_due(self) -> None:
        """One more reminder that is due now."""
        self._next += 1
        with self.database.begin() as session:
            session.execute(insert(Reminder), [self._reminder(self._next, datetime.now(UTC))])

    def crowd(self) -> float:
        """Seconds to remind ten thousand people of one event."""
        with self.database.begin() as session:
            event = self._event(session, 2)
            common = {"community_id": self.community.id, "wants_reminders": True, "wants_announcements": True}
            who = [
                {
                    "slack_user_id": f"U{n:07}",
                    "name": f"P{n}",
                    "time_zone": "UTC",
                    "slack_locale": "fr" if n % 2 else "en",
                }
                for n in range(CROWD)
            ]
            session.execute(insert(Member), [common | {"active": True, "is_bot": False} | one for one in who])
            ids = [m.id for m in people.active_members(session, self.community.id) if m.slack_user_id.startswith("U0")]
            session.execute(
                insert(Rsvp),
                [{"event_id": event.id, "member_id": i, "reply": Reply.going, "updated_at": self.now} for i in ids],
            )
        self.clock.advance_to(timedelta(days=1).total_seconds())
        began = time.perf_counter()
        done = self.service.tick()
        if done != 1:
            raise RuntimeError(f"{done} reminders were settled, not 1")
        return time.perf_counter() - began


@contextmanager
def _house(make: Callable[[], Database], future: int) -> Iterator[House]:
    database = make()
    try:
        yield House(database, future)
    finally:
        database.close()


def _idle(house: House) -> float:
    began = time.perf_counter()
    house.service.tick()
    return time.perf_counter() - began


def _one_due(house: House) -> float:
    house.make_due()
    began = time.perf_counter()
    done = house.service.tick()
    took = time.perf_counter() - began
    if done != 1:
        raise RuntimeError(f"{done} reminders were settled, not 1")
    return took


def _in_turns(cost: Callable[[House], float], few: House, many: House) -> tuple[float, float]:
    """Median milliseconds of each, measured alternately, so that noise hits both alike."""
    for house in (few, many):
        cost(house)
    pairs = [(cost(few), cost(many)) for _ in range(TICKS)]
    first, second = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    return first, second


@contextmanager
def quiet() -> Iterator[None]:
    """No log lines below errors."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    try:
        yield
    finally:
        structlog.configure(**before)
