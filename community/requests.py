"""Questions that wait for a person's answer: claimed, answered, handed on, declined. Each step is kept.

Who may act on a request: those it was asked of, experts and organizers; never who asked it. A request's row is held
while it changes, so that of two who claim at once one is told who was first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import people
from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.expert_records import ExpertRequest, RequestPerson, RequestState, RequestStep, StepKind
from community.records import Member, Role
from community.rows import HOLD, insert_new
from community.text import clean, within

WAITING = (RequestState.open, RequestState.claimed)
ANSWER_LIMIT = 2500  # characters: it must fit into a message and into an entry


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked personally."""

    member: Member
    row: RequestPerson


@dataclass(frozen=True)
class Case:
    """A request with the people in it; `holder` claimed or answered it, `steps` counts its history."""

    request: ExpertRequest
    asker: Member
    holder: Member | None
    asked: list[Asked]
    steps: int


def open_request(
    session: Session,
    asker: Member,
    question_id: int,
    text: str,
    now: datetime,
    *,
    locale: str,
    asked_in: str | None,
    code: str | None,
    wait: timedelta,
) -> ExpertRequest:
    """A question of the member now waits for a person; it is brought up again after `wait`."""
    request = ExpertRequest(
        community_id=asker.community_id,
        question_id=question_id,
        asker_id=asker.id,
        text=text,
        locale=locale,
        asked_in=asked_in,
        competency_code=code,
        state=RequestState.open,
        due_at=now + wait,
        opened_at=now,
    )
    session.add(request)
    session.flush()
    note(session, request, StepKind.opened, now, asker.id)
    return request


def case(session: Session, request: ExpertRequest) -> Case:
    """The request with everybody in it."""
    rows = (
        select(Member, RequestPerson)
        .join(RequestPerson, RequestPerson.member_id == Member.id)
        .where(RequestPerson.request_id == request.id)
        .order_by(RequestPerson.id)
        .execution_options(populate_existing=True)
    )
    holder = session.get_one(Member, request.holder_id) if request.holder_id else None
    asked = [Asked(member, row) for member, row in session.execute(rows)]
    steps = session.scalar(select(func.count()).where(RequestStep.request_id == request.id)) or 0
    return Case(request, session.get_one(Member, request.asker_id), holder, asked, steps)


def held(session: Session, community_id: int, request_id: int) -> ExpertRequest:
    """The community's request as it is now, held until the transaction ends. Raises NotFound `request_unknown`."""
    request = session.get(ExpertRequest, request_id, with_for_update=HOLD, populate_existing=True)
    if request is None or request.community_id != community_id:
        raise NotFound("request_unknown")
    return request


def for_answer(session: Session, member: Member, request_id: int) -> ExpertRequest:
    """The request, held, when this member may act on it and it waits for an answer.

    Raises NotFound, NotAllowed, and Conflict `request_answered` or `request_claimed` (params: `person`).
    """
    request = held(session, member.community_id, request_id)
    _require(session, request, member)
    if request.state is RequestState.answered:
        raise Conflict("request_answered", person=_name(session, request.holder_id))
    if request.state is RequestState.claimed and request.holder_id != member.id:
        raise Conflict("request_claimed", person=_name(session, request.holder_id))
    return request


def claim(
    session: Session, member: Member, request_id: int, now: datetime, wait: timedelta
) -> tuple[ExpertRequest, bool]:
    """The member will answer; False beside it when they had claimed it already. Raises what `for_answer` raises."""
    request = for_answer(session, member, request_id)
    if request.state is RequestState.claimed:
        return request, False
    ask(session, request, member, now, again=False)
    request.state, request.holder_id, request.closed_at = RequestState.claimed, member.id, None
    request.due_at, request.times_brought_up = now + wait, 0
    note(session, request, StepKind.claimed, now, member.id)
    return request, True


def answer(
    session: Session, member: Member, request_id: int, text_en: str, text_fr: str, now: datetime
) -> ExpertRequest:
    """The member's answer, in one language or both. Raises Invalid `empty`, `too_long`, what `for_answer` raises."""
    request = for_answer(session, member, request_id)
    english = within(clean(text_en), ANSWER_LIMIT, "text_en")
    french = within(clean(text_fr), ANSWER_LIMIT, "text_fr")
    if not english and not french:
        raise Invalid("empty", field=f"text_{request.locale}")
    ask(session, request, member, now, again=False)
    request.answer_en, request.answer_fr = english or None, french or None
    request.holder_id = member.id
    _close(request, RequestState.answered, now)
    note(session, request, StepKind.answered, now, member.id)
    return request


@dataclass(frozen=True)
class Declined:
    """`first`: they had not said so before; `gave_back`: they held it."""

    request: ExpertRequest
    first: bool = True
    gave_back: bool = False


def decline(session: Session, member: Member, request_id: int, now: datetime) -> Declined:
    """It is not for this member; what they held is open again.

    Raises NotFound, NotAllowed, Conflict `request_answered`.
    """
    request = held(session, member.community_id, request_id)
    _require(session, request, member)
    if request.state is RequestState.answered:
        raise Conflict("request_answered", person=_name(session, request.holder_id))
    row = _person(session, request, member, now)
    if row.declined_at is not None:
        return Declined(request, first=False)
    row.declined_at = now
    note(session, request, StepKind.declined, now, member.id)
    gave_back = request.holder_id == member.id
    if gave_back:
        reopen(request)
    session.flush()
    return Declined(request, gave_back=gave_back)


def reassign(
    session: Session, member: Member, request_id: int, to: Member, now: datetime, wait: timedelta
) -> ExpertRequest:
    """Somebody else is to answer, and may from now on. Raises Invalid (field `to`) and what `for_answer` raises."""
    request = for_answer(session, member, request_id)
    if to.community_id != member.community_id:
        raise Invalid("member_unknown", field="to")
    if to.is_bot or not to.active:
        raise Invalid("request_needs_person", field="to")
    if to.id == request.asker_id:
        raise Invalid("request_to_asker", field="to")
    if to.id == member.id:
        raise Invalid("request_to_self", field="to")
    _person(session, request, member, now).declined_at = now
    note(session, request, StepKind.reassigned, now, member.id, to.id)
    ask(session, request, to, now)
    reopen(request)
    request.closed_at, request.due_at, request.times_brought_up = None, now + wait, 0
    session.flush()
    return request


def ask(
    session: Session, request: ExpertRequest, member: Member, now: datetime, *, again: bool = True
) -> RequestPerson:
    """The member is asked personally, so that a card goes to them; not `again` when they have one already."""
    row = _person(session, request, member, now)
    if again or row.turn == 0:
        row.turn += 1
        row.asked_at = now
    row.declined_at = None
    session.flush()
    return row


def drafted(session: Session, member: Member, request_id: int, now: datetime) -> tuple[ExpertRequest, bool]:
    """An entry is to be made from the answer; False beside it when one was. Only for who answered, and organizers.

    Raises NotFound, NotAllowed, Conflict `request_unanswered`.
    """
    request = held(session, member.community_id, request_id)
    people.require(session, member, Role.member)
    if member.id != request.holder_id:
        people.require(session, member, Role.organizer)
    if request.state is not RequestState.answered:
        raise Conflict("request_unanswered")
    if request.draft_slug:
        return request, False
    note(session, request, StepKind.drafted, now, member.id)
    return request, True


def give_up(session: Session, request: ExpertRequest, now: datetime) -> None:
    """Nobody answers it; whoever still can may all the same."""
    _close(request, RequestState.declined, now)
    note(session, request, StepKind.given_up, now)


def reopen(request: ExpertRequest) -> None:
    """Nobody holds it any more."""
    request.state, request.holder_id = RequestState.open, None


def note(
    session: Session,
    request: ExpertRequest,
    kind: StepKind,
    now: datetime,
    member_id: int | None = None,
    other_id: int | None = None,
) -> None:
    """Keep a step of the request's history."""
    session.add(RequestStep(request_id=request.id, kind=kind, member_id=member_id, other_id=other_id, at=now))
    session.flush()


def history(session: Session, request: ExpertRequest) -> list[RequestStep]:
    """What happened to it, first step first."""
    steps = select(RequestStep).where(RequestStep.request_id == request.id)
    return list(session.scalars(steps.order_by(RequestStep.id)))


def _require(session: Session, request: ExpertRequest, member: Member) -> None:
    people.require(session, member, Role.member)
    if member.id == request.asker_id:
        raise NotAllowed("request_own")
    asked = select(RequestPerson.id).where(RequestPerson.request_id == request.id, RequestPerson.member_id == member.id)
    if session.scalar(asked) is None:
        people.require(session, member, Role.expert)


def _person(session: Session, request: ExpertRequest, member: Member, now: datetime) -> RequestPerson:
    ids = {"request_id": request.id, "member_id": member.id}
    insert_new(session, RequestPerson, **ids, turn=0, asked_at=now)
    return session.scalars(select(RequestPerson).filter_by(**ids).execution_options(populate_existing=True)).one()


def _close(request: ExpertRequest, state: RequestState, now: datetime) -> None:
    request.state, request.closed_at, request.due_at = state, now, None


def _name(session: Session, member_id: int | None) -> str:
    return session.get_one(Member, member_id).name if member_id else "?"
