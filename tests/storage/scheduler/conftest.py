"""A community in a database of its own: the service works off whatever is due in the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from community import rsvp
from community.records import Event, Member, Reminder, ReminderKind, ReminderState, Reply
from delivery.records import Outbox, Payload
from scheduler.clock import Clock
from scheduler.service import Service
from storage import Database
from tests.town import Town


class Day:
    """A town with a service over it, and a look at what it did."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.town = Town(database)
        self.clock = Clock()
        self.service = Service(database, self.clock, tick_seconds=3600)

    def plan(self, ahead: timedelta = timedelta(days=2), **changes: object) -> Event:
        """An event so far ahead of real time; in UTC, where no hour is ever skipped."""
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        return self.town.event(now + ahead, now=now, time_zone="UTC", **changes)

    def reply(self, event: Event, *members: Member, reply: Reply = Reply.going) -> None:
        """What these people answer."""
        with self.database.begin() as session:
            for member in members:
                rsvp.respond(session, member, event.id, reply, self.clock.now())

    def at(self, moment: datetime) -> int:
        """Move the clock there and tick once."""
        self.clock.advance_to((moment - datetime.now(UTC)).total_seconds())
        return self.service.tick()

    def posted(self) -> list[Outbox]:
        """Everything in the outbox, in order."""
        with self.database.read() as session:
            return list(session.scalars(select(Outbox).order_by(Outbox.id)))

    def told(self, kind: ReminderKind) -> list[str]:
        """Slack ids of those who were told."""
        return sorted(row.user or "" for row in self.posted() if f":{kind.value}:" in row.key)

    def payload(self, row: Outbox) -> dict:  # type: ignore[type-arg]  # Block Kit
        """What a row says."""
        with self.database.read() as session:
            if row.payload is not None:
                return row.payload
            stored = session.get(Payload, row.payload_id)
            assert stored is not None
            return stored.body

    def states(self, event: Event) -> dict[ReminderKind, ReminderState]:
        """Where each reminder of the event's present time stands."""
        with self.database.read() as session:
            rows = session.scalars(
                select(Reminder).where(Reminder.event_id == event.id).order_by(Reminder.occurrence, Reminder.id)
            )
            return {row.kind: row.state for row in rows}


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, kept rather than shown."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def day(database: Database) -> Iterator[Day]:
    """One town, one service."""
    made = Day(database)
    yield made
    made.service.stop()
