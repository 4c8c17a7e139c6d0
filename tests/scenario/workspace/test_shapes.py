"""Every payload the workspace emits, key by key against samples of Slack's own."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import websocket
from slack_sdk import WebClient

from settings import ROOT
from tests.kit import Workspace, eventually
from tests.workspace_kit import Socket
from workspace import server

SAMPLES = ROOT.parent / "shared" / "slack-truth" / "samples"
EVENTS = {
    "app_home_opened": "AppHomeOpened",
    "app_mention": "AppMention",
    "member_joined_channel": "MemberJoinedChannel",
    "member_left_channel": "MemberLeftChannel",
    "message": "Message",
    "message/file_share": "MessageFileShare",
    "message/message_changed": "MessageChanged",
    "message/message_deleted": "MessageDeleted",
    "message/thread_broadcast": "MessageThreadBroadcast",
    "reaction_added": "ReactionAdded",
    "reaction_removed": "ReactionRemoved",
    "team_join": "TeamJoin",
    "user_change": "UserChange",
}
INTERACTIONS = {
    "block_actions": "interactive-components/BlockAction",
    "message_action": "interactive-components/MessageShortcut",
    "slash_commands": "slash-commands/SlashCommand",
    "view_closed": "views/ViewClosed",
    "view_submission": "views/ViewSubmission",
}
# Contents rather than shape: what an app or a person put there.
OPAQUE = {"blocks", "attachments", "values", "event_payload"}
# Slack sends these, and says so in its reference; the samples come from the classes of a client library that leaves
# them to other classes, or leaves them out of some events and not of others.
BESIDES = {
    "context_team_id",
    "context_enterprise_id",
    "event.metadata.event_payload",
    "event.view.blocks",
    "event.view.state.values",
    "message.reactions[].users",
    "message/thread_broadcast: event.bot_id",
    "message/thread_broadcast: event.bot_profile",
    "message/thread_broadcast: event.parent_user_id",
    "message/thread_broadcast: event.team",
    "response_urls",
    "state.values",
    "view.blocks",
    "view.state.values",
}
# No payload of a kind may come without these.
ALWAYS = {
    "events_api": {"token", "team_id", "api_app_id", "event", "type", "event_id", "event_time", "authorizations",
                   "is_ext_shared_channel", "event_context"},
    "slash_commands": {"token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name",
                       "command", "text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id"},
    "block_actions": {"type", "team", "user", "api_app_id", "token", "container", "trigger_id", "actions",
                      "enterprise", "is_enterprise_install"},
    "view_submission": {"type", "team", "user", "api_app_id", "token", "trigger_id", "view", "enterprise",
                        "is_enterprise_install"},
    "message_action": {"type", "token", "team", "user", "channel", "message", "callback_id", "trigger_id",
                       "response_url", "message_ts", "action_ts"},
}  # fmt: skip


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


BLOCKS: list[dict[str, Any]] = [
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "go", "text": plain("Go"), "value": "1", "style": "primary"},
            {"type": "external_select", "action_id": "find", "placeholder": plain("Find")},
        ],
    },
    {
        "type": "input",
        "block_id": "name",
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "name"},
    },
]
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "notify_on_close": True,
    "title": plain("Form"),
    "submit": plain("Send"),
    "blocks": BLOCKS,
}
HOME = {"type": "home", "blocks": BLOCKS}


class Ear(threading.Thread):
    """Takes and acknowledges everything, and remembers it; publishes a Home for whoever opens theirs."""

    def __init__(self, socket: Socket, client: WebClient) -> None:
        super().__init__(daemon=True)
        self.socket, self.client = socket, client
        self.got: list[dict[str, Any]] = []

    def run(self) -> None:
        while True:
            try:
                envelope = self.socket.read(60)
                payload = envelope["payload"]
                asked = payload.get("type") == "block_suggestion"
                self.socket.ack(envelope, {"options": []} if asked else None)
            except (websocket.WebSocketException, OSError):
                return  # closed: the day is over
            if payload.get("event", {}).get("type") == "app_home_opened":
                self.client.views_publish(user_id=payload["event"]["user"], view=HOME)
            self.got.append(envelope)

    def trigger(self) -> str:
        """The trigger of the newest command."""
        commands = [envelope for envelope in self.got if envelope["type"] == "slash_commands"]
        return str(commands[-1]["payload"]["trigger_id"])


def name_of(envelope: dict[str, Any]) -> str:
    payload = envelope["payload"]
    if envelope["type"] == "events_api":
        event = payload["event"]
        return str(event["type"]) + (f"/{event['subtype']}" if event.get("subtype") else "")
    return str(payload.get("type", "slash_commands"))


def live_a_day(ws: Workspace, client: WebClient, ear: Ear) -> None:
    """Let everything happen that the workspace tells an app about."""

    def ben(what: str, **body: Any) -> Any:
        return ws.post(f"/people/ben/{what}", **body)

    def modal() -> str:
        seen = len(ear.got)
        ben("command", channel="general", command="/praxis", text="x")
        eventually(lambda: len(ear.got) > seen)
        return str(client.views_open(trigger_id=ear.trigger(), view=MODAL)["view"]["id"])

    ben("say", channel="@praxis", text="Hello")
    mention = ben("say", channel="general", text="@praxis, hello")
    file = ws.http.post("/people/ben/upload?name=a.txt", content=b"abc").json()["file"]["id"]
    ben("say", channel="general", text="A file", files=[file])
    card = client.chat_postMessage(
        channel="C0GENERAL1", text="Card", blocks=BLOCKS, metadata={"event_type": "k", "event_payload": {"a": 1}}
    )["ts"]
    client.chat_postMessage(channel="C0GENERAL1", text="Below", thread_ts=card)
    client.chat_postMessage(channel="C0GENERAL1", text="Both", thread_ts=card, reply_broadcast=True)
    ben("react", channel="general", ts=card, name="ok")
    client.chat_update(channel="C0GENERAL1", ts=card, text="Card, changed")
    for what, more in (("click", {"action_id": "go"}), ("suggest", {"action_id": "find", "value": "q"})):
        ben(what, channel="general", ts=card, **more)
    mine = client.chat_postEphemeral(channel="C0GENERAL1", user="U0BEN00001", text="You", blocks=BLOCKS)["message_ts"]
    ben("click", channel="general", ts=mine, action_id="go")
    ben("shortcut", channel="general", ts=card, callback_id="question.ask_about")
    ben("shortcut", callback_id="event.create")
    client.chat_delete(channel="C0GENERAL1", ts=card)
    ben("home")
    ben("home")
    ben("click", home=True, action_id="go")
    view = modal()
    ben("click", view_id=view, action_id="go")
    ben("suggest", view_id=view, action_id="find", value="q")
    ben("submit", values={"name": "Ada"})
    modal()
    ben("close")
    ws.post("/people", name="nora")
    ws.post("/people/nora/profile", tz="America/Vancouver")
    ws.post("/people/nora/leave", channel="general")
    ws.post("/people/nora/join", channel="general")
    ben("react", channel="general", ts=mention["ts"], name="ok")
    ben("react", channel="general", ts=mention["ts"], name="ok")
    eventually(lambda: any(name_of(envelope) == "reaction_removed" for envelope in ear.got))


@pytest.fixture(scope="module")
def day() -> list[dict[str, Any]]:
    """Everything that was delivered on a day on which everything happened."""
    running = server.start(limits=False)
    ours = Workspace(running.url)
    client = WebClient(running.bot_token, base_url=running.api_url)
    socket = Socket(running)
    ear = Ear(socket, client)
    ear.start()
    live_a_day(ours, client, ear)
    socket.close()
    ours.http.close()
    running.stop()
    return ear.got


def surplus(emitted: Any, sample: Any, path: str = "") -> set[str]:
    """The paths of keys that the sample does not have."""
    if isinstance(emitted, dict):
        found = set()
        for key, value in emitted.items():
            here = f"{path}.{key}" if path else key
            if not isinstance(sample, dict) or key not in sample:
                found.add(here)
            elif key not in OPAQUE:
                found |= surplus(value, sample[key], here)
        return found
    if isinstance(emitted, list) and isinstance(sample, list) and sample:
        return {one for item in emitted for one in surplus(item, sample[0], f"{path}[]")}
    return set()


def test_the_day_held_every_kind_of_payload(day: list[dict[str, Any]]) -> None:
    names = {name_of(envelope) for envelope in day}
    assert names >= set(EVENTS) | set(INTERACTIONS) | {"block_suggestion", "shortcut"}


@pytest.mark.parametrize("kind", [*EVENTS, *INTERACTIONS])
def test_payload_has_no_key_that_slacks_has_not(kind: str, day: list[dict[str, Any]]) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("Slack's sample payloads are not beside this repository (../shared/slack-truth/samples).")
    name = f"events/{EVENTS[kind]}" if kind in EVENTS else f"app-backend/{INTERACTIONS[kind]}"
    sample = json.loads(Path(SAMPLES / f"{name}Payload.json").read_text(encoding="utf-8"))
    found = {one for envelope in day if name_of(envelope) == kind for one in surplus(envelope["payload"], sample)}
    assert {one for one in found if one not in BESIDES and f"{kind}: {one}" not in BESIDES} == set()


def test_payload_lacks_nothing_that_slacks_always_has(day: list[dict[str, Any]]) -> None:
    for envelope in day:
        kind = envelope["type"] if envelope["type"] in ALWAYS else envelope["payload"]["type"]
        assert ALWAYS.get(kind, set()) <= set(envelope["payload"]), kind


def test_message_events_say_where_and_when(day: list[dict[str, Any]]) -> None:
    for envelope in day:
        event = envelope["payload"].get("event", {})
        if event.get("type") == "message":
            assert {"channel", "channel_type", "ts", "event_ts"} <= set(event)
            assert event["channel_type"] == ("im" if event["channel"].startswith("D") else "channel")
