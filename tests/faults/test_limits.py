"""When Slack says "later" or "no": nothing is lost, nothing is early, and the reason is kept."""

from __future__ import annotations

import pytest

from delivery import outbox
from delivery.records import OutboxState
from tests.faults import trials
from tests.faults.harness import Tally, World


def test_rate_limits_are_kept_to_and_nothing_is_lost(world: World) -> None:
    tally, limited, early, p99 = trials.rate_limited(world, recipients=15)
    assert tally == Tally(expected=15, lost=0, doubled=0)
    assert limited >= 5
    assert early == 0
    assert p99 < 1.0


def test_attempts_that_were_limited_do_not_count(world: World) -> None:
    world.slack.fault("ratelimited", "chat.postMessage", times=3, retry_after=0.1)
    world.post("k", "limited")
    world.finish()
    assert (world.row("k").state, world.row("k").attempts) == (OutboxState.sent, 1)


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "msg_too_long", "missing_scope"])
def test_refused_post_fails_with_the_reason_and_can_be_retried(world: World, code: str) -> None:
    world.slack.fault("error", "chat.postMessage", times=1, error=code)
    text = f"refused {code} {world.mark}"
    world.post("k", text, subject="announcement:1")
    world.post("k2", text + "2", subject="announcement:1")
    world.finish()
    assert (world.row("k").state, world.row("k").last_error) == (OutboxState.failed, code)
    assert world.row("k2").state is OutboxState.sent, "one that failed does not hold up the next"
    with world.database.begin() as session:
        assert outbox.counts(session, "announcement:1") == outbox.Counts(sent=1, failed=1)
        assert outbox.retry_failed(session, "announcement:1") == 1
    world.finish()
    assert world.slack.texts("amelie", "general")[-2:] == [text + "2", text]


def test_public_channel_is_joined_when_the_bot_is_not_in_it(world: World) -> None:
    world.slack.forget_calls()
    world.slack.fault("error", "chat.postMessage", times=1, error="not_in_channel")
    world.post("k", "joined")
    world.finish()
    assert world.row("k").state is OutboxState.sent
    assert len(world.slack.calls("conversations.join")) == 1


def test_slack_that_cannot_be_reached_is_tried_again_without_a_look_up(world: World) -> None:
    reachable = world.slack.api_url
    world.post("k", "patient")
    world.slack.api_url = "http://127.0.0.1:9/api/"
    try:
        with world.sender():
            trials.wait_for(lambda: world.row("k").last_error == "ConnectionRefusedError")
    finally:
        world.slack.api_url = reachable
    assert world.row("k").in_doubt_since is None
    world.slack.forget_calls()
    world.finish()
    assert world.row("k").state is OutboxState.sent
    assert world.slack.calls("conversations.history") == []


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "account_inactive"])
def test_revoked_token_loses_nothing_and_is_said_plainly(world: World, code: str) -> None:
    tally, said = trials.token_revoked(world, code, recipients=6)
    assert tally == Tally(expected=6, lost=0, doubled=0)
    assert said == code
    assert world.count(OutboxState.failed) == 0
