"""One workspace and one bot for a whole module of scenario tests; every test brings people of its own."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from community import people
from community.records import Member, Role
from knowledge.records import Question
from runtime.process import Access, Process
from settings import ROOT, Settings
from tests.kit import Person, Workspace, action_ids, eventually
from workspace import server

_numbers = itertools.count(1)


@dataclass
class House:
    """The workspace, the bot, and newcomers."""

    workspace: Workspace
    bot: Process

    def newcomer(self, locale: str = "en-US", tz: str = "America/Toronto", role: Role | None = None) -> Person:
        """Somebody whom the bot has just met; with `role` an organizer gave it to them."""
        name = f"new{next(_numbers)}"
        self.workspace.post("/people", name=name, real_name=f"New {name}", locale=locale, tz=tz)
        person = Person(self.workspace, name)
        member = eventually(lambda: self.member(person), what=f"{name} as a member")
        if role is not None:
            with self.bot.database.begin() as session:
                olivia = session.scalars(select(Member).where(Member.slack_user_id == "U0OLIVIA01")).one()
                people.grant(session, olivia, member, role, self.bot.clock.now())
        return person

    def member(self, person: Person) -> Member | None:
        """The person as the community has them."""
        with self.bot.database.read() as session:
            return people.find_member(session, self.bot.services.community_id, person.id)

    def question(self, person: Person) -> Question | None:
        """What the person asked last."""
        with self.bot.database.read() as session:
            asked = select(Question).join(Member, Member.id == Question.member_id)
            found: Question | None = session.scalar(
                asked.where(Member.slack_user_id == person.id).order_by(Question.id.desc()).limit(1)
            )
            return found

    def questions(self, person: Person) -> int:
        """How many questions the person asked."""
        with self.bot.database.read() as session:
            asked = select(func.count()).select_from(Question).join(Member, Member.id == Question.member_id)
            return session.scalar(asked.where(Member.slack_user_id == person.id)) or 0


def buttons(message: dict[str, Any], start: str) -> list[tuple[str, str]]:
    """(action_id, value) of what can be pressed whose id starts so."""
    return [(name, value) for name, value in action_ids(message) if name.startswith(start)]


@pytest.fixture(scope="module")
def house(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A workspace and a bot on SQLite, connected, with its entries read and its organizer known."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(prepared, folder / "praxis.db")
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    record = build / f"slack-calls-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.jsonl"
    slack = server.start(port=0, record=record, manifest=ROOT / "manifest.json")
    settings = Settings(_env_file=None, DATABASE_URL=f"sqlite:///{folder / 'praxis.db'}")
    bot = Process(settings, Access(slack.api_url, slack.bot_token, slack.app_token, slack.signing_secret))
    workspace = Workspace(slack.url)
    try:
        bot.start()
        assert bot.services.answers is not None
        assert bot.services.answers.wait(30)
        house = House(workspace, bot)
        eventually(lambda: _organizers(bot), what="an organizer")
        yield house
    finally:
        bot.stop()
        workspace.http.close()
        slack.stop()


def _organizers(bot: Process) -> bool:
    with bot.database.read() as session:
        return bool(people.with_role(session, bot.services.community_id, Role.organizer))


@pytest.fixture
def ben(house: House) -> Person:
    """A newcomer who reads English."""
    return house.newcomer()


@pytest.fixture
def amelie(house: House) -> Person:
    """A newcomer who reads French."""
    return house.newcomer("fr-CA")
