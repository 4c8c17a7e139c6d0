"""Events as people see them, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from community.records import Event, EventState, Reply, Seat, Status
from community.rsvp import Answer, Standing
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.views_people import CODE, HOSTILE, NOW, READERS, START, Reader, an_event
from views import codes, event_details, event_form, event_news, events
from views.event_details import Seen
from views.i18n import translator

ROOM = Standing(going=3, waitlisted=0, seats_left=9)
FULL = Standing(going=12, waitlisted=2, seats_left=0)
LAST = Standing(going=11, waitlisted=0, seats_left=1)

DAY_BEFORE = START - timedelta(days=1)

CARDS = {
    "planned": (an_event(), ROOM, NOW),
    "full": (an_event(), FULL, NOW),
    "hybrid": (
        an_event(hybrid=True, online_capacity=30),
        Standing(going=15, waitlisted=1, seats_left=0, maybe=2, online=3, online_left=27),
        NOW,
    ),
    "without_limit": (an_event(capacity=None, place="", link=None, minutes=60), Standing(1, 0, None), NOW),
    "moved": (an_event(revision=1), ROOM, NOW),
    "cancelled": (an_event(state=EventState.cancelled), ROOM, NOW),
    "check_in_open": (an_event(), ROOM, START - timedelta(minutes=15)),
    "running": (an_event(), ROOM, START + timedelta(minutes=1)),
    "over": (an_event(state=EventState.closed), ROOM, START + timedelta(hours=2)),
}


@pytest.mark.parametrize("name", CARDS)
def test_card_of_an_event(name: str) -> None:
    event, standing, now = CARDS[name]
    looks_as_before(f"events/card_{name}", events.card(event, standing, now))


def test_card_says_the_same_thing_once_when_both_languages_have_it() -> None:
    event = an_event(title_fr="Plain language & you", description_fr="")
    shown = texts(events.card(event, ROOM, NOW)["blocks"])
    assert shown.count("Plain language") == 1
    assert shown.count("Bring a page") == 1


def test_card_takes_replies_until_the_start_and_check_ins_until_the_end() -> None:
    def buttons(now: Any, **changes: object) -> list[str]:
        return [name for name, _ in action_ids(events.card(an_event(**changes), ROOM, now))]

    replies = ["rsvp.going", "rsvp.maybe", "rsvp.not_going", "event.calendar", "event.open"]
    both = ["checkin.button", "checkin.enter", "rsvp.going", "rsvp.maybe", "rsvp.not_going"]
    minute = timedelta(minutes=1)
    assert buttons(START - 16 * minute) == replies
    assert buttons(START - 15 * minute)[:5] == both
    running = ["checkin.button", "checkin.enter", "event.calendar", "event.open"]
    assert buttons(START) == running
    assert buttons(START + 89 * minute) == running
    assert buttons(START, link=None) == ["checkin.enter", "event.calendar", "event.open"], (
        "who has to be in the room shows it"
    )
    assert buttons(START + 90 * minute) == ["event.open"]
    assert buttons(NOW, state=EventState.cancelled) == ["event.open"]


def test_french_counts_nought_and_one_as_singular() -> None:
    def said(going: int, left: int, waiting: int) -> str:
        return events.seats(an_event(), Standing(going, waiting, left), translator("fr"), NOW)

    assert said(0, 0, 1) == (
        "Personne ne s’est encore inscrit. "
        "Il ne reste plus de place\N{NO-BREAK SPACE}: toute nouvelle inscription s’ajoute à la liste d’attente. "
        "1 personne est sur la liste d’attente."
    )
    assert said(1, 1, 0) == "1 personne participe. 1 place libre."
    assert said(2, 2, 2) == "2 personnes participent. 2 places libres. 2 personnes sont sur la liste d’attente."


def test_english_counts_one_as_singular() -> None:
    assert events.seats(an_event(), LAST, translator("en"), NOW) == "11 people are going. 1 seat left."


def test_seats_are_spoken_of_until_the_start_and_nothing_of_them_once_it_is_over() -> None:
    def counted(now: Any, **changes: object) -> str:
        return texts(events.card(an_event(**changes), FULL, now)["blocks"])

    assert "No seat is left" in counted(NOW)
    assert "waitlist" not in counted(START)
    assert "12 people are going." in counted(START)
    for over in (counted(START + timedelta(minutes=90)), counted(NOW, state=EventState.cancelled)):
        assert "going" not in over.replace("Not going", "").replace("Going", "")
        assert "waitlist" not in over


def test_who_did_not_reply_in_time_is_not_told_yet() -> None:
    def mine(now: Any) -> str:
        return texts(event_details.details(READERS["en"], Seen(an_event(), ROOM, None), now)["blocks"])

    assert "You have not replied yet." in mine(NOW)
    assert "You did not reply." in mine(START)


@pytest.mark.parametrize(
    ("minutes", "english", "french"),
    [
        (5, "5 minutes", "5 minutes"),
        (60, "1 hour", "1 heure"),
        (95, "1 h 35 min", "1\xa0h\xa035\xa0min"),
        (125, "2 h 05 min", "2\xa0h\xa005\xa0min"),
        (180, "3 hours", "3 heures"),
    ],
)
def test_length_in_words(minutes: int, english: str, french: str) -> None:
    assert events.length(minutes, translator("en")) == english
    assert events.length(minutes, translator("fr")) == french


def _details(reader: Reader, event: Event, **changes: Any) -> dict[str, Any]:
    seen = Seen(event, FULL, Reply.waitlisted)
    return event_details.details(reader, Seen(**(seen.__dict__ | changes)), NOW)


def _listing(reader: Reader, event: Event, **changes: Any) -> dict[str, Any]:
    seen = [Seen(event, ROOM, Reply.going, **changes), Seen(an_event(id=8, revision=1), FULL, None, **changes)]
    return event_details.listing(reader, seen, NOW, may_create=bool(changes))


def _answer(reply: Reply, position: int | None = None) -> Answer:
    return Answer(an_event(), reply, position, [])


RENDERED: dict[str, Callable[[Reader, Event], dict[str, Any]]] = {
    "details_member": _details,
    "details_offered": lambda reader, event: _details(reader, event, offer_ends_at=DAY_BEFORE),
    "reason": lambda reader, event: event_news.reason_form(reader, event, "On the road"),
    "details_organizer": lambda reader, event: _details(reader, event, may_run=True, may_change=True),
    "list_member": _listing,
    "list_organizer": lambda reader, event: _listing(reader, event, may_run=True, may_change=True),
    "list_empty": lambda reader, _event: event_details.listing(reader, [], NOW, may_create=False),
    "code": lambda reader, event: codes.showing(reader, event, CODE, "https://praxis.example.org/code/x"),
    "code_form": lambda reader, event: codes.enter_form(reader, event),
    "form_empty": lambda reader, _event: event_form.create_form(
        reader.locale, event_form.Filled(time_zone=reader.time_zone, channel="C0EVENTS")
    ),
    "form_edit": lambda reader, event: event_form.edit_form(reader.locale, event),
    "form_conflict": lambda reader, event: event_form.edit_form(
        reader.locale,
        event,
        event_form.changed_meanwhile(reader.locale, "Amélie Côté"),
        {"title_en": "Clear language", "minutes": "90", "kind": "course_session", "place": None},
    ),
    "planned": lambda reader, event: event_news.planned(reader, event),
    "offered": lambda reader, event: event_news.offered(reader, event, Seat.room, NOW),
    "lapsed": lambda reader, event: event_news.lapsed(reader, event),
    "moved": lambda reader, event: event_news.moved(
        reader, event, START - timedelta(days=1), 90, {"starts_at", "place"}
    ),
    "lengthened": lambda reader, event: event_news.moved(reader, event, START, 60, {"minutes", "ends_at"}),
    "relocated": lambda reader, event: event_news.relocated(reader, event),
    "cancelled": lambda reader, event: event_news.cancelled(reader, event),
}


@pytest.mark.parametrize("locale", READERS)
@pytest.mark.parametrize("name", RENDERED)
def test_what_one_person_sees(name: str, locale: str) -> None:
    looks_as_before(f"events/{name}.{locale}", RENDERED[name](READERS[locale], an_event()))


@pytest.mark.parametrize("locale", READERS)
def test_sentences_after_a_click(locale: str) -> None:
    reader = READERS[locale]
    said = [
        event_news.replied(reader, _answer(Reply.going), None),
        event_news.replied(reader, _answer(Reply.going), Reply.going),
        event_news.replied(reader, _answer(Reply.waitlisted, 2), None),
        event_news.replied(reader, Answer(an_event(), Reply.waitlisted, 1, offer_ends_at=START), None),
        event_news.replied(reader, Answer(an_event(hybrid=True), Reply.going), None),
        event_news.replied(reader, Answer(an_event(hybrid=True), Reply.going, seat=Seat.online), None),
        event_news.replied(reader, _answer(Reply.maybe), None),
        event_news.replied(reader, _answer(Reply.maybe), Reply.going),
        event_news.replied(reader, _answer(Reply.not_going), None),
        event_news.replied(reader, _answer(Reply.not_going), Reply.going),
        event_news.replied(reader, _answer(Reply.not_going), Reply.waitlisted),
        event_news.saved(reader, an_event(), 0, changed=False),
        event_news.saved(reader, an_event(), 0, changed=True),
        event_news.saved(reader, an_event(), 1, changed=True),
        event_news.called_off(reader, an_event(), 2),
    ]
    assert len(set(said)) == len(said)
    looks_as_before(f"events/sentences.{locale}", {"said": said})


def test_whoever_has_checked_in_is_not_asked_to_again() -> None:
    during = START + timedelta(minutes=5)
    seen = Seen(an_event(), ROOM, Reply.going, attended=Status.late)
    view = event_details.details(READERS["fr"], seen, during)
    assert "Feuille de présence : Retard." in texts(view).replace("\u00a0", " ")
    assert "checkin.button" not in dict(action_ids(view))


def test_a_member_is_offered_nothing_of_an_organizers() -> None:
    shown = {
        name
        for name, _ in action_ids(_details(READERS["en"], an_event())) + action_ids(_listing(READERS["en"], an_event()))
    }
    assert shown == {"rsvp.going", "rsvp.maybe", "rsvp.not_going", "event.calendar", "event.open", "material.open"}


def test_a_facilitator_runs_the_event_but_does_not_change_it() -> None:
    shown = {name for name, _ in action_ids(_details(READERS["en"], an_event(), may_run=True))}
    assert shown == {
        "rsvp.going",
        "rsvp.maybe",
        "rsvp.not_going",
        "event.calendar",
        "material.open",
        "roster.open",
        "event.code",
    }


@pytest.mark.parametrize("name", [*RENDERED, "card"])
def test_what_was_typed_comes_alive_nowhere(name: str) -> None:
    event = an_event(**dict.fromkeys(("title_en", "title_fr", "description_en", "description_fr", "place"), HOSTILE))
    shown = events.card(event, ROOM, NOW) if name == "card" else RENDERED[name](READERS["fr"], event)
    for node in _mrkdwn(shown):
        assert "<!channel>" not in node
        assert "<@U1" not in node
        assert "|Slack>" not in node
    json.dumps(shown)


def _mrkdwn(node: Any) -> list[str]:
    """Every text in which Slack looks for markup, top-level texts included."""
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") != "plain_text" and isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in _mrkdwn(value)]
    return [text for item in node for text in _mrkdwn(item)] if isinstance(node, list) else []


def test_a_long_description_is_whole_in_the_details_and_short_on_the_card() -> None:
    words = "é&<> " * 580
    event = an_event(description_en=words, description_fr=words)
    card = events.card(event, ROOM, NOW)
    looks = event_details.details(READERS["en"], Seen(event, ROOM, None), NOW)
    assert texts(looks).count("é&amp;&lt;&gt;") == 580
    assert texts(card).count("é&amp;&lt;&gt;") < 200
