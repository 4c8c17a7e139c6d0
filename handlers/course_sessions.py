"""Sessions of courses: who waits for the next one is told of it, once."""

from __future__ import annotations

import structlog

from community.errors import Invalid
from community.records import Event, Member
from handlers.work import Work
from knowledge.catalogue import watches
from views import courses as view

log = structlog.get_logger("praxis.courses")


def check(w: Work, code: str | None) -> None:
    """Go on only when the course is in the catalogue. Raises Invalid `course_unknown`."""
    if code and code not in w.services.shelf.catalogue(w.session, w.community.id).courses:
        raise Invalid("course_unknown", field="course_code")


def tell_waiting(w: Work, event: Event) -> None:
    """Write to those who wait for a session of the event's course."""
    if not event.course_code:
        return
    told = 0
    for wish in watches.fulfil(w.session, w.community.id, event.course_code, event.id, w.now):
        member = w.session.get_one(Member, wish.member_id)
        if member.active:
            payload = view.planned(event, event.course_code, member.locale, member.time_zone)
            w.message(payload, member=member, key=f"course:watch:{wish.id}:{wish.turn}", subject=f"event:{event.id}")
            told += 1
    log.info("course.told", event_id=event.id, course=event.course_code, people=told)
