"""A real Bolt app on a workspace, and the modals it opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from tests.kit import Person, Workspace, eventually
from workspace import server

GENERAL = "C0GENERAL1"
ANY = re.compile(".*")


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(action_id)} | more


def modal(*blocks: dict[str, Any], callback_id: str = "form", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
    } | more


NAME = {
    "type": "input",
    "block_id": "name",
    "label": plain("Name"),
    "element": {"type": "plain_text_input", "action_id": "name", "initial_value": "Nobody", "max_length": 20},
}
DAY = {
    "type": "input",
    "block_id": "day",
    "label": plain("Day"),
    "optional": True,
    "element": {"type": "datepicker", "action_id": "day"},
}
KIND = {
    "type": "input",
    "block_id": "kind",
    "label": plain("Kind"),
    "element": {
        "type": "static_select",
        "action_id": "kind",
        "options": [{"text": plain("Course"), "value": "course"}, {"text": plain("Talk"), "value": "talk"}],
    },
}
WHO = {
    "type": "input",
    "block_id": "who",
    "label": plain("Who"),
    "optional": True,
    "element": {"type": "external_select", "action_id": "who", "min_query_length": 0},
}
TAGS = {
    "type": "actions",
    "block_id": "tags",
    "elements": [
        {"type": "checkboxes", "action_id": "tags", "options": [{"text": plain("A"), "value": "a"}]},
        {"type": "timepicker", "action_id": "time", "initial_time": "09:00"},
        button("save", value="v1"),
    ],
}


class Bot:
    """A Bolt app that writes down what it gets and answers as the test says."""

    def __init__(self, running: server.Running) -> None:
        self.client = WebClient(running.bot_token, base_url=running.api_url, retry_handlers=[])
        self.app: Any = App(client=self.client, signing_secret=running.signing_secret)
        self.got: list[dict[str, Any]] = []
        self.acks: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {}
        listeners: tuple[Any, ...] = (
            self.app.event,
            self.app.action,
            self.app.view,
            self.app.view_closed,
            self.app.shortcut,
        )
        for listen in listeners:
            listen(ANY)(self.take)
        self.app.command(ANY)(self.take)
        self.app.options(ANY)(self.take)
        self.handler: Any = SocketModeHandler(self.app, running.app_token, ping_interval=1)  # half typed

    def take(self, ack: Any, body: dict[str, Any]) -> None:
        kind = body.get("type", "command")
        kind = body["event"]["type"] if kind == "event_callback" else kind
        self.got.append(body)  # first: who waits for what it leads to, or for the acknowledgement, looks for it then
        decide = self.acks.get(kind)
        answer = decide(body) if decide else None
        ack(**answer) if answer else ack()

    def last(self, kind: str) -> dict[str, Any]:
        """The newest payload of a kind, waited for."""

        def look() -> list[dict[str, Any]]:
            return [b for b in self.got if kind in (b.get("type", "command"), b.get("event", {}).get("type"))]

        return eventually(look, what=kind)[-1]

    def on(self, kind: str, answer: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
        self.acks[kind] = answer


@pytest.fixture(scope="module")
def slack() -> Iterator[server.Running]:
    running = server.start(limits=False)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def connected(slack: server.Running, workspace: Workspace) -> Iterator[Bot]:
    bot = Bot(slack)
    bot.handler.connect()
    eventually(lambda: workspace.get("/delivery")["connections"], what="the connection")
    yield bot
    bot.handler.client.auto_reconnect_enabled = False
    workspace.post("/faults", kind="socket_cut")  # else the SDK's reading thread sits out ten seconds of select
    bot.handler.close()
    bot.app.listener_runner.listener_executor.shutdown()


@pytest.fixture
def bot(connected: Bot) -> Bot:
    connected.got.clear()
    connected.acks.clear()
    return connected


@pytest.fixture
def amelie(person: Callable[[str], Person]) -> Person:
    return person("amelie")


def open_modal(bot: Bot, who: Person, view: dict[str, Any]) -> dict[str, Any]:
    """A person runs a command, the bot opens a modal for them."""

    def show(body: dict[str, Any]) -> None:
        bot.client.views_open(trigger_id=body["trigger_id"], view=view)

    bot.on("command", show)
    who.command("open")
    found: dict[str, Any] = who.view() or {}
    assert found["type"] == "modal"
    return found
