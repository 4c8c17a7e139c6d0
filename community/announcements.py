"""Announcements: written in both languages, previewed, confirmed once, sent to a channel or to every member."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from community import people, text
from community.errors import Conflict, Invalid, NotFound
from community.records import Announcement, Member, Role
from community.rows import HOLD

TEXT_LIMIT = 2_900  # a Slack section holds 3,000
MENTIONS = ("channel", "here")
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

    Mentions inside the texts stay plain text. Raises NotAllowed, Invalid with the field.
    """
    people.require(session, by, Role.organizer)
    announcement = Announcement(
        community_id=by.community_id,
        text_en=text.required(text.clean(text_en), TEXT_LIMIT, "text_en"),
        text_fr=text.required(text.clean(text_fr), TEXT_LIMIT, "text_fr"),
        audience=_audience(audience),
        mention=_mention(mention, audience),
        mandatory=mandatory,
        created_by_id=by.id,
        created_at=now,
    )
    session.add(announcement)
    session.flush()
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

    Nobody when it goes to a channel.
    """
    if announcement.audience["kind"] != "members":
        return []
    everybody = people.active_members(session, announcement.community_id)
    return [member for member in everybody if announcement.mandatory or member.wants_announcements]


def _audience(audience: dict[str, Any]) -> dict[str, Any]:
    if audience.get("kind") == "members":
        return {"kind": "members"}
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
