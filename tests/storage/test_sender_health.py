"""What the sender says of itself."""

from __future__ import annotations

import socket
from contextlib import closing

from delivery import outbox
from delivery.client import web_client
from delivery.posting import Timing
from delivery.sender import TROUBLES_IN_A_ROW, Sender
from storage import Database
from tests.kit import eventually
from tests.town import Town


def test_a_slack_that_takes_nothing_is_noticed_before_messages_grow_old(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    town = Town(database)
    with closing(socket.create_server(("127.0.0.1", 0))) as unused:
        port = unused.getsockname()[1]
    client = web_client("xoxb-1", f"http://127.0.0.1:{port}/api/", timeout=1)
    sender = Sender(database, client, community_id=town.id, timing=Timing(poll=0.02, backoff=0.02, lag=0.02))
    with database.begin() as session:
        outbox.post(session, community_id=town.id, key="hello", payload={"text": "hello"}, channel="C1")
    assert sender.health.ok
    sender.start()
    try:
        eventually(lambda: not sender.health.ok, what="a sender that complains")
        assert f"did not take {TROUBLES_IN_A_ROW} messages in a row" in str(sender.health.problem)
    finally:
        sender.stop()
        database.close()
