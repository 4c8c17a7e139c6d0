"""Events as people live them: planned, replied to, full, moved, changed by two at once, called off."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from community.records import Reminder, Rsvp
from delivery.records import Outbox
from tests.kit import action_ids, eventually, texts
from tests.scenario.events_kit import GENERAL, Town, town, town_on_each

__all__ = ["town", "town_on_each"]  # the fixtures of the tests here


def test_an_event_is_planned_fills_up_moves_up_the_waitlist_and_is_moved(town_on_each: Town) -> None:
    town = town_on_each
    start = town.start(days=10)
    card = town.plan(start, capacity="2", place="Room 4", link="https://example.org/join")
    event = town.event()
    assert texts(card).index("Plain language") < texts(card).index("Langage clair")
    assert "2 seats left." in texts(card)
    assert "2 places libres." in texts(card)
    confirmation = town.olivia.sees("Plain language* is planned for")
    assert ("event.code", str(event.id)) in action_ids(confirmation)

    # Three people, two seats: the third waits.
    town.amelie.click(card, "rsvp.going", channel="general")
    town.amelie.sees("Votre participation à l’activité *Langage clair*", "general")
    town.ben.click(card, "rsvp.going", channel="general")
    town.ben.sees("You are going to *Plain language*", "general")
    town.francois.click(card, "rsvp.going", channel="general")
    town.francois.sees("Vous êtes au rang 1 de la liste d’attente", "general")
    full = town.sam.sees("1 person is on the waitlist.", "general")
    assert full["ts"] == card["ts"]
    assert "Il ne reste plus de place" in texts(full)
    town.ben.click(full, "rsvp.going", channel="general")
    town.ben.sees("You are already on the list", "general")

    # Somebody leaves and says why: the seat is kept for whoever waited, who takes it; organizers read the reason.
    town.amelie.click(card, "rsvp.not_going", channel="general")
    left = town.amelie.sees("Vous ne participez plus", "general")
    town.amelie.click(left, "rsvp.reason", channel="general")
    town.amelie.sees_view("Seules les personnes organisatrices")
    assert town.amelie.submit(reason="En déplacement <!channel>")["outcome"] == "closed"
    offer = town.francois.sees("Une place est libre pour vous")
    assert "de la liste d’attente" not in texts(offer)
    town.francois.click(offer, "rsvp.going")
    town.francois.sees("Votre participation à l’activité *Langage clair*")
    town.olivia.click(confirmation, "event.open")
    town.olivia.click(town.olivia.sees_view("event.replies")["id"], "event.replies")
    assert "En déplacement &lt;!channel&gt;" in texts(town.olivia.sees_view("*Not going:*"))
    top = town.olivia.view()
    town.olivia.do("close", view_id=top and top["id"])
    eventually(
        lambda: "person is on the waitlist." not in texts(town.card(event.id)), what="the card without a waitlist"
    )

    # The organizer moves it: card in place, a message to each of those going, in their language and zone.
    town.olivia.click(confirmation, "event.edit")
    town.olivia.sees_view("event.title_en")
    later = start + timedelta(days=1, hours=1)
    town.olivia.submit(day=f"{later:%Y-%m-%d}", at=f"{later:%H:%M}")
    # 10:00 in Toronto is 8:00 in Vancouver, which keeps its summer time
    assert "8:00" in texts(town.ben.sees("*Plain language* was moved."))
    assert "10 h" in texts(town.francois.sees("L’activité *Langage clair* a été déplacée."))
    town.olivia.sees("is saved. 2 people are told of the change.")
    moved = town.sam.sees("This event was moved", "general")
    assert moved["ts"] == card["ts"]
    assert not [m for m in town.amelie.messages() if "déplacée" in texts(m)]

    # Another place: they hear of it too; another description: they do not.
    town.olivia.click(confirmation, "event.edit")
    town.olivia.sees_view("event.title_en")
    town.olivia.submit(place="Room 5")
    town.ben.sees("The place or the link of *Plain language* has changed.")
    town.olivia.click(confirmation, "event.edit")
    town.olivia.sees_view("Room 5")
    town.olivia.submit(description_en="Bring a page.")
    town.sam.sees("Bring a page.", "general")
    town.olivia.sees("is saved and its card is up to date.")

    # Called off from its details: the card says so, and those going are told.
    town.olivia.click(confirmation, "event.open")
    details = town.olivia.sees_view("event.cancel")
    town.olivia.click(details["id"], "event.cancel")
    town.olivia.sees_view("is cancelled. 2 people are told.")
    town.ben.sees("*Plain language*, planned for")
    town.francois.sees("est annulée")
    gone = town.sam.sees("This event is cancelled.", "general")
    assert gone["ts"] == card["ts"]
    assert action_ids(gone) == [("event.open", str(event.id))]
    town.press_by_hand(town.ben, "rsvp.going", str(event.id))
    town.ben.sees("This event is cancelled. `/praxis events` shows what takes place.", "general")
    with town.bot.database.read() as session:
        assert session.scalar(select(func.count()).where(Rsvp.event_id == event.id)) == 3
        states = session.scalars(select(Reminder.state).where(Reminder.event_id == event.id)).all()
        assert set(states) == {"cancelled"}


def test_the_list_shows_each_person_their_reply_and_is_renewed_in_place(town: Town) -> None:
    town.plan()
    assert town.amelie.command("activités")["response"]["text"] == "Les prochaines activités"
    listed = town.amelie.sees("Vous n’avez pas encore répondu.", "general")
    assert {name for name, _ in action_ids(listed)} == {"rsvp.going", "rsvp.maybe", "rsvp.not_going", "event.open"}
    town.amelie.click(listed, "rsvp.going", channel="general")
    renewed = town.amelie.sees("Vous participez.", "general")
    assert "Votre participation" in texts(renewed)
    eventually(lambda: "1 personne participe." in texts(town.card(town.event().id)))

    town.amelie.click(town.amelie.sees("Vous participez.", "general"), "event.open", channel="general")
    details = town.amelie.sees_view("Langage clair")
    assert "Je ne participe pas" in texts(details)
    town.amelie.click(details["id"], "rsvp.not_going")
    town.amelie.sees_view("Vous ne participez plus")
    town.amelie.do("close", view_id=details["id"])

    offered = {name for name, _ in action_ids(town.olivia.command("events")["response"])}
    assert offered >= {"event.edit", "event.cancel", "roster.open", "event.code", "event.create"}


def test_at_home_an_organizer_creates_an_event_and_a_member_replies(town: Town) -> None:
    town.olivia.home()
    town.olivia.click("home", "event.create")
    town.olivia.sees_view("event.title_en")
    assert town.olivia.submit(**town.fill())["outcome"] == "closed"
    home = town.amelie.home()
    assert "Langage clair" in texts(home)
    town.amelie.click("home", "rsvp.going")
    eventually(lambda: "Vous participez." in texts(town.workspace.get("/people/amelie/home")["view"]))
    assert not [m for m in town.amelie.messages() if "participation" in texts(m)]


def test_two_organizers_editing_at_once(town: Town) -> None:
    town.plan(place="Room 1")
    event = town.event()
    town.name_organizer(town.amelie)
    for who in (town.olivia, town.amelie):
        listed = who.command("events")["response"]
        assert ("event.edit", str(event.id)) in action_ids(listed)
        who.click(who.messages("general")[-1], "event.edit", channel="general")
        who.sees_view("event.title_en")
    assert town.olivia.submit(place="Room 2")["outcome"] == "closed"
    second = town.amelie.submit(place="Salle 3", title_fr="Langue claire")
    assert second["outcome"] == "updated"
    shown = texts(second["view"])
    assert "*Olivia Bennett a modifié cette activité avant vous.*" in shown
    assert "Salle 3" in shown
    assert "Langue claire" in shown
    assert town.event().place == "Room 2"
    # The form now holds the event as it stands: what it submits counts.
    assert town.amelie.submit(place="Salle 3")["outcome"] == "closed"
    assert (town.event().place, town.event().title_fr) == ("Salle 3", "Langage clair")


def test_the_bot_joins_a_channel_it_can_join_and_says_where_it_cannot_post(town: Town) -> None:
    town.olivia.do("shortcut", callback_id="event.create")
    town.olivia.sees_view("event.title_en")
    random = next(
        c["id"] for c in town.workspace.get("/people/olivia/conversations")["conversations"] if c["name"] == "random"
    )
    assert town.olivia.submit(**town.fill(channel=random))["outcome"] == "closed"
    town.olivia.sees("Plain language", "random")
    assert town.workspace.calls("conversations.join")
    with town.bot.database.read() as session:
        failed = session.scalars(select(Outbox.key).where(Outbox.state == "failed")).all()
    assert failed == []


def test_when_slack_opens_no_window_any_more_the_person_is_asked_to_press_again(town: Town) -> None:
    town.plan()
    confirmation = town.olivia.sees("Plain language* is planned for")
    town.workspace.post("/faults", method="views.open", kind="error", error="expired_trigger_id", times=1)
    town.olivia.click(confirmation, "event.edit")
    town.olivia.sees("Please press the button again.")
    town.olivia.click(confirmation, "event.edit")
    town.olivia.sees_view("event.title_en")


def test_zones_are_offered_while_typing(town: Town) -> None:
    town.amelie.do("shortcut", callback_id="event.create")  # a member: refused, and told so
    town.amelie.sees("personnes organisatrices")
    town.olivia.do("shortcut", callback_id="event.create")
    view = town.olivia.sees_view("event.title_en")
    ask = {"action_id": "event.zone", "block_id": "time_zone", "view_id": view["id"]}
    first = town.olivia.do("suggest", value="", **ask)["options"]
    assert first[0]["value"] == "America/Toronto"
    found = town.olivia.do("suggest", value="vancou", **ask)["options"]
    assert [option["value"] for option in found] == ["America/Vancouver"]
    outcome = town.olivia.submit(**town.fill(time_zone="America/Vancouver"))
    assert outcome["outcome"] == "closed"
    assert town.event().time_zone == "America/Vancouver"
    assert town.event().channel == GENERAL
