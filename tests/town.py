"""A community to test rules with: people made on demand, events planned in one line."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from community import channels, events, people
from community.drafts import EventDraft
from community.people import Profile
from community.records import Community, Event, EventKind, Member, Role
from storage import Database

NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)  # 10:00 in Toronto
ZONE = "America/Toronto"
CHANNEL = "C0EVENTS"

_numbers = itertools.count(1)


class Town:
    """One community in `database`, with an organizer."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.team = team()
        with database.begin() as session:
            self.community: Community = people.ensure_community(
                session, slack_team_id=self.team, name="Town", locale="en", time_zone=ZONE, now=NOW
            )
        self.organizer = self.person("Olivia Organizer", is_admin=True)
        with database.begin() as session:
            profile = Profile(self.organizer.slack_user_id, self.organizer.name, is_admin=True)
            people.seed_organizers(session, self.community, [profile], (), NOW)

    @property
    def id(self) -> int:
        """The community's id."""
        return self.community.id

    def person(
        self,
        name: str | None = None,
        *,
        role: Role | None = None,
        locale: str = "en-CA",
        time_zone: str = ZONE,
        in_channel: bool = False,
        is_bot: bool = False,
        is_admin: bool = False,
    ) -> Member:
        """Somebody new."""
        number = next(_numbers)
        profile = Profile(
            f"U{number:06}",
            name or f"Person {number:06}",
            email=f"person{number}@example.org",
            time_zone=time_zone,
            locale=locale,
            is_bot=is_bot,
            is_admin=is_admin,
        )
        with self.database.begin() as session:
            member = people.ensure_member(session, self.community, profile.slack_user_id, NOW, profile)
            if role:
                people.grant(session, self.organizer, member, role, NOW)
            if in_channel:
                channels.joined(session, member, CHANNEL, NOW)
        return member

    def people(self, number: int, **options: bool) -> list[Member]:
        """Several new people."""
        return [self.person(**options) for _ in range(number)]  # type: ignore[arg-type]  # all of them are flags

    def event(self, start: datetime | None = None, *, now: datetime = NOW, **changes: object) -> Event:
        """A planned event, two days and an hour ahead unless said otherwise."""
        with self.database.begin() as session:
            return events.plan(session, self.organizer, draft(start, **changes), now)


def team() -> str:
    """A Slack team nobody has seen."""
    return f"T{next(_numbers):06}"


def draft(start: datetime | None = None, **changes: object) -> EventDraft:
    """A draft that is right in every field, at this instant in the zone of the draft."""
    in_zone = str(changes.get("time_zone", ZONE))
    local = (start or NOW + timedelta(days=2, hours=1)).astimezone(ZoneInfo(in_zone))
    base = EventDraft(
        kind=EventKind.learning_event,
        title_en="Plain language",
        title_fr="Langage clair",
        description_en="Bring a page of your own.",
        description_fr="Apportez une page de votre cru.",
        day=local.date(),
        at=local.time().replace(tzinfo=None),
        time_zone=in_zone,
        minutes=60,
        place="Room 1",
        link="https://example.org/join",
        capacity=None,
        channel=CHANNEL,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # names of fields


def fresh(session: Session, event: Event) -> Event:
    """The event as the database has it now."""
    found = session.get(Event, event.id, populate_existing=True)
    assert found is not None
    return found
