"""A broadcast is the same as its messages one by one, only sooner."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from delivery import outbox
from delivery.records import DirectMessage, Outbox
from storage import Database
from tests.town import Town


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def test_broadcast_leaves_what_single_messages_leave_and_nothing_twice(town: Town) -> None:
    mine = town.community.id
    with town.database.begin() as session:
        session.add(DirectMessage(community_id=mine, user="U1", channel="D1"))
        payload_id = outbox.store_payload(session, {"text": "Hello"})
        for number in (1, 2):
            outbox.post(
                session, community_id=mine, key=f"a:{number}", payload_id=payload_id, user=f"U{number}", subject="s:1"
            )
    singly = _rows(town)
    assert len(singly) == 2
    with town.database.begin() as session:
        letters = [("a:1", "U1", payload_id), ("a:3", "U3", payload_id)]
        assert outbox.broadcast(session, community_id=mine, letters=letters, subject="s:1") == 1
        session.execute(delete(Outbox))
        letters = [("a:1", "U1", payload_id), ("a:2", "U2", payload_id)]
        assert outbox.broadcast(session, community_id=mine, letters=letters, subject="s:1") == 2
        assert outbox.broadcast(session, community_id=mine, letters=[]) == 0
    assert _rows(town) == singly


def _rows(town: Town) -> list[dict[str, object]]:
    changing = {"id", "not_before", "created_at"}
    names = [column.name for column in Outbox.__table__.columns if column.name not in changing]
    with town.database.read() as session:
        found = session.scalars(select(Outbox).order_by(Outbox.key)).all()
        return [{name: getattr(row, name) for name in names} for row in found]
