"""What a start must get right: people are read whatever Slack says first, another community's work is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from community import people
from community.records import Role
from delivery import outbox
from delivery.inbox import Inbox
from delivery.records import Inbox as Request
from delivery.records import InboxState, Outbox, OutboxState
from runtime.process import Process
from storage import Database
from tests.kit import Person, Workspace, eventually
from tests.scenario.events_kit import one_entry

NOW = datetime.now(UTC)


def organizers(bot: Process) -> list[str]:
    with bot.database.read() as session:
        found = people.with_role(session, bot.services.community_id, Role.organizer)
        return [member.slack_user_id for member in found]


def test_people_are_read_in_the_end_when_slack_is_busy_or_down_at_first(
    workspace: Workspace, start_bot: Callable[..., Process], sqlite_url: str, tmp_path: Path
) -> None:
    workspace.post("/faults", method="users.list", kind="ratelimited", retry_after=1, times=1)
    workspace.post("/faults", method="users.list", kind="status", status=503, times=1)
    one_entry(sqlite_url, tmp_path)
    bot = start_bot(sqlite_url, encoder="none")
    eventually(lambda: organizers(bot) == ["U0OLIVIA01"], what="the first organizer")


def test_bot_leaves_another_communitys_messages_and_requests_alone(
    workspace: Workspace, start_bot: Callable[..., Process], sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    with database.begin() as session:
        other = people.ensure_community(
            session, slack_team_id="T0NEXTDOOR", name="Next door", locale="en", time_zone="UTC", now=NOW
        ).id
        # Its channel has the same id as one of ours: nothing but the community tells them apart.
        outbox.post(session, community_id=other, key="theirs", payload={"text": "Next door only"}, channel="C0GENERAL1")
    Inbox(database, community_id=other).receive("Ev0", "event:app_home_opened", {"type": "event_callback"})
    one_entry(sqlite_url, tmp_path)
    bot = start_bot(sqlite_url, encoder="none")
    ben = Person(workspace, "ben")
    ben.command("help")
    ben.sees("/praxis", "general")
    bot.sender.drain()
    assert not any("Next door" in str(message) for message in ben.messages("general"))
    assert bot.health()["outbox"] == {"ok": True, "oldest_pending_seconds": None}
    with database.read() as session:
        assert session.scalar(select(Outbox.state).where(Outbox.key == "theirs")) is OutboxState.pending
        assert session.execute(select(Request.state, Request.attempts).where(Request.key == "Ev0")).one() == (
            InboxState.open,
            1,
        )
    database.close()
