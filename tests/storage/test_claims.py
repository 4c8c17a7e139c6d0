"""Which rows of the outbox may be posted now, and by whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from community.records import Community
from delivery import claims, outbox, statements
from delivery.claims import Claim, Rest, Settlement
from delivery.records import Outbox, OutboxState, Pause
from storage import Database

LEASE = timedelta(seconds=60)


@pytest.fixture
def community_id(database: Database) -> int:
    with database.begin() as session:
        here = Community(slack_team_id="T1", name="x", locale="en", time_zone="UTC", created_at=datetime.now(UTC))
        session.add(here)
        session.flush()
        return here.id


def post(database: Database, community_id: int, key: str, **more: object) -> None:
    with database.begin() as session:
        arguments = {"payload": {"text": key}} | more
        outbox.post(session, community_id=community_id, key=key, **arguments)  # type: ignore[arg-type]


def claim(database: Database, *, limit: int = 10, bulk_limit: int = 10) -> list[Claim]:
    with database.begin() as session:
        return claims.claim(session, lease=LEASE, deadline=0.0, limit=limit, bulk_limit=bulk_limit)


def settle(database: Database, *settlements: Settlement) -> None:
    with database.begin() as session:
        assert claims.settle(session, settlements) == []


def keys(found: list[Claim]) -> list[str]:
    return [one.key for one in found]


def row(database: Database, key: str) -> Outbox:
    with database.read() as session:
        return session.scalars(select(Outbox).where(Outbox.key == key)).one()


def end_leases(database: Database) -> None:
    with database.begin() as session:
        session.execute(update(Outbox).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))


def test_claimed_row_is_nobody_elses_until_its_lease_ends(database: Database, community_id: int) -> None:
    post(database, community_id, "a", channel="C1")
    (first,) = claim(database)
    assert (first.attempts, first.in_doubt_since) == (1, None)
    assert claim(database) == []
    end_leases(database)
    (second,) = claim(database)
    assert second.attempts == 2
    assert second.in_doubt_since is not None, "somebody may have posted it"


def test_holder_whose_lease_was_taken_over_cannot_undo_the_others_work(database: Database, community_id: int) -> None:
    post(database, community_id, "a", channel="C1")
    (late,) = claim(database)
    end_leases(database)
    (present,) = claim(database)
    settle(database, Settlement(late, OutboxState.failed, error="late"))
    assert row(database, "a").state is OutboxState.claimed
    settle(database, Settlement(present, OutboxState.pending, error="x", in_doubt=True))
    settle(database, Settlement(late, OutboxState.sent, channel="C1", ts="1.1"))
    assert (row(database, "a").state, row(database, "a").ts) == (OutboxState.sent, "1.1"), "that it is there is a fact"


def test_urgent_rows_come_before_broadcasts_and_each_oldest_first(database: Database, community_id: int) -> None:
    for number in range(3):
        post(database, community_id, f"b{number}", channel=f"C{number}", bulk=True)
    for number in range(3):
        post(database, community_id, f"u{number}", channel=f"D{number}")
    assert keys(claim(database, limit=5, bulk_limit=1)) == ["u0", "u1", "u2", "b0"]
    assert keys(claim(database, limit=5, bulk_limit=5)) == ["b1", "b2"]


@pytest.mark.parametrize(
    ("method", "channel", "blocked"),
    [
        ("chat.postMessage", "", {"channel", "thread", "doubtful", "dm", "new dm"}),
        ("chat.postMessage", "C1", {"channel"}),
        ("chat.postMessage", "D9", {"dm"}),
        ("conversations.open", "", {"new dm"}),
        ("conversations.history", "", {"doubtful"}),
        ("conversations.replies", "", set()),
        ("chat.postEphemeral", "", {"whisper"}),
        ("chat.update", "", {"update:sent"}),
        ("views.publish", "", {"home:U1"}),
    ],
)
def test_what_slack_asked_to_be_left_alone_is_left_alone(
    database: Database, community_id: int, method: str, channel: str, blocked: set[str]
) -> None:
    post(database, community_id, "sent", user="U9")
    (sent,) = claim(database)
    settle(database, Settlement(sent, OutboxState.sent, channel="D9", ts="1.1"))
    post(database, community_id, "doubtful", channel="C3")
    (doubtful,) = claim(database)
    settle(database, Settlement(doubtful, OutboxState.pending, error="x", in_doubt=True))
    post(database, community_id, "channel", channel="C1")
    post(database, community_id, "thread", channel="C2", thread_ts="1.0")
    post(database, community_id, "dm", user="U9")
    post(database, community_id, "new dm", user="U2")
    with database.begin() as session:
        outbox.ephemeral(
            session, community_id=community_id, key="whisper", channel="C1", user="U1", payload={"text": "x"}
        )
        outbox.update(session, community_id=community_id, of="sent", payload={"text": "x"})
        outbox.publish_home(session, community_id=community_id, user="U1", view={})
        session.add(
            Pause(
                community_id=community_id,
                method=method,
                channel=channel,
                until=datetime.now(UTC) + timedelta(seconds=60),
            )
        )
    everything = {"channel", "thread", "doubtful", "dm", "new dm", "whisper", "update:sent", "home:U1"}
    assert set(keys(claim(database))) == everything - blocked


def test_pause_is_recorded_kept_at_its_longest_and_forgotten_when_over(database: Database, community_id: int) -> None:
    for key in ("a", "b"):
        post(database, community_id, key, channel=f"C{key}")
    first, second = claim(database)
    settle(
        database,
        Settlement(first, OutboxState.pending, delay=0, untried=True, rest=Rest("chat.postMessage", "", 60)),
        Settlement(second, OutboxState.pending, delay=0, untried=True, rest=Rest("chat.postMessage", "", 1)),
    )
    assert claim(database) == []
    with database.begin() as session:
        (pause,) = session.scalars(select(Pause))
        assert pause.until > datetime.now(UTC) + timedelta(seconds=30)
        pause.until = datetime.now(UTC) - timedelta(seconds=1)
    assert keys(claim(database)) == ["a", "b"]
    with database.read() as session:
        assert session.scalars(select(Pause)).all() == []


def test_claim_learns_the_direct_message_and_the_place_of_what_it_changes(
    database: Database, community_id: int
) -> None:
    with database.begin() as session:
        payload_id = outbox.store_payload(session, {"text": "to all"})
    post(database, community_id, "a", user="U1", payload=None, payload_id=payload_id)
    (first,) = claim(database)
    assert (first.channel, first.payload) == (None, {"text": "to all"})
    with database.begin() as session:
        outbox.update(session, community_id=community_id, of="a", payload={"text": "new"})
    assert claim(database) == [], "it cannot be changed before it is there"
    settle(database, Settlement(first, OutboxState.sent, channel="D1", ts="1.1"))
    (change,) = claim(database)
    assert (change.channel, change.ts, change.payload) == ("D1", "1.1", {"text": "new"})
    post(database, community_id, "b", user="U1")
    (second,) = claim(database)
    assert second.channel == "D1"


def test_payload_that_became_older_on_the_way_is_not_taken_for_the_newest(
    database: Database, community_id: int
) -> None:
    post(database, community_id, "a", channel="C1")
    (posted,) = claim(database)
    settle(database, Settlement(posted, OutboxState.sent, channel="C1", ts="1.1"))
    with database.begin() as session:
        outbox.update(session, community_id=community_id, of="a", payload={"text": "1"})
    (older,) = claim(database)
    with database.begin() as session:
        outbox.update(session, community_id=community_id, of="a", payload={"text": "2"})
    assert claim(database) == [], "the older one is still under way"
    settle(database, Settlement(older, OutboxState.sent))
    (newer,) = claim(database)
    assert newer.payload == {"text": "2"}
    settle(database, Settlement(newer, OutboxState.sent))
    assert claim(database) == []
    assert row(database, "update:a").state is OutboxState.sent


def test_row_that_somebody_holds_is_settled_later_instead_of_waited_for(postgresql_url: str) -> None:
    database, other = Database(postgresql_url), Database(postgresql_url)
    with database.begin() as session:
        session.add(
            Community(id=7, slack_team_id="T7", name="x", locale="en", time_zone="UTC", created_at=datetime.now(UTC))
        )
    for key in ("a", "b"):
        post(database, 7, key, channel=f"C{key}")
    done = [Settlement(one, OutboxState.sent, channel=one.channel, ts="1.1") for one in claim(database)]
    with other.begin() as holder:
        holder.scalars(select(Outbox).where(Outbox.key == "a").with_for_update()).one()
        with database.begin() as session:
            assert [one.claim.key for one in claims.settle(session, done)] == ["a"]
    assert row(database, "b").state is OutboxState.sent
    database.close()
    other.close()


def test_broadcast_of_thousands_is_claimed_without_reading_them_all(database: Database, community_id: int) -> None:
    with database.begin() as session:
        for number in range(2000):
            outbox.post(
                session,
                community_id=community_id,
                key=f"k{number}",
                channel=f"C{number}",
                payload={"text": "x"},
                bulk=True,
            )
    with database.begin() as session:
        statement = statements.candidates(overdue=False, hindered=False)
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        if not database.is_sqlite:  # or the plan is made for a table as full as it was when nobody counted
            session.execute(text("ANALYZE outbox"))
        plan = _plan(session.connection(), statement, explain)
    assert "ix_outbox_due" in plan
    assert "ix_outbox_conversation_state" in plan
    assert "Seq Scan" not in plan
    assert "SCAN outbox" not in plan


def _plan(connection: object, statement: object, explain: str) -> str:
    from sqlalchemy import event

    def ask(
        _c: object, _cursor: object, text: str, parameters: object, _context: object, _many: bool
    ) -> tuple[str, object]:
        return explain + text, parameters

    event.listen(connection, "before_cursor_execute", ask, retval=True)
    found = connection.execute(  # type: ignore[attr-defined]  # a connection
        statement, {"now": datetime.now(UTC), "community_id": None, "most": 4}
    )
    lines = found.cursor.fetchall()
    event.remove(connection, "before_cursor_execute", ask)
    return "\n".join(str(line) for line in lines)


def test_what_changes_again_after_it_was_sent_waits_anew(database: Database, community_id: int) -> None:
    def publish(number: int) -> None:
        with database.begin() as session:
            outbox.publish_home(session, community_id=community_id, user="U1", view={"n": number})

    def waiting_since() -> datetime:
        return row(database, "home:U1").created_at

    long_ago = datetime.now(UTC) - timedelta(hours=1)
    publish(1)
    with database.begin() as session:
        session.execute(update(Outbox).values(created_at=long_ago))
    publish(2)
    assert waiting_since() == long_ago  # it has been waiting all the time
    settle(database, *(Settlement(one, OutboxState.sent) for one in claim(database)))
    publish(3)
    assert waiting_since() > long_ago
    with database.begin() as session:
        session.execute(update(Outbox).values(created_at=long_ago))
    (under_way,) = claim(database)
    assert under_way.created_at == long_ago
    publish(4)
    assert waiting_since() > long_ago
