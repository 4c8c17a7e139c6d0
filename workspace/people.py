"""Who is in the workspace: the personas, those who join later, and what Slack tells about a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from workspace import ids
from workspace.kinds import Json

_COLOURS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "684b6c", "2b6836")


@dataclass
class Person:
    """One account; `role` is what a persona plays and has no meaning to Slack."""

    id: str
    name: str
    real_name: str
    locale: str
    tz: str
    role: str = "member"
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    updated: int = 0
    im: str = field(default="")

    @property
    def email(self) -> str:
        """The address Slack gives to apps with users:read.email."""
        return f"{self.name}@praxis.example"

    def summary(self) -> Json:
        """What `GET /people` tells."""
        keys = ("id", "name", "real_name", "role", "locale", "tz", "is_bot", "is_admin")
        return {key: getattr(self, key) for key in keys} | {"deleted": self.deleted}

    def as_slack(self, *, locale: bool, email: bool, now: float) -> Json:
        """Slack's user object; the language and the address only where the caller may see them."""
        here = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.tz))
        offset = here.utcoffset()
        first, _, last = self.real_name.partition(" ")
        profile: Json = {
            "title": "",
            "phone": "",
            "skype": "",
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "first_name": first,
            "last_name": last,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "",
            "team": ids.TEAM,
        }
        if self.is_bot:
            profile |= {"api_app_id": ids.APP, "bot_id": ids.BOT, "always_active": True}
        elif email:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": ids.TEAM,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            return user
        user |= {
            "color": _COLOURS[sum(self.id.encode()) % len(_COLOURS)],
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": here.tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.is_admin,
            "is_owner": self.is_admin,
            "is_primary_owner": self.is_admin and self.id == PERSONAS[0].id,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_email_confirmed": not self.is_bot,
            "who_can_share_contact_card": "EVERYONE",
        }
        return user | ({"locale": self.locale} if locale else {})


PERSONAS = (
    Person("U0OLIVIA01", "olivia", "Olivia Bennett", "en-US", "America/Toronto", "organizer", is_admin=True),
    Person("U0AMELIE01", "amelie", "Amélie Gagnon", "fr-CA", "America/Toronto", "practitioner"),
    Person("U0BEN00001", "ben", "Ben Nakamura", "en-US", "America/Vancouver", "practitioner"),
    Person("U0FRANCO01", "francois", "François Lavoie", "fr-CA", "America/Toronto", "facilitator"),
    Person("U0SAM00001", "sam", "Sam Whitfield", "en-US", "America/Toronto", "supervisor"),
)
PRAXIS = Person(ids.BOT_USER, "praxis", "Praxis", "en-US", "America/Toronto", "bot", is_bot=True)
SLACKBOT = Person("USLACKBOT", "slackbot", "Slackbot", "en-US", "America/Los_Angeles", "bot")


class People:
    """Everybody in the workspace, found by id, name or address."""

    def __init__(self, now: float, bot_name: str = PRAXIS.real_name) -> None:
        self.by_id: dict[str, Person] = {}
        self._names: dict[str, Person] = {}
        self._emails: dict[str, Person] = {}
        for model in (*PERSONAS, PRAXIS, SLACKBOT):
            person = Person(**{name: getattr(model, name) for name in Person.__dataclass_fields__})
            person.updated = int(now)
            if person.is_bot:
                person.real_name, person.name = bot_name, _plain(bot_name)
            self.add(person)
        self.bot = self.by_id[ids.BOT_USER]

    def add(self, person: Person) -> None:
        """Put somebody in; the name must be free."""
        self.by_id[person.id] = self._names[person.name] = person
        if not person.is_bot:
            self._emails[person.email] = person

    def find(self, name: str) -> Person | None:
        """The person with this id or name (with or without @), if there is one."""
        return self.by_id.get(name) or self._names.get(name.removeprefix("@").lower())

    def named(self, name: str) -> Person | None:
        """The person with this name, as one types it after @; ids do not count."""
        return self._names.get(name.lower())

    def by_email(self, address: str) -> Person | None:
        """The person with this address, if there is one."""
        return self._emails.get(address.strip().lower())

    def humans(self) -> list[Person]:
        """Everybody one can act as, in order of arrival."""
        return [person for person in self.by_id.values() if not person.is_bot and person.id != SLACKBOT.id]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9._-]", "", name.lower()) or PRAXIS.name
