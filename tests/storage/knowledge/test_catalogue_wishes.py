"""Each wish to hear of a course's session is answered once, by the next one; on both engines."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from community import sessions
from community.records import EventKind
from knowledge.catalogue import watches
from knowledge.errors import NotFound
from tests.storage.knowledge.catalogue_kit import take
from tests.town import NOW, Town


def test_wish_is_answered_by_the_next_session_only(town: Town) -> None:
    take(town)
    member = town.person()
    event = town.event(kind=EventKind.course_session, course_code="RM-101")
    with town.database.begin() as session:
        watches.watch(session, town.id, member.id, "RM-101", NOW)
        watches.watch(session, town.id, member.id, "RM-101", NOW)
    with town.database.begin() as session:
        assert watches.watched(session, town.id, member.id) == {"RM-101"}
        assert watches.fulfil(session, town.id, "RM-102", event.id, NOW) == []
        assert [wish.turn for wish in watches.fulfil(session, town.id, "RM-101", event.id, NOW)] == [1]
    with town.database.begin() as session:
        assert watches.fulfil(session, town.id, "RM-101", event.id, NOW) == []
        assert watches.watched(session, town.id, member.id) == frozenset()
        watches.watch(session, town.id, member.id, "RM-101", NOW)
    with town.database.begin() as session:
        assert [wish.turn for wish in watches.fulfil(session, town.id, "RM-101", event.id, NOW)] == [2]


def test_wish_can_be_taken_back_and_needs_a_course_that_is_there(town: Town) -> None:
    take(town)
    member = town.person()
    with town.database.begin() as session:
        watches.watch(session, town.id, member.id, "RM-101", NOW)
        watches.unwatch(session, town.id, member.id, "RM-101")
        assert watches.watched(session, town.id, member.id) == frozenset()
    with town.database.begin() as session, pytest.raises(NotFound, match="course_unknown"):
        watches.watch(session, town.id, member.id, "RM-999", NOW)


def test_two_sessions_planned_at_once_answer_each_wish_once(town: Town) -> None:
    take(town)
    members = town.people(5)
    planned = [town.event(kind=EventKind.course_session, course_code="RM-101") for _ in range(2)]
    with town.database.begin() as session:
        for member in members:
            watches.watch(session, town.id, member.id, "RM-101", NOW)
    ready = threading.Barrier(len(planned))
    told: list[int] = []

    def answer(event_id: int) -> None:
        ready.wait()
        with town.database.begin() as session:
            told.extend(wish.member_id for wish in watches.fulfil(session, town.id, "RM-101", event_id, NOW))

    threads = [threading.Thread(target=answer, args=(event.id,)) for event in planned]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == sorted(member.id for member in members)


def test_next_sessions_leave_out_what_is_past_cancelled_or_of_others(town: Town) -> None:
    start = NOW + timedelta(days=3)
    later = town.event(start + timedelta(days=1), kind=EventKind.course_session, course_code="RM-101")
    sooner = town.event(start, kind=EventKind.course_session, course_code="RM-101")
    town.event(start, kind=EventKind.course_session, course_code="RM-102")
    town.event(start)
    with town.database.read() as session:
        found = sessions.upcoming(session, town.id, ["RM-101"], NOW)
        assert [event.id for event in found] == [sooner.id, later.id]
        assert sessions.upcoming(session, town.id, ["RM-101"], datetime(2027, 1, 1, tzinfo=UTC)) == []
        assert sessions.upcoming(session, town.id, [], NOW) == []
        assert sessions.next_of_each(session, town.id, ["RM-101", "RM-201"], NOW)["RM-101"].id == sooner.id
