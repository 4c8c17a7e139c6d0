"""Gives the personas of the local workspace what makes each worth a try: their roles, and something they know.

A workspace that has just begun gets a second organizer, who reads French, and two who offer what they know, marked as
samples: so every card can be seen in both languages without setting it up by hand.
"""

from __future__ import annotations

import json
import urllib.request
from datetime import datetime
from typing import Any

import structlog

from community import expertise, people
from community.people import Profile
from community.records import Community, Role
from knowledge.catalogue import loaded
from runtime.local_clock import direct
from storage import Database

log = structlog.get_logger("praxis.local")

# The organizer is the workspace's admin, which seeding already knows.
GIVEN = {Role.facilitator, Role.supervisor, Role.expert}
SECOND_ORGANIZER = {
    "name": "chantal", "real_name": "Chantal Roy", "locale": "fr-CA", "tz": "America/Toronto", "role": "organizer",
    "is_admin": True,
}  # fmt: skip
# By name: the competency of the sample framework that they offer, their level, and how they put it.
KNOWN = {
    "amelie": ("RM", 3, "Exemple : calendriers de conservation, plans de classification"),
    "ben": ("WEB", 2, "Sample: plain headings, pages that people find"),
}


def give_roles(workspace_url: str, database: Database, community_id: int, now: datetime) -> None:
    """Grant each persona its role, in the name of the first organizer; those who have one keep it."""
    personas = _personas(workspace_url)
    with database.begin() as session:
        community = session.get_one(Community, community_id)
        organizers = people.with_role(session, community_id, Role.organizer)
        if not organizers:
            return
        for persona in personas:
            if persona.get("role") in GIVEN:
                member = people.ensure_member(session, community, persona["id"], now)
                if not people.roles(session, member) & GIVEN:
                    people.grant(session, organizers[0], member, Role(persona["role"]), now)
                    log.info("role.given", user=persona["id"], role=persona["role"])


def add_organizer(workspace_url: str) -> None:
    """A second organizer joins; before the bot starts, so that it finds her among the admins."""
    request = urllib.request.Request(  # noqa: S310 - our own workspace on this machine
        f"{workspace_url.rstrip('/')}/people",
        data=json.dumps(SECOND_ORGANIZER).encode(),
        headers={"Content-Type": "application/json"},
    )
    direct.open(request, timeout=5).close()


def offer_samples(workspace_url: str, database: Database, community_id: int, now: datetime) -> None:
    """Have two personas offer what they know, in the sample framework's competencies; those gone are passed over."""
    personas = {persona["name"]: persona for persona in _personas(workspace_url)}
    with database.begin() as session:
        community = session.get_one(Community, community_id)
        known = loaded.load(session, community_id).competencies
        for name, (code, level, words) in KNOWN.items():
            if name in personas and code in known and known[code].sample:
                one = personas[name]
                profile = Profile(one["id"], one["real_name"], time_zone=one["tz"], locale=one["locale"])
                member = people.ensure_member(session, community, one["id"], now, profile)
                expertise.offer(session, member, code, now, level=level, words=words)


def _personas(workspace_url: str) -> list[dict[str, Any]]:
    with direct.open(f"{workspace_url.rstrip('/')}/people", timeout=5) as response:
        found: list[dict[str, Any]] = json.loads(response.read())["people"]
        return found
