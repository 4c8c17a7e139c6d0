"""Gives the personas of the local workspace the roles they are labelled with, so that each can be tried at once."""

from __future__ import annotations

import json
from datetime import datetime

import structlog

from community import people
from community.records import Community, Role
from runtime.local_clock import direct
from storage import Database

log = structlog.get_logger("praxis.local")

# The organizer is the workspace's admin, which seeding already knows.
GIVEN = {Role.facilitator, Role.supervisor, Role.expert}


def give_roles(workspace_url: str, database: Database, community_id: int, now: datetime) -> None:
    """Grant each persona its role, in the name of the first organizer; those who have one keep it."""
    with direct.open(f"{workspace_url.rstrip('/')}/people", timeout=5) as response:
        personas = json.loads(response.read())["people"]
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
