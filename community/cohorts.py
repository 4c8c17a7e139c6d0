"""Cohorts: people who go through the programme, or meet as a group, together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import invitations, people, text
from community.errors import Conflict, Invalid, NotFound
from community.group_records import Cohort, CohortMember, EventAudience, InvitedBy
from community.records import Event, EventState, Member, Role
from community.rows import HOLD, insert_new

CODE_LIMIT = 32
NAME_LIMIT = 150
_CODE = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class CohortDraft:
    """A cohort as typed; a name in one language serves both."""

    code: str
    name_en: str
    name_fr: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Joined:
    """Who is in now and was not before, and which events each of them is invited to by it."""

    members: list[Member]
    invited: list[tuple[Event, list[Member]]]


def create(session: Session, by: Member, draft: CohortDraft, now: datetime) -> Cohort:
    """Found a cohort. Raises NotAllowed, Invalid with the field, Conflict `cohort_code_taken`."""
    people.require(session, by, Role.organizer)
    values = _checked(draft)
    if not insert_new(session, Cohort, community_id=by.community_id, created_at=now, **values):
        raise Conflict("cohort_code_taken", field="code", taken=values["code"])
    return session.scalars(
        select(Cohort).where(Cohort.community_id == by.community_id, Cohort.code == values["code"])
    ).one()


def change(session: Session, by: Member, cohort_id: int, draft: CohortDraft) -> Cohort:
    """Name it anew. Raises like `create`, and NotFound."""
    people.require(session, by, Role.organizer)
    cohort = _held(session, by.community_id, cohort_id)
    values = _checked(draft)
    same = select(Cohort.id).where(
        Cohort.community_id == by.community_id, Cohort.code == values["code"], Cohort.id != cohort.id
    )
    if session.scalar(same) is not None:
        raise Conflict("cohort_code_taken", field="code", taken=values["code"])
    for name, value in values.items():
        setattr(cohort, name, value)
    session.flush()
    return cohort


def get(session: Session, community_id: int, cohort_id: int) -> Cohort:
    """The community's cohort. Raises NotFound `cohort_unknown`."""
    cohort = session.get(Cohort, cohort_id)
    if cohort is None or cohort.community_id != community_id:
        raise NotFound("cohort_unknown")
    return cohort


def named(session: Session, community_id: int, locale: str) -> list[tuple[int, str]]:
    """All cohorts as (id, title in this language), the newest first."""
    return [(cohort.id, title(cohort, locale)) for cohort, _count in every(session, community_id)]


def every(session: Session, community_id: int) -> list[tuple[Cohort, int]]:
    """All cohorts with how many are in them, the newest first."""
    inside = (
        select(CohortMember.cohort_id, func.count().label("n"))
        .where(CohortMember.left_at.is_(None))
        .group_by(CohortMember.cohort_id)
        .subquery()
    )
    statement = (
        select(Cohort, func.coalesce(inside.c.n, 0))
        .outerjoin(inside, inside.c.cohort_id == Cohort.id)
        .where(Cohort.community_id == community_id)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )
    return [(cohort, count) for cohort, count in session.execute(statement)]


def members(session: Session, cohort: Cohort) -> list[Member]:
    """Who is in it, by name."""
    statement = select(Member).join(CohortMember, CohortMember.member_id == Member.id)
    inside = (CohortMember.cohort_id == cohort.id, CohortMember.left_at.is_(None))
    return list(session.scalars(statement.where(*inside).order_by(Member.name, Member.id)))


def add(session: Session, by: Member, cohort_id: int, newcomers: Iterable[Member], now: datetime) -> Joined:
    """Put people in; they are invited to the events ahead that the cohort is invited to. Bots are left out.

    Raises NotAllowed, NotFound.
    """
    people.require(session, by, Role.organizer)
    cohort = _held(session, by.community_id, cohort_id)
    rows = {
        row.member_id: row for row in session.scalars(select(CohortMember).where(CohortMember.cohort_id == cohort.id))
    }
    joined = []
    for member in newcomers:
        if member.community_id != by.community_id or member.is_bot or not member.active:
            continue
        row = rows.get(member.id)
        if row is None:
            row = rows[member.id] = CohortMember(cohort_id=cohort.id, member_id=member.id, joined_at=now)
            session.add(row)
        elif row.left_at is None:
            continue
        row.joined_at, row.left_at = now, None
        joined.append(member)
    session.flush()
    return Joined(joined, _invite(session, cohort, joined, now) if joined else [])


def remove(session: Session, by: Member, cohort_id: int, leaving: Sequence[Member], now: datetime) -> list[Member]:
    """Let people go; what they were invited to stands, but they are not expected there without a reply any more.

    Raises NotAllowed, NotFound. Returns those who were in it.
    """
    people.require(session, by, Role.organizer)
    cohort = _held(session, by.community_id, cohort_id)
    ids = [member.id for member in leaving]
    rows = session.scalars(
        select(CohortMember).where(
            CohortMember.cohort_id == cohort.id, CohortMember.member_id.in_(ids), CohortMember.left_at.is_(None)
        )
    ).all()
    for row in rows:
        row.left_at = now
    gone = {row.member_id for row in rows}
    for event, _enrolled in _ahead(session, cohort, now):
        invitations.expect_no_more(session, event, gone)
    session.flush()
    return [member for member in leaving if member.id in gone]


def title(cohort: Cohort, locale: str) -> str:
    """The name in this language, else in the other."""
    return (cohort.name_fr or cohort.name_en) if locale == "fr" else (cohort.name_en or cohort.name_fr)


def _invite(session: Session, cohort: Cohort, joined: list[Member], now: datetime) -> list[tuple[Event, list[Member]]]:
    invited = []
    for event, enrolled in _ahead(session, cohort, now):
        new = invitations.add(session, event, joined, InvitedBy.cohort, now, enrolled=enrolled)
        if new:
            invited.append((event, new))
    return invited


def _ahead(session: Session, cohort: Cohort, now: datetime) -> list[tuple[Event, bool]]:
    statement = (
        select(Event, EventAudience.enrolled)
        .join(EventAudience, EventAudience.event_id == Event.id)
        .where(EventAudience.cohort_id == cohort.id, Event.state == EventState.scheduled, Event.starts_at > now)
        .order_by(Event.id)
    )
    return [(event, enrolled) for event, enrolled in session.execute(statement)]


def _held(session: Session, community_id: int, cohort_id: int) -> Cohort:
    cohort = session.get(Cohort, cohort_id, with_for_update=HOLD, populate_existing=True)
    if cohort is None or cohort.community_id != community_id:
        raise NotFound("cohort_unknown")
    return cohort


def _checked(draft: CohortDraft) -> dict[str, object]:
    code = text.required(text.one_line(draft.code), CODE_LIMIT, "code")
    if not _CODE.fullmatch(code):
        raise Invalid("cohort_code_form", field="code")
    name_en, name_fr = (
        text.within(text.one_line(name), NAME_LIMIT, field)
        for name, field in ((draft.name_en, "name_en"), (draft.name_fr, "name_fr"))
    )
    if not name_en and not name_fr:
        raise Invalid("empty", field="name_en")
    if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
        raise Invalid("ends_before_start", field="ends_on")
    return {
        "code": code,
        "name_en": name_en,
        "name_fr": name_fr,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
    }
