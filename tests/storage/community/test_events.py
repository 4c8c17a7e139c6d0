"""Planning, moving, changing and cancelling events."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community import events, reminders, rsvp
from community.errors import CommunityError, Conflict, Invalid, NotAllowed, NotFound
from community.records import Event, EventState, Reminder, ReminderKind, ReminderState, Reply, Role
from storage import Database
from tests.town import NOW, Town, draft, fresh

START = NOW + timedelta(days=2, hours=1)


def pending(database: Database, event: Event) -> dict[ReminderKind, datetime]:
    with database.read() as session:
        rows = session.scalars(
            select(Reminder).where(Reminder.event_id == event.id, Reminder.state == ReminderState.pending)
        )
        return {row.kind: row.due_at for row in rows}


def test_event_is_planned_with_its_instant_and_its_reminders(town: Town, database: Database) -> None:
    event = town.event(START, minutes=90)
    assert (event.starts_at, event.ends_at) == (START, START + timedelta(minutes=90))
    assert event.local_start == "2026-11-04T11:00"
    assert pending(database, event) == {
        ReminderKind.day_before: START - timedelta(days=1),
        ReminderKind.hour_before: START - timedelta(hours=1),
        ReminderKind.check_in_opens: START - timedelta(minutes=15),
        ReminderKind.attendance_prompt: START,
        ReminderKind.attendance_nudge: START + timedelta(minutes=10),
        ReminderKind.attendance_close: START + timedelta(minutes=90),
    }


def test_reminders_that_would_be_past_are_not_written(town: Town, database: Database) -> None:
    event = town.event(NOW + timedelta(minutes=10))
    assert set(pending(database, event)) == {
        ReminderKind.attendance_prompt, ReminderKind.attendance_nudge, ReminderKind.attendance_close,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"title_en": " \n "}, "title_en", "empty"),
        ({"title_fr": ""}, "title_fr", "empty"),
        ({"title_en": "x" * 151}, "title_en", "too_long"),
        ({"description_fr": "x" * 40_000}, "description_fr", "too_long"),
        ({"place": "x" * 301}, "place", "too_long"),
        ({"link": "javascript:alert(1)"}, "link", "link_form"),
        ({"capacity": 0}, "capacity", "seats_range"),
        ({"capacity": -1}, "capacity", "seats_range"),
        ({"capacity": 1_000_000}, "capacity", "seats_range"),
        ({"minutes": 0}, "minutes", "minutes_range"),
        ({"minutes": 60 * 24 * 8}, "minutes", "minutes_range"),
        ({"kind": "party"}, "kind", "kind_unknown"),
        ({"channel": "<!channel>"}, "channel", "channel_form"),
        ({"channel": "D0DIRECT"}, "channel", "channel_form"),
        ({"start": NOW - timedelta(minutes=1)}, "at", "in_the_past"),
        ({"start": NOW + timedelta(days=365 * 6)}, "day", "too_far_ahead"),
        ({"start": datetime(2027, 3, 14, 6, tzinfo=UTC), "at": time(2, 30)}, "at", "time_skipped"),
    ],
)
def test_what_cannot_be_planned_is_refused_at_its_field(
    town: Town, database: Database, changes: dict[str, Any], field: str, code: str
) -> None:
    with database.begin() as session, pytest.raises(Invalid) as caught:
        events.plan(session, town.organizer, draft(**changes), NOW)
    assert (caught.value.field, caught.value.code) == (field, code)
    with database.read() as session:
        assert events.upcoming(session, town.id, datetime.min.replace(tzinfo=UTC)) == []


def test_zone_that_does_not_exist_is_refused(town: Town, database: Database) -> None:
    with database.begin() as session, pytest.raises(Invalid) as caught:
        events.plan(session, town.organizer, replace(draft(), time_zone="Moon/Base"), NOW)
    assert caught.value.field == "time_zone"


def test_hostile_text_is_kept_as_typed_and_unstorable_characters_are_not(town: Town) -> None:
    event = town.event(title_en="<!channel> =1+1", description_en="'; DROP TABLE event; --\x00\ud800", place="a\nb")
    assert (event.title_en, event.description_en, event.place) == ("<!channel> =1+1", "'; DROP TABLE event; --", "a b")


def test_only_organizers_plan_change_and_cancel(town: Town, database: Database) -> None:
    event = town.event()
    for member in (town.person(), town.person(role=Role.facilitator)):
        for attempt in (
            lambda s, by: events.plan(s, by, draft(), NOW),
            lambda s, by: events.change(s, by, event.id, event.version, draft(), NOW),
            lambda s, by: events.cancel(s, by, event.id, event.version, NOW),
        ):
            with database.begin() as session, pytest.raises(NotAllowed, match="needs_organizer"):
                attempt(session, member)


def test_event_of_another_community_is_unknown(town: Town, database: Database) -> None:
    foreign = Town(database).event()
    with database.begin() as session:
        attempts: list[Callable[[], Event]] = [
            lambda: events.get(session, town.id, foreign.id),
            lambda: events.cancel(session, town.organizer, foreign.id, foreign.version, NOW),
            lambda: events.get(session, town.id, 2**62),
        ]
        for attempt in attempts:
            with pytest.raises(NotFound, match="event_unknown"):
                attempt()


def test_second_of_two_editors_is_told_and_nothing_is_overwritten(town: Town, database: Database) -> None:
    event, version = town.event(), 1
    other = town.person(role=Role.organizer)
    with database.begin() as session:
        done = events.change(session, town.organizer, event.id, version, draft(title_en="First"), NOW)
        assert done.fields == {"title_en"}
        assert not done.moved
    with database.begin() as session:
        with pytest.raises(Conflict, match="event_changed"):
            events.change(session, other, event.id, version, draft(title_en="Second"), NOW)
        with pytest.raises(Conflict, match="event_changed"):
            events.cancel(session, other, event.id, version, NOW)
        now_there = fresh(session, event)
        assert (now_there.title_en, now_there.updated_by_id) == ("First", town.organizer.id)


def test_two_editors_at_the_same_moment_one_wins(town: Town, database: Database) -> None:
    event = town.event()
    ready, outcomes = threading.Barrier(2), []

    def edit(title: str) -> None:
        ready.wait()
        try:
            with database.begin() as session:
                events.change(session, town.organizer, event.id, 1, draft(title_en=title), NOW)
            outcomes.append(title)
        except CommunityError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=edit, args=(title,)) for title in ("First", "Second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "event_changed" in outcomes
    with database.read() as session:
        assert fresh(session, event).title_en in outcomes


def test_saving_without_a_change_changes_nothing(town: Town, database: Database) -> None:
    event = town.event()
    with database.begin() as session:
        done = events.change(session, town.organizer, event.id, event.version, draft(), NOW)
    assert (done.fields, done.moved, done.offered, done.event.version) == (frozenset(), False, [], 1)


def test_moved_event_reminds_anew_in_local_time(town: Town, database: Database) -> None:
    event = town.event(START)
    later = START + timedelta(days=3)
    with database.begin() as session:
        done = events.change(session, town.organizer, event.id, event.version, draft(later), NOW)
    assert done.moved
    assert {"local_start", "starts_at", "ends_at"} <= done.fields
    assert done.event.revision == 1
    assert pending(database, event)[ReminderKind.day_before] == later - timedelta(days=1)
    of_event = select(Reminder).where(Reminder.event_id == event.id)
    with database.read() as session:
        states = [(r.occurrence, r.state) for r in session.scalars(of_event.order_by(Reminder.id))]
    assert states == [(0, ReminderState.cancelled)] * 6 + [(1, ReminderState.pending)] * 6


def test_change_of_zone_alone_moves_the_instant(town: Town, database: Database) -> None:
    event = town.event(START)
    same_clock = draft(START)
    with database.begin() as session:
        done = events.change(
            session, town.organizer, event.id, event.version, replace(same_clock, time_zone="America/Halifax"), NOW
        )
    assert done.moved
    assert done.event.starts_at == START - timedelta(hours=1)


def test_small_move_does_not_remind_twice_of_what_was_said(town: Town, database: Database) -> None:
    event = town.event(START)
    soon = START - timedelta(minutes=30)  # both early reminders went out
    with database.begin() as session:
        for reminder in [r for r in reminders.due(session, soon, 1000) if r.event_id == event.id]:
            reminders.settle(session, reminder, ReminderState.done, soon)
        events.change(session, town.organizer, event.id, event.version, draft(START + timedelta(minutes=10)), soon)
    assert set(pending(database, event)) == {
        ReminderKind.check_in_opens, ReminderKind.attendance_prompt, ReminderKind.attendance_nudge,
        ReminderKind.attendance_close,
    }  # fmt: skip


def test_reminder_that_was_due_but_not_yet_sent_survives_a_small_move(town: Town, database: Database) -> None:
    event = town.event(START)
    moment = START - timedelta(minutes=59)  # the hour's reminder is due, the clock has not looked yet
    with database.begin() as session:
        events.change(session, town.organizer, event.id, event.version, draft(START, minutes=120), moment)
    assert pending(database, event)[ReminderKind.hour_before] == START - timedelta(hours=1)


def test_once_begun_the_time_stays_and_words_may_change(town: Town, database: Database) -> None:
    event = town.event(START)
    with database.begin() as session:
        done = events.change(session, town.organizer, event.id, 1, draft(START, place="Room 2"), START)
        assert done.fields == {"place"}
        for late, field in ((draft(START, minutes=90), "minutes"), (draft(START + timedelta(days=1)), "day")):
            with pytest.raises(Invalid, match="event_begun") as caught:
                events.change(session, town.organizer, event.id, 2, late, START)
            assert caught.value.field == field


def test_cancelled_event_keeps_its_record_and_sends_nothing(town: Town, database: Database) -> None:
    event = town.event(START)
    with database.begin() as session:
        events.cancel(session, town.organizer, event.id, event.version, NOW)
    assert pending(database, event) == {}
    with database.begin() as session:
        assert fresh(session, event).state is EventState.cancelled
        assert events.upcoming(session, town.id, NOW) == []
        for attempt in (
            lambda: events.change(session, town.organizer, event.id, 2, draft(), NOW),
            lambda: events.cancel(session, town.organizer, event.id, 2, NOW),
        ):
            with pytest.raises(Invalid, match="event_cancelled"):
                attempt()


def test_event_that_is_over_cannot_be_cancelled(town: Town, database: Database) -> None:
    event = town.event(START)
    with database.begin() as session, pytest.raises(Invalid, match="event_over"):
        events.cancel(session, town.organizer, event.id, event.version, event.ends_at)


def test_more_seats_are_offered_to_the_waitlist_and_fewer_take_none_away(town: Town, database: Database) -> None:
    event = town.event(START, capacity=1)
    crowd = town.people(4)
    with database.begin() as session:
        for member in crowd:
            rsvp.respond(session, member, event.id, Reply.going, NOW)
        more = events.change(session, town.organizer, event.id, 1, draft(START, capacity=3), NOW)
        assert [m.id for m in more.offered] == [m.id for m in crowd[1:3]]
        fewer = events.change(session, town.organizer, event.id, 2, draft(START, capacity=1), NOW)
        assert fewer.offered == []
        for member in crowd[1:3]:
            assert rsvp.respond(session, member, event.id, Reply.going, NOW).reply is Reply.going, "it was offered"
        assert rsvp.standing(session, fewer.event) == rsvp.Standing(3, 1, 0)
        unlimited = events.change(session, town.organizer, event.id, 3, draft(START, capacity=None), NOW)
        assert [m.id for m in unlimited.offered] == [m.id for m in crowd[3:]]


def test_upcoming_are_the_next_ones_first_running_ones_included(town: Town, database: Database) -> None:
    second, first, third = (town.event(NOW + timedelta(hours=h)) for h in (48, 24, 72))
    with database.read() as session:
        assert [e.id for e in events.upcoming(session, town.id, NOW)] == [first.id, second.id, third.id]
        during = first.starts_at + timedelta(minutes=30)
        assert [e.id for e in events.upcoming(session, town.id, during, limit=1)] == [first.id]
        assert [e.id for e in events.upcoming(session, town.id, first.ends_at)] == [second.id, third.id]


def test_title_falls_back_to_the_other_language(town: Town) -> None:
    event = town.event(description_fr="")
    assert events.title(event, "fr") == "Langage clair"
    assert events.description(event, "fr") == "Bring a page of your own."
    assert events.description(event, "en") == "Bring a page of your own."
