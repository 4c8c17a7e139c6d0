"""A series as people live it: planned with its holidays shown, replied to, moved from one date on, called off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import vobject

from community import rsvp
from community.records import Event, EventState, Reply
from tests.kit import eventually, texts
from tests.scenario.events_kit import TORONTO, Town, town_on_each

__all__ = ["town_on_each"]  # the fixture of every test here


def friday(town: Town) -> datetime:
    """The Friday after next, at nine."""
    today = town.now.astimezone(TORONTO).date()
    day = next(d for n in range(8, 15) if (d := today + timedelta(days=n)).weekday() == 4)
    return datetime(day.year, day.month, day.day, 9, tzinfo=TORONTO)


def calendar_of(town: Town, message: dict[str, Any]) -> Any:
    """The file that came with a message, as another program reads it."""
    url = message["files"][0]["url_private"]
    return vobject.readOne(town.workspace.http.get(url).text)


def goes(town: Town, *rows: Event) -> bool:
    """Whether Ben's reply to each of these is written down."""
    with town.bot.database.read() as session:
        ben = town.member(town.ben)
        return all(rsvp.mine(session, row.id, ben.id) is Reply.going for row in rows)


def begin(town: Town, start: datetime, **values: Any) -> dict[str, Any]:
    outcome = town.submit(start, **{"repeats": "weekly"} | values)
    assert outcome["outcome"] != "errors", outcome
    return town.olivia.sees_view("series.ends")


def test_a_series_is_previewed_planned_moved_from_one_date_on_and_called_off(town_on_each: Town) -> None:
    town = town_on_each
    start = friday(town)
    off = (start + timedelta(days=14)).date()
    # What cannot be is said at its field; nothing is planned before the organizer has seen the dates.
    begin(town, start, place="Room 4")
    refused = town.olivia.submit(ends="until", until=f"{start - timedelta(days=30):%Y-%m-%d}")
    assert "would end before it begins" in str(refused)
    town.olivia.submit(ends="count", count="5", on_holiday="after", days_off=off.isoformat())
    preview = town.olivia.sees_view("series.rework")
    monday = (off + timedelta(days=3)).strftime("%B %-d, %Y")
    assert f"{monday}, 9:00" in texts(preview)
    assert "in place of" in texts(preview)
    assert "a day off of the community" in texts(preview)
    assert town.events() == []
    town.olivia.click(preview["id"], "series.rework")
    town.olivia.sees_view("series.ends")
    town.olivia.submit(ends="count", count="4", days_off=off.isoformat(), on_holiday="skip")
    town.olivia.sees_view("is left out")
    town.olivia.submit()
    planned = town.olivia.sees("is planned: 3 events so far")

    # The first date has its card; the others wait for theirs.
    rows = town.events()
    town.look()
    card = eventually(lambda: town.card(rows[0].id), what="the card")
    assert "Room 4" in texts(card)
    assert town.card(rows[2].id) == {}
    for row in rows:
        town.press_by_hand(town.ben, "rsvp.going", str(row.id))
    town.ben.sees("You are going to *Plain language*", "general")
    eventually(lambda: goes(town, *rows), what="Ben's replies")
    assert "add to calendar" in texts(card).lower()
    town.press_by_hand(town.ben, "event.calendar", str(rows[1].id))
    before = calendar_of(town, town.ben.sees("open the file, and it is in your calendar"))

    # From the second date on it moves to another day and hour: Ben is told once, of both.
    town.olivia.click(planned, "series.open")
    page = town.olivia.sees_view("Every week on Friday")
    town.olivia.click(page["id"], "event.open", str(rows[1].id))
    details = town.olivia.sees_view("series.open")
    town.olivia.click(details["id"], "event.edit", str(rows[1].id))
    town.olivia.sees_view("event.scope")
    later = start + timedelta(days=8, hours=1)
    town.olivia.submit(scope="following", day=f"{later:%Y-%m-%d}", at="10:00")
    told = texts(town.ben.sees("2 dates of *Plain language* that you signed up for have changed."))
    assert told.count("is now") == 2
    assert [row.local_start[11:] for row in town.events()] == ["09:00", *["10:00"] * 3], "Saturday is no day off"
    town.olivia.sees("2 dates have changed. 1 new date is planned. 1 person is told.")

    # Whoever has it in their calendar gets a new file: the same event, newer.
    town.look()
    after = calendar_of(town, town.ben.sees("has changed: open the file"))
    assert after.vevent.uid.value == before.vevent.uid.value
    assert int(after.vevent.sequence.value) > int(before.vevent.sequence.value)
    assert after.vevent.dtstart.value - before.vevent.dtstart.value == timedelta(days=1, hours=1)

    # It goes every two weeks, for three dates more: what this comes to is shown before it is done.
    town.press_by_hand(town.ben, "rsvp.going", str(town.event().id))
    eventually(lambda: goes(town, town.event()), what="Ben's reply to the new one")
    town.olivia.command("events")
    listed = town.olivia.sees("All dates", "general")
    town.olivia.click(listed, "series.open", str(town.event().series_id), channel="general")
    town.olivia.click(town.olivia.sees_view("series.dates")["id"], "series.dates")
    town.olivia.sees_view("series.repeats")
    assert "would end before it begins" in str(town.olivia.submit(ends="until", until=f"{start:%Y-%m-%d}"))
    town.olivia.submit(repeats="biweekly", ends="count", count="3")
    outcome = town.olivia.sees_view("series.dates_again")
    assert "2 dates stay, with their replies." in texts(outcome)
    assert "1 date is planned in addition." in texts(outcome)
    assert "*1 date is cancelled*, and everybody concerned is told:" in texts(outcome)
    town.olivia.click(outcome["id"], "series.dates_again")
    assert "Every two weeks" in texts(town.olivia.sees_view("series.repeats"))
    town.olivia.submit()
    town.olivia.sees_view("1 date is cancelled")
    assert town.olivia.submit()["outcome"] == "closed"
    town.olivia.sees("1 date is cancelled. 1 new date is planned. 1 person is told.")
    told = texts(town.ben.sees("1 date of *Plain language* that you signed up for has changed."))
    assert "is cancelled." in told
    states = [row.state for row in town.events()]
    assert states.count(EventState.cancelled) == 1

    # A copy of one starts a form with all but the day.
    town.press_by_hand(town.olivia, "event.duplicate", str(rows[0].id))

    # The rest is called off: those concerned hear of it once, and no card comes for what does not take place.
    town.ben.click(town.ben.sees("2 dates of *Plain language*"), "series.open")
    assert "series.cancel" not in str(town.ben.sees_view("Every week on Saturday"))
    town.olivia.click(planned, "series.open")
    new = town.events()[1]
    town.press_by_hand(town.olivia, "series.cancel", f"{new.id}:{new.version}")
    town.ben.sees("is cancelled.")
    town.look()
    assert calendar_of(town, town.ben.sees("it leaves your calendar")).method.value == "CANCEL"
    states = [row.state for row in town.events()]
    assert states == [EventState.scheduled, *[EventState.cancelled] * 4]
    town.go_to(start + timedelta(days=7))
    town.look()
    eventually(lambda: all(row.card_at is None for row in town.events()[:4]), what="nothing waiting to be shown")
    assert town.card(rows[2].id) == {}
