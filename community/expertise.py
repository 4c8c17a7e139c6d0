"""Who offers to be asked about a competency. Only members themselves offer and withdraw; who leaves Slack drops out.

What competencies there are is the catalogue's to know: callers hand over codes that are in it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community import people
from community.errors import Conflict
from community.expert_records import Expertise
from community.records import Member, Role
from community.rows import insert_new
from community.text import one_line, within

WORDS_LIMIT = 200  # characters
MOST = 25  # competencies that one person offers: more is no help to whoever looks for one


@dataclass(frozen=True)
class Expert:
    """Somebody who offers a competency, with what they say of it themselves."""

    member: Member
    offered: Expertise


def offer(session: Session, member: Member, code: str, now: datetime, *, level: int | None, words: str) -> Expertise:
    """The member may be asked about this competency; again changes level and words.

    Raises NotAllowed for who is not active, Invalid `too_long`, Conflict `expertise_many`.
    """
    people.require(session, member, Role.member)
    said = within(one_line(words), WORDS_LIMIT, "words")
    offered = mine(session, member)
    if len(offered) >= MOST and code not in [one.competency_code for one in offered]:
        raise Conflict("expertise_many", most=MOST)
    values = {"community_id": member.community_id, "member_id": member.id, "competency_code": code}
    insert_new(session, Expertise, **values, level=level, words=said, offered_at=now)
    found = session.scalars(select(Expertise).filter_by(**values).with_for_update()).one()
    found.level, found.words = level, said
    session.flush()
    return found


def withdraw(session: Session, member: Member, code: str) -> bool:
    """The member is not to be asked about it any more; False when they had not offered it."""
    gone = delete(Expertise).where(Expertise.member_id == member.id, Expertise.competency_code == code)
    return session.scalar(gone.returning(Expertise.id)) is not None


def mine(session: Session, member: Member) -> list[Expertise]:
    """What a member offers, first offered first."""
    own = select(Expertise).where(Expertise.member_id == member.id)
    return list(session.scalars(own.order_by(Expertise.offered_at, Expertise.id)))


def who_knows(session: Session, community_id: int, codes: Collection[str]) -> list[Expert]:
    """Active people who offer one of these competencies, each once, the highest level first."""
    if not codes:
        return []
    statement = (
        select(Member, Expertise)
        .join(Expertise, Expertise.member_id == Member.id)
        .where(
            Expertise.community_id == community_id, Expertise.competency_code.in_(codes), Member.active, ~Member.is_bot
        )
    )
    found: dict[int, Expert] = {}
    rows = [Expert(member, offered) for member, offered in session.execute(statement)]
    for expert in sorted(rows, key=lambda one: (-(one.offered.level or 0), one.member.name, one.offered.id)):
        found.setdefault(expert.member.id, expert)
    return list(found.values())
