"""What Slack sends is written down once and takes effect once, on both engines."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError

from delivery import inbox
from delivery.inbox import AlreadyDone, Inbox, NotReceived, Receipt
from delivery.records import Inbox as Record
from delivery.records import InboxState
from storage import Database


def later(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def record(database: Database, key: str) -> Record:
    with database.read() as session:
        return session.scalars(select(Record).where(Record.key == key)).one()


def test_first_delivery_is_new_second_is_open_then_done(database: Database) -> None:
    box = Inbox(database)
    assert box.receive("Ev1", "event", {"text": "héllo"}) is Receipt.new
    assert box.receive("Ev1", "event", {"text": "another"}) is Receipt.open
    assert record(database, "Ev1").body == {"text": "héllo"}
    with database.begin() as session:
        inbox.finish(session, "Ev1")
    assert box.receive("Ev1", "event", {"text": "héllo"}) is Receipt.done


def test_done_request_forgets_what_it_said(database: Database) -> None:
    Inbox(database).receive("Ev1", "event", {"text": "private"})
    with database.begin() as session:
        inbox.finish(session, "Ev1")
    done = record(database, "Ev1")
    assert (done.state, done.body) == (InboxState.done, None)
    with database.read() as session:
        assert "private" not in str(session.execute(text("SELECT * FROM inbox")).all())


def test_second_effect_is_refused_and_rolled_back(database: Database) -> None:
    Inbox(database).receive("Ev1", "event", {})
    Inbox(database).receive("Ev2", "event", {})
    with database.begin() as session:
        inbox.finish(session, "Ev1")
    with pytest.raises(AlreadyDone), database.begin() as session:  # noqa: PT012  # one transaction, two statements
        inbox.finish(session, "Ev2")
        inbox.finish(session, "Ev1")
    assert record(database, "Ev2").state is InboxState.open


def test_effect_of_an_unknown_request_is_an_error(database: Database) -> None:
    with pytest.raises(NotReceived), database.begin() as session:
        inbox.finish(session, "Ev404")


def test_two_threads_with_the_same_request_have_one_effect(database: Database) -> None:
    Inbox(database).receive("Ev1", "event", {})
    ready = threading.Barrier(8)
    outcomes: list[str] = []

    def handle() -> None:
        ready.wait()
        try:
            with database.begin() as session:
                inbox.finish(session, "Ev1")
            outcomes.append("effect")
        except AlreadyDone:
            outcomes.append("already")

    threads = [threading.Thread(target=handle) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already"] * 7 + ["effect"]


def test_threads_that_arrive_together_all_get_their_own_receipt(database: Database) -> None:
    box = Inbox(database)
    ready = threading.Barrier(16)
    receipts: list[Receipt] = []

    def deliver(number: int) -> None:
        ready.wait()
        for event in range(20):
            receipts.append(box.receive(f"Ev{event}", "event", {"from": number}))

    threads = [threading.Thread(target=deliver, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert receipts.count(Receipt.new) == 20
    assert receipts.count(Receipt.open) == 15 * 20
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Record)) == 20


def test_request_that_cannot_be_written_does_not_take_others_with_it(database: Database) -> None:
    box = Inbox(database)
    held = threading.Event()
    go_on = threading.Event()

    def hold() -> None:
        with database.begin():
            held.set()
            go_on.wait()

    # A writer holds the database, so that the three queue behind it and share a commit.
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    outcomes: dict[str, object] = {}

    def deliver(key: str, body: dict[str, object]) -> None:
        try:
            outcomes[key] = box.receive(key, "event", body)
        except (StatementError, TypeError):
            outcomes[key] = "refused"

    bodies: dict[str, dict[str, object]] = {"Ev1": {}, "bad": {"not": object()}, "Ev2": {}}
    threads = [threading.Thread(target=deliver, args=item) for item in bodies.items()]
    for thread in threads:
        thread.start()
    go_on.set()
    for thread in [*threads, holder]:
        thread.join()
    assert outcomes == {"Ev1": Receipt.new, "bad": "refused", "Ev2": Receipt.new}


def test_unfinished_waits_for_the_lease_unless_told_otherwise(database: Database) -> None:
    box = Inbox(database, lease=timedelta(seconds=60))
    box.receive("Ev1", "event", {"n": 1})
    assert inbox.unfinished(database, datetime.now(UTC), limit=10) == []
    assert inbox.unfinished(database, later(61), limit=10) == [("Ev1", "event", {"n": 1})]
    # The lease was taken over: nobody else gets it now.
    assert inbox.unfinished(database, later(61), limit=10) == []
    assert inbox.unfinished(database, later(0), all_open=True, limit=10) == [("Ev1", "event", {"n": 1})]


def test_failing_request_is_tried_several_times_then_parked(database: Database) -> None:
    Inbox(database).receive("Ev1", "event", {"n": 1})
    tries = 0
    while record(database, "Ev1").state is InboxState.open:
        tries += 1
        inbox.fail(database, "Ev1", "KeyError: 'x'")
        inbox.unfinished(database, later(3600), limit=10)
    parked = record(database, "Ev1")
    assert (parked.state, tries, parked.last_error) == (InboxState.parked, inbox.TRIES, "KeyError: 'x'")
    assert parked.body == {"n": 1}


def test_failing_again_does_not_undo_what_is_done(database: Database) -> None:
    Inbox(database).receive("Ev1", "event", {})
    with database.begin() as session:
        inbox.finish(session, "Ev1")
    inbox.fail(database, "Ev1", "too late")
    assert record(database, "Ev1").state is InboxState.done
