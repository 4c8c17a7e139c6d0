"""Seats in the room and online, timed offers, the most of a day, a copy of an event: as people live them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from community import rsvp
from community.records import Reminder, ReminderKind, ReminderState, Reply
from tests.kit import action_ids, eventually, texts
from tests.scenario.events_kit import GENERAL, Town, town_on_each

__all__ = ["town_on_each"]  # the fixture of every test here

MINUTE = timedelta(minutes=1)


def announce(town: Town, text: str, **values: object) -> None:
    """An announcement to every member, confirmed."""
    town.olivia.command("announce")
    town.olivia.sees_view("announcement.text_en")
    town.olivia.submit(text_en=text, text_fr=text, audience="members", **values)
    assert "on its way" in texts(town.olivia.submit()["view"])
    top = town.olivia.view()
    town.olivia.do("close", view_id=top and top["id"])


def test_seats_are_offered_for_a_while_and_a_day_holds_so_many_messages(town_on_each: Town) -> None:
    town = town_on_each
    town.olivia.home()
    town.olivia.click("home", "settings.open")
    town.olivia.sees_view("settings.offer_minutes")
    assert "offer_minutes" in str(town.olivia.submit(offer_minutes="0", cutoff_minutes="60", a_day="1")["errors"])
    assert "are saved" in texts(town.olivia.submit(offer_minutes="30", cutoff_minutes="60", a_day="1")["view"])

    start = town.start(days=1, at="15:00")
    card = town.plan(
        start, hybrid=["hybrid"], capacity="1", online_capacity="1", place="Room 4", link="https://x.org/a"
    )
    event = town.event()
    number = str(event.id)

    def replied(who: str, reply: Reply | None) -> None:
        member = town.member(getattr(town, who))

        def is_so() -> bool:
            with town.bot.database.read() as session:
                return rsvp.mine(session, event.id, member.id) is reply

        eventually(is_so, what=f"{who}: {reply}")

    def press(who: str, action: str, reply: Reply) -> None:
        town.press_by_hand(getattr(town, who), action, number)
        replied(who, reply)

    # The room and the seats online fill up apart from each other.
    assert "1 seat left in the room. 1 seat left online." in texts(card)
    press("ben", "rsvp.going", Reply.going)
    press("amelie", "rsvp.online", Reply.going)
    press("francois", "rsvp.going", Reply.waitlisted)
    press("sam", "rsvp.going", Reply.waitlisted)

    # A seat is kept for the first in line for as long as was chosen; then it is the next one's, and he may say no.
    press("ben", "rsvp.not_going", Reply.not_going)
    offer = town.francois.sees("Une place en salle est libre pour vous")
    assert ("rsvp.going", number) in action_ids(offer)
    assert not [m for m in town.sam.messages() if "A seat in the room is free" in texts(m)]
    town.go_to(town.now + 31 * MINUTE)
    town.francois.sees("est écoulé")
    town.sam.sees("A seat in the room is free for you")
    press("sam", "rsvp.not_going", Reply.not_going)
    replied("francois", Reply.not_going)
    offers = [m for m in town.francois.messages() if "est libre pour vous" in texts(m)]
    assert len(offers) == 1, "nobody is offered a seat again that they let go"
    # Past the cut-off nothing is offered: whoever asks first has the seat.
    press("ben", "rsvp.going", Reply.going)
    press("francois", "rsvp.going", Reply.waitlisted)
    town.go_to(start - 30 * MINUTE)
    press("ben", "rsvp.not_going", Reply.not_going)
    press("sam", "rsvp.going", Reply.going)
    assert len([m for m in town.francois.messages() if "est libre pour vous" in texts(m)]) == 1

    # The reminder of an hour before was this day's one: what organizers write waits, unless everybody must have it.

    def reminded() -> bool:
        with town.bot.database.read() as session:
            mine = (Reminder.event_id == event.id, Reminder.kind == ReminderKind.hour_before)
            return session.scalar(select(Reminder.state).where(*mine)) is ReminderState.done

    eventually(reminded, what="the reminder of an hour before")
    announce(town, "Bring water")
    town.olivia.sees("Later, after quiet hours or on another day: ")
    announce(town, "The lift is closed", mandatory=["mandatory"])
    town.amelie.sees("The lift is closed")
    assert not [m for m in town.amelie.messages() if "Bring water" in texts(m)]
    town.go_to(start + timedelta(days=1, hours=-5))
    town.amelie.sees("Bring water")

    # A copy has all but the day.
    town.olivia.click(town.card(event.id), "event.open", channel="general")
    town.olivia.click(town.olivia.sees_view("event.duplicate")["id"], "event.duplicate")
    form = town.olivia.sees_view("event.title_en")
    assert "Room 4" in str(form)
    assert f"{start:%Y-%m-%d}" not in str(form)
    later = town.start(days=9)
    outcome = town.olivia.submit(day=f"{later:%Y-%m-%d}", channel=GENERAL)
    assert outcome["outcome"] == "closed", outcome
    eventually(lambda: town.event().id != event.id, what="the copy")
    copy = town.event()
    assert (copy.capacity, copy.online_capacity, copy.hybrid, copy.place) == (1, 1, True, "Room 4")
    assert copy.uid != event.uid
