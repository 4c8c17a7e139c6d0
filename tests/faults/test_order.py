"""In order, at a pace, the newest wins, and nobody who waits for an answer waits for a broadcast."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from delivery import outbox
from delivery.records import OutboxState
from tests.faults.harness import World


def test_messages_of_one_conversation_come_in_the_order_they_were_written(world: World) -> None:
    mark = world.mark
    with world.sender() as sender:
        for number in range(15):
            world.post(f"k{number}", f"{number} {mark}")
        sender.drain()
    assert [text for text in world.slack.texts("amelie", "general") if mark in text] == [
        f"{number} {mark}" for number in range(15)
    ]


def test_answer_overtakes_a_broadcast_even_in_the_same_conversation(world: World) -> None:
    people = world.slack.people(12)
    world.broadcast(people)
    world.post("answer", "the answer", user=people[-1])
    world.finish()
    assert world.slack.texts(people[-1]) == ["the answer", f"hello {people[-1]}"]
    with world.database.read() as session:
        assert outbox.position(session, world.community_id, "answer") is not None


def test_same_key_is_posted_once_however_often_it_is_asked_for(world: World) -> None:
    for _ in range(3):
        world.post("k", f"once {world.mark}")
    world.finish()
    world.post("k", "again")
    world.finish()
    assert world.slack.texts("amelie", "general").count(f"once {world.mark}") == 1
    assert "again" not in world.slack.texts("amelie", "general")


def test_direct_message_is_opened_once_and_remembered(world: World) -> None:
    (person,) = world.slack.people(1)
    world.slack.forget_calls()
    for number in range(3):
        world.post(f"k{number}", str(number), user=person)
        world.finish()
    assert world.slack.texts(person) == ["0", "1", "2"]
    assert len(world.slack.calls("conversations.open")) == 1


def test_message_in_a_thread_is_looked_up_there(world: World) -> None:
    mark = world.mark
    world.post("root", f"root {mark}")
    world.finish()
    world.slack.fault("drop", "chat.postMessage", times=1, after_effect=True)
    world.post("reply", f"reply {mark}", thread_ts=world.row("root").ts)
    world.slack.forget_calls()
    world.finish()
    assert world.row("reply").state is OutboxState.sent
    assert len(world.slack.calls("chat.postMessage")) == 1
    assert len(world.slack.calls("conversations.replies")) == 1


def test_update_before_the_post_is_posted_in_its_place(world: World) -> None:
    world.slack.forget_calls()
    world.post("card", "old")
    world.update("card", f"new {world.mark}")
    world.finish()
    assert world.slack.texts("amelie", "general")[-1] == f"new {world.mark}"
    assert world.slack.calls("chat.update") == []


def test_many_updates_become_few_the_first_at_once_and_the_newest_last(world: World) -> None:
    world.post("card", "0")
    world.finish()
    world.slack.forget_calls()
    began = datetime.now(UTC)
    with world.sender() as sender:
        for number in range(1, 60):
            world.update("card", f"{number} {world.mark}")
        last_written = datetime.now(UTC)
        sender.drain()
    world.finish()
    calls = world.slack.calls("chat.update")
    shown = [int(call["args"]["text"].split()[0]) for call in calls]
    assert shown == sorted(shown)
    assert shown[-1] == 59
    assert world.slack.texts("amelie", "general")[-1] == f"59 {world.mark}"
    # At most one for each interval of the pace, one at its beginning and one at its end.
    assert len(calls) <= (last_written - began).total_seconds() / world.timing.update_pace + 2


def test_update_asked_for_while_the_post_is_under_way_follows_it(world: World) -> None:
    world.slack.fault("latency", "chat.postMessage", times=1, seconds=0.3)
    with world.sender() as sender:
        world.post("card", "old")
        while world.row("card").state is OutboxState.pending:
            pass
        world.update("card", f"new {world.mark}")
        sender.drain()
    assert world.slack.texts("amelie", "general")[-1] == f"new {world.mark}"


def test_newer_update_wins_over_one_that_failed_on_the_way(world: World) -> None:
    world.post("card", "0")
    world.finish()
    world.slack.fault("drop", "chat.update", times=2, after_effect=True)
    world.update("card", "1")
    with world.sender():
        world.update("card", f"2 {world.mark}")
    world.finish()
    assert world.slack.texts("amelie", "general")[-1] == f"2 {world.mark}"


def test_update_of_a_message_that_is_gone_fails_and_says_so(world: World) -> None:
    world.post("card", "0")
    world.finish()
    world.slack.fault("error", "chat.update", times=1, error="message_not_found")
    world.update("card", "1")
    world.finish()
    assert world.row("update:card").last_error == "message_not_found"


def test_update_of_nothing_is_an_error(world: World) -> None:
    with pytest.raises(LookupError):
        world.update("none", "x")


def test_home_shows_the_newest_view(world: World) -> None:
    amelie = world.slack.person("amelie")

    def view(text: str) -> dict[str, object]:
        return {"type": "home", "blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}]}

    with world.sender() as sender:
        for number in range(20):
            with world.database.begin() as session:
                outbox.publish_home(
                    session, community_id=world.community_id, user=amelie, view=view(f"{number} {world.mark}")
                )
        sender.drain()
    assert f"19 {world.mark}" in str(world.slack.home(amelie))


def test_arguments_that_name_no_message_are_refused(world: World) -> None:
    with world.database.begin() as session:
        wrong: list[dict[str, Any]] = [
            {"channel": "C1"},
            {"channel": "C1", "payload": {}, "payload_id": 1},
            {"payload": {}},
            {"payload": {}, "channel": "C1", "user": "U1"},
        ]
        for arguments in wrong:
            with pytest.raises(ValueError, match="A message"):
                outbox.post(session, community_id=world.community_id, key="k", **arguments)
        with pytest.raises(ValueError, match="at most"):
            outbox.post(session, community_id=world.community_id, key="k" * 300, channel="C1", payload={"text": "x"})


def test_sender_of_one_community_leaves_the_others_rows_alone(world: World) -> None:
    world.post("k", "not mine")
    with world.sender(community_id=world.community_id + 1) as sender:
        sender.drain()
    assert world.row("k").state is OutboxState.pending
