"""When nobody knows whether Slack did it: looked up, or parked where a person sees it, never repeated on a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from delivery import outbox
from delivery.records import OutboxState
from tests.faults import trials
from tests.faults.harness import Tally, World


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("drop", {"after_effect": True}),
        ("drop", {"after_effect": False}),
        ("status", {"status": 503, "after_effect": True}),
        ("status", {"status": 500, "after_effect": False}),
        ("truncate", {}),
    ],
    ids=["lost after the effect", "lost before the effect", "5xx after the effect", "5xx before the effect", "cut"],
)
def test_unclear_answer_loses_and_doubles_nothing(world: World, kind: str, options: dict[str, object]) -> None:
    tally = trials.ambiguous(world, kind, recipients=8, text="unclear", seed=3, **options)
    assert tally == Tally(expected=8, lost=0, doubled=0)


def test_timeout_while_slack_acts_loses_and_doubles_nothing(world: World) -> None:
    # The client gives up after one second; the look-up comes after the lag, when even a slow Slack has acted.
    world.timing = replace(world.timing, lag=3.0)
    people = world.slack.people(4)
    texts = world.broadcast(people)
    world.slack.fault("latency", "chat.postMessage", times=2, seconds=1.1)
    world.finish()
    assert world.tally(people, texts) == Tally(expected=4, lost=0, doubled=0)
    assert {world.row(f"hello:{person}").attempts for person in people} == {1, 2}


def post(world: World, key: str, text: str) -> None:
    with world.database.begin() as session:
        outbox.post(
            session,
            community_id=world.community_id,
            key=key,
            channel=world.slack.channel(),
            payload={"text": text},
        )


def in_channel(world: World, text: str) -> int:
    return world.slack.texts("amelie", "general").count(text)


def test_post_that_cannot_be_looked_up_is_parked_until_a_person_decides(world: World) -> None:
    world.slack.fault("error", "conversations.history", error="missing_scope")
    world.slack.fault("drop", "chat.postMessage", times=1, after_effect=False)
    text = f"only you can tell {world.mark}"
    post(world, "k", text)
    world.finish()
    parked = world.row("k")
    assert (parked.state, parked.last_error) == (OutboxState.parked, "look-up: missing_scope")
    assert in_channel(world, text) == 0
    with world.database.begin() as session:
        assert [row.key for row in outbox.troubled(session, world.community_id, 10)] == ["k"]
        assert outbox.retry(session, world.community_id, parked.id)
    world.finish()
    assert world.row("k").state is OutboxState.sent
    assert in_channel(world, text) == 1


def test_retry_of_a_parked_post_finds_it_when_it_can_look_by_now(world: World) -> None:
    world.slack.fault("error", "conversations.history", times=1, error="missing_scope")
    world.slack.fault("drop", "chat.postMessage", times=1, after_effect=True)
    text = f"there already {world.mark}"
    post(world, "k", text)
    world.finish()
    with world.database.begin() as session:
        outbox.retry(session, world.community_id, world.row("k").id)
    world.finish()
    assert world.row("k").state is OutboxState.sent
    assert in_channel(world, text) == 1


def test_discarded_post_is_gone_for_good(world: World) -> None:
    world.slack.fault("error", "conversations.history", error="missing_scope")
    world.slack.fault("drop", "chat.postMessage", times=1, after_effect=False)
    text = f"never mind {world.mark}"
    post(world, "k", text)
    world.finish()
    with world.database.begin() as session:
        assert outbox.discard(session, world.community_id, world.row("k").id)
        assert not outbox.retry(session, world.community_id, world.row("k").id)
    world.finish()
    assert in_channel(world, text) == 0


def test_ephemeral_message_is_never_repeated_when_in_doubt(world: World) -> None:
    text = f"just for you {world.mark}"
    world.slack.fault("drop", "chat.postEphemeral", times=1, after_effect=True)
    amelie = world.slack.person("amelie")
    with world.database.begin() as session:
        for key in ("k", "k2"):
            outbox.ephemeral(
                session,
                community_id=world.community_id,
                key=key,
                channel=world.slack.channel(),
                user=amelie,
                payload={"text": text + key},
            )
    world.finish()
    assert {world.row("k").state, world.row("k2").state} == {OutboxState.parked, OutboxState.sent}
    assert in_channel(world, text + "k") == in_channel(world, text + "k2") == 1
