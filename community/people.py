"""People of a community: who they are, what they may do, which language and messages they want."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.records import Community, Member, MemberRole, Role
from community.rows import HOLD, insert_new
from community.text import one_line
from community.times import known_zone

LOCALES = ("en", "fr")
AT_ONCE = 500  # values in one statement: engines have limits


@dataclass(frozen=True)
class Profile:
    """What Slack says of a person."""

    slack_user_id: str
    name: str
    email: str | None = None
    time_zone: str | None = None
    locale: str | None = None
    is_bot: bool = False
    deleted: bool = False
    is_admin: bool = False


def language(locale: str | None, otherwise: str) -> str:
    """`en` or `fr` by the prefix of a locale such as fr-CA; any other locale reads `otherwise`."""
    prefix = (locale or "").lower()[:2]
    return prefix if prefix in LOCALES else otherwise


def ensure_community(
    session: Session,
    *,
    slack_team_id: str,
    name: str,
    locale: str,
    time_zone: str,
    now: datetime,
    bot_user_id: str | None = None,
    enterprise_id: str | None = None,
) -> Community:
    """The community of a Slack team, created the first time; its name, language, zone and bot follow what is given."""
    insert_new(
        session,
        Community,
        slack_team_id=slack_team_id,
        name=one_line(name)[:200],
        locale=locale,
        time_zone=time_zone,
        created_at=now,
    )
    community = find_community(session, slack_team_id)
    community.name = one_line(name)[:200] or community.name
    community.locale, community.time_zone = locale, time_zone
    community.bot_user_id = bot_user_id or community.bot_user_id
    community.slack_enterprise_id = enterprise_id or community.slack_enterprise_id
    session.flush()
    return community


def find_community(session: Session, slack_team_id: str) -> Community:
    """The community of a Slack team. Raises NotFound `community_unknown`."""
    community = session.scalar(select(Community).where(Community.slack_team_id == slack_team_id))
    if community is None:
        raise NotFound("community_unknown")
    return community


def find_member(session: Session, community_id: int, slack_user_id: str) -> Member | None:
    """The member with this Slack id, if the community has met them."""
    return session.scalar(
        select(Member).where(Member.community_id == community_id, Member.slack_user_id == slack_user_id)
    )


def ensure_member(
    session: Session, community: Community, slack_user_id: str, now: datetime, profile: Profile | None = None
) -> Member:
    """The member with this Slack id, created when new and refreshed from the profile when there is one."""
    return ensure_members(session, community, {slack_user_id: profile}, now)[slack_user_id]


def ensure_members(
    session: Session, community: Community, profiles: Mapping[str, Profile | None], now: datetime
) -> dict[str, Member]:
    """The members with these Slack ids, created when new and refreshed from their profile when there is one."""
    found = _with_slack_ids(session, community.id, list(profiles))
    if new := [user for user in profiles if user not in found]:
        for user in new:
            insert_new(
                session,
                Member,
                community_id=community.id,
                slack_user_id=user,
                name=user,
                time_zone=community.time_zone,
                slack_locale=community.locale,
            )
        found |= _with_slack_ids(session, community.id, new)
    for user, profile in profiles.items():
        if profile is not None:
            _refresh(found[user], community, profile, now)
    session.flush()
    return found


def strangers(session: Session, community_id: int, slack_user_ids: Sequence[str]) -> list[str]:
    """Those of these people whose Slack profile was never read, in the order given."""
    known = _with_slack_ids(session, community_id, slack_user_ids)
    return [user for user in slack_user_ids if user not in known or known[user].refreshed_at is None]


def outdated(session: Session, community: Community, profiles: Mapping[str, Profile | None]) -> set[str]:
    """Those of these people who are new, or whose profile says something else than we know."""
    known = _with_slack_ids(session, community.id, list(profiles))
    return {user for user, profile in profiles.items() if _is_news(known.get(user), community, profile)}


def _is_news(member: Member | None, community: Community, profile: Profile | None) -> bool:
    if member is None or profile is None:
        return member is None
    said = _said(member, community, profile)
    return member.refreshed_at is None or any(getattr(member, name) != value for name, value in said.items())


def _with_slack_ids(session: Session, community_id: int, slack_user_ids: Sequence[str]) -> dict[str, Member]:
    found: dict[str, Member] = {}
    for start in range(0, len(slack_user_ids), AT_ONCE):
        some = slack_user_ids[start : start + AT_ONCE]
        statement = select(Member).where(Member.community_id == community_id, Member.slack_user_id.in_(some))
        found.update((member.slack_user_id, member) for member in session.scalars(statement))
    return found


def _refresh(member: Member, community: Community, profile: Profile, now: datetime) -> None:
    for name, value in _said(member, community, profile).items():
        setattr(member, name, value)
    member.refreshed_at = now


def _said(member: Member, community: Community, profile: Profile) -> dict[str, Any]:
    """A member's columns as the profile has them; what it leaves open stays or follows the community."""
    return {
        "name": one_line(profile.name)[:200] or member.name,
        "email": (profile.email or "").strip().lower()[:320] or None,
        "time_zone": known_zone(profile.time_zone, community.time_zone),
        # Slack does not always send the language along; without one it stays as it is.
        "slack_locale": (profile.locale or member.slack_locale or community.locale)[:16],
        "is_bot": profile.is_bot,
        "active": not profile.deleted,
    }


def choose_locale(session: Session, member: Member, locale: str | None) -> None:
    """Speak this language to the member; None follows Slack again. Raises Invalid `locale_unknown`."""
    if locale is not None and locale not in LOCALES:
        raise Invalid("locale_unknown", field="locale")
    member.chosen_locale = locale
    session.flush()


def choose_notifications(session: Session, member: Member, *, reminders: bool, announcements: bool) -> None:
    """Which messages the member wants without having asked."""
    member.wants_reminders, member.wants_announcements = reminders, announcements
    session.flush()


def active_members(session: Session, community_id: int) -> list[Member]:
    """People of the community, by name: no bots, nobody who left Slack."""
    return list(session.scalars(_people(community_id).order_by(Member.name, Member.id)))


def _people(community_id: int) -> Select[Member]:
    return select(Member).where(Member.community_id == community_id, Member.active, ~Member.is_bot)


def unprofiled(session: Session, community_id: int, limit: int = 200) -> list[Member]:
    """Active members whose Slack profile was never read: their name, zone and language are guesses so far."""
    return list(
        session.scalars(_people(community_id).where(Member.refreshed_at.is_(None)).order_by(Member.id).limit(limit))
    )


def roles(session: Session, member: Member) -> frozenset[Role]:
    """What the member is; everybody is a member."""
    given = session.scalars(select(MemberRole.role).where(MemberRole.member_id == member.id))
    return frozenset({Role.member, *given})


def require(session: Session, member: Member, *wanted: Role) -> None:
    """Pass when the member has one of the roles; an organizer has them all. Raises NotAllowed."""
    if not member.active or member.is_bot:
        raise NotAllowed("member_inactive")
    if roles(session, member).isdisjoint({Role.organizer, *wanted}):
        if Role.facilitator in wanted:
            raise NotAllowed("needs_facilitator")
        if Role.expert in wanted:
            raise NotAllowed("needs_expert")
        if Role.supervisor in wanted:
            raise NotAllowed("needs_supervisor")
        raise NotAllowed("needs_organizer")


def with_role(session: Session, community_id: int, role: Role) -> list[Member]:
    """Active people who were given the role, by name."""
    statement = _people(community_id).join(MemberRole, MemberRole.member_id == Member.id)
    return list(session.scalars(statement.where(MemberRole.role == role).order_by(Member.name, Member.id)))


def grant(session: Session, by: Member, member: Member, role: Role, now: datetime) -> None:
    """Give a role; again is no harm. Raises NotAllowed unless `by` is an organizer."""
    require(session, by, Role.organizer)
    if member.community_id != by.community_id:
        raise NotFound("member_unknown")
    if member.is_bot or not member.active:
        raise Invalid("role_needs_person", field="member")
    if role is not Role.member:
        insert_new(session, MemberRole, member_id=member.id, role=role, granted_by_id=by.id, granted_at=now)


def revoke(session: Session, by: Member, member: Member, role: Role) -> None:
    """Take a role back. Raises Conflict `last_organizer` rather than leave the community without one."""
    require(session, by, Role.organizer)
    if member.community_id != by.community_id:
        raise NotFound("member_unknown")
    # Two organizers who remove each other at once must not both succeed.
    session.get(Community, by.community_id, with_for_update=HOLD)
    if role is Role.organizer:
        others = [m for m in with_role(session, by.community_id, role) if m.id != member.id]
        if not others:
            raise Conflict("last_organizer")
    session.execute(delete(MemberRole).where(MemberRole.member_id == member.id, MemberRole.role == role))


def seed_organizers(
    session: Session, community: Community, profiles: Sequence[Profile], named: Sequence[str], now: datetime
) -> list[Member]:
    """Give the organizer's role to the people named (Slack ids or e-mails), else to the workspace's admins.

    Does nothing, and returns nobody, while the community has an organizer.
    """
    session.get(Community, community.id, with_for_update=HOLD)
    if session.scalar(_count_organizers(community.id)):
        return []
    names = {name.strip().lower() for name in named}
    chosen = [p for p in profiles if not p.is_bot and not p.deleted and _is_first(p, names)]
    members = [ensure_member(session, community, p.slack_user_id, now, p) for p in chosen]
    for member in members:
        insert_new(session, MemberRole, member_id=member.id, role=Role.organizer, granted_at=now)
    return members


def _is_first(profile: Profile, names: set[str]) -> bool:
    if not names:
        return profile.is_admin
    return profile.slack_user_id.lower() in names or (profile.email or "").strip().lower() in names


def _count_organizers(community_id: int) -> Select[int]:
    return (
        select(func.count())
        .select_from(MemberRole)
        .join(Member, Member.id == MemberRole.member_id)
        .where(Member.community_id == community_id, Member.active, MemberRole.role == Role.organizer)
    )
