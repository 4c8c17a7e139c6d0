"""What tests of the local workspace share: raw Web API calls and a bare Socket Mode connection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import websocket
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from workspace import server


class Call:
    """Raw Web API calls, where the SDK would tidy up."""

    def __init__(self, running: server.Running) -> None:
        self._http = httpx.Client(base_url=running.api_url, trust_env=False)
        self._token = running.bot_token

    def __call__(self, method: str, token: str | None = None, **args: Any) -> dict[str, Any]:
        header = {"authorization": f"Bearer {self._token if token is None else token}"} if token != "" else {}
        found: dict[str, Any] = self._http.post(method, json=args, headers=header).json()
        return found

    def send(self, method: str, **more: Any) -> httpx.Response:
        return self._http.post(method, **more)

    def close(self) -> None:
        self._http.close()


def refused(run: Callable[[], object]) -> str:
    """The error code with which Slack's SDK fails."""
    with pytest.raises(SlackApiError) as caught:
        run()
    return str(caught.value.response["error"])


class Socket:
    """A bare Socket Mode connection: says hello, hands out envelopes, acks when told."""

    def __init__(self, running: server.Running) -> None:
        answer = WebClient(base_url=running.api_url).apps_connections_open(app_token=running.app_token)
        self.ws = websocket.create_connection(answer["url"], timeout=30)
        self.hello = self.read()

    def read(self, within: float = 5.0) -> dict[str, Any]:
        """The next message; fails when none comes."""
        self.ws.settimeout(within)
        text = self.ws.recv()
        if not text:
            raise websocket.WebSocketConnectionClosedException("closed while waiting")
        found: dict[str, Any] = json.loads(text)
        return found

    def frame(self) -> tuple[int, bytes]:
        """Opcode and bytes of the next frame, whatever it is."""
        found: Any = self.ws.recv_frame()  # type: ignore[no-untyped-call] # the package is half typed
        return found.opcode, bytes(found.data)

    def silent(self, within: float = 0.3) -> bool:
        """Whether nothing comes for a while."""
        try:
            self.read(within)
        except websocket.WebSocketTimeoutException:
            return True
        return False

    def ack(self, envelope: dict[str, Any], payload: object = None) -> None:
        body = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload is not None else {})
        self.ws.send(json.dumps(body))

    def take(self, payload: object = None, within: float = 5.0) -> dict[str, Any]:
        """The next envelope, acknowledged."""
        envelope = self.read(within)
        self.ack(envelope, payload)
        return envelope

    def event(self, kind: str) -> dict[str, Any]:
        """The payload of the next event of a kind; others are acknowledged on the way."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            envelope = self.take()
            if envelope["type"] == "events_api" and envelope["payload"]["event"]["type"] == kind:
                found: dict[str, Any] = envelope["payload"]
                return found
        raise AssertionError(f"no event {kind}")

    def close(self) -> None:
        self.ws.close()
