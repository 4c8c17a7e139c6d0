"""The local workspace by itself, met by Slack's own SDK, by Bolt, and by a bare WebSocket."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from slack_sdk import WebClient

from tests.kit import Person, Workspace
from tests.workspace_kit import Call, Socket
from workspace import server

RETRIES = (0.05, 0.1, 0.15)
ACK = 0.4


@pytest.fixture(scope="module")
def slack() -> Iterator[server.Running]:
    """One workspace a module, without rate limits and with little patience."""
    running = server.start(limits=False, ack_seconds=ACK, retry_seconds=RETRIES)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(slack: server.Running) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture(scope="module")
def workspace(slack: server.Running) -> Iterator[Workspace]:
    ours = Workspace(slack.url)
    yield ours
    ours.http.close()


@pytest.fixture
def person(workspace: Workspace) -> Callable[[str], Person]:
    return lambda name: Person(workspace, name)


@pytest.fixture(scope="module")
def call(slack: server.Running) -> Iterator[Call]:
    ours = Call(slack)
    yield ours
    ours.close()


@pytest.fixture
def connect(slack: server.Running, workspace: Workspace) -> Iterator[Callable[[], Socket]]:
    """Opens connections; all are closed, and no fault is left, at the end."""
    opened: list[Socket] = []

    def open_one() -> Socket:
        opened.append(Socket(slack))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
    workspace.delete("/faults")
    deadline = time.monotonic() + 5
    while workspace.get("/delivery")["connections"] and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.fixture
def socket(connect: Callable[[], Socket]) -> Socket:
    return connect()
