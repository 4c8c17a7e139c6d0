"""Files for calendar programs, read by another library than the one that writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from vobject.icalendar import __tzidMap as registered

from community import calendars
from community.records import Event, EventState
from reports import calendars as files
from tests.unit.views_people import HOSTILE, START, an_event

UID = "6f1f2a52-8d3c-4a7e-9a64-0d6c5c0f3f0e"
HOUR = timedelta(hours=1)


def read(content: bytes) -> Any:
    registered.clear()  # or a file would be read by the zones of the one before
    registered["UTC"] = UTC
    return vobject.readOne(content.decode("utf-8"))


def event(start: datetime = START, minutes: int = 90, **changes: object) -> Event:
    return an_event(
        **{"uid": UID, "starts_at": start, "ends_at": start + timedelta(minutes=minutes), "minutes": minutes} | changes
    )


@pytest.mark.parametrize(("locale", "title"), [("en", "Plain language & you"), ("fr", "Le langage clair et vous")])
def test_another_program_reads_the_event_as_it_is(locale: str, title: str) -> None:
    calendar = read(files.single(event(), "Town", locale))
    shown = calendar.vevent
    assert (calendar.method.value, shown.status.value, shown.uid.value) == ("PUBLISH", "CONFIRMED", UID)
    assert shown.sequence.value == "2"
    assert shown.summary.value == title
    assert shown.location.value == "Room 2, 5th floor"
    assert "https://example.org/join?a=1&b=2" in shown.description.value
    assert (shown.dtstart.value, shown.dtend.value) == (START, START + timedelta(minutes=90))
    assert shown.dtstart.value.strftime("%H:%M") == "09:00"


@pytest.mark.parametrize(
    ("zone", "start", "minutes"),
    [
        ("America/Toronto", datetime(2027, 3, 14, 6, 30, tzinfo=UTC), 120),  # while clocks go ahead
        ("America/Toronto", datetime(2027, 11, 7, 4, 30, tzinfo=UTC), 180),  # while they go back
        ("America/Vancouver", datetime(2027, 3, 15, 6, 0, tzinfo=UTC), 120),  # across midnight
        ("America/Toronto", datetime(2027, 12, 31, 23, 0, tzinfo=UTC), 7 * 24 * 60),  # across a year
        ("America/St_Johns", datetime(2027, 7, 1, 3, 0, tzinfo=UTC), 5),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 14, 0, tzinfo=UTC), 240),
        ("UTC", datetime(2027, 7, 1, 23, 30, tzinfo=UTC), 60),
    ],
)
def test_instants_are_the_same_to_who_knows_only_the_files_own_zone(zone: str, start: datetime, minutes: int) -> None:
    content = files.single(event(start, minutes, time_zone=zone), "Town", "en")
    assert (b"BEGIN:VTIMEZONE" in content) == (zone != "UTC")
    shown = read(content).vevent
    assert shown.dtstart.value.astimezone(UTC) == start
    assert shown.dtend.value.astimezone(UTC) == start + timedelta(minutes=minutes)


def test_an_update_and_a_cancellation_name_the_same_event_with_a_higher_number() -> None:
    first = read(files.single(event(), "Town", "en")).vevent
    moved = read(files.single(event(START + HOUR, version=4), "Town", "en")).vevent
    calendar = read(files.single(event(version=5, state=EventState.cancelled), "Town", "en"))
    assert first.uid.value == moved.uid.value == calendar.vevent.uid.value == UID
    assert int(first.sequence.value) < int(moved.sequence.value) < int(calendar.vevent.sequence.value)
    assert (calendar.method.value, calendar.vevent.status.value) == ("CANCEL", "CANCELLED")


def test_what_was_typed_stays_text() -> None:
    nasty = f"{HOSTILE}\r\nEND:VEVENT\nBEGIN:VEVENT\nATTENDEE:mailto:x@example.org;,\\ é\U0001f600"
    made = event(title_en=nasty, description_en=nasty, place=nasty)
    calendar = read(files.single(made, 'Town "of"\r\nX-EVIL:1', "en"))
    assert len(calendar.vevent_list) == 1
    assert not hasattr(calendar.vevent, "attendee")
    assert not hasattr(calendar.vevent, "x_evil")
    assert calendar.vevent.summary.value.replace("\r", "") == nasty.replace("\r", "")


def test_a_feed_holds_all_events_each_with_its_zone_and_certainty() -> None:
    some = [
        (event(uid="a"), True),
        (event(START + 24 * HOUR, uid="b", time_zone="America/Vancouver"), False),
        (event(START + 48 * HOUR, uid="c", state=EventState.cancelled), True),
    ]
    calendar = read(files.feed(some, "Town", "en"))
    assert [one.uid.value for one in calendar.vevent_list] == ["a", "b", "c"]
    assert [one.status.value for one in calendar.vevent_list] == ["CONFIRMED", "TENTATIVE", "CANCELLED"]
    assert {zone.tzid.value for zone in calendar.vtimezone_list} == {"America/Toronto", "America/Vancouver"}
    assert calendar.x_wr_calname.value == "Town"
    assert b"VEVENT" not in files.feed([], "Town", "fr")


def test_a_copy_is_out_of_date_exactly_when_a_calendar_would_show_something_else() -> None:
    same = calendars.digest(event())
    assert calendars.digest(event(version=9, capacity=3, late_after_minutes=5)) == same
    for change in ({"place": "x"}, {"title_fr": "x"}, {"minutes": 5}, {"local_start": "2026-12-02T09:00"}):
        assert calendars.digest(event(**change)) != same
    assert calendars.digest(event(state=EventState.cancelled)) != same
    assert calendars.digest(event(state=EventState.closed)) == same


def test_a_communitys_name_stays_one_line() -> None:
    name = "Town\r=5\nATTENDEE:mailto:x@example.org\x00"
    for content in (files.single(event(), name, "en"), files.feed([(event(), True)], name, "en")):
        calendar = read(content)
        assert [child.name for child in calendar.vevent.getChildren() if child.name == "ATTENDEE"] == []
        assert calendar.vevent.organizer.params["CN"] == ["Town =5 ATTENDEE:mailto:x@example.org"]
