"""What delivery no longer needs is forgotten, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from community.records import Community
from delivery import inbox, outbox, retention
from delivery.inbox import Inbox
from delivery.records import Inbox as Request
from delivery.records import Outbox, OutboxState, Payload
from delivery.retention import Cleaned
from storage import Database

OLD = datetime.now(UTC) - timedelta(days=30)


def test_old_requests_and_words_are_forgotten_places_and_open_things_stay(database: Database) -> None:
    box = Inbox(database)
    for key in ("done", "fresh", "open"):
        box.receive(key, "event", {"text": "x"})
    with database.begin() as session:
        inbox.finish(session, "done")
        inbox.finish(session, "fresh")
        session.execute(update(Request).where(Request.key != "fresh").values(received_at=OLD))
        session.execute(update(Request).where(Request.key == "done").values(done_at=OLD))
        session.add(Community(id=1, slack_team_id="T", name="x", locale="en", time_zone="UTC", created_at=OLD))
        session.flush()
        shared = outbox.store_payload(session, {"text": "to all"})
        waited_for = outbox.store_payload(session, {"text": "still to be sent"})
        outbox.post(session, community_id=1, key="sent", channel="C1", payload={"text": "x"})
        outbox.post(session, community_id=1, key="broadcast", channel="C2", payload_id=shared)
        outbox.post(session, community_id=1, key="pending", channel="C3", payload_id=waited_for)
        outbox.post(session, community_id=1, key="new", channel="C4", payload={"text": "x"})
        session.execute(update(Outbox).where(Outbox.key != "new").values(created_at=OLD, not_before=OLD))
        session.execute(
            update(Outbox).where(Outbox.key != "pending").values(state=OutboxState.sent, channel="C1", ts="1.1")
        )
    assert retention.clean(database) == Cleaned(requests=1, messages=2, payloads=1)
    assert retention.clean(database) == Cleaned(requests=0, messages=0, payloads=0)
    with database.read() as session:
        assert set(session.scalars(select(Request.key))) == {"fresh", "open"}
        kept = set(session.scalars(select(Outbox.key).where(Outbox.payload.is_not(None) | (Outbox.payload_id > 0))))
        assert kept == {"pending", "new"}
        assert session.scalar(select(func.count()).select_from(Payload)) == 1
        assert outbox.position(session, 1, "sent") is not None
