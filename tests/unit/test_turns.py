"""Turns at the pen: fair, urgent ones first, and given up in time."""

from __future__ import annotations

import threading

from storage.turns import Turns
from tests.kit import eventually


def queue_up(turns: Turns, order: list[str], name: str, *, urgent: bool) -> threading.Thread:
    """Start a writer and return once it queues."""

    def write() -> None:
        with turns.take(urgent=urgent, timeout=10) as held:
            assert held
            order.append(name)

    waiting = len(turns._urgent) + len(turns._patient)
    thread = threading.Thread(target=write)
    thread.start()
    eventually(lambda: len(turns._urgent) + len(turns._patient) > waiting)
    return thread


def test_urgent_writers_go_first_and_each_queue_keeps_its_order() -> None:
    turns = Turns()
    order: list[str] = []
    with turns.take(urgent=False, timeout=1) as held:
        assert held
        names = [("a", False), ("b", False), ("A", True), ("c", False), ("B", True)]
        threads = [queue_up(turns, order, name, urgent=urgent) for name, urgent in names]
    for thread in threads:
        thread.join(10)
    assert order == ["A", "B", "a", "b", "c"]


def test_a_turn_that_does_not_come_is_given_up_and_blocks_nobody() -> None:
    turns = Turns()
    with turns.take(urgent=False, timeout=1), turns.take(urgent=True, timeout=0.01) as held:
        assert not held
    with turns.take(urgent=False, timeout=0.01) as held:
        assert held


def test_many_threads_never_write_at_once() -> None:
    turns, inside, most = Turns(), 0, 0

    def write(number: int) -> None:
        nonlocal inside, most
        for _ in range(200):
            with turns.take(urgent=number % 3 == 0, timeout=30) as held:
                assert held
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (most, inside) == (1, 0)
