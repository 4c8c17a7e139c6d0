"""The peer: a Bolt app that acknowledges and does nothing else, on the same Socket Mode transport."""

from __future__ import annotations

import os
import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

if __name__ == "__main__":
    client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=client, token=os.environ["SLACK_BOT_TOKEN"], signing_secret="unused")  # noqa: S106 - Socket Mode
    app.event({"type": "message"})(lambda: None)
    app.event("user_change")(lambda: None)
    handlers = [SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], concurrency=16) for _ in range(2)]
    for handler in handlers:
        handler.connect()  # type: ignore[no-untyped-call]  # the adapter declares no types
    threading.Event().wait()
