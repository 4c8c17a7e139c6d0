"""Two communities with a member each, on each engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from community.records import Community, Member
from storage import Database
from tests.town import Town

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class People:
    asker: Member
    colleague: Member
    stranger: Member  # of another community

    @property
    def community_id(self) -> int:
        return self.asker.community_id


@pytest.fixture
def people(database: Database) -> People:
    with database.begin() as session:
        communities = [
            Community(slack_team_id=team, name=team, locale="en", time_zone="America/Toronto", created_at=NOW)
            for team in ("T1", "T2")
        ]
        session.add_all(communities)
        session.flush()
        members = [
            Member(community_id=communities[home].id, slack_user_id=user, name=user, time_zone="America/Toronto")
            for user, home in (("U1", 0), ("U2", 0), ("U3", 1))
        ]
        session.add_all(members)
        session.flush()
        return People(*members)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)
