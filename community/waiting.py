"""Requests that wait too long are brought up again, and a list of all that wait goes out once a local day.

Rows decide: a request's `due_at` is moved on in the transaction that tells of it, and a day's digest has its row before
it is sent, so that any number of clocks do each once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from community import requests, routing
from community.expert_records import ExpertDigest, ExpertRequest, RequestPerson, StepKind
from community.records import Community, Member
from community.rows import insert_new
from community.times import resolve, zone

MORNING, TOO_LATE = time(9), time(17)  # local times between which a day's digest goes out
WIDEN_FROM = 2  # times brought up, before more people are asked and who holds it lets go
GIVE_UP_AT = 5


@dataclass(frozen=True)
class Brought:
    """What bringing up a request led to; with `widen` more people are to be asked."""

    to_holder: bool = False
    released: bool = False
    given_up: bool = False
    widen: bool = False


def due(session: Session, now: datetime, community_id: int | None = None, limit: int = 100) -> list[tuple[int, int]]:
    """Requests (community, id) to be brought up, longest due first."""
    statement = select(ExpertRequest.community_id, ExpertRequest.id).where(
        ExpertRequest.state.in_(requests.WAITING), ExpertRequest.due_at <= now, _of(community_id)
    )
    rows = session.execute(statement.order_by(ExpertRequest.due_at, ExpertRequest.id).limit(limit))
    return [(community, request_id) for community, request_id in rows]


def bring_up(session: Session, request: ExpertRequest, now: datetime, wait: timedelta) -> Brought | None:
    """Remind those who may answer; None when it is not (or no longer) due. The row must be held.

    The first time whoever holds it is reminded, or else all who were asked; later the holder lets go and more are to be
    asked; the fifth time it is given up.
    """
    if request.state not in requests.WAITING or request.due_at is None or request.due_at > now:
        return None
    request.times_brought_up += 1
    requests.note(session, request, StepKind.brought_up, now)
    if request.times_brought_up >= GIVE_UP_AT:
        requests.give_up(session, request, now)
        return Brought(given_up=True)
    request.due_at = now + wait
    holder = session.get_one(Member, request.holder_id) if request.holder_id else None
    widen = request.times_brought_up >= WIDEN_FROM
    if holder is not None and not widen:
        requests.ask(session, request, holder, now)
        return Brought(to_holder=True)
    if holder is not None:
        requests.reopen(request)
        requests.note(session, request, StepKind.released, now, holder.id)
    routing.remind(session, request, now)
    return Brought(released=holder is not None, widen=widen)


def waiting(session: Session, community_id: int) -> list[ExpertRequest]:
    """All that waits in a community, the oldest first."""
    found = select(ExpertRequest).where(
        ExpertRequest.community_id == community_id, ExpertRequest.state.in_(requests.WAITING)
    )
    return list(session.scalars(found.order_by(ExpertRequest.opened_at, ExpertRequest.id)))


def mine(session: Session, member: Member) -> list[ExpertRequest]:
    """What waits for this member: what they hold, and what they were asked and nobody holds; the oldest first."""
    found = (
        select(ExpertRequest)
        .join(RequestPerson, RequestPerson.request_id == ExpertRequest.id)
        .where(
            RequestPerson.member_id == member.id,
            RequestPerson.declined_at.is_(None),
            ExpertRequest.state.in_(requests.WAITING),
            or_(ExpertRequest.holder_id.is_(None), ExpertRequest.holder_id == member.id),
        )
    )
    return list(session.scalars(found.order_by(ExpertRequest.opened_at, ExpertRequest.id)))


def waiting_for(session: Session, found: list[ExpertRequest]) -> dict[int, list[ExpertRequest]]:
    """Of these, by member: what they hold, and what they were asked and nobody holds."""
    asked = (
        select(RequestPerson.member_id, RequestPerson.request_id)
        .join(Member, Member.id == RequestPerson.member_id)
        .where(RequestPerson.request_id.in_([r.id for r in found]), RequestPerson.declined_at.is_(None), Member.active)
    )
    by_id = {request.id: request for request in found}
    waits: dict[int, list[ExpertRequest]] = {}
    for member_id, request_id in session.execute(asked.order_by(RequestPerson.request_id)):
        if by_id[request_id].holder_id in (None, member_id):
            waits.setdefault(member_id, []).append(by_id[request_id])
    return waits


def digest_day(community: Community, now: datetime) -> date | None:
    """The community's day when it is late enough in the morning for a digest."""
    local = now.astimezone(zone(community.time_zone))
    return local.date() if local.time() >= MORNING else None


def take_day(session: Session, community: Community, now: datetime) -> list[ExpertRequest] | None:
    """What the day's digest lists, for whoever comes first; None when the day is not begun, was done, or is over."""
    day = digest_day(community, now)
    if day is None:
        return None
    late = now.astimezone(zone(community.time_zone)).time() >= TOO_LATE
    found = [] if late else waiting(session, community.id)
    number = None if late else len(found)
    first = insert_new(session, ExpertDigest, community_id=community.id, day=day, waiting=number, made_at=now)
    return found if first and not late else None


def next_due(session: Session, now: datetime, community_id: int | None = None) -> datetime | None:
    """When the next request is brought up or the next digest lists one; None when nothing waits."""
    waits = (ExpertRequest.state.in_(requests.WAITING), _of(community_id))
    again = session.scalar(select(func.min(ExpertRequest.due_at)).where(*waits))
    ids = select(ExpertRequest.community_id).where(*waits).distinct()
    digests = [_next_digest(session, c, now) for c in session.scalars(select(Community).where(Community.id.in_(ids)))]
    return min((moment for moment in [again, *digests] if moment is not None), default=None)


def _next_digest(session: Session, community: Community, now: datetime) -> datetime:
    local = now.astimezone(zone(community.time_zone))
    done = select(ExpertDigest.id).where(ExpertDigest.community_id == community.id, ExpertDigest.day == local.date())
    past = local.time() >= TOO_LATE or session.scalar(done) is not None
    day = local.date() + timedelta(days=1 if past else 0)
    return resolve(datetime.combine(day, MORNING), zone(community.time_zone)).astimezone(UTC)


def _of(community_id: int | None) -> ColumnElement[bool]:
    return true() if community_id is None else ExpertRequest.community_id == community_id
