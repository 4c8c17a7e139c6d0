"""Whom a request is asked of: who offered the competency, then the experts' channel, then experts and organizers.

Each call goes one circle further: those asked already are not asked anew, so that it can be called again when nobody of
them answers. Who left Slack is passed over, and what they held is open again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from community import expertise, people, requests
from community.expert_records import ExpertRequest, RequestPerson, RequestState, StepKind
from community.records import Member, Role

ASKED_AT_ONCE = 3  # where everybody is asked, nobody answers


@dataclass(frozen=True)
class Route:
    """Who was asked now: people, or the experts' channel; neither when nobody is left."""

    people: Sequence[Member] = ()
    channel: str | None = None

    def __bool__(self) -> bool:
        return bool(self.people) or self.channel is not None


def route(
    session: Session,
    request: ExpertRequest,
    circles: Sequence[Collection[str]],
    channel: str | None,
    now: datetime,
) -> Route:
    """Ask those next in line; `circles` are codes of competencies, what is meant first. The row must be held."""
    asked = select(RequestPerson.member_id).where(RequestPerson.request_id == request.id)
    passed_over = {request.asker_id, *session.scalars(asked)}
    for codes in circles:
        experts = [expert.member for expert in expertise.who_knows(session, request.community_id, codes)]
        if chosen := _ask(session, request, [m for m in experts if m.id not in passed_over], now):
            return Route(chosen)
    if channel and request.channel is None:
        request.channel, request.channel_turn = channel, 1
        requests.note(session, request, StepKind.asked_channel, now)
        return Route(channel=channel)
    for role in (Role.expert, Role.organizer):
        named = [m for m in people.with_role(session, request.community_id, role) if m.id not in passed_over]
        if chosen := _ask(session, request, named, now):
            return Route(chosen)
    return Route()


def undecided(session: Session, request: ExpertRequest) -> list[Member]:
    """Active people who were asked and have not said that it is not for them."""
    rows = (
        select(Member)
        .join(RequestPerson, RequestPerson.member_id == Member.id)
        .where(RequestPerson.request_id == request.id, RequestPerson.declined_at.is_(None), Member.active)
    )
    return list(session.scalars(rows.order_by(RequestPerson.id)))


def remind(session: Session, request: ExpertRequest, now: datetime) -> None:
    """Ask those anew who were asked and may still answer, and the channel."""
    for member in undecided(session, request):
        requests.ask(session, request, member, now)
    request.channel_turn += 1 if request.channel else 0
    session.flush()


def is_stuck(session: Session, request: ExpertRequest) -> bool:
    """Whether it is open and nobody who was asked may still take it."""
    return request.state is RequestState.open and request.channel is None and not undecided(session, request)


def with_departed(session: Session, community_id: int | None, limit: int = 100) -> list[tuple[int, int]]:
    """Waiting requests (community, id) in which somebody has left Slack: who asked, who holds it, or who was asked."""
    gone = select(Member.id).where(~Member.active)
    asked = select(RequestPerson.request_id).where(
        RequestPerson.declined_at.is_(None), RequestPerson.member_id.in_(gone)
    )
    statement = (
        select(ExpertRequest.community_id, ExpertRequest.id)
        .where(
            ExpertRequest.state.in_(requests.WAITING),
            or_(ExpertRequest.asker_id.in_(gone), ExpertRequest.holder_id.in_(gone), ExpertRequest.id.in_(asked)),
        )
        .order_by(ExpertRequest.id)
        .limit(limit)
    )
    if community_id is not None:
        statement = statement.where(ExpertRequest.community_id == community_id)
    return [(community, request_id) for community, request_id in session.execute(statement)]


def drop_departed(session: Session, request: ExpertRequest, now: datetime) -> bool:
    """Who left Slack is not asked any more, and what they held is open; says whether there was somebody.

    When it is the asker who left, nobody waits any more. The row must be held.
    """
    if request.state not in requests.WAITING:
        return False
    if not session.get_one(Member, request.asker_id).active:
        requests.note(session, request, StepKind.left, now, request.asker_id)
        requests.reopen(request)
        requests.give_up(session, request, now)
        return True
    rows = session.scalars(
        select(RequestPerson)
        .join(Member, Member.id == RequestPerson.member_id)
        .where(RequestPerson.request_id == request.id, RequestPerson.declined_at.is_(None), ~Member.active)
    ).all()
    for row in rows:
        row.declined_at = now
        requests.note(session, request, StepKind.left, now, row.member_id)
    left_holding = request.holder_id is not None and not session.get_one(Member, request.holder_id).active
    if left_holding:
        requests.reopen(request)
    session.flush()
    return bool(rows) or left_holding


def _ask(session: Session, request: ExpertRequest, candidates: Sequence[Member], now: datetime) -> list[Member]:
    """Ask the few among these who have least to answer, in the order given."""
    busy = _busy(session, [member.id for member in candidates])
    chosen = sorted(candidates, key=lambda member: busy.get(member.id, 0))[:ASKED_AT_ONCE]
    for member in chosen:
        requests.ask(session, request, member, now)
        requests.note(session, request, StepKind.asked, now, other_id=member.id)
    return chosen


def _busy(session: Session, members: Sequence[int]) -> dict[int, int]:
    """How many requests wait for each of these people."""
    statement = (
        select(RequestPerson.member_id, func.count())
        .join(ExpertRequest, ExpertRequest.id == RequestPerson.request_id)
        .where(
            RequestPerson.member_id.in_(members),
            RequestPerson.declined_at.is_(None),
            ExpertRequest.state.in_(requests.WAITING),
            or_(ExpertRequest.holder_id.is_(None), ExpertRequest.holder_id == RequestPerson.member_id),
        )
        .group_by(RequestPerson.member_id)
    )
    found: dict[int, int] = dict(session.execute(statement).all())
    return found
