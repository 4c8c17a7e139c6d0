"""Whatever is typed, pressed or made by hand, people get a sentence that helps, and nothing is lost or half done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete

from community.records import Event
from tests.kit import eventually, texts
from tests.scenario.events_kit import TORONTO, Town, town

__all__ = ["town"]  # the fixture of every test here

MARKUP = "<!channel> <@U0BEN00001> =2+5 & '; DROP TABLE event;-- *b*"


def test_what_cannot_be_is_said_at_the_field_in_the_persons_language_and_nothing_is_lost(town: Town) -> None:
    past = town.now.astimezone(TORONTO) - timedelta(days=1)
    march = [date(past.year + 1, 3, day) for day in range(8, 15)]
    gap_day = next(day for day in march if day.weekday() == 6).isoformat()
    town.olivia.do("shortcut", callback_id="event.create")
    town.olivia.sees_view("event.title_en")
    refused: list[tuple[dict[str, str], str, str]] = [
        ({"day": f"{past:%Y-%m-%d}"}, "day", "This is in the past."),
        ({"day": gap_day, "at": "02:30"}, "at", "There is no 02:30 on that day"),
        ({"capacity": "0"}, "capacity", "Enter from 1 to 10,000"),
        ({"capacity": "1000000"}, "capacity", "Enter from 1 to 10,000"),
        ({"minutes": "0"}, "minutes", "An event lasts from 5 minutes to 7 days"),
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

    # 29 February is a day in a leap year.
    leap = next(
        year for year in range(town.now.year, town.now.year + 5) if year % 4 == 0 and f"{year}-02-29" > f"{town.now:%F}"
    )
    assert town.submit_by_hand(town.olivia, "event.create", good | {"day": f"{leap}-02-29"}) == {}
    assert town.event().local_start == f"{leap}-02-29T09:00"


def test_rules_that_no_form_sends_are_answered_and_plan_nothing(town: Town) -> None:
    town.plan()
    event = town.event()
    of_event = {"event": event.id, "version": event.version}
    chosen: dict[str, Any] = {"rule": "FREQ=SECONDLY", "holidays": None, "on_holiday": "skip", "days_off": []}
    for callback_id, metadata, part in (
        ("series.redo", of_event | chosen, "series"),  # of an event that belongs to none
        ("series.redo", of_event | chosen | {"days_off": ["soon"]}, "soon"),
        ("series.redo", of_event, "rule"),
        ("series.redo", "[]", "rule"),
        ("series.dates", of_event, "series"),
        ("series.repeat", {"series": 10**30, "custom": True}, "series"),
        ("series.preview", "nonsense", "series"),
    ):
        answer = town.submit_by_hand(town.olivia, callback_id, {"rule": "FREQ=SECONDLY", "ends": "never"}, metadata)
        assert answer.get("response_action") == "errors", (callback_id, metadata, answer)
        assert part in str(answer["errors"]).lower(), answer
    for repeats in ("custom", "hourly", "FREQ=SECONDLY"):
        answer = town.submit_by_hand(town.olivia, "event.create", town.fill(repeats=repeats, minutes="60"))
        assert answer.get("response_action") in ("errors", "push"), (repeats, answer)
    assert [one.id for one in town.events()] == [event.id]


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
        assert "Seules les personnes organisatrices ou animatrices" in texts(town.amelie.messages("general")[-1])
    good = town.fill(kind="learning_event", time_zone="America/Toronto", minutes="60")
    for callback_id, metadata in (("event.create", ""), ("event.edit", {"event": event.id, "version": event.version})):
        answer = town.submit_by_hand(town.ben, callback_id, good | {"title_en": "Mine"}, metadata)
        assert "Only organizers can do this." in str(answer["errors"])
    assert [e.title_en for e in town.events()] == ["Plain language"]
    assert town.event().state == "scheduled"


def test_buttons_of_events_that_are_gone_or_never_were_say_so(town: Town) -> None:
    card = town.plan()
    event = town.event()
    town.olivia.click(town.olivia.sees("Plain language* is planned for"), "event.edit")
    town.olivia.sees_view("event.title_en")
    with town.bot.database.begin() as session:
        session.execute(delete(Event).where(Event.id == event.id))
    # The form that was open brings it not back.
    outcome = town.olivia.submit(place="Room 9")
    assert list(outcome["errors"].values()) == [
        "This event is not there any more. `/praxis events` shows those that are."
    ]
    assert town.events() == []
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
