"""What Slack sends counts once, whatever is sent again or breaks on the way, and people hear of what did not work."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text, update

from community.records import Member, Role
from delivery.inbox import Receipt
from delivery.records import Inbox, InboxState
from handlers import receiving
from tests.kit import Person, eventually, texts
from tests.scenario.house import House, house  # noqa: F401  # a fixture

KNOWN = "What does ATIP stand for?"
ATIP = "access to information and privacy"


@pytest.fixture
def ben(house: House) -> Person:  # noqa: F811
    return house.newcomer()


@pytest.fixture
def amelie(house: House) -> Person:  # noqa: F811
    return house.newcomer("fr-CA")


@contextmanager
def fault(house: House, **what: object) -> Iterator[None]:  # noqa: F811
    house.workspace.post("/faults", **what)
    try:
        yield
    finally:
        house.workspace.delete("/faults")


@contextmanager
def without_table(house: House, name: str) -> Iterator[None]:  # noqa: F811
    """The database cannot do what is asked of it."""
    with house.bot.database.begin() as session:
        session.execute(text("PRAGMA legacy_alter_table=ON"))
        session.execute(text(f"ALTER TABLE {name} RENAME TO {name}_away"))
    try:
        yield
    finally:
        with house.bot.database.begin() as session:
            session.execute(text(f"ALTER TABLE {name}_away RENAME TO {name}"))
            session.execute(text("PRAGMA legacy_alter_table=OFF"))


def rows(house: House) -> int:  # noqa: F811
    with house.bot.database.read() as session:
        return session.scalar(select(func.count()).select_from(Inbox)) or 0


def answers(person: Person) -> int:
    return sum(ATIP in texts(m) for m in person.messages())


def test_what_is_delivered_four_times_is_answered_once(house: House, ben: Person) -> None:  # noqa: F811
    with fault(house, kind="deliver_twice", copies=4):
        ben.say(KNOWN)
        ben.sees(ATIP)
        assert ATIP in texts(ben.command(f"ask {KNOWN}")["response"])
    eventually(lambda: house.questions(ben) == 2)
    ben.say("thanks")
    ben.sees("You are welcome")
    assert answers(ben) == 1


def test_chatter_that_is_not_for_us_is_not_written_down(house: House, ben: Person) -> None:  # noqa: F811
    before = rows(house)
    said = ben.say("lunch anybody?", channel="general")
    ben.say("me!", channel="general", thread_ts=said["ts"])
    ben.do("react", channel="general", ts=said["ts"], name="eyes")
    ben.command("help")
    assert rows(house) == before + 1


def test_what_a_dead_process_left_open_is_taken_up_again(house: House, ben: Person) -> None:  # noqa: F811
    ben.say("thanks")
    channel = ben.sees("You are welcome").get("channel") or ben.workspace.get(f"/people/{ben.name}/conversations")
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": channel,
        "user": ben.id,
        "text": KNOWN,
        "ts": "1.000001",
    }
    if not isinstance(channel, str):
        event["channel"] = next(
            c["id"] for c in channel["conversations"] if c["kind"] == "im" and c["with"] == "U0PRAXIS01"
        )
    body = {"type": "event_callback", "event_id": f"EvLost{ben.name}", "team_id": "T1", "event": event}
    key = f"EvLost{ben.name}"
    assert house.bot.services.inbox.receive(key, "event:message", body) is Receipt.new
    assert receiving.replay(house.bot.app, house.bot.services, house.bot.news, all_open=True) >= 1
    ben.sees(ATIP)
    receiving.replay(house.bot.app, house.bot.services, house.bot.news, all_open=True)
    with house.bot.database.read() as session:
        row = session.scalars(select(Inbox).where(Inbox.key == key)).one()
    assert (row.state, row.body) == (InboxState.done, None)
    assert answers(ben) == 1


def test_failure_is_told_once_in_the_persons_language_and_made_good_later(house: House, amelie: Person) -> None:  # noqa: F811
    with without_table(house, "question"):
        amelie.say("Que veut dire AIPRP?")
        amelie.sees("Un problème est survenu de mon côté")
    eventually(
        lambda: receiving.replay(house.bot.app, house.bot.services, house.bot.news, all_open=True) or answered(amelie)
    )
    amelie.sees("accès à l’information")
    assert sum("Un problème est survenu" in texts(m) for m in amelie.messages()) == 1
    assert sum("accès à l’information" in texts(m) for m in amelie.messages()) == 1


def answered(person: Person) -> bool:
    return any("accès à l’information" in texts(m) for m in person.messages())


def test_without_the_inbox_nothing_is_acknowledged_and_people_are_told(house: House, ben: Person) -> None:  # noqa: F811
    with without_table(house, "inbox"):
        assert "I cannot write anything down" in texts(ben.command("help")["response"])
        ben.say(KNOWN)
        ben.sees("I cannot write anything down")
    # Slack was not told that the question arrived, and sends it again.
    ben.sees(ATIP)
    assert answers(ben) == 1


def test_modal_is_refused_at_the_input_when_nothing_can_be_written(house: House) -> None:  # noqa: F811
    olivia = house.newcomer(role=Role.organizer)
    olivia.home()
    olivia.click("home", "people.open")
    olivia.sees_view("Give a role")
    with without_table(house, "inbox"):
        answer = olivia.submit(member=olivia.id, role="expert")
    assert answer["outcome"] == "errors"
    assert "I cannot write anything down" in json.dumps(answer["errors"])
    assert olivia.submit(member=olivia.id, role="expert")["outcome"] == "updated"


def test_window_that_cannot_be_opened_any_more_is_to_be_asked_for_again(house: House) -> None:  # noqa: F811
    olivia = house.newcomer("fr-CA", role=Role.organizer)
    with fault(house, method="views.open", kind="error", error="expired_trigger_id", times=1):
        olivia.home()
        olivia.click("home", "people.open")
        olivia.sees("Veuillez appuyer de nouveau sur le bouton")
    assert olivia.view() is None


def test_person_of_whom_slack_says_nothing_is_answered_all_the_same(house: House, ben: Person) -> None:  # noqa: F811
    with house.bot.database.begin() as session:
        session.execute(update(Member).where(Member.slack_user_id == ben.id).values(refreshed_at=None))
    house.bot.services.locales.pop(ben.id, None)
    with fault(house, method="users.info", kind="status", status=503):
        ben.say(KNOWN)
        ben.sees(ATIP)


def test_refused_command_is_answered_in_its_acknowledgement_every_time(ben: Person) -> None:
    for _ in range(20):
        assert "Only organizers can do this" in texts(ben.command("announce")["response"])


def test_locked_database_is_waited_for_and_then_said(house: House, ben: Person) -> None:  # noqa: F811
    path = house.bot.database.url.database
    assert path
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(AssertionError, match="operation_timeout"):  # Slack's own word to the person
            ben.command("help")
        ben.say(KNOWN)
        ben.sees("I cannot write anything down")
    finally:
        other.execute("ROLLBACK")
        other.close()
    ben.sees(ATIP)
    assert answers(ben) == 1
