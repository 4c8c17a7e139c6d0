"""What Slack sends, read: what it is, by which key it is known again, who did it where, and what was asked."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from slack_bolt import BoltResponse

from handlers import asking, commands
from handlers.acks import PromptAck
from handlers.payloads import Place, key_of, kind_of, number_of, place_of, pressed, value_of, waits
from handlers.profiles import profile_of
from handlers.services import Services
from views import answers

EVENT = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event": {"type": "message", "channel": "C1", "user": "U1", "text": "hi", "ts": "2.0", "thread_ts": "1.0"},
}
COMMAND = {"command": "/praxis", "text": "help", "user_id": "U1", "channel_id": "C1", "trigger_id": "T1"}
CLICK: dict[str, Any] = {
    "type": "block_actions",
    "trigger_id": "T2",
    "user": {"id": "U1"},
    "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "3.0", "thread_ts": "1.0", "is_ephemeral": False},
    "actions": [{"action_id": "a", "action_ts": "4.0", "value": "7"}],
}
SUBMISSION = {
    "type": "view_submission",
    "trigger_id": "T3",
    "user": {"id": "U1"},
    "view": {"id": "V1", "hash": "h", "type": "modal"},
}
CLOSED = {"type": "view_closed", "user": {"id": "U1"}, "view": {"id": "V1", "hash": "h"}}


@pytest.mark.parametrize(
    ("body", "kind", "place"),
    [
        (EVENT, "event:message", Place("U1", "C1", "1.0", "2.0")),
        (COMMAND, "command", Place("U1", "C1")),
        (CLICK, "block_actions", Place("U1", "C1", "1.0", "3.0", "message")),
        (
            CLICK | {"container": {"type": "message", "channel_id": "C2", "is_ephemeral": True}, "channel": None},
            "block_actions",
            Place("U1", "C2", None, None, "ephemeral"),
        ),
        (SUBMISSION, "view_submission", Place("U1", container="view")),
        (
            {"type": "message_action", "user": {"id": "U1"}, "channel": {"id": "C1"}, "message": {"ts": "5.0"}},
            "message_action",
            Place("U1", "C1", None, "5.0", "message"),
        ),
        (
            {"type": "event_callback", "event": {"type": "user_change", "user": {"id": "U9"}}},
            "event:user_change",
            Place("U9"),
        ),
        ({"type": "block_actions"}, "block_actions", Place(None)),
    ],
)
def test_what_who_and_where(body: dict[str, Any], kind: str, place: Place) -> None:
    assert kind_of(body) == kind
    assert place_of(body) == place


@pytest.mark.parametrize(
    ("body", "waiting"),
    [
        (EVENT, True),
        (EVENT | {"event": {"type": "app_mention", "user": "U1"}}, True),
        (EVENT | {"event": {"type": "app_home_opened", "user": "U1"}}, True),
        (COMMAND, True),
        (CLICK, True),
        (SUBMISSION, True),
        (EVENT | {"event": {"type": "user_change", "user": {"id": "U1"}}}, False),
        (EVENT | {"event": {"type": "team_join", "user": {"id": "U1"}}}, False),
        (EVENT | {"event": {"type": "member_left_channel", "user": "U1"}}, False),
    ],
)
def test_only_who_did_something_waits_for_an_answer(body: dict[str, Any], waiting: bool) -> None:
    assert waits(body) is waiting


@pytest.mark.parametrize("body", [EVENT, COMMAND, CLICK, SUBMISSION, CLOSED])
def test_what_is_sent_again_has_the_same_key(body: dict[str, Any]) -> None:
    again = dict(body) | {"retry_attempt": 1} if "trigger_id" in body or "event_id" in body else dict(body)
    key = key_of(body)
    assert key
    assert key == key_of(again)
    assert len(key) <= 120


def test_different_acts_have_different_keys() -> None:
    other_press = CLICK | {"actions": [{"action_id": "a", "action_ts": "4.1"}]}
    bodies: list[dict[str, Any]] = [
        EVENT,
        COMMAND,
        CLICK,
        other_press,
        SUBMISSION,
        SUBMISSION | {"trigger_id": "T4"},
        CLOSED,
    ]
    assert len({key_of(body) for body in bodies}) == len(bodies)
    long = CLICK | {"actions": [{"action_id": "x" * 250, "action_ts": "1"}]}
    longer = CLICK | {"actions": [{"action_id": "x" * 251, "action_ts": "1"}]}
    assert key_of(long) != key_of(longer)


@pytest.mark.parametrize("kind", ["block_suggestion", "url_verification", "ssl_check"])
def test_what_has_no_effect_has_no_key(kind: str) -> None:
    assert key_of({"type": kind, "trigger_id": "T"}) is None


@pytest.mark.parametrize(
    ("action", "value", "number"),
    [
        ({"value": "12"}, "12", 12),
        ({"selected_option": {"value": "3"}}, "3", 3),
        ({"selected_user": "U1"}, "U1", 0),
        ({"value": "-1"}, "-1", 0),
        ({"value": "１２"}, "１２", 0),
        ({"value": "9" * 40}, "9" * 40, 0),
        ({"value": "1; DROP TABLE event"}, "1; DROP TABLE event", 0),
        ({}, "", 0),
    ],
)
def test_value_of_a_press_is_a_row_or_none(action: dict[str, Any], value: str, number: int) -> None:
    assert value_of(action) == value
    assert number_of(action) == number


@pytest.mark.parametrize("actions", [None, [], ["x"], "x"])
def test_press_without_an_element_is_empty(actions: object) -> None:
    assert pressed({"actions": actions}) == {}


def test_acknowledgement_wakes_the_dispatcher_at_once_and_the_first_one_stands() -> None:
    ack = PromptAck()
    assert not ack.given
    listener = threading.Timer(0.05, lambda: ack("first"))
    listener.start()
    began = time.monotonic()
    response = ack.response
    assert time.monotonic() - began < 1
    assert response is not None
    assert response.body == "first"
    ack("second")
    ack.response = None
    response.status = 500
    assert ack.response is not None
    assert (ack.response.status, ack.response.body) == (200, "first")
    listener.join()


def test_reading_the_acknowledgement_in_a_listener_does_not_wait() -> None:
    ack = PromptAck()
    seen: list[BoltResponse | None] = []
    listener = threading.Thread(target=lambda: seen.append(ack.response))
    listener.start()
    listener.join(1)
    assert seen == [None]


def test_what_nobody_acknowledges_is_acknowledged_bare_before_slack_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.acks.DEADLINE_S", 0.05)
    ack = PromptAck()
    response = ack.response
    assert response is not None
    assert (response.status, response.body) == (200, "")
    ack("too late")
    assert ack.response is not None
    assert ack.response.body == ""


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("What is a cohort?", asking.Read("What is a cohort?")),
        ("<@U1> what is <#C1|general> &amp; <https://a.example|this>?", asking.Read("what is general & this?")),
        ("see <https://a.example>  now", asking.Read("see https://a.example now")),
        ("a &lt;b&gt;", asking.Read("a <b>")),
        ("", asking.Read(refusal=answers.EMPTY)),
        (None, asking.Read(refusal=answers.EMPTY)),
        ("<@U1>  ", asking.Read(refusal=answers.EMPTY)),
        (":tada: :+1:", asking.Read(refusal=answers.NO_WORDS)),
        ("🎉🎉", asking.Read(refusal=answers.NO_WORDS)),
        ("x" * 2001, asking.Read(refusal=answers.TOO_LONG)),
        ("x" * 40_000, asking.Read(refusal=answers.TOO_LONG)),
        ("\x00\x01PNG\x02\x03", asking.Read(refusal=answers.UNREADABLE)),
        ("����abc", asking.Read(refusal=answers.UNREADABLE)),
        ("Merci beaucoup!", asking.Read(refusal=answers.WELCOME)),
        ("Aide", asking.Read(wants_help=True)),
        ("Allô !", asking.Read(wants_help=True)),
        ("Good morning!", asking.Read(wants_help=True)),
        ("?", asking.Read(wants_help=True)),
    ],
)
def test_question_is_read_as_it_was_meant(typed: str | None, read: asking.Read) -> None:
    assert asking.read(typed) == read


def test_file_without_words_is_told_apart_from_nothing() -> None:
    assert asking.read("", files=True).refusal == answers.ONLY_FILES
    assert asking.read("What is in this?", files=True).text == "What is in this?"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("", "help"),
        ("AIDE", "help"),
        ("activités", "events"),
        ("activites", "events"),
        ("Présence", "checkin"),
        ("annoncer", "announce"),
        ("demander", "ask"),
        ("rapport", "report"),
        ("evnets", "evnets"),
    ],
)
def test_words_of_both_languages_name_the_sub_commands(word: str, name: str) -> None:
    assert commands.named(word) == name


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("evnets", "events"),
        ("actvités", "events"),
        ("hlep", "help"),
        ("check", "checkin"),
        ("xyzzy", None),
        ("chifres", "figures"),
    ],
)
def test_nearest_sub_command_is_suggested(word: str, near: str | None) -> None:
    assert commands.nearest(word) == near


def test_profile_is_what_slack_says_and_no_more() -> None:
    profile = profile_of({"id": "U1", "name": "amelie", "profile": {"real_name": "", "email": ""}, "tz": None})
    assert (profile.name, profile.email, profile.time_zone, profile.locale) == ("amelie", None, None, None)
    full = profile_of(
        {"id": "U1", "profile": {"real_name": "A G", "email": "a@x"}, "tz": "America/Toronto", "locale": "fr-CA",
         "is_owner": True, "deleted": True}
    )  # fmt: skip
    assert (full.name, full.email, full.locale, full.is_admin, full.deleted) == ("A G", "a@x", "fr-CA", True, True)
    assert profile_of({"id": "USLACKBOT"}).is_bot


def test_languages_seen_lately_are_remembered_within_bounds() -> None:
    services = Services.__new__(Services)
    services.locales, services.default_locale = {}, "en"
    for number in range(10_050):
        services.remember_locale(f"U{number}", "fr")
    assert len(services.locales) == 10_000
    assert services.locale_of("U10049") == "fr"
    assert services.locale_of("U0") == "en"
    assert services.locale_of(None) == "en"
