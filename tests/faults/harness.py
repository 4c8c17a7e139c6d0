"""What fault tests and the soak share: a world with a database, a Slack and processes that die in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from community.records import Community
from delivery import outbox
from delivery.client import web_client
from delivery.posting import Timing
from delivery.records import Outbox, OutboxState
from delivery.sender import Sender
from storage import Database
from tests.faults.slack import Slack
from tests.faults.victim import LONGEST_S

# Short, so that what died is taken over soon; the margin is long enough for a call on a busy machine.
QUICK = Timing(lease=2.0, margin=1.4, lag=0.3, backoff=0.1, update_pace=0.2, poll=0.05, token_check=0.2)


class Victims:
    """Processes that send or handle, and can be killed; see `tests.faults.victim`."""

    def __init__(self) -> None:
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._running: set[int] = set()

    def send(self, world: World, **more: Any) -> int:
        """Start a process that posts what is due; returns its pid."""
        return self._start(
            do="send",
            database=world.url,
            api_url=world.slack.api_url,
            token=world.slack.token,
            timing=asdict(world.timing),
            **more,
        )

    def handle(self, world: World, keys: Sequence[str], seed: int) -> int:
        """Start a process that receives those events and lets each have its effect; returns its pid."""
        return self._start(do="handle", database=world.url, community_id=world.community_id, keys=list(keys), seed=seed)

    def wait(self, pid: int) -> int:
        """The exit status of a process, once it has ended; negative for a signal."""
        status = int(self._ask(do="wait", pid=pid)["status"])
        self._running.discard(pid)
        return status

    def stop(self) -> None:
        for pid in self._running:  # a test that failed may have left one behind
            os.kill(pid, signal.SIGKILL)
        self._nursery.communicate(timeout=30)

    def _start(self, **order: Any) -> int:
        pid = int(self._ask(**order)["pid"])
        self._running.add(pid)
        return pid

    def _ask(self, **order: Any) -> dict[str, Any]:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(order) + "\n")
        self._nursery.stdin.flush()
        answer: dict[str, Any] = json.loads(self._nursery.stdout.readline())
        return answer


@dataclass(frozen=True)
class Tally:
    """How a broadcast ended: of `expected` messages, how many are missing and how many are there twice or more."""

    expected: int
    lost: int
    doubled: int


class World:
    """One community in a database, a Slack, and the processes between them."""

    def __init__(self, url: str, slack: Slack, victims: Victims, *, timing: Timing = QUICK) -> None:
        self.url = url
        self.mark = uuid.uuid4().hex  # in what this world says: its Slack has heard others before
        self.slack = slack
        self.victims = victims
        self.timing = timing
        self.database = Database(url)
        with self.database.begin() as session:
            here = Community(
                slack_team_id="T1",
                name="Praxis",
                locale="en",
                time_zone="UTC",
                created_at=datetime.now(UTC),
            )
            session.add(here)
            session.flush()
            self.community_id = here.id

    def close(self) -> None:
        self.slack.clear()
        self.database.close()

    def post(self, key: str, text: str, **more: Any) -> None:
        """Have one message posted, to the channel everybody is in unless `more` says otherwise."""
        if "user" not in more:
            more.setdefault("channel", self.slack.channel())
        with self.database.begin() as session:
            outbox.post(session, community_id=self.community_id, key=key, payload={"text": text}, **more)

    def update(self, key: str, text: str) -> None:
        """Have the message of that key say something else."""
        with self.database.begin() as session:
            outbox.update(session, community_id=self.community_id, of=key, payload={"text": text})

    def broadcast(self, people: Sequence[str], text: str = "hello") -> list[str]:
        """Write one message to each person; the texts name the person, so that each is told from the others."""
        texts = [f"{text} {person}" for person in people]
        with self.database.begin() as session:
            for person, body in zip(people, texts, strict=True):
                outbox.post(
                    session,
                    community_id=self.community_id,
                    key=f"{text}:{person}",
                    user=person,
                    payload={"text": body},
                    subject=text,
                    bulk=True,
                )
        return texts

    @contextmanager
    def sender(self, *, database: Database | None = None, **more: Any) -> Iterator[Sender]:
        """A sender in this process."""
        client = web_client(self.slack.token, self.slack.api_url, timeout=1)
        sender = Sender(database or self.database, client, timing=self.timing, **more)
        sender.start()
        try:
            yield sender
        finally:
            sender.stop()

    def finish(self, timeout: float = LONGEST_S, **more: Any) -> None:
        """Have everything posted that is still to be, leases and delays included."""
        with self.sender(**more) as sender:
            deadline = time.monotonic() + timeout
            while self.unsettled():
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.unsettled()} messages are not settled after {timeout} s")
                sender.drain(timeout)
                time.sleep(0.02)

    def unsettled(self) -> int:
        """How many messages are pending or claimed."""
        return self.count(OutboxState.pending, OutboxState.claimed)

    def count(self, *states: OutboxState) -> int:
        """How many messages are in one of those states, at one moment."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).where(Outbox.state.in_(states))) or 0

    def row(self, key: str) -> Outbox:
        """A message as the outbox has it."""
        with self.database.read() as session:
            return session.scalars(select(Outbox).where(Outbox.key == key)).one()

    def tally(self, people: Sequence[str], texts: Sequence[str]) -> Tally:
        """What of those texts these people see."""
        seen = self.slack.seen(list(people))
        return Tally(
            expected=len(texts),
            lost=sum(1 for text in texts if seen[text] == 0),
            doubled=sum(1 for text in texts if seen[text] > 1),
        )
