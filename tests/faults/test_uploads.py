"""A message with files is seen once, whatever is lost between its three calls to Slack."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from delivery import attachments, outbox
from delivery.outbox import File
from delivery.records import OutboxState
from tests.faults.harness import World

GET, COMPLETE, HISTORY = "files.getUploadURLExternal", "files.completeUploadExternal", "conversations.history"
# At each of them the next sender finds something else: nothing, files that are yet to be shared, or a shared message.
STEPS = ("claim committed", "post begins", "post under way", "post answered", "look-up answered", "mark written")
TROUBLES: list[tuple[str, str, dict[str, Any]]] = [
    (GET, "drop", {"after_effect": True}),
    (GET, "status", {"status": 503, "after_effect": False}),
    (GET, "ratelimited", {"retry_after": 0.2}),
    (COMPLETE, "drop", {"after_effect": True}),
    (COMPLETE, "drop", {"after_effect": False}),
    (COMPLETE, "status", {"status": 503, "after_effect": True}),
    (COMPLETE, "truncate", {}),
    (COMPLETE, "ratelimited", {"retry_after": 0.2}),
    (COMPLETE, "error", {"error": "file_not_found"}),  # Slack has let go of what was not shared yet
]


def share(world: World, key: str, text: str, **where: Any) -> bool:
    files = [File("chart.png", b"\x89PNG chart", "Chart", "Two bars"), File("figures.csv", b"week,asked\n", "Figures")]
    with world.database.begin() as session:
        return outbox.upload(session, community_id=world.community_id, key=key, text=text, files=files, **where)


def shown(world: World, text: str, person: str, where: str = "@praxis") -> list[list[str]]:
    """The names of the files of each message that says `text`."""
    messages = world.slack.read(person, where)
    return [[file["name"] for file in message["files"]] for message in messages if message["text"] == text]


def lose_answers(world: World, text: str) -> list[int]:
    """Files for one person for each trouble; how often each of them sees the whole message in the end."""
    people = world.slack.people(len(TROUBLES))
    for person, (method, kind, options) in zip(people, TROUBLES, strict=True):
        world.slack.fault(kind, method, times=1, **options)
        share(world, person, text, user=person)
        world.finish()
        world.slack.clear()
    return [shown(world, text, person).count(["chart.png", "figures.csv"]) for person in people]


def kill_at_steps(world: World, text: str) -> list[int]:
    """Files for one person for each step at which the sender is killed; how often each sees the whole message."""
    people = world.slack.people(len(STEPS))
    for person, step in zip(people, STEPS, strict=True):
        share(world, person, text, user=person)
        if step.startswith("look-up"):
            world.slack.fault("drop", COMPLETE, times=1, after_effect=True)
        assert world.victims.wait(world.victims.send(world, die_at=step)) == -signal.SIGKILL
        world.slack.clear()
    world.finish()
    return [shown(world, text, person).count(["chart.png", "figures.csv"]) for person in people]


def test_files_are_shared_in_one_message_after_what_was_written_before(world: World) -> None:
    (person,) = world.slack.people(1)
    world.post("before", "before", user=person)
    assert share(world, "k", "Your figures", user=person)
    assert not share(world, "k", "Your figures", user=person)
    world.post("after", "after", user=person)
    world.finish()
    assert world.slack.texts(person) == ["before", "Your figures", "after"]
    (message,) = [one for one in world.slack.read(person) if one["text"] == "Your figures"]
    assert [(file["name"], file["title"]) for file in message["files"]] == [
        ("chart.png", "Chart"),
        ("figures.csv", "Figures"),
    ]
    assert message["files"][0]["alt_txt"] == "Two bars"
    assert world.row("k").attempts == 1
    with world.database.begin() as session, pytest.raises(LookupError):
        outbox.update(session, community_id=world.community_id, of="k", payload={"text": "other"})


def test_lost_answer_neither_loses_nor_doubles_files(world: World) -> None:
    assert lose_answers(world, "figures") == [1] * len(TROUBLES)


def test_sender_killed_at_any_step_shares_files_once(world: World) -> None:
    assert kill_at_steps(world, "figures") == [1] * len(STEPS)


def test_files_that_may_be_there_and_cannot_be_looked_up_wait_for_a_person(world: World) -> None:
    text = f"figures {world.mark}"
    world.slack.fault("error", HISTORY, error="missing_scope")
    world.slack.fault("drop", COMPLETE, times=1, after_effect=True)
    share(world, "k", text, channel=world.slack.channel())
    world.finish()
    assert world.row("k").state is OutboxState.parked
    world.slack.clear()
    world.slack.fault("error", GET, error="missing_scope")
    share(world, "k2", "no scope", channel=world.slack.channel())
    with world.database.begin() as session:
        assert outbox.retry(session, world.community_id, world.row("k").id)
    world.finish()
    assert world.row("k").state is OutboxState.sent, "it was found by its file"
    assert len(shown(world, text, "amelie", "general")) == 1
    assert (world.row("k2").state, world.row("k2").last_error) == (OutboxState.failed, "missing_scope")


@pytest.mark.parametrize(
    "files",
    [[], [File("", b"x")], [File("a.csv", b"")], [File("a.csv", b"x" * (attachments.LARGEST_B + 1))]],
    ids=["none", "no name", "empty", "too large"],
)
def test_files_that_cannot_be_sent_are_refused(files: list[File]) -> None:
    with pytest.raises(ValueError, match="file"):
        attachments.body("x", files)
