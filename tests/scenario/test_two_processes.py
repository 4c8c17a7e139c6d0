"""Two processes of the bot on one PostgreSQL: whichever is asked, people get one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select

from community import people
from delivery.records import Inbox, InboxState
from knowledge import files
from knowledge.records import Question
from runtime.process import Process
from settings import ROOT
from storage import Database
from tests.kit import Person, Workspace, eventually, texts

KNOWN = "What does ATIP stand for?"
ATIP = "access to information and privacy"


def test_two_processes_share_the_questions(
    postgresql_url: str, start_bot: Callable[..., Process], workspace: Workspace
) -> None:
    _few_entries(postgresql_url, workspace)
    bots = [start_bot(postgresql_url, encoder="none") for _ in range(2)]
    for bot in bots:
        assert bot.services.answers is not None
        assert bot.services.answers.wait(30)
    ben = Person(workspace, "ben")
    workspace.post("/faults", kind="deliver_twice", copies=4)
    for number in range(3):
        ben.say(f"{KNOWN} {'?' * number}")
    ben.say("\x01\x02\x00�binary\x1a")
    eventually(lambda: sum(ATIP in texts(m) for m in ben.messages()) >= 3, what="three answers")
    ben.sees("I cannot read this")
    card = ben.sees(ATIP)
    ben.click(card, "answer.helpful")
    ben.sees("You found this helpful")
    with bots[0].database.read() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 3
        assert session.scalar(select(func.count()).select_from(Question).where(Question.helpful.is_(True))) == 1
    eventually(lambda: _open(bots[0]) == 0, what="an inbox with nothing open")
    assert sum(ATIP in texts(m) for m in ben.messages()) == 3


def _few_entries(url: str, workspace: Workspace) -> None:
    """Enough to answer from, and read in no time."""
    database = Database(url)
    found, problems = files.read_folder(ROOT / "knowledge" / "content")
    assert not problems
    few = [entry for entry in found if entry.slug.startswith("acronym")]
    team = workspace.get("/people")["team"]["id"]
    now = datetime.now(UTC)
    with database.begin() as session:
        community = people.ensure_community(
            session, slack_team_id=team, name="Praxis", locale="en", time_zone="America/Toronto", now=now
        )
        files.import_entries(session, community.id, few, now)
    database.close()


def _open(bot: Process) -> int:
    with bot.database.read() as session:
        return session.scalar(select(func.count()).select_from(Inbox).where(Inbox.state != InboxState.done)) or 0
