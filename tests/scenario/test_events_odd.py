"""Odd times, odd rules and odd lists: each answered by a sentence in the person's language, nothing half done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from community import cohorts
from community.cohorts import CohortDraft
from community.group_records import Cohort, CohortMember
from community.records import Attendance, Event, EventState
from tests.kit import Person, eventually, texts
from tests.scenario.events_kit import TORONTO, Town, town_on_each

__all__ = ["town_on_each"]  # the fixture of every test here


def second_sunday_of_march(year: int) -> date:
    days = (date(year, 3, number) for number in range(8, 15))
    return next(day for day in days if day.weekday() == 6)


def refused(town: Town, who: Person, callback_id: str, values: dict[str, object], metadata: object = "") -> str:
    """What stands at the field after a submission by hand."""
    answer = town.submit_by_hand(who, callback_id, values, metadata)
    assert answer.get("response_action") == "errors", answer
    return str(answer["errors"])


def told_in(town: Town, who: Person, action_id: str, value: str) -> str:
    """What somebody is told after a press by hand."""
    before = len(who.messages("general"))
    town.press_by_hand(who, action_id, value)
    eventually(lambda: len(who.messages("general")) > before, what=action_id)
    return texts(who.messages("general")[-1])


def test_odd_times_rules_lists_and_payloads_are_answered_in_both_languages(town_on_each: Town) -> None:
    town = town_on_each
    # Nobody checks somebody else in: the payload's own person counts, and the roster is not for members.
    start = town.start(days=2, at="22:00")
    town.plan(start, minutes="180")
    event = town.event()
    assert event.ends_at - event.starts_at == timedelta(hours=3)
    assert event.ends_at.astimezone(TORONTO).date() == start.date() + timedelta(days=1), "across midnight"
    for who, sentence in ((town.ben, "Only organizers and facilitators"), (town.amelie, "Seules les personnes")):
        value = f"{event.id}:{town.member(town.sam).id}:present"
        assert sentence in told_in(town, who, "roster.was_there", value)
    town.go_to(event.starts_at)
    for value in (f"{event.id}:{town.member(town.sam).id}", str(event.id)):
        told_in(town, town.ben, "checkin.button", value)
    with town.bot.database.read() as session:
        there = session.scalars(select(Attendance.member_id).where(Attendance.event_id == event.id)).all()
    assert there == [town.member(town.ben).id]

    # A reply to what is called off while it is pressed.
    town.plan(town.start(days=4))
    gone = town.event()
    town.press_by_hand(town.olivia, "event.cancel", f"{gone.id}:{gone.version}")
    eventually(lambda: town.event().state is EventState.cancelled, what="the cancellation")
    assert "This event is cancelled." in told_in(town, town.ben, "rsvp.going", str(gone.id))
    assert "Cette activité est annulée." in told_in(town, town.amelie, "rsvp.going", str(gone.id))

    # No length, and a time that clocks skip; across the change of clocks three hours are three hours.
    town.name_organizer(town.amelie)
    sunday = second_sunday_of_march(town.now.year + 1)
    good = {**town.fill(), "kind": "learning_event", "time_zone": "America/Toronto", "minutes": "60"}
    for who, length, gap in (
        (town.olivia, "An event lasts from 5 minutes to 7 days", "There is no 02:30 on that day"),
        (town.amelie, "Une activité dure de 5 minutes à 7 jours", "02:30"),
    ):
        assert length in refused(town, who, "event.create", good | {"minutes": "0"})
        assert gap in refused(town, who, "event.create", good | {"day": sunday.isoformat(), "at": "02:30"})
    night = {"day": sunday.isoformat(), "at": "01:00", "minutes": "180"}
    assert town.submit_by_hand(town.amelie, "event.create", good | night) == {}
    across = town.event()
    assert across.starts_at == datetime(sunday.year, 3, sunday.day, 6, tzinfo=UTC)
    assert across.ends_at.astimezone(TORONTO).hour == 5, "the clock shows an hour more"

    # Every second is no series; one without end is planned a year ahead, and goes on by itself.
    town.submit(town.start(days=5), repeats="custom")
    form = town.olivia.sees_view("series.ends")
    for who, sentence in (
        (town.olivia, "Events repeat once a day at most"),
        (town.amelie, "au plus une fois par jour"),
    ):
        values: dict[str, object] = {"rule": "FREQ=SECONDLY", "ends": "never"}
        assert sentence in refused(town, who, "series.repeat", values, form["private_metadata"])
    known = len(town.events())
    town.olivia.submit(rule="FREQ=MONTHLY;BYDAY=1TU", ends="never")
    town.olivia.sees_view("It has no end")
    town.olivia.submit()
    town.olivia.sees("is planned: 1")
    assert 12 <= len(town.events()) - known <= 14

    # A list of a hundred thousand lines of nonsense, with formulas: named by line, nobody is taken in.
    with town.bot.database.begin() as session:
        made = cohorts.create(session, town.member(town.olivia), CohortDraft("A", "A", ""), town.now)
        number = made.id
    nonsense = "person,department\n" + "=HYPERLINK(1),\x00\n<!channel>,x,y\n" * 50_000
    for who, line in ((town.olivia, "holds a formula"), (town.amelie, "contient une formule")):
        answer = town.submit_by_hand(who, "cohort.list", {"text": nonsense}, f"{number}:")
        shown = texts(answer["view"]["blocks"][:3])
        assert line in shown
        assert "<!channel>" not in shown
    with town.bot.database.read() as session:
        assert session.scalar(select(func.count()).select_from(CohortMember)) == 0
        assert session.scalar(select(func.count()).select_from(Cohort)) == 1
        assert session.scalar(select(func.count()).where(Event.id == gone.id)) == 1
