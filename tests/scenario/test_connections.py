"""The connections to Slack, with an app that does nothing but what the test needs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from structlog.testing import capture_logs

from runtime.socket_mode import Connections
from tests.kit import Person, Workspace, eventually
from workspace import server


@pytest.fixture
def slack() -> Iterator[server.Running]:
    """One that soon delivers again what was not acknowledged."""
    running = server.start(limits=False, ack_seconds=0.4, retry_seconds=(0.05, 5, 30))
    yield running
    running.stop()


def test_an_answer_that_meets_a_closed_connection_is_one_line_and_the_event_comes_again(
    slack: server.Running, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    app = App(client=WebClient(slack.bot_token, base_url=slack.api_url), signing_secret=slack.signing_secret)
    connections = Connections(app, slack.app_token, 1, ping_s=0.5)
    heard: list[str] = []

    @app.middleware
    def lose_the_connection_once(body: dict[str, Any], next: Callable[[], None]) -> None:
        heard.append(body["event_id"])
        if len(heard) == 1:
            client = connections._connections[0].client
            client.auto_reconnect_enabled = False  # the watch opens the next, not the SDK before the answer is sent
            workspace.post("/faults", kind="socket_cut")
            eventually(lambda: not client.is_connected(), what="the end of the connection")
        next()

    @app.event("message")
    def take() -> None:
        """Acknowledged by Bolt."""

    connections.start()
    try:
        with capture_logs() as ours:
            Person(workspace, "ben").say("hello")
            eventually(lambda: len(heard) > 1, what="the event on the next connection")
            eventually(lambda: [line for line in ours if line["event"] == "socket.answer_unsent"], what="the line")
    finally:
        connections.stop()
        app.listener_runner.listener_executor.shutdown()
    assert len(set(heard)) == 1
    assert not [record for record in caplog.records if record.exc_info or record.levelno > logging.ERROR]
