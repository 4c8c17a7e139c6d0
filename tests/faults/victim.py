"""Processes to be killed: `python -m tests.faults.victim` forks one for each line it reads, and says what became of it.

It imports everything once and has a single thread, so that a fork is cheap and safe. Lines are JSON:
`{"do": "send", …}` or `{"do": "handle", …}` start a process and answer `{"pid": …}`; `{"do": "wait", "pid": …}` answers
`{"status": …}`, the exit status, negative for the signal that ended it.
"""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

import community.records  # noqa: F401  # every table, for the foreign keys
import knowledge.records  # noqa: F401
from delivery import inbox, outbox
from delivery.client import web_client
from delivery.inbox import AlreadyDone, Inbox
from delivery.posting import Timing
from delivery.records import Outbox, OutboxState
from delivery.sender import Sender
from storage import Database

STEPS = (
    "claim written",
    "claim committed",
    "look-up begins",
    "look-up answered",
    "post begins",
    "post under way",
    "post answered",
    "mark written",
    "mark committed",
)
LONGEST_S = 900.0  # what the longest trial of the soak may take
_POSTS = ("chat.postMessage", "files.completeUploadExternal")
_LOOK_UPS = ("conversations.history", "conversations.replies")


class _Fate:
    """Ends (or stops) this process when it reaches its step, or some time after its first claim."""

    def __init__(self, step: str | None, with_signal: int, after: float | None) -> None:
        self._step = step
        self._signal = with_signal
        self._after = after

    def reach(self, step: str) -> None:
        if step == "claim written" and self._after is not None:
            threading.Timer(self._after, os.kill, [os.getpid(), self._signal]).start()
            self._after = None
        if step == self._step:
            if self._signal == signal.SIGSTOP:
                self._step = None  # once: it is to go on later
            signal.raise_signal(self._signal)  # to this thread: it must not go one statement further

    def reach_soon(self, step: str, seconds: float) -> None:
        if step == self._step:
            threading.Timer(seconds, self.reach, [step]).start()


class _MortalDatabase(Database):
    def __init__(self, url: str, fate: _Fate) -> None:
        super().__init__(url)
        self._fate = fate
        self._steps: set[str] = set()
        event.listen(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE outbox"):
            self._steps.add("mark" if "sent_at=" in statement else "claim" if "coalesce" in statement else "other")

    @contextmanager
    def begin(self, *, urgent: bool = False) -> Iterator[Session]:
        self._steps.clear()
        with super().begin(urgent=urgent) as session:
            yield session
            for step in self._steps:
                self._fate.reach(f"{step} written")
        for step in list(self._steps):
            self._fate.reach(f"{step} committed")


class _MortalClient:
    """The client of `delivery`, with a fate before and after each call."""

    def __new__(cls, fate: _Fate, token: str, api_url: str) -> WebClient:  # type: ignore[misc]  # a client, with a fate
        client = web_client(token, api_url, timeout=1)
        call = client.api_call

        def api_call(api_method: str, **arguments: Any) -> SlackResponse:
            step = "post" if api_method in _POSTS else "look-up" if api_method in _LOOK_UPS else "other"
            fate.reach(f"{step} begins")
            fate.reach_soon(f"{step} under way", 0.005)
            answer = call(api_method, **arguments)
            fate.reach(f"{step} answered")
            return answer

        client.api_call = api_call  # type: ignore[method-assign]
        return client


def send(order: dict[str, Any]) -> None:
    """Post until everything is settled, or until the fate of this process is met."""
    fate = _Fate(order.get("die_at"), order.get("signal", signal.SIGKILL), order.get("die_after"))
    database = _MortalDatabase(order["database"], fate)
    client = _MortalClient(fate, order["token"], order["api_url"])
    sender = Sender(database, client, timing=Timing(**order["timing"]), threads=order.get("threads", 4))
    sender.start()
    unsettled = select(func.count()).where(Outbox.state.in_((OutboxState.pending, OutboxState.claimed)))
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        sender.drain(LONGEST_S)
        with database.read() as session:
            if not session.scalar(unsettled):
                break
        time.sleep(0.02)
    sender.stop()


def handle(order: dict[str, Any]) -> None:
    """Receive every event, in an order of one's own, and let each have its effect: a message under a new key."""
    database = Database(order["database"])
    box = Inbox(database)
    keys = list(order["keys"])
    random.Random(order["seed"]).shuffle(keys)  # noqa: S311  # the same order each time

    def work(mine: list[str]) -> None:
        for key in mine:
            if box.receive(key, "event", {"key": key}) == "done":
                continue
            try:
                with database.begin() as session:
                    inbox.finish(session, key)
                    outbox.post(
                        session,
                        community_id=order["community_id"],
                        key=f"{key}/{os.getpid()}/{threading.get_ident()}",
                        channel="C1",
                        payload={"text": key},
                        subject="effects",
                    )
            except AlreadyDone:
                continue

    threads = [threading.Thread(target=work, args=(keys[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _child(order: dict[str, Any]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        {"send": send, "handle": handle}[order["do"]](order)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def main() -> None:
    """Serve until standard input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "wait":
            _, status = os.waitpid(order["pid"], 0)
            answer = {"status": os.waitstatus_to_exitcode(status)}
        else:
            pid = os.fork()
            if pid == 0:
                _child(order)
            answer = {"pid": pid}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
