"""What Bolt returns to Slack, with a real app and listeners that fail."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from handlers import acks
from handlers.acks import PromptAck

TIMES = 300
BODY = {"type": "block_actions", "actions": [{"action_id": "go", "type": "button"}], "user": {"id": "U1"}}


@pytest.fixture(autouse=True)
def hasty_threads() -> Iterator[None]:
    """Threads take turns as often as they can: what may happen between two lines does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def app_of(refuse: Callable[..., Any], *, acknowledged: bool) -> tuple[App, list[str]]:
    def begin(context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:
        context["ack"] = PromptAck()
        if acknowledged:
            context.ack()
        return next()

    asked: list[str] = []
    app = App(
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-none"),
        signing_secret="-",
        logger=logging.Logger("quiet"),
    )
    acks.first_stands(app.listener_runner)
    app.use(begin)
    app.action("go")(refuse)
    app.action("go")(lambda: asked.append("the next listener"))

    def told(response: BoltResponse | None) -> BoltResponse | None:
        return response and BoltResponse(status=200, body="refused")

    app.error(told)
    return app, asked


def press(app: App) -> BoltResponse:
    return app.dispatch(BoltRequest(mode="socket_mode", body=BODY))


def test_press_acknowledged_before_its_listener_failed_is_neither_refused_nor_handed_on() -> None:
    def refuse() -> None:
        raise ValueError

    app, asked = app_of(refuse, acknowledged=True)
    assert {press(app).status for _ in range(TIMES)} == {200}
    app.listener_runner.listener_executor.shutdown()
    assert asked == []


def test_listener_that_failed_unacknowledged_is_answered_by_the_error_handler() -> None:
    def refuse() -> None:
        raise ValueError

    app, asked = app_of(refuse, acknowledged=False)
    answers = [press(app) for _ in range(TIMES)]
    app.listener_runner.listener_executor.shutdown()
    assert {(answer.status, answer.body) for answer in answers} == {(200, "refused")}
    assert asked == []


def test_what_a_listener_acknowledged_before_it_failed_is_what_slack_gets() -> None:
    def refuse(ack: PromptAck) -> None:
        ack("not allowed")
        raise ValueError

    app, asked = app_of(refuse, acknowledged=False)
    answers = [press(app) for _ in range(TIMES)]
    app.listener_runner.listener_executor.shutdown()
    assert {(answer.status, answer.body) for answer in answers} == {(200, "not allowed")}
    assert asked == []
