"""The service: at once when started or woken, never stopped by one job's trouble, stopped when told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from community.codes import KEPT
from community.records import CodeTry, ReminderKind
from scheduler.clock import Clock
from scheduler.service import Service
from storage import Database
from tests.kit import eventually
from tests.storage.scheduler.conftest import Day

HOUR = timedelta(hours=1)


@pytest.fixture
def running() -> Iterator[list[Service]]:
    services: list[Service] = []
    yield services
    for service in services:
        service.stop()


def test_starting_catches_up_at_once(day: Day) -> None:
    event = day.plan()
    ann = day.town.person()
    day.reply(event, ann)
    day.clock.advance_to((event.starts_at - 24 * HOUR - day.clock.now()).total_seconds())
    day.service.start()
    eventually(lambda: day.told(ReminderKind.day_before) == [ann.slack_user_id])
    eventually(lambda: day.service.seconds_since_tick() is not None)


def test_moving_the_clock_wakes_the_service(day: Day) -> None:
    event = day.plan()
    ann = day.town.person()
    day.reply(event, ann)
    day.service.start()  # it looks once an hour only
    eventually(lambda: day.service.seconds_since_tick() is not None)
    day.clock.advance_to((event.starts_at - 24 * HOUR - day.clock.now()).total_seconds())
    eventually(lambda: day.told(ReminderKind.day_before) == [ann.slack_user_id])


def test_service_that_is_stopped_does_nothing_more_and_stops_twice(day: Day) -> None:
    event = day.plan()
    day.reply(event, day.town.person())
    day.service.start()
    eventually(lambda: day.service.seconds_since_tick() is not None)
    with pytest.raises(RuntimeError, match="runs already"):
        day.service.start()
    day.service.stop()
    day.service.stop()
    day.clock.advance_to(100 * 3600)
    day.service.wake()
    assert day.posted() == []


def test_next_due_is_the_next_pending_thing(day: Day) -> None:
    assert day.service.next_due() is None
    event = day.plan()
    assert day.service.next_due() == event.starts_at - 24 * HOUR
    day.at(event.starts_at - 2 * HOUR)
    assert day.service.next_due() == event.starts_at - HOUR
    day.at(event.ends_at)
    assert day.service.next_due() is None


def test_unfinished_work_is_taken_up_and_its_trouble_stops_nothing(
    database: Database, running: list[Service], caplog: pytest.LogCaptureFixture
) -> None:
    tried = threading.Event()

    def replay() -> None:
        tried.set()
        raise ValueError("trouble")

    service = Service(database, Clock(), tick_seconds=0.05, replay=replay)
    running.append(service)
    service.start()
    assert tried.wait(5)
    before = eventually(lambda: service.seconds_since_tick() is not None)
    assert before
    eventually(lambda: (service.seconds_since_tick() or 1) < 0.05, what="another tick")


def test_refused_codes_are_forgotten_in_time(day: Day, database: Database) -> None:
    ann = day.town.person()
    with database.begin() as session:
        for age in (KEPT + HOUR, HOUR):
            session.add(CodeTry(member_id=ann.id, tried_at=day.clock.now() - age))
    day.service.start()

    def gone() -> bool:
        with database.read() as session:
            return session.query(CodeTry).count() == 1

    eventually(gone)
