"""Rules of reminders, quiet hours and corrections as people live them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from community.notice_records import WaitingLetter
from community.records import Reminder, ReminderKind, ReminderState
from delivery.records import Outbox
from tests.kit import action_ids, eventually, texts
from tests.scenario.events_kit import Town, town_on_each

__all__ = ["town_on_each"]  # the fixture of every test here


def test_rules_are_previewed_and_whoever_was_reminded_hears_of_the_change(town_on_each: Town) -> None:
    town = town_on_each
    start = town.start(days=3, at="15:00")
    town.plan(start)
    event = town.event()
    town.amelie.click(town.card(event.id), "rsvp.going", channel="general")
    town.amelie.sees("Votre participation", "general")
    town.ben.click(town.card(event.id), "rsvp.not_going", channel="general")
    town.ben.sees("You are not going", "general")

    # Amélie wants to be left alone when the reminder of the day before would come.
    town.amelie.home()
    town.amelie.click("home", "quiet.open")
    town.amelie.sees_view("quiet.from")
    assert "quiet_until" in town.amelie.submit(quiet_from="14:00", quiet_until="14:00")["errors"]
    assert town.amelie.submit(quiet_from="14:30", quiet_until="16:00")["outcome"] == "closed"
    eventually(lambda: "14:30 à 16:00" in texts(town.workspace.get("/people/amelie/home")["view"]))

    # The organizer changes the rules and sees before saving who gets what and when.
    town.olivia.command("rappels")
    shown = town.olivia.sees("What goes out in the next 7 days", "general")
    assert "1 hour before" in texts(shown)
    town.olivia.click(shown, "reminder.rules", "learning_event", channel="general")
    town.olivia.sees_view("Rules of reminders")
    twice = town.olivia.submit(kinds=["day_before"], number0="1", unit0="days_before")
    assert "This time is chosen already." in twice["errors"]["number0"]
    preview = town.olivia.submit(kinds=["day_before", "hour_after"], number0="36", unit0="hours_before")["view"]
    said = texts(preview)
    assert "36 hours before" in said
    assert "Amélie Gagnon" in said
    assert "in French" in said
    assert "Ben Nakamura" not in said, "he declined"
    assert "reminders of 1 event ahead follow them." in texts(town.olivia.submit()["view"])

    # The day before: those who have not replied at once, Amélie when her quiet hours are over, Ben never.
    town.go_to(start - timedelta(days=1))
    town.sam.sees("A reminder: *Plain language* takes place on")
    assert not [m for m in town.amelie.messages() if "Rappel" in texts(m)]
    assert "1 person is told later." in texts(town.olivia.command("reminders")["response"])
    town.go_to(start - timedelta(days=1) + timedelta(hours=1))
    reminded = town.amelie.sees("Langage clair")
    assert ("rsvp.not_going", str(event.id)) in action_ids(reminded)
    assert not [m for m in town.ben.messages() if "A reminder" in texts(m)]

    # Called off: whoever was reminded hears of it, whether they had replied or not; Ben was not.
    town.olivia.click(town.olivia.sees("Plain language* is planned for"), "event.open")
    town.olivia.click(town.olivia.sees_view("event.cancel")["id"], "event.cancel")
    town.sam.sees("is cancelled.")
    town.amelie.sees("est annulée")
    assert not [m for m in town.ben.messages() if "cancelled" in texts(m)]
    overview = town.olivia.command("reminders")["response"]
    assert "is told later." not in texts(overview), "by now she was"

    # What went and what was missed is told by name.
    with town.bot.database.read() as session:
        rows = session.scalars(select(Reminder).where(Reminder.event_id == event.id).order_by(Reminder.id)).all()
        went = next(row for row in rows if row.kind is ReminderKind.day_before and row.state is ReminderState.done)
    assert ("reminder.people", str(went.id)) in action_ids(overview)
    town.press_by_hand(town.ben, "reminder.people", str(went.id))
    town.ben.sees("Only organizers can do this.", "general")
    listed = town.olivia.sees("What was missed", "general")
    town.olivia.click(listed, "reminder.people", str(went.id), channel="general")
    assert "Sam Whitfield" in texts(town.olivia.sees_view("*Told*:"))
    with town.bot.database.begin() as session:
        session.execute(delete(WaitingLetter))
        session.execute(delete(Outbox).where(Outbox.key.like(f"reminder:{event.id}:day_before:%")))
        session.execute(update(Reminder).where(Reminder.id == went.id).values(state=ReminderState.missed))
    town.olivia.command("reminders")
    listed = town.olivia.sees("were not told.", "general")
    town.olivia.click(listed, "reminder.people", str(went.id), channel="general")
    missed = texts(town.olivia.sees_view("*Not told*, for it came too late:"))
    assert "Amélie Gagnon" in missed
    assert "Ben Nakamura" not in missed
