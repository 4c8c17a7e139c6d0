"""Who waits for the next session of a course. Each wish is answered once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.catalogue.records import Course, CourseWatch
from knowledge.errors import NotFound


def course_id(session: Session, community_id: int, code: str) -> int:
    """The row of a course that is offered. Raises NotFound `course_unknown`."""
    found = session.scalar(
        select(Course.id).where(Course.community_id == community_id, Course.code == code, ~Course.retired)
    )
    if found is None:
        raise NotFound("course_unknown")
    return found


def watch(session: Session, community_id: int, member_id: int, code: str, now: datetime) -> None:
    """The member wants to hear of the course's next session; saying so twice is one wish. Raises NotFound."""
    course = course_id(session, community_id, code)
    insert = sqlite.Insert if session.get_bind().dialect.name == "sqlite" else postgresql.Insert
    new = insert(CourseWatch).values(course_id=course, member_id=member_id, asked_at=now, turn=1)
    session.execute(new.on_conflict_do_nothing(index_elements=["course_id", "member_id"]))
    mine = select(CourseWatch).where(CourseWatch.course_id == course, CourseWatch.member_id == member_id)
    row = session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()
    if row.told_at is not None:
        row.turn, row.told_at, row.event_id, row.asked_at = row.turn + 1, None, None, now
    session.flush()


def unwatch(session: Session, community_id: int, member_id: int, code: str) -> None:
    """The member does not want to hear of it any more. Raises NotFound."""
    course = course_id(session, community_id, code)
    waiting = CourseWatch.told_at.is_(None)
    session.execute(
        delete(CourseWatch).where(CourseWatch.course_id == course, CourseWatch.member_id == member_id, waiting)
    )


def watched(session: Session, community_id: int, member_id: int) -> frozenset[str]:
    """Codes of the courses whose next session the member waits for."""
    waiting = (
        select(Course.code)
        .join(CourseWatch, CourseWatch.course_id == Course.id)
        .where(Course.community_id == community_id, CourseWatch.member_id == member_id, CourseWatch.told_at.is_(None))
    )
    return frozenset(session.scalars(waiting))


def fulfil(session: Session, community_id: int, code: str, event_id: int, now: datetime) -> Sequence[CourseWatch]:
    """The wishes that this session answers, marked as answered: whoever asks next gets none of them."""
    waiting = (
        select(CourseWatch)
        .join(Course, Course.id == CourseWatch.course_id)
        .where(Course.community_id == community_id, Course.code == code, CourseWatch.told_at.is_(None))
        .order_by(CourseWatch.id)
        .with_for_update(of=CourseWatch)
        .execution_options(populate_existing=True)
    )
    found = session.scalars(waiting).all()
    for row in found:
        row.told_at, row.event_id = now, event_id
    session.flush()
    return found
