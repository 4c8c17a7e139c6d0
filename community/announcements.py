"""Announcements: in both languages, previewed, confirmed once, sent to a channel, to every member or to some."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import cohorts, people, text
from community.errors import Conflict, Invalid, NotFound
from community.records import Announcement, Member, Role
from community.rows import HOLD

TEXT_LIMIT = 2_900  # a Slack section holds 3,000
MENTIONS = ("channel", "here")
ROLES = (Role.organizer, Role.facilitator, Role.expert, Role.supervisor)  # whose people can be written to
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")


def draft(
    session: Session,
    by: Member,
    text_en: str,
    text_fr: str,
    audience: dict[str, Any],
    mention: str | None,
    now: datetime,
    *,
    mandatory: bool = False,
) -> Announcement:
    """Keep an announcement for preview; nothing goes out. `mention` ("channel", "here") only with a channel.

    `audience` is of the kind "channel" with a `channel`, "members", or "groups" with ids of `cohorts` and names of
    `roles`. Mentions inside the texts stay plain text. Raises NotAllowed, NotFound, Invalid with the field.
    """
    people.require(session, by, Role.organizer)
    announcement = Announcement(
        community_id=by.community_id,
        text_en=text.required(text.clean(text_en), TEXT_LIMIT, "text_en"),
        text_fr=text.required(text.clean(text_fr), TEXT_LIMIT, "text_fr"),
        audience=_audience(session, by.community_id, audience),
        mention=_mention(mention, audience),
        mandatory=mandatory,
        created_by_id=by.id,
        created_at=now,
    )
    session.add(announcement)
    session.flush()
    if announcement.audience["kind"] != "channel" and not recipients(session, announcement):
        raise Invalid(
            "announcement_to_nobody", field="groups" if announcement.audience["kind"] == "groups" else "audience"
        )
    return announcement


def confirm(session: Session, by: Member, announcement_id: int, now: datetime) -> Announcement:
    """Let it go out, once. Raises NotAllowed, NotFound, Conflict `announcement_sent` the second time."""
    people.require(session, by, Role.organizer)
    announcement = session.get(Announcement, announcement_id, with_for_update=HOLD, populate_existing=True)
    if announcement is None or announcement.community_id != by.community_id:
        raise NotFound("announcement_unknown")
    if announcement.confirmed_at is not None:
        raise Conflict("announcement_sent")
    announcement.confirmed_at = now
    session.flush()
    return announcement


def get(session: Session, community_id: int, announcement_id: int) -> Announcement:
    """The community's announcement. Raises NotFound `announcement_unknown`."""
    announcement = session.get(Announcement, announcement_id)
    if announcement is None or announcement.community_id != community_id:
        raise NotFound("announcement_unknown")
    return announcement


def recipients(session: Session, announcement: Announcement) -> list[Member]:
    """Who gets a direct message: active people who want announcements, or all when it is mandatory.

    Of groups, whoever is in one of them now. Nobody when it goes to a channel.
    """
    audience = announcement.audience
    if audience["kind"] == "channel":
        return []
    reached = people.active_members(session, announcement.community_id)
    if audience["kind"] == "groups":
        inside = _in_groups(session, announcement.community_id, audience)
        reached = [member for member in reached if member.id in inside]
    return [member for member in reached if announcement.mandatory or member.wants_announcements]


def _in_groups(session: Session, community_id: int, audience: dict[str, Any]) -> set[int]:
    found = [cohorts.members(session, cohorts.get(session, community_id, number)) for number in audience["cohorts"]]
    found += [people.with_role(session, community_id, Role(name)) for name in audience["roles"]]
    inside = {member.id for members in found for member in members}
    if Role.supervisor in audience["roles"]:  # also whom a cohort's list names, without the role
        named = select(Member.supervisor_id).where(Member.community_id == community_id, Member.active)
        inside.update(session.scalars(named.where(Member.supervisor_id.is_not(None))))
    return inside


def _audience(session: Session, community_id: int, audience: dict[str, Any]) -> dict[str, Any]:
    if audience.get("kind") == "members":
        return {"kind": "members"}
    if audience.get("kind") == "groups":
        numbers, names = audience.get("cohorts") or (), audience.get("roles") or ()
        if not numbers and not names:
            raise Invalid("empty", field="groups")
        if not set(names) <= set(ROLES):
            raise Invalid("audience_unknown", field="groups")
        known = [cohorts.get(session, community_id, number).id for number in numbers]
        return {"kind": "groups", "cohorts": known, "roles": list(names)}
    channel = audience.get("channel")
    if audience.get("kind") != "channel" or not isinstance(channel, str) or not _CHANNEL.fullmatch(channel):
        raise Invalid("audience_unknown", field="audience")
    return {"kind": "channel", "channel": channel}


def _mention(mention: str | None, audience: dict[str, Any]) -> str | None:
    if mention is None:
        return None
    if mention not in MENTIONS or audience.get("kind") != "channel":
        raise Invalid("mention_unknown", field="mention")
    return mention
