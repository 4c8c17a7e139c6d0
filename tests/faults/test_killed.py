"""Whatever dies, and whenever: every message is seen exactly once."""

from __future__ import annotations

from dataclasses import replace

from delivery.records import OutboxState
from tests.faults import trials
from tests.faults.harness import Tally, World
from tests.faults.victim import STEPS


def test_sender_killed_at_random_loses_and_doubles_nothing(world: World) -> None:
    tally, killed = trials.kill_at_random(world, recipients=60, kills=12, seed=7)
    assert killed >= 6, "the senders were done before they could be killed"
    assert tally == Tally(expected=60, lost=0, doubled=0)


def test_sender_killed_at_each_step_loses_and_doubles_nothing(world: World) -> None:
    tally, reached = trials.kill_at_steps(world, recipients=6, rounds=1)
    assert tuple(reached) == STEPS
    assert tally == Tally(expected=6 * len(STEPS), lost=0, doubled=0)


def test_call_that_outlasts_the_lease_does_not_end_the_sender(world: World) -> None:
    people = world.slack.people(3)
    texts = world.broadcast(people)
    world.slack.forget_calls()
    world.slack.fault("latency", "chat.postMessage", times=2, seconds=0.9)
    world.timing = replace(world.timing, lease=0.5, margin=0.1)  # by mistake far too short for such a Slack
    with world.sender() as sender:
        trials.wait_for(lambda: len(world.slack.calls("chat.postMessage")) == 5)  # two of them late, and twice
        world.post("afterwards", "still at work", user=people[0])
        sender.drain()
        assert sender.health.ok
    assert world.count(OutboxState.sent) == 4
    # Nothing is lost. That nothing is doubled a lease this short cannot promise.
    assert world.tally(people, texts).lost == 0


def test_sender_that_stood_still_past_its_lease_does_not_post_what_others_posted(world: World) -> None:
    tally = trials.stop_past_lease(world, recipients=4, times=1, text="still")
    assert tally == Tally(expected=4, lost=0, doubled=0)
