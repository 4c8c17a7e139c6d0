"""Communities that share a database: each bot does what its own community is owed, and nothing of another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from community import people
from community.records import Reminder, ReminderState
from delivery import inbox, outbox
from delivery.inbox import Inbox
from delivery.records import Outbox, OutboxState
from scheduler.clock import Clock
from scheduler.service import Service
from storage import Database
from tests.town import Town

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
START = NOW + timedelta(days=2)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


@pytest.fixture
def neighbour(town: Town) -> int:
    """The id of another community in the same database."""
    with town.database.begin() as session:
        return people.ensure_community(
            session, slack_team_id="T0NEXTDOOR", name="Next door", locale="en", time_zone="UTC", now=NOW
        ).id


def test_a_request_is_taken_up_again_by_the_bot_that_received_it(town: Town, neighbour: int) -> None:
    Inbox(town.database, community_id=town.community.id).receive("Ev1", "event", {"n": 1})
    Inbox(town.database, community_id=neighbour).receive("Ev2", "event", {"n": 2})
    mine = inbox.unfinished(town.database, NOW, community_id=neighbour, all_open=True)
    assert [key for key, _, _ in mine] == ["Ev2"]


def test_reminders_wait_for_their_own_bot(town: Town, neighbour: int) -> None:
    town.event(START, now=NOW, time_zone="UTC")
    clock = Clock((START - datetime.now(UTC)).total_seconds() - 60)
    next_door = Service(town.database, clock, community_id=neighbour)
    assert (next_door.tick(), next_door.next_due()) == (0, None)
    ours = Service(town.database, clock, community_id=town.community.id)
    assert ours.next_due() is not None
    assert ours.tick() > 0
    with town.database.read() as session:
        left = select(Reminder).where(Reminder.state == ReminderState.pending, Reminder.due_at <= clock.now())
        assert session.scalars(left).all() == []


def test_age_of_what_waits_is_the_own_communitys(town: Town, neighbour: int) -> None:
    with town.database.begin() as session:
        outbox.post(session, community_id=neighbour, key="theirs", payload={"text": "?"}, channel="C1")
    later = datetime.now(UTC) + timedelta(hours=1)
    with town.database.read() as session:
        assert outbox.oldest_pending_age(session, later, town.community.id) is None
        assert (outbox.oldest_pending_age(session, later, neighbour) or 0) > 3500


def test_change_of_a_message_that_was_given_up_waits_for_nothing(town: Town) -> None:
    mine = town.community.id
    with town.database.begin() as session:
        outbox.post(session, community_id=mine, key="card", payload={"text": "1"}, channel="C1")
        row = session.scalars(select(Outbox)).one()
        row.state, row.in_doubt_since = OutboxState.parked, NOW
        session.flush()
        outbox.update(session, community_id=mine, of="card", payload={"text": "2"})
        row_id = row.id
    later = datetime.now(UTC) + timedelta(hours=1)
    with town.database.begin() as session:
        assert outbox.oldest_pending_age(session, later) is None, "it waits for a person, and not for the sender"
        assert outbox.discard(session, mine, row_id)
        outbox.update(session, community_id=mine, of="card", payload={"text": "3"})
    with town.database.read() as session:
        assert set(session.scalars(select(Outbox.state))) == {OutboxState.discarded}
