"""Faults on demand: what goes wrong goes wrong as it does in the world."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from slack_sdk import WebClient

from runtime import modes
from tests.kit import Person, Workspace
from tests.workspace_kit import Call, refused
from workspace import server

GENERAL = "C0GENERAL1"


@pytest.fixture(autouse=True)
def _without_faults(workspace: Workspace) -> Iterator[None]:
    yield
    workspace.delete("/faults")


def post(call: Call, running: server.Running, text: str) -> httpx.Response:
    header = {"authorization": f"Bearer {running.bot_token}"}
    return call.send("chat.postMessage", json={"channel": GENERAL, "text": text}, headers=header)


def said(person: Callable[[str], Person], text: str) -> bool:
    return text in [message["text"] for message in person("ben").messages("general")]


def test_latency_delays_the_effect(workspace: Workspace, client: WebClient, person: Callable[[str], Person]) -> None:
    workspace.post("/faults", kind="latency", method="chat.postMessage", seconds=0.3)
    began = time.monotonic()
    client.chat_postMessage(channel=GENERAL, text="slow")
    assert time.monotonic() - began >= 0.3
    assert said(person, "slow")


@pytest.mark.parametrize("after", [False, True])
def test_status_comes_before_or_after_the_effect(
    after: bool, workspace: Workspace, call: Call, slack: server.Running, person: Callable[[str], Person]
) -> None:
    workspace.post("/faults", kind="status", status=503, after_effect=after)
    assert post(call, slack, f"status {after}").status_code == 503
    assert said(person, f"status {after}") is after
    assert post(call, slack, "well again").status_code == 200


@pytest.mark.parametrize("after", [False, True])
def test_dropped_connection_gives_no_answer_at_all(
    after: bool, workspace: Workspace, call: Call, slack: server.Running, person: Callable[[str], Person]
) -> None:
    workspace.post("/faults", kind="drop", after_effect=after)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        post(call, slack, f"dropped {after}")
    assert said(person, f"dropped {after}") is after


def test_truncated_body_is_no_json_but_the_effect_is_there(
    workspace: Workspace, call: Call, slack: server.Running, person: Callable[[str], Person]
) -> None:
    workspace.post("/faults", kind="truncate")
    with pytest.raises(json.JSONDecodeError):
        post(call, slack, "cut in half").json()
    assert said(person, "cut in half")


def test_rate_limit_says_how_long(
    workspace: Workspace, call: Call, slack: server.Running, person: Callable[[str], Person]
) -> None:
    workspace.post("/faults", kind="ratelimited", retry_after=7, method="chat.postMessage")
    answer = post(call, slack, "too fast")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json() == {"ok": False, "error": "ratelimited"}
    assert not said(person, "too fast")


def test_error_is_any_of_slacks(workspace: Workspace, client: WebClient) -> None:
    workspace.post("/faults", kind="error", error="token_revoked", method="*", times=2)
    assert refused(client.auth_test) == "token_revoked"
    assert refused(lambda: client.chat_postMessage(channel=GENERAL, text="x")) == "token_revoked"
    assert client.auth_test()["ok"]
    assert [call["error"] for call in workspace.calls("auth.test")][-2:] == ["token_revoked", None]


def test_fault_strikes_only_its_method_as_often_as_said(workspace: Workspace, client: WebClient) -> None:
    workspace.post("/faults", kind="error", error="internal_error", method="users.info", times=None)
    assert client.auth_test()["ok"]
    for _ in range(3):
        assert refused(lambda: client.users_info(user="U0BEN00001")) == "internal_error"
    assert workspace.get("/faults")["faults"][0]["struck"] == 3
    workspace.delete("/faults")
    assert client.users_info(user="U0BEN00001")["ok"]


def test_share_strikes_the_same_calls_for_the_same_seed(workspace: Workspace, call: Call) -> None:
    def struck() -> list[bool]:
        workspace.delete("/faults")
        workspace.post("/faults", kind="error", method="auth.test", times=None, share=0.3, seed=7)
        return [call("auth.test")["ok"] for _ in range(40)]

    first = struck()
    assert first == struck()
    assert 4 <= first.count(False) <= 22


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "latency", "seconds": -1},
        {"kind": "latency", "status": 500},
        {"kind": "error", "error": 5},
        {"kind": "drop", "times": 0},
        {"kind": "drop", "share": 2},
        {"kind": "drop", "method": 3},
    ],
)
def test_fault_that_makes_no_sense_is_refused_with_a_sentence(workspace: Workspace, body: dict[str, object]) -> None:
    answer = workspace.http.post("/faults", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_fault")
    assert answer.json()["message"]


def test_an_idle_connection_outlives_what_clients_keep() -> None:
    """Closed by both at the same moment, it would cost whoever sends on it just then an answer."""
    kept = httpx.Limits().keepalive_expiry
    assert kept is not None
    assert min(server.IDLE_SECONDS, modes.HTTP_IDLE_S) > 2 * kept
