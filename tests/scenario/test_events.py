"""Events as people live them: planned, replied to, full, moved, changed by two at once, called off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from community.records import Event, Reminder, Rsvp
from delivery.records import Outbox
from tests.kit import action_ids, eventually, texts
from tests.scenario.events_kit import GENERAL, TORONTO, Town, town

MARKUP = "<!channel> <@U0BEN00001> =2+5 & '; DROP TABLE event;-- *b*"


__all__ = ["town"]  # the fixture of every test here


def test_an_event_is_planned_fills_up_moves_up_the_waitlist_and_is_moved(town: Town) -> None:
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
    assert "0 place libre." in texts(full)
    town.ben.click(full, "rsvp.going", channel="general")
    town.ben.sees("You are already on the list", "general")

    # Somebody leaves: the seat goes to whoever waited.
    town.amelie.click(card, "rsvp.not_going", channel="general")
    town.amelie.sees("Vous ne participez plus", "general")
    town.francois.sees("Une place s’est libérée : vous participez".replace(" :", "\u00a0:"))
    eventually(
        lambda: "person is on the waitlist." not in texts(town.card(event.id)), what="the card without a waitlist"
    )

    # The organizer moves it: card in place, a message to each of those going, in their language and zone.
    town.olivia.click(confirmation, "event.edit")
    town.olivia.sees_view("event.title_en")
    later = start + timedelta(days=1, hours=1)
    town.olivia.submit(day=f"{later:%Y-%m-%d}", at=f"{later:%H:%M}")
    assert "7:00" in texts(town.ben.sees("*Plain language* was moved."))  # 10:00 in Toronto is 7:00 in Vancouver
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
    assert {name for name, _ in action_ids(listed)} == {"rsvp.going", "rsvp.not_going", "event.open"}
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


def test_what_cannot_be_is_said_at_the_field_in_the_persons_language_and_nothing_is_lost(town: Town) -> None:
    past = town.now.astimezone(TORONTO) - timedelta(days=1)
    march = [date(past.year + 1, 3, day) for day in range(8, 15)]
    gap_day = next(day for day in march if day.weekday() == 6).isoformat()
    town.olivia.do("shortcut", callback_id="event.create")
    town.olivia.sees_view("event.title_en")
    refused: list[tuple[dict[str, str], str, str]] = [
        ({"day": f"{past:%Y-%m-%d}"}, "day", "This is in the past."),
        ({"day": gap_day, "at": "02:30"}, "at", "There is no 02:30 on that day"),
        ({"capacity": "0"}, "capacity", "Enter from 1 to"),
        ({"capacity": "1000000"}, "capacity", "Enter from 1 to"),
        ({"minutes": "0"}, "minutes", "An event lasts from 5 to"),
        ({"title_en": "   "}, "title_en", "This cannot be empty."),
    ]
    for values, field, sentence in refused:
        outcome = town.olivia.submit(**town.fill(capacity="", minutes="60") | values)
        assert outcome["outcome"] == "errors", (values, outcome)
        assert list(outcome["errors"]) == [field]
        assert sentence in outcome["errors"][field]
    assert town.events() == []
    assert town.olivia.submit(**town.fill(capacity="", minutes="60"))["outcome"] == "closed"
    assert len(town.events()) == 1


def test_values_that_no_form_sends_are_answered_at_the_field_in_french_too(town: Town) -> None:
    town.name_organizer(town.amelie)
    good = town.fill(kind="learning_event", time_zone="America/Toronto", minutes="60")
    refused: list[tuple[dict[str, Any], str, str]] = [
        ({"day": "2027-02-29"}, "day", "2027-02-29"),
        ({"day": "soon"}, "day", "soon"),
        ({"at": "25:61"}, "at", "25:61"),
        ({"minutes": "one"}, "minutes", "nombre entier"),
        ({"minutes": "9" * 5000}, "minutes", "nombre entier"),
        ({"capacity": "-1"}, "capacity", "10"),
        ({"time_zone": "../etc/passwd"}, "time_zone", "fuseau"),
        ({"kind": "party"}, "kind", "activité"),
        ({"link": "javascript:alert(1)"}, "link", "https://"),
        ({"title_fr": "é" * 151}, "title_fr", "150"),
        ({"channel": "#general"}, "channel", "canal"),
        ({"channel": "C0NOWHERE1"}, "channel", "canal"),
        ({"day": None}, "day", "vide"),
    ]
    for values, field, part in refused:
        answer = town.submit_by_hand(town.amelie, "event.create", good | values)
        assert answer.get("response_action") == "errors", (values, answer)
        assert list(answer["errors"]) == [field]
        assert part in answer["errors"][field]
    assert town.events() == []


def test_29_february_is_a_day_in_a_leap_year(town: Town) -> None:
    leap = next(
        year for year in range(town.now.year, town.now.year + 5) if year % 4 == 0 and f"{year}-02-29" > f"{town.now:%F}"
    )
    good = town.fill(kind="learning_event", time_zone="America/Toronto", minutes="60", day=f"{leap}-02-29")
    assert town.submit_by_hand(town.olivia, "event.create", good) == {}
    assert town.event().local_start == f"{leap}-02-29T09:00"


def test_text_with_markup_formulas_and_sql_is_kept_as_typed_and_shown_as_text(town: Town) -> None:
    card = town.plan(
        title_en=MARKUP, title_fr=MARKUP, description_en=MARKUP, description_fr=MARKUP, place=MARKUP, capacity="1"
    )
    assert town.event().title_en == MARKUP
    town.ben.click(card, "rsvp.going", channel="general")
    town.ben.sees("You are going to", "general")
    town.amelie.click(card, "rsvp.going", channel="general")
    town.amelie.sees("liste d’attente", "general")
    town.ben.click(card, "event.open", channel="general")
    town.ben.sees_view("rsvp.not_going")
    for call in town.workspace.calls():
        for text in _mrkdwn(call["args"]):
            assert "<!channel>" not in text, call
            assert "<@U0BEN00001>" not in text, call


def _mrkdwn(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") != "plain_text" and isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in _mrkdwn(value)]
    return [text for item in node for text in _mrkdwn(item)] if isinstance(node, list) else []


def test_a_member_can_do_nothing_of_an_organizers_by_a_payload_of_their_own_making(town: Town) -> None:
    town.plan()
    event = town.event()
    for action in ("event.create", "event.edit", "event.cancel", "announcement.write"):
        before = len(town.ben.messages("general"))
        town.press_by_hand(
            town.ben, action, f"{event.id}:{event.version}" if action == "event.cancel" else str(event.id)
        )
        eventually(lambda: len(town.ben.messages("general")) > before, what=action)  # noqa: B023 - used at once
        assert "Only organizers can do this." in texts(town.ben.messages("general")[-1])
    for action in ("event.code", "roster.open"):
        before = len(town.amelie.messages("general"))
        town.press_by_hand(town.amelie, action, str(event.id))
        eventually(lambda: len(town.amelie.messages("general")) > before, what=action)  # noqa: B023 - used at once
        assert event.check_in_code not in texts(town.amelie.messages("general")[-1])
    good = town.fill(kind="learning_event", time_zone="America/Toronto", minutes="60")
    for callback_id, metadata in (("event.create", ""), ("event.edit", {"event": event.id, "version": event.version})):
        answer = town.submit_by_hand(town.ben, callback_id, good | {"title_en": "Mine"}, metadata)
        assert "Only organizers can do this." in str(answer["errors"])
    assert [e.title_en for e in town.events()] == ["Plain language"]
    assert town.event().state == "scheduled"


def test_buttons_of_events_that_are_gone_or_never_were_say_so(town: Town) -> None:
    card = town.plan()
    event = town.event()
    with town.bot.database.begin() as session:
        session.execute(delete(Event).where(Event.id == event.id))
    for action in ("rsvp.going", "rsvp.not_going", "event.open"):
        before = len(town.ben.messages("general"))
        town.ben.click(card, action, channel="general")
        eventually(lambda: len(town.ben.messages("general")) > before, what=action)  # noqa: B023 - used at once
        assert "This event is not there any more." in texts(town.ben.messages("general")[-1])
    for value in ("", "x", "-1", "9" * 40, "1; DROP TABLE event"):
        before = len(town.amelie.messages("general"))
        town.press_by_hand(town.amelie, "checkin.button", value)
        eventually(lambda: len(town.amelie.messages("general")) > before, what=value)  # noqa: B023 - used at once
        assert "Cette activité" in texts(town.amelie.messages("general")[-1])


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


def test_an_event_that_is_deleted_while_its_form_is_open_is_not_brought_back(town: Town) -> None:
    town.plan()
    event = town.event()
    town.olivia.click(town.olivia.sees("Plain language* is planned for"), "event.edit")
    town.olivia.sees_view("event.title_en")
    with town.bot.database.begin() as session:
        session.execute(delete(Event).where(Event.id == event.id))
    outcome = town.olivia.submit(place="Room 9")
    assert list(outcome["errors"].values()) == [
        "This event is not there any more. `/praxis events` shows those that are."
    ]
    assert town.events() == []


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
