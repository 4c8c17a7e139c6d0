"""Who is in which channel, as Slack last said: the audience of the events announced there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community.errors import NotFound
from community.people import ensure_member
from community.records import ChannelMember, Community, Member
from community.rows import insert_new

AT_ONCE = 500  # values in one statement: engines have limits


def set_channel_members(
    session: Session, community_id: int, channel: str, slack_user_ids: Iterable[str], now: datetime
) -> None:
    """Remember exactly these people as those in the channel.

    Unknown ones become members; `people.unprofiled` says whose profile is to be read.
    """
    community = session.get(Community, community_id)
    if community is None:
        raise NotFound("community_unknown")
    users = list(dict.fromkeys(slack_user_ids))
    met = _met(session, community_id, users)
    wanted = {met.get(user) or ensure_member(session, community, user, now).id for user in users}
    known = set(channel_member_ids(session, community_id, channel))
    for member_id in wanted - known:
        _enter(session, community_id, channel, member_id, now)
    if gone := known - wanted:
        session.execute(
            delete(ChannelMember).where(
                ChannelMember.community_id == community_id,
                ChannelMember.channel == channel,
                ChannelMember.member_id.in_(gone),
            )
        )


def joined(session: Session, member: Member, channel: str, now: datetime) -> None:
    """The member entered the channel."""
    _enter(session, member.community_id, channel, member.id, now)


def left(session: Session, member: Member, channel: str) -> None:
    """The member left the channel."""
    session.execute(delete(ChannelMember).where(ChannelMember.channel == channel, ChannelMember.member_id == member.id))


def channel_member_ids(session: Session, community_id: int, channel: str) -> list[int]:
    """Ids of the members known to be in the channel."""
    return list(
        session.scalars(
            select(ChannelMember.member_id).where(
                ChannelMember.community_id == community_id, ChannelMember.channel == channel
            )
        )
    )


def _met(session: Session, community_id: int, users: list[str]) -> dict[str, int]:
    """Ids of those who are members already, by Slack id."""
    found: dict[str, int] = {}
    for start in range(0, len(users), AT_ONCE):
        statement = select(Member.slack_user_id, Member.id).where(
            Member.community_id == community_id, Member.slack_user_id.in_(users[start : start + AT_ONCE])
        )
        found.update(session.execute(statement).all())
    return found


def _enter(session: Session, community_id: int, channel: str, member_id: int, now: datetime) -> None:
    insert_new(session, ChannelMember, community_id=community_id, channel=channel, member_id=member_id, seen_at=now)
