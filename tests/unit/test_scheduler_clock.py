"""The clock people live by only ever moves ahead."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from scheduler.clock import Clock


def test_clock_is_real_time_until_it_is_moved() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_offset_only_grows() -> None:
    clock = Clock()
    assert clock.advance_to(3600) is True
    assert clock.advance_to(60) is False
    assert clock.advance_to(-5) is False
    assert clock.offset_seconds == 3600
    assert timedelta(minutes=59) < clock.now() - datetime.now(UTC) <= timedelta(hours=1)


def test_listeners_hear_of_each_move_ahead() -> None:
    clock, heard = Clock(), []
    clock.when_advanced(lambda: heard.append(clock.offset_seconds))
    for offset in (10, 5, 10, 20):
        clock.advance_to(offset)
    assert heard == [10, 20]


def test_many_threads_leave_the_furthest_offset() -> None:
    clock, ready = Clock(), threading.Barrier(8)

    def advance(start: int) -> None:
        ready.wait()
        for offset in range(start, 1000, 8):
            clock.advance_to(offset)

    threads = [threading.Thread(target=advance, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.offset_seconds == 999
