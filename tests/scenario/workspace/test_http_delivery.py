"""Delivery over HTTP: signed, retried, and answered by a real Bolt app under uvicorn."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.asgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from tests.kit import Person, Workspace, eventually
from workspace import server


class Listener:
    """A request URL that checks every signature, remembers every request and answers as the test says."""

    def __init__(self, secret: str) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self.answers: list[tuple[int, str]] = []
        self.verified: list[bool] = []
        ours = self
        verifier = SignatureVerifier(secret)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                headers = {key.lower(): value for key, value in self.headers.items()}
                ours.verified.append(verifier.is_valid_request(body, headers))
                status, text = 200, ""
                if '"url_verification"' in body:
                    text = str(json.loads(body)["challenge"])
                else:
                    if ours.answers:
                        status, text = ours.answers.pop(0)
                    ours.got.append((headers, body))
                self.send_response(status)
                self.send_header("content-length", str(len(text)))
                if status == 418:
                    self.send_header("x-slack-no-retry", "1")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def listener(slack: server.Running, workspace: Workspace) -> Iterator[Listener]:
    ours = Listener(slack.signing_secret)
    workspace.post("/delivery", request_url=ours.url)
    yield ours
    workspace.post("/delivery", request_url=None)
    ours.close()


def test_request_url_is_taken_into_use_only_after_the_challenge(workspace: Workspace, listener: Listener) -> None:
    assert workspace.get("/delivery")["request_url"] == listener.url
    assert listener.verified == [True]
    wrong = workspace.http.post("/delivery", json={"request_url": listener.url.replace("127.0.0.1", "127.0.0.2")})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "url_not_verified")
    assert workspace.get("/delivery")["request_url"] == listener.url


def test_event_is_posted_as_signed_json(listener: Listener, person: Callable[[str], Person]) -> None:
    person("amelie").say("Over HTTP")
    headers, body = eventually(lambda: listener.got)[0]
    assert json.loads(body)["event"]["text"] == "Over HTTP"
    assert headers["content-type"] == "application/json"
    assert "x-slack-retry-num" not in headers
    assert all(listener.verified)


def test_event_that_fails_is_retried_three_times_with_the_reason(
    listener: Listener, person: Callable[[str], Person]
) -> None:
    listener.answers = [(500, "")] * 4
    person("amelie").say("Again")
    got = eventually(lambda: listener.got if len(listener.got) == 4 else [])
    tries = [(headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")) for headers, _ in got]
    assert tries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({json.loads(body)["event_id"] for _, body in got}) == 1


def test_app_can_ask_for_no_retry(listener: Listener, person: Callable[[str], Person]) -> None:
    listener.answers = [(418, "")]
    person("amelie").say("Once only")
    person("amelie").say("marker")
    eventually(lambda: any("marker" in body for _, body in listener.got))
    assert len([body for _, body in listener.got if "Once only" in body]) == 1


def test_command_is_a_form_and_its_answer_is_shown(listener: Listener, person: Callable[[str], Person]) -> None:
    listener.answers = [(200, '{"text": "From HTTP"}')]
    assert person("ben").command("help")["response"] == {"text": "From HTTP"}
    headers, body = listener.got[0]
    fields = parse_qs(body, keep_blank_values=True)
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert (fields["command"], fields["text"]) == (["/praxis"], ["help"])
    listener.answers = [(200, "Plain words")]
    person("ben").command("help")
    assert person("ben").messages("general")[-1]["text"] == "Plain words"


def test_press_is_a_form_with_a_payload(listener: Listener, person: Callable[[str], Person], client: WebClient) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ts = client.chat_postMessage(channel="C0GENERAL1", text="Card", blocks=[{"type": "actions", "elements": [button]}])[
        "ts"
    ]
    person("ben").click({"ts": ts}, "go", channel="general")
    body = next(body for headers, body in listener.got if "urlencoded" in headers["content-type"])
    assert json.loads(parse_qs(body)["payload"][0])["actions"][0]["action_id"] == "go"


def test_command_answered_with_an_error_is_told(listener: Listener, workspace: Workspace) -> None:
    listener.answers = [(500, "")]
    answer = workspace.http.post("/people/ben/command", json={"channel": "general", "command": "/praxis"})
    assert (answer.status_code, answer.json()["error"]) == (504, "http_error")


def test_real_bolt_app_accepts_signature_challenge_and_command(
    slack: server.Running, workspace: Workspace, person: Callable[[str], Person]
) -> None:
    app: Any = App(client=WebClient(slack.bot_token, base_url=slack.api_url), signing_secret=slack.signing_secret)
    heard: list[str] = []
    app.event("message")(lambda event: heard.append(event["text"]))
    app.command("/praxis")(lambda ack: ack("Bolt here"))
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(SlackRequestHandler(app), log_config=None, lifespan="off")
    asgi = uvicorn.Server(config)
    thread = threading.Thread(target=asgi.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    eventually(lambda: asgi.started)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    try:
        workspace.post("/delivery", request_url=url, ack_seconds=3)
        person("amelie").say("Bonjour, Bolt")
        eventually(lambda: "Bonjour, Bolt" in heard)
        assert person("amelie").command("x")["response"]["text"] == "Bolt here"
    finally:
        workspace.post("/delivery", request_url=None, ack_seconds=0.4)
        asgi.should_exit = True
        thread.join(5)
        listening.close()
        app.listener_runner.listener_executor.shutdown()
