"""What scenario tests of events share: planning one, moving the clock, payloads that no page sends."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select

from community import people
from community.records import Event, Member, Role
from runtime.content import UNCLAIMED_TEAM, import_folder
from runtime.process import Process
from scheduler import calendars, series
from storage import Database
from tests.kit import Person, Workspace, eventually

GENERAL = "C0GENERAL1"
TORONTO = ZoneInfo("America/Toronto")
ENTRY = """---
id: greeting
source: Nobody
reviewed_on: 2026-11-01
en: {title: "Who are you?", phrasings: [who are you, what are you, your name]}
fr: {title: "Qui êtes-vous?", phrasings: [qui êtes-vous, qui es-tu, votre nom]}
---
<!-- en -->
Praxis.
<!-- fr -->
Praxis.
"""
_numbers = itertools.count(1)


def one_entry(url: str, folder: Path) -> None:
    """Have the database at `url` know a single entry: a bot that nobody asks anything starts the sooner."""
    (folder / "greeting.md").write_text(ENTRY, encoding="utf-8")
    database = Database(url)
    with database.begin() as session:
        community = people.ensure_community(
            session,
            slack_team_id=UNCLAIMED_TEAM,
            name="Town",
            locale="en",
            time_zone=TORONTO.key,
            now=datetime.now(UTC),
        )
    assert import_folder(database, community.id, folder, datetime.now(UTC)).added == 1
    database.close()


@pytest.fixture
def town(workspace: Workspace, start_bot: Callable[..., Process], sqlite_url: str, tmp_path: Path) -> Town:
    """A town whose bot knows a single entry."""
    return _founded(workspace, start_bot, sqlite_url, tmp_path)


@pytest.fixture
def town_on_each(database_url: str, workspace: Workspace, start_bot: Callable[..., Process], tmp_path: Path) -> Town:
    """The same, once on SQLite and once on PostgreSQL: for the one rich scenario of each part of a programme.

    The database comes first, so that it is taken back after the bot has ended.
    """
    return _founded(workspace, start_bot, database_url, tmp_path)


def _founded(workspace: Workspace, start_bot: Callable[..., Process], url: str, tmp_path: Path) -> Town:
    folder = tmp_path / "entries"
    folder.mkdir()
    one_entry(url, folder)
    return Town(workspace, start_bot(url, encoder="none"))


@dataclass
class Town:
    """The workspace, the bot and the people in it, once the bot knows them."""

    workspace: Workspace
    bot: Process

    def __post_init__(self) -> None:
        eventually(self._knows_roles, what="roles of the people")
        self.olivia, self.amelie, self.ben, self.francois, self.sam = (
            Person(self.workspace, name) for name in ("olivia", "amelie", "ben", "francois", "sam")
        )

    def _knows_roles(self) -> bool:
        with self.bot.database.read() as session:
            community_id = self.bot.services.community_id
            return all(people.with_role(session, community_id, role) for role in (Role.organizer, Role.facilitator))

    @property
    def now(self) -> datetime:
        """The time people live by."""
        return datetime.fromisoformat(self.workspace.get("/clock")["now"].replace("Z", "+00:00")).astimezone(UTC)

    def go_to(self, moment: datetime) -> None:
        """Move everybody's clock to this instant, and the bot's at once."""
        self.workspace.advance(to=moment.astimezone(UTC).isoformat().replace("+00:00", "Z"))
        assert self.bot.follower is not None
        self.bot.follower.look()

    def look(self) -> None:
        """What the clock looks for every two seconds, at once: cards of series that are due, calendars out of date."""
        series.go_on(self.bot.database, self.now)
        calendars.renew(self.bot.database, self.now)

    def start(self, days: int = 10, at: str = "09:00") -> datetime:
        """An instant some days ahead at this time in Toronto."""
        day = (self.now.astimezone(TORONTO) + timedelta(days=days)).date()
        return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=TORONTO)

    def fill(self, start: datetime | None = None, **values: Any) -> dict[str, Any]:
        """What an organizer enters for an event."""
        local = start or self.start()
        return {
            "title_en": "Plain language",
            "title_fr": "Langage clair",
            "day": f"{local:%Y-%m-%d}",
            "at": f"{local:%H:%M}",
            "channel": GENERAL,
        } | values

    def submit(self, start: datetime | None = None, **values: Any) -> dict[str, Any]:
        """Have the organizer fill in a new form; returns what became of it."""
        self.olivia.do("shortcut", callback_id="event.create")
        self.olivia.sees_view("event.title_en")
        outcome: dict[str, Any] = self.olivia.submit(**self.fill(start, **values))
        return outcome

    def plan(self, start: datetime | None = None, **values: Any) -> dict[str, Any]:
        """Have the organizer plan an event; returns its card in the channel."""
        known = {event.id for event in self.events()}
        outcome = self.submit(start, **values)
        assert outcome["outcome"] == "closed", outcome
        new = next(event for event in self.events() if event.id not in known)
        card: dict[str, Any] = eventually(lambda: self.card(new.id), what="the card")
        return card

    def card(self, event_id: int) -> dict[str, Any]:
        """The event's card as it stands; empty while there is none."""
        for message in reversed(self.sam.messages("general")):
            if any(block.get("block_id") == f"event:{event_id}" for block in message.get("blocks", ())):
                return dict(message)
        return {}

    def events(self) -> list[Event]:
        """Every event there is."""
        with self.bot.database.read() as session:
            return list(session.scalars(select(Event).order_by(Event.id)))

    def event(self) -> Event:
        """The event planned last."""
        return self.events()[-1]

    def member(self, who: Person) -> Member:
        """Their record."""
        with self.bot.database.read() as session:
            found = people.find_member(session, self.bot.services.community_id, who.id)
            assert found is not None
            return found

    def name_organizer(self, who: Person) -> None:
        """Give somebody the organizer's role."""
        with self.bot.database.begin() as session:
            people.grant(session, self.member(self.olivia), self.member(who), Role.organizer, self.now)

    def press_by_hand(self, who: Person, action_id: str, value: str, view: dict[str, Any] | None = None) -> None:
        """A press that no page offers: a payload of this person's own making."""
        number = next(_numbers)
        body: dict[str, Any] = {
            "type": "block_actions",
            "user": {"id": who.id, "team_id": "T0PRAXIS01"},
            "team": {"id": "T0PRAXIS01"},
            "api_app_id": "A0PRAXIS01",
            "trigger_id": f"{number}.made.by.hand",
            "actions": [{"type": "button", "action_id": action_id, "value": value, "action_ts": f"{number}.0"}],
        }
        if view is None:
            body |= {
                "channel": {"id": GENERAL},
                "message": {"ts": "1.1"},
                "container": {"type": "message", "message_ts": "1.1", "channel_id": GENERAL},
            }
        else:
            body |= {"view": view, "container": {"type": "view", "view_id": view["id"]}}
        self.bot.app.dispatch(BoltRequest(mode="socket_mode", body=body))

    def submit_by_hand(
        self, who: Person, callback_id: str, values: dict[str, Any], metadata: Any = "", view_id: str = "V0"
    ) -> dict[str, Any]:
        """A submission that no page sends; returns what the acknowledgement carries."""
        number = next(_numbers)
        view = {
            "id": view_id,
            "hash": f"{number}.hash",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata if isinstance(metadata, str) else json.dumps(metadata),
            "blocks": [{"type": "input", "block_id": name} for name in values],
            "state": {"values": {name: {"x": {"type": "plain_text_input", "value": v}} for name, v in values.items()}},
        }
        body = {
            "type": "view_submission",
            "user": {"id": who.id, "team_id": "T0PRAXIS01"},
            "team": {"id": "T0PRAXIS01"},
            "api_app_id": "A0PRAXIS01",
            "trigger_id": f"{number}.made.by.hand",
            "view": view,
        }
        answer = self.bot.app.dispatch(BoltRequest(mode="socket_mode", body=body))
        return json.loads(answer.body) if answer.body else {}
