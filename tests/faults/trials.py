"""The trials themselves: the tests run them in their quick form, `make soak` at full length."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select

from delivery.inbox import Inbox
from delivery.records import Outbox, OutboxState
from storage import Database
from storage.errors import StorageError
from tests.faults.harness import Tally, World
from tests.faults.victim import LONGEST_S, STEPS
from tests.postgresql import PostgreSQL

RETRY_AFTER_S = 0.4


def wait_for(condition: Callable[[], object], *, seconds: float = 30.0, what: str = "it") -> None:
    """Wait until something is so; AssertionError when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {seconds} s")
        time.sleep(0.01)


def kill_at_random(world: World, *, recipients: int, kills: int, seed: int, text: str = "hello") -> tuple[Tally, int]:
    """A broadcast whose sender is killed again and again at random moments, while Slack is late with its effects.

    Also returns how many kills met a sender at work.
    """
    dice = random.Random(seed)  # noqa: S311  # the same kills each time
    people = world.slack.people(recipients)
    texts = world.broadcast(people, text)
    world.slack.fault("latency", "chat.postMessage", share=0.5, seed=seed, seconds=0.034)
    killed = 0
    for _ in range(kills):
        # From the first claim on: a process that is still starting has nothing to lose.
        pid = world.victims.send(world, die_after=dice.uniform(0.0, 0.1))
        killed += world.victims.wait(pid) == -signal.SIGKILL
    world.slack.clear()
    world.finish()
    return world.tally(people, texts), killed


def kill_at_steps(world: World, *, recipients: int, rounds: int, text: str = "hello") -> tuple[Tally, list[str]]:
    """Broadcasts whose sender is killed at each named step; also returns the steps at which one was, in order."""
    people = world.slack.people(recipients)
    texts: list[str] = []
    reached = []
    for turn, step in enumerate(STEPS * rounds):
        texts += world.broadcast(people, f"{text}{turn}")
        if step.startswith("look-up"):
            # So that there is something to look up.
            world.slack.fault("drop", "chat.postMessage", times=1, after_effect=True)
        pid = world.victims.send(world, die_at=step)
        if world.victims.wait(pid) == -signal.SIGKILL:
            reached.append(step)
        world.slack.clear()
    world.finish()
    return world.tally(people, texts), reached


def ambiguous(world: World, kind: str, *, recipients: int, text: str, seed: int, **options: Any) -> Tally:
    """A broadcast with half of the answers lost in one way."""
    people = world.slack.people(recipients)
    texts = world.broadcast(people, text)
    world.slack.fault(kind, "chat.postMessage", share=0.5, seed=seed, **options)
    with world.sender() as sender:
        deadline = time.monotonic() + LONGEST_S
        while world.unsettled() > recipients // 10 and time.monotonic() < deadline:
            sender.drain(LONGEST_S)
            time.sleep(0.02)
    world.slack.clear()
    world.finish()
    return world.tally(people, texts)


def stop_past_lease(world: World, *, recipients: int, times: int, text: str) -> Tally:
    """A sender that stands still after its claim, wakes when others have done its work, and must not do it again."""
    people = world.slack.people(recipients * times)
    texts: list[str] = []
    for turn in range(times):
        texts += world.broadcast(people[turn * recipients : (turn + 1) * recipients], f"{text}{turn}")
        pid = world.victims.send(world, die_at="claim committed", signal=int(signal.SIGSTOP))
        _wait_until_stopped(pid)
        world.finish()
        os.kill(pid, signal.SIGCONT)
        assert world.victims.wait(pid) == 0
    every = [f"{text}{turn} {person}" for turn in range(times) for person in people[turn * recipients :][:recipients]]
    assert every == texts
    return world.tally(people, texts)


def share(world: World, *, processes: int, recipients: int, text: str) -> Tally:
    """Several processes post what is due side by side."""
    people = world.slack.people(recipients)
    texts = world.broadcast(people, text)
    pids = [world.victims.send(world) for _ in range(processes)]
    statuses = [world.victims.wait(pid) for pid in pids]
    assert statuses == [0] * processes
    world.finish()
    return world.tally(people, texts)


def deliver_again_and_again(world: World, *, processes: int, events: int) -> int:
    """Each event is delivered to every process, in another order each; returns how many effects there are."""
    keys = [f"Ev{number}" for number in range(events)]
    pids = [world.victims.handle(world, keys, seed) for seed in range(processes)]
    assert [world.victims.wait(pid) for pid in pids] == [0] * processes
    with world.database.read() as session:
        return session.scalar(select(func.count()).where(Outbox.subject == "effects")) or 0


def _wait_until_stopped(pid: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123  # no path, a window of the kernel
            if file.read().rpartition(")")[2].split()[0] == "T":
                return
        if time.monotonic() > deadline:
            raise TimeoutError(f"Process {pid} did not reach the step at which it was to stop")
        time.sleep(0.005)


def rate_limited(world: World, *, recipients: int, share: float = 0.3) -> tuple[Tally, int, int, float]:
    """A broadcast of which Slack puts off a share of the calls.

    Returns the tally, how many calls were put off, how many of those were made too early again, and the 99th
    percentile of the seconds it took meanwhile to write a request down.
    """
    people = world.slack.people(recipients)
    world.slack.forget_calls()
    world.slack.fault("ratelimited", "*", share=share, seed=5, retry_after=RETRY_AFTER_S)
    texts = world.broadcast(people, "limited")
    box, waits, done = Inbox(world.database), list[float](), threading.Event()

    def receive() -> None:
        while not done.is_set():
            before = time.monotonic()
            box.receive(f"Ev{len(waits)}", "command", {"text": "help"})
            waits.append(time.monotonic() - before)
            done.wait(0.02)

    receiver = threading.Thread(target=receive)
    receiver.start()
    try:
        world.finish(threads=1)  # one call at a time: none can have been under way when Slack said no
    finally:
        done.set()
        receiver.join()
    limited, early = 0, 0
    for method, place in (("chat.postMessage", "channel"), ("conversations.open", None)):
        said_no: dict[str, datetime] = {}
        for call in world.slack.calls(method):
            where, at = call["args"][place] if place else "", datetime.fromisoformat(call["at"])
            # What is recorded to the millisecond may be a millisecond off.
            early += where in said_no and (at - said_no[where]).total_seconds() < RETRY_AFTER_S - 0.002
            if call["error"] == "ratelimited":
                said_no[where] = at
                limited += 1
    return world.tally(people, texts), limited, early, sorted(waits)[int(len(waits) * 0.99)]


def postgresql_killed(world: World, server: PostgreSQL, *, recipients: int) -> tuple[Tally, str]:
    """A broadcast in the middle of which PostgreSQL is killed and started again; also what the sender said of it."""
    people = world.slack.people(recipients)
    texts = world.broadcast(people)
    with world.sender() as sender:
        wait_for(lambda: world.count(OutboxState.sent) >= recipients // 6)
        server.kill()
        wait_for(lambda: not sender.health.ok)
        said = str(sender.health.problem)
        server.start()
        wait_for(lambda: sender.health.ok)
    world.finish()
    return world.tally(people, texts), said


def sqlite_locked(world: World, *, recipients: int, seconds: float) -> tuple[Tally, str, str]:
    """A broadcast during which another process keeps the database locked; also what sender and inbox said of it."""
    people = world.slack.people(recipients)
    texts = world.broadcast(people)
    impatient = Database(world.url, busy_timeout=min(0.1, seconds / 2))
    other = sqlite3.connect(world.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    until = time.monotonic() + seconds
    with world.sender(database=impatient) as sender:
        wait_for(lambda: not sender.health.ok)
        said = str(sender.health.problem)
        refusal = _refusal(lambda: Inbox(impatient).receive("Ev1", "event", {}))
        wait_for(lambda: time.monotonic() >= until, seconds=seconds + 1)
        other.execute("ROLLBACK")
        wait_for(lambda: sender.health.ok)
        Inbox(world.database).receive("Ev1", "event", {})
        sender.drain()
    other.close()
    impatient.close()
    world.finish()
    return world.tally(people, texts), said, refusal


def disk_full(world: World, *, recipients: int) -> tuple[Tally, str]:
    """A broadcast during which the database may not grow; also what was said of it."""
    people = world.slack.people(recipients)
    texts = world.broadcast(people)
    narrow = Database(world.url)
    _allow_pages(narrow, 1)  # SQLite takes it for: not one more than there are
    with world.sender(database=narrow) as sender:
        refusal = ""
        for number in range(500):
            refusal = _refusal(partial(Inbox(narrow).receive, f"Ev{number}", "event", {"filling": "x" * 4000}))
            if refusal:
                break
        _allow_pages(narrow, 1_000_000)
        sender.wake()
        sender.drain()
    narrow.close()
    world.finish()
    return world.tally(people, texts), refusal


def token_revoked(world: World, code: str, *, recipients: int) -> tuple[Tally, str]:
    """A broadcast during which Slack refuses the token for a while; also what the sender said of it."""
    people = world.slack.people(recipients)
    world.slack.fault("error", "*", error=code)
    texts = world.broadcast(people)
    with world.sender() as sender:
        wait_for(lambda: not sender.health.ok)
        said = str(sender.health.problem)
        wait_for(lambda: world.count(OutboxState.pending) == recipients)
        world.slack.clear()
        wait_for(lambda: sender.health.ok)
        sender.drain()
    return world.tally(people, texts), said


def _refusal(work: Callable[[], Any]) -> str:
    try:
        work()
    except StorageError as error:
        return str(error)
    return ""


def _allow_pages(database: Database, pages: int) -> None:
    # The pool hands its connections out in turn, and each has a limit of its own.
    connections = [database.engine.connect() for _ in range(4)]
    for connection in connections:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.close()
