"""Owners are told of their entries whose review is due: once a week, in working hours, until it was made.

What has no owner who can be reached goes to the organizers. Any number of clocks send each list once: its key names the
week and the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import people
from community.records import Community, Member, Role
from community.times import resolve, zone
from delivery import outbox
from delivery.records import Outbox
from knowledge import entry_list
from knowledge.entry_list import Listed
from storage import Database
from views import entry_news as view

log = structlog.get_logger("praxis.scheduler")

FROM, UNTIL = time(9), time(17)
SATURDAY = 5
DAYS_LOOKED_AT = 10  # on which entries fall due; who has one on each of so many was told of another that week


def remind(database: Database, now: datetime, community_id: int | None = None) -> int:
    """Write to everybody who has entries to review and was not told this week; returns how many were told.

    With `community_id`, of that community.
    """
    which = select(Community) if community_id is None else select(Community).where(Community.id == community_id)
    told = 0
    with database.read() as session:
        communities = [
            community.id
            for community in session.scalars(which)
            if _at_work(local := now.astimezone(zone(community.time_zone)))
            and entry_list.waiting(session, community.id, local.date()).due
        ]
    for number in communities:
        with database.begin() as session:
            told += _remind(session, session.get_one(Community, number), now)
    return told


def next_due(session: Session, now: datetime, community_id: int | None = None) -> datetime | None:
    """When somebody is told of reviews next; None where no published entry wants one."""
    which = select(Community) if community_id is None else select(Community).where(Community.id == community_id)
    moments = (_next_due(session, community, now) for community in session.scalars(which))
    return min((moment for moment in moments if moment), default=None)


def _next_due(session: Session, community: Community, now: datetime) -> datetime | None:
    local = now.astimezone(zone(community.time_zone))
    today = local.date()
    days = entry_list.due_days(session, community.id, today, DAYS_LOOKED_AT)
    if entry_list.waiting(session, community.id, today).due:
        tomorrow = today + timedelta(days=0 if local.time() < FROM else 1)
        days = [tomorrow, today + timedelta(days=7 - today.weekday()), *days]
    for day in sorted({_working(day) for day in days}):
        if _untold(session, community.id, day):
            return resolve(datetime.combine(day, FROM), zone(community.time_zone)).astimezone(UTC)
    return None


def _working(day: date) -> date:
    return day if day.weekday() < SATURDAY else day + timedelta(days=7 - day.weekday())


def _untold(session: Session, community_id: int, day: date) -> bool:
    """Whether somebody would be told on that day who was not yet in its week."""
    lists = _lists(session, community_id, entry_list.due(session, community_id, day))
    keys = {_key(day, member) for member, _, _ in lists}
    sent = select(Outbox.key).where(Outbox.community_id == community_id, Outbox.key.in_(keys))
    return bool(keys - set(session.scalars(sent)))


def _key(day: date, member: Member) -> str:
    monday = day - timedelta(days=day.weekday())
    return f"entries:due:{monday.isoformat()}:{member.id}"


def _at_work(local: datetime) -> bool:
    return local.weekday() < SATURDAY and FROM <= local.time() < UNTIL


def _remind(session: Session, community: Community, now: datetime) -> int:
    today = now.astimezone(zone(community.time_zone)).date()
    told = 0
    for member, own, ownerless in _lists(session, community.id, entry_list.due(session, community.id, today)):
        sent = outbox.post(
            session,
            community_id=community.id,
            key=_key(today, member),
            payload=view.due(own, ownerless, member.locale),
            user=member.slack_user_id,
        )
        if sent:
            told += 1
            log.info("entries.due", user=member.slack_user_id, own=len(own), ownerless=len(ownerless))
    return told


def _lists(
    session: Session, community_id: int, due: Sequence[Listed]
) -> list[tuple[Member, list[Listed], list[Listed]]]:
    """To whom which entries are shown: their own, and for organizers those that nobody owns."""
    users = {entry.owner_user_id for entry in due if entry.owner_user_id}
    found = select(Member).where(Member.community_id == community_id, Member.slack_user_id.in_(users))
    owners = {member.slack_user_id: member for member in session.scalars(found) if member.active and not member.is_bot}
    own: dict[int, list[Listed]] = {}
    ownerless = []
    for entry in due:
        owner = owners.get(entry.owner_user_id or "")
        if owner is None:
            ownerless.append(entry)
        else:
            own.setdefault(owner.id, []).append(entry)
    organizers = {member.id: member for member in people.with_role(session, community_id, Role.organizer)}
    addressed = {member.id: member for member in owners.values()} | (organizers if ownerless else {})
    return [
        (member, own.get(number, []), ownerless if number in organizers else [])
        for number, member in sorted(addressed.items())
    ]
