"""Socket Mode as Slack speaks it, met by bare WebSockets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import websocket
from slack_sdk import WebClient

from tests.kit import Person, Workspace, eventually
from tests.workspace_kit import Socket
from workspace import ids, server

Connect = Callable[[], Socket]


@pytest.fixture
def slack() -> Iterator[server.Running]:
    """A workspace for each test: what one leaves undelivered would reach the next."""
    running = server.start(limits=False, ack_seconds=0.4, retry_seconds=(0.05, 0.1, 0.15))
    yield running
    running.stop()


@pytest.fixture
def client(slack: server.Running) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def workspace(slack: server.Running) -> Iterator[Workspace]:
    ours = Workspace(slack.url)
    yield ours
    ours.http.close()


def test_hello_tells_app_and_connections(connect: Connect) -> None:
    first, second = connect(), connect()
    assert first.hello["type"] == "hello"
    assert first.hello["connection_info"] == {"app_id": ids.APP}
    assert (first.hello["num_connections"], second.hello["num_connections"]) == (1, 2)
    assert {"host", "build_number", "approximate_connection_time"} <= set(second.hello["debug_info"])


def test_ticket_opens_one_connection_only(slack: server.Running) -> None:
    url = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)["url"]
    once = websocket.create_connection(url, timeout=5)
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(url, timeout=5)
    once.close()


def test_at_most_ten_connections(connect: Connect) -> None:
    for _ in range(10):
        connect()
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect()


def test_envelopes_go_to_connections_in_turn(connect: Connect, person: Callable[[str], Person]) -> None:
    first, second = connect(), connect()
    person("amelie").do("say", channel="@praxis", texts=["m0", "m1", "m2", "m3"])
    texts = [one.take()["payload"]["event"]["text"] for one in (first, first, second, second)]
    assert sorted(texts) == ["m0", "m1", "m2", "m3"]


def test_event_that_is_not_acked_comes_again_on_another_connection(
    connect: Connect, person: Callable[[str], Person]
) -> None:
    first, second = connect(), connect()
    person("amelie").say("Again, please")
    told, other = (first, second)
    try:
        envelope = first.read(0.3)
    except websocket.WebSocketTimeoutException:
        told, other = second, first
        envelope = second.read(0.3)
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    again = other.read()
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
    assert again["payload"] == envelope["payload"]
    assert again["envelope_id"] != envelope["envelope_id"]
    other.ack(again)
    assert told.silent(0.8)
    assert other.silent(0.1)


def test_slack_gives_up_after_three_retries(socket: Socket, person: Callable[[str], Person]) -> None:
    person("amelie").say("Nobody answers")
    attempts = [socket.read()["retry_attempt"] for _ in range(4)]
    assert attempts == [0, 1, 2, 3]
    assert socket.silent(0.8)


def test_event_without_any_connection_waits_for_one(connect: Connect, person: Callable[[str], Person]) -> None:
    person("amelie").say("Is anybody there?")
    late = connect()
    assert late.take()["payload"]["event"]["text"] == "Is anybody there?"


def test_unacked_envelopes_of_a_lost_connection_move_at_once(connect: Connect, person: Callable[[str], Person]) -> None:
    first = connect()
    person("amelie").say("Hold on")
    first.read()
    second = connect()
    first.close()
    moved = second.take(within=0.3)
    assert moved["payload"]["event"]["text"] == "Hold on"
    assert moved["retry_attempt"] == 1


def test_command_carries_back_what_the_ack_says(socket: Socket, workspace: Workspace) -> None:
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(
            workspace.post("/people/ben/command", channel="general", command="/praxis", text="help <me>")
        )
    )
    asking.start()
    envelope = socket.take({"text": "Here is help", "response_type": "ephemeral"})
    asking.join(5)
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    assert "retry_attempt" not in envelope
    assert envelope["payload"]["text"] == "help &lt;me&gt;"
    assert answers == [{"acked": True, "response": {"text": "Here is help", "response_type": "ephemeral"}}]
    newest = workspace.get("/people/ben/conversations/general")["messages"][-1]
    assert (newest["text"], newest["ephemeral"]) == ("Here is help", True)


def test_command_that_nobody_answers_times_out_and_the_person_is_told(socket: Socket, workspace: Workspace) -> None:
    answer = workspace.http.post("/people/ben/command", json={"channel": "general", "command": "/praxis", "text": ""})
    assert (answer.status_code, answer.json()["error"]) == (504, "operation_timeout")
    newest = workspace.get("/people/ben/conversations/general")["messages"][-1]
    assert newest["ephemeral"] is True
    assert "operation_timeout" in newest["text"]
    assert socket.read()["type"] == "slash_commands"
    assert socket.silent(0.6)


def test_command_without_a_bot_fails_at_once(workspace: Workspace) -> None:
    began = time.monotonic()
    answer = workspace.http.post("/people/ben/command", json={"channel": "general", "command": "/praxis"})
    assert (answer.status_code, answer.json()["error"]) == (504, "no_bot")
    assert time.monotonic() - began < 0.3


def test_refresh_asks_to_reconnect_and_sends_nothing_more_there(
    connect: Connect, workspace: Workspace, person: Callable[[str], Person]
) -> None:
    old = connect()
    workspace.post("/faults", kind="socket_refresh")
    notice = old.read()
    assert (notice["type"], notice["reason"]) == ("disconnect", "refresh_requested")
    new = connect()
    person("amelie").say("After the refresh")
    assert new.take()["payload"]["event"]["text"] == "After the refresh"
    assert old.silent(0.2)


def test_envelope_taken_before_a_refresh_can_still_be_acked(
    connect: Connect, workspace: Workspace, person: Callable[[str], Person]
) -> None:
    old = connect()
    person("amelie").say("Before the refresh")
    envelope = old.read()
    workspace.post("/faults", kind="socket_refresh")
    new = connect()
    old.ack(envelope)
    assert new.silent(0.7)


def test_cut_connection_ends_without_goodbye_and_its_events_move(
    connect: Connect, workspace: Workspace, person: Callable[[str], Person]
) -> None:
    old = connect()
    person("amelie").say("Cut off")
    old.read()
    workspace.post("/faults", kind="socket_cut")
    with pytest.raises((websocket.WebSocketConnectionClosedException, ConnectionError)):
        old.read()
    assert connect().take()["payload"]["event"]["text"] == "Cut off"


def test_silent_connection_stays_open_but_says_and_hears_nothing(
    connect: Connect, workspace: Workspace, person: Callable[[str], Person]
) -> None:
    deaf = connect()
    workspace.post("/faults", kind="socket_silent", seconds=1.0)
    deaf.ws.ping("hello?")
    person("amelie").say("Do you hear me?")
    assert deaf.silent(0.3)
    awake = connect()
    assert eventually(lambda: awake.take(within=3)["payload"]["event"]["text"]) == "Do you hear me?"
    deaf.ws.settimeout(3)
    assert deaf.frame() == (websocket.ABNF.OPCODE_PONG, b"hello?")


def test_pings_are_answered(socket: Socket) -> None:
    socket.ws.ping("are you there")
    assert socket.frame() == (websocket.ABNF.OPCODE_PONG, b"are you there")


def test_every_envelope_comes_as_often_as_asked(
    connect: Connect, workspace: Workspace, person: Callable[[str], Person]
) -> None:
    first, second = connect(), connect()
    workspace.post("/faults", kind="deliver_twice", copies=4, times=1)
    person("amelie").say("Four times")
    copies = [one.take() for one in (first, first, second, second)]
    assert len({copy["envelope_id"] for copy in copies}) == 4
    assert len({copy["payload"]["event_id"] for copy in copies}) == 1
    assert first.silent(0.1)
    assert second.silent(0.1)
    second.close()
    eventually(lambda: workspace.get("/delivery")["connections"] == 1)
    person("amelie").say("Once")
    assert first.take()["payload"]["event"]["text"] == "Once"
    assert first.silent(0.1)


def test_burst_of_3000_events_arrives_whole_and_once(
    connect: Connect, workspace: Workspace, person: Callable[[str], Person]
) -> None:
    workspace.post("/delivery", ack_seconds=10)
    socket = connect()
    person("amelie").do("say", channel="@praxis", texts=[f"q{number}" for number in range(3000)])
    got = [socket.take()["payload"]["event"]["text"] for _ in range(3000)]
    assert got == [f"q{number}" for number in range(3000)]
    assert socket.silent(0.2)


def test_ack_of_something_unknown_and_junk_are_ignored(socket: Socket, person: Callable[[str], Person]) -> None:
    for junk in ('{"envelope_id": "nothing"}', "hello", "[]", '{"envelope_id": 3}', ""):
        socket.ws.send(junk)
    person("amelie").say("Still here")
    assert socket.take()["payload"]["event"]["text"] == "Still here"


def test_event_the_app_did_not_subscribe_to_or_may_not_hear_stays_away(
    socket: Socket, workspace: Workspace, person: Callable[[str], Person]
) -> None:
    everything = workspace.get("/delivery")["events"]
    workspace.post("/delivery", events=["message.im"])
    person("amelie").say("@praxis hi", "general")
    assert socket.silent(0.1)
    workspace.post("/delivery", events=everything, scopes=["im:history"])
    person("amelie").say("@praxis hi", "general")
    assert socket.silent(0.1)
    person("amelie").say("Here I may")
    assert socket.take()["payload"]["event"]["text"] == "Here I may"


def test_own_messages_changes_and_deletions_are_told_too(socket: Socket, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0GENERAL1", text="Mine")["ts"]
    client.chat_update(channel="C0GENERAL1", ts=ts, text="Mine, changed")
    client.chat_delete(channel="C0GENERAL1", ts=ts)
    said, changed, deleted = (socket.take()["payload"]["event"] for _ in range(3))
    assert (said["bot_id"], said["user"]) == (ids.BOT, ids.BOT_USER)
    assert (changed["subtype"], changed["message"]["text"], changed["previous_message"]["text"]) == (
        "message_changed",
        "Mine, changed",
        "Mine",
    )
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
