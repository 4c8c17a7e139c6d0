"""The database grows with the community and not with its traffic: what was done long ago is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from delivery import inbox, outbox
from delivery.inbox import Inbox
from delivery.records import Inbox as Request
from delivery.records import InboxState, Outbox, OutboxState, Payload
from delivery.retention import KEEP
from scheduler.retention import forget
from storage import Database
from tests.town import Town

NOW = datetime.now(UTC)
LONG_AGO, LATELY = NOW - KEEP - timedelta(hours=1), NOW - KEEP + timedelta(hours=1)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def age(database: Database, when: datetime) -> None:
    """Have everything that delivery holds be from then."""
    with database.begin() as session:
        done = Request.state == InboxState.done
        session.execute(update(Request).values(received_at=when))
        session.execute(update(Request).where(done).values(done_at=when))
        session.execute(update(Outbox).values(created_at=when, not_before=when, sent_at=when))


def broadcast(town: Town, state: OutboxState, key: str = "broadcast") -> int:
    """A message of a stored payload, in this state; returns the payload's id."""
    with town.database.begin() as session:
        payload_id = outbox.store_payload(session, {"text": "Hello"})
        outbox.post(session, community_id=town.community.id, key=key, payload_id=payload_id, channel="C1")
        session.execute(update(Outbox).where(Outbox.key == key).values(state=state, ts="1.1"))
    return payload_id


def count(database: Database, record: type[Request | Payload]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(record)) or 0


def test_requests_are_forgotten_once_their_effect_is_long_there(database: Database) -> None:
    box = Inbox(database)
    for key in ("done", "open", "parked"):
        box.receive(key, "command", {"text": "private"})
    with database.begin() as session:
        inbox.finish(session, "done")
        session.execute(update(Request).where(Request.key == "parked").values(state=InboxState.parked))
    age(database, LATELY)
    forget(database, NOW)
    assert count(database, Request) == 3
    age(database, LONG_AGO)
    forget(database, NOW)
    with database.read() as session:
        assert session.scalars(select(Request.key)).all() == ["open"], "it may still have its effect"


def test_words_long_sent_are_forgotten_and_the_place_of_the_message_is_not(town: Town) -> None:
    broadcast(town, OutboxState.sent)
    age(town.database, LATELY)
    forget(town.database, NOW)
    assert count(town.database, Payload) == 1
    age(town.database, LONG_AGO)
    forget(town.database, NOW)
    assert count(town.database, Payload) == 0
    with town.database.read() as session:
        assert outbox.position(session, town.community.id, "broadcast") == outbox.Posted("C1", "1.1")


@pytest.mark.parametrize("state", [OutboxState.pending, OutboxState.failed, OutboxState.parked])
def test_words_that_may_still_be_sent_are_kept(town: Town, state: OutboxState) -> None:
    broadcast(town, state)
    age(town.database, LONG_AGO)
    forget(town.database, NOW)
    assert count(town.database, Payload) == 1


def test_words_of_a_broadcast_that_is_just_being_written_are_kept(town: Town) -> None:
    broadcast(town, OutboxState.sent)
    age(town.database, LONG_AGO)
    with town.database.begin() as session:
        young = outbox.store_payload(session, {"text": "For the next two hundred people"})
    forget(town.database, NOW)
    with town.database.read() as session:
        assert session.scalars(select(Payload.id)).all() == [young]
