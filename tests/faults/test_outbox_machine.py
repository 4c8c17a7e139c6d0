"""The outbox against every order of events: claims, deaths at any step, late effects, leases that end, updates.

Steps are taken one at a time and Slack is a dictionary, because thousands of them are tried: the tests beside this one
do the same with processes and over HTTP.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy import delete, event, select, update

from community.records import Community
from delivery import claims, outbox
from delivery.claims import Claim, Settlement
from delivery.posting import Poster, Timing
from delivery.records import Outbox, OutboxState, Pause, Payload
from storage import Database

CHANNELS = ("C1", "C2")


class DictionarySlack(WebClient):
    """Keeps what was posted, and answers or loses its answer as it is told."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-none", retry_handlers=[])  # nobody asks for it
        self.messages: dict[str, list[dict[str, Any]]] = {channel: [] for channel in CHANNELS}
        self.next = "answers"
        self.count = 0

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        given: Mapping[str, Any] = arguments.get("json") or arguments.get("params") or {}
        behaviour, self.next = self.next, "answers"
        if behaviour == "lost before":
            raise ConnectionResetError
        if behaviour == "refused":
            raise ConnectionRefusedError
        if behaviour == "limited":
            raise SlackApiError(  # type: ignore[no-untyped-call]  # the SDK declares no types for it
                "limited", self._answer({"ok": False, "error": "ratelimited"}, 429)
            )
        data = self._act(api_method, given)
        if behaviour == "lost after":
            raise ConnectionResetError
        return self._answer({"ok": True} | data, 200)

    def _act(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        here = self.messages[given["channel"]]
        if method == "conversations.history":
            return {"messages": list(here)}
        if method == "chat.update":
            next(message for message in here if message["ts"] == given["ts"])["text"] = given["text"]
            return {"ts": given["ts"], "channel": given["channel"]}
        self.count += 1
        here.append({"ts": f"1700000000.{self.count:06d}", "text": given["text"], "metadata": given["metadata"]})
        return {"ts": here[-1]["ts"], "channel": given["channel"]}

    def _answer(self, data: dict[str, Any], status: int) -> SlackResponse:
        return SlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=status
        )


class OutboxMachine(RuleBasedStateMachine):
    """What may happen to the outbox, in any order."""

    url: ClassVar[str]
    held = Bundle("held")
    done = Bundle("done")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="praxis-machine-")
        sqlite = self.url.startswith("sqlite:///")
        if sqlite:
            path = Path(self.folder) / "praxis.db"
            shutil.copyfile(self.url.removeprefix("sqlite:///"), path)
        self.database = Database(f"sqlite:///{path}" if sqlite else self.url)
        # Nothing here dies for real: thousands of commits need not reach the disk.
        wish = "PRAGMA synchronous=OFF" if sqlite else "SET synchronous_commit TO off"
        event.listen(self.database.engine, "connect", lambda connection, _: connection.execute(wish))
        with self.database.begin() as session:
            for table in (Outbox, Pause, Payload, Community):  # of the game before, where there is one database for all
                session.execute(delete(table))
            session.add(
                Community(id=1, slack_team_id="T", name="x", locale="en", time_zone="UTC", created_at=datetime.now(UTC))
            )
        self.slack = DictionarySlack()
        self.newest: dict[str, str] = {}
        self.order: dict[str, list[str]] = {channel: [] for channel in CHANNELS}
        self.overtakers: set[str] = set()

    @rule(channel=st.sampled_from(CHANNELS))
    def post(self, channel: str) -> None:
        key = f"k{len(self.newest)}"
        self.newest[key] = f"{key}:0"
        self.order[channel].append(key)
        with self.database.begin() as session:
            payload = {"text": self.newest[key]}
            assert outbox.post(session, community_id=1, key=key, channel=channel, payload=payload)

    @rule(data=st.data())
    def post_again(self, data: st.DataObject) -> None:
        if self.newest:
            key = data.draw(st.sampled_from(sorted(self.newest)))
            with self.database.begin() as session:
                assert not outbox.post(session, community_id=1, key=key, channel="C1", payload={"text": "again"})

    @rule(data=st.data())
    def change(self, data: st.DataObject) -> None:
        if self.newest:
            key = data.draw(st.sampled_from(sorted(self.newest)))
            number = int(self.newest[key].split(":")[1]) + 1
            self.newest[key] = f"{key}:{number}"
            with self.database.begin() as session:
                outbox.update(session, community_id=1, of=key, payload={"text": self.newest[key]})

    @rule(target=held, limit=st.integers(1, 3))
    def claim(self, limit: int) -> Any:
        with self.database.begin() as session:
            return multiple(
                *claims.claim(session, lease=timedelta(seconds=60), deadline=1.0, limit=limit, bulk_limit=limit)
            )

    @rule(
        target=done,
        claim=consumes(held),
        behaviour=st.sampled_from(["answers", "answers", "lost before", "lost after", "refused", "limited"]),
    )
    def carry_out(self, claim: Claim, behaviour: str) -> Settlement:
        # Whether the lease is over by now is what the deadline tells the poster.
        with self.database.read() as session:
            lease_until = session.scalar(select(Outbox.lease_until).where(Outbox.id == claim.id))
        late = lease_until != claim.lease_until
        self.slack.next = "answers" if late else behaviour
        poster = Poster(self.slack, Timing(lag=0.0), now=lambda: 2.0 if late else 0.0)
        if late:
            before = self.slack.count
            settlement = poster.carry_out(claim)
            assert self.slack.count == before, "it was posted past the lease"
            return settlement
        return poster.carry_out(claim)

    @rule(claim=consumes(held))
    def die_before_posting(self, claim: Claim) -> None:
        """What was claimed is never heard of again."""

    @rule(settlement=consumes(done))
    def die_before_marking(self, settlement: Settlement) -> None:
        """What was posted is never marked."""

    @rule(settlement=consumes(done))
    def mark(self, settlement: Settlement) -> None:
        with self.database.begin() as session:
            assert claims.settle(session, [settlement]) == []

    @rule()
    def time_passes(self) -> None:
        past = datetime.now(UTC) - timedelta(seconds=100)
        with self.database.begin() as session:
            # Every lease gets an end of its own in the past, as it would have had.
            for row in session.scalars(select(Outbox).where(Outbox.state == OutboxState.claimed)):
                row.lease_until = past
            session.execute(update(Outbox).values(not_before=past))
            session.execute(delete(Pause))

    @invariant()
    def every_message_is_there_at_most_once(self) -> None:
        for messages in getattr(self, "slack", DictionarySlack()).messages.values():
            keys = [message["metadata"]["event_payload"]["key"] for message in messages]
            assert len(keys) == len(set(keys)), keys

    @invariant()
    def messages_are_in_the_order_they_were_written(self) -> None:
        for channel, messages in getattr(self, "slack", DictionarySlack()).messages.items():
            keys = [message["metadata"]["event_payload"]["key"] for message in messages]
            assert keys == [key for key in self.order[channel] if key in keys]

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        # Whatever happened: once things work again, everything is there, once, and shows the newest.
        poster = Poster(self.slack, Timing(lag=0.0, update_pace=0.0), now=lambda: 0.0)
        for _ in range(400):
            self.time_passes()
            with self.database.begin() as session:
                mine = claims.claim(session, lease=timedelta(seconds=60), deadline=1.0, limit=5, bulk_limit=5)
            if not mine:
                break
            settlements = [poster.carry_out(claim) for claim in mine]
            with self.database.begin() as session:
                claims.settle(session, settlements)
        shown = {
            message["metadata"]["event_payload"]["key"]: message["text"]
            for messages in self.slack.messages.values()
            for message in messages
        }
        self.every_message_is_there_at_most_once()
        self.messages_are_in_the_order_they_were_written()
        assert shown == self.newest
        self.database.close()
        shutil.rmtree(self.folder)


def run(url: str, *, examples: int, steps: int) -> None:
    """Try so many sequences of up to so many steps; `url` names a migrated database of its own."""
    machine = type("Machine", (OutboxMachine,), {"url": url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )


@pytest.mark.timeout(100)
def test_no_order_of_events_loses_doubles_or_disorders_a_message(sqlite_url: str) -> None:
    run(sqlite_url, examples=25, steps=30)
