"""The whole conversation between people and a real Bolt app over Slack's Socket Mode client."""

from __future__ import annotations

import threading
import time
from typing import Any

from slack_sdk.webhook import WebhookClient

from tests.kit import Person, Workspace, eventually
from tests.scenario.workspace.bolt_kit import (
    GENERAL,
    NAME,
    Bot,
    amelie,
    bot,
    button,
    connected,
    modal,
    open_modal,
    section,
    slack,
)
from tests.workspace_kit import refused
from workspace import ids

__all__ = ["amelie", "bot", "connected", "slack"]  # fixtures


def test_direct_message_reaches_the_bot_escaped(bot: Bot, amelie: Person) -> None:
    amelie.say("Is <!channel> & @ben in #general?")
    event = bot.last("message")["event"]
    assert event["channel_type"] == "im"
    assert event["text"] == "Is &lt;!channel&gt; &amp; <@U0BEN00001> in <#C0GENERAL1|general>?"


def test_mention_in_a_channel_is_told_twice_and_in_direct_messages_once(bot: Bot, amelie: Person) -> None:
    amelie.say("@praxis hello", "general")
    mention = bot.last("app_mention")["event"]
    assert (mention["text"], mention["channel"]) == (f"<@{ids.BOT_USER}> hello", GENERAL)
    assert bot.last("message")["event"]["channel_type"] == "channel"
    bot.got.clear()
    amelie.say("@praxis hello")
    bot.last("message")
    assert not [body for body in bot.got if body["event"]["type"] == "app_mention"]


def test_channel_without_the_bot_stays_private(bot: Bot, amelie: Person) -> None:
    amelie.say("@praxis are you here?", "random")
    amelie.say("marker")
    assert bot.last("message")["event"]["text"] == "marker"
    assert len(bot.got) == 1


def test_reply_in_a_thread_names_thread_and_parent(bot: Bot, amelie: Person) -> None:
    top = bot.client.chat_postMessage(channel=GENERAL, text="Top")["ts"]
    amelie.say("Below", "general", thread_ts=top)
    event = eventually(lambda: next((b["event"] for b in bot.got if b["event"].get("text") == "Below"), None))
    assert event is not None
    assert (event["thread_ts"], event["parent_user_id"]) == (top, ids.BOT_USER)


def test_home_opens_and_shows_what_the_bot_publishes(bot: Bot, amelie: Person) -> None:
    view = {"type": "home", "blocks": [section("Bonjour"), {"type": "actions", "elements": [button("rsvp.going")]}]}

    def publish(body: dict[str, Any]) -> None:
        bot.client.views_publish(user_id=body["event"]["user"], view=view)

    bot.on("app_home_opened", publish)
    assert amelie.home()["blocks"][0]["text"]["text"] == "Bonjour"
    assert amelie.home()["id"] == bot.last("app_home_opened")["event"]["view"]["id"]
    amelie.click("home", "rsvp.going")
    press = bot.last("block_actions")
    assert press["container"]["type"] == "view"
    assert press["view"]["type"] == "home"


def test_button_of_a_message_sends_message_and_answers_come_by_response_url(bot: Bot, amelie: Person) -> None:
    blocks = [section("Card"), {"type": "actions", "block_id": "go", "elements": [button("go", value="42")]}]
    ts = bot.client.chat_postMessage(channel=GENERAL, text="Card", blocks=blocks)["ts"]
    amelie.click({"ts": ts}, "go", channel="general")
    press = bot.last("block_actions")
    assert (press["actions"][0]["value"], press["message"]["ts"], press["channel"]["id"]) == ("42", ts, GENERAL)
    hook = WebhookClient(press["response_url"], retry_handlers=[])
    assert hook.send(text="For you", response_type="ephemeral").status_code == 200
    assert amelie.sees("For you", "general")["ephemeral"] is True
    assert hook.send(text="For all", response_type="in_channel").status_code == 200
    assert "ephemeral" not in amelie.sees("For all", "general")
    assert hook.send(text="Replaced", replace_original=True).status_code == 200
    assert amelie.sees("Replaced", "general")["ts"] == ts
    assert hook.send(delete_original=True).status_code == 200
    assert ts not in [message["ts"] for message in amelie.messages("general")]
    assert hook.send(text="Fifth").status_code == 200
    assert hook.send(text="Sixth").status_code == 404


def test_ephemeral_card_is_replaced_and_deleted_by_its_response_url(bot: Bot, amelie: Person) -> None:
    blocks = [{"type": "actions", "elements": [button("share")]}]
    ts = bot.client.chat_postEphemeral(channel=GENERAL, user=amelie.id, text="Only you", blocks=blocks)["message_ts"]
    amelie.click({"ts": ts}, "share", channel="general")
    press = bot.last("block_actions")
    assert press["container"]["is_ephemeral"] is True
    assert "message" not in press
    hook = WebhookClient(press["response_url"], retry_handlers=[])
    hook.send(text="Changed", replace_original=True)
    assert amelie.sees("Changed", "general")["ts"] == ts
    hook.send(delete_original=True)
    assert ts not in [message["ts"] for message in amelie.messages("general")]


def test_trigger_works_once_and_for_three_seconds(bot: Bot, amelie: Person) -> None:
    amelie.command("first")
    trigger = bot.last("command")["trigger_id"]
    assert bot.client.views_open(trigger_id=trigger, view=modal(NAME))["ok"]
    assert refused(lambda: bot.client.views_open(trigger_id=trigger, view=modal(NAME))) == "exchanged_trigger_id"
    bot.got.clear()
    amelie.command("second")
    late = bot.last("command")["trigger_id"]
    assert refused(lambda: bot.client.views_push(trigger_id=late, view=modal(NAME))) == "not_found"
    bot.got.clear()
    amelie.command("third")
    slow = bot.last("command")["trigger_id"]
    time.sleep(3.05)  # Slack's own limit, which the server keeps by real time
    assert refused(lambda: bot.client.views_open(trigger_id=slow, view=modal(NAME))) == "expired_trigger_id"


def test_shortcuts_global_and_on_a_message(bot: Bot, amelie: Person) -> None:
    amelie.do("shortcut", callback_id="event.create")
    assert bot.last("shortcut")["callback_id"] == "event.create"
    ts = amelie.say("What is IMLI?", "general")["ts"]
    amelie.do("shortcut", callback_id="question.ask_about", channel="general", ts=ts)
    shortcut = bot.last("message_action")
    assert (shortcut["message"]["text"], shortcut["message_ts"]) == ("What is IMLI?", ts)
    assert shortcut["response_url"].startswith("http://127.0.0.1:")


def test_people_who_join_change_and_react_are_told_of(bot: Bot, amelie: Person, workspace: Workspace) -> None:
    new = workspace.post("/people", name="nora", real_name="Nora Roy", locale="fr-CA", tz="America/Montreal")
    joined = bot.last("team_join")["event"]["user"]
    assert (joined["id"], joined["locale"]) == (new["id"], "fr-CA")

    def entered(channel: str) -> int:
        events = [body.get("event", {}) for body in bot.got]
        wanted = ("member_joined_channel", new["id"], channel)
        return sum((event.get("type"), event.get("user"), event.get("channel")) == wanted for event in events)

    eventually(lambda: entered(GENERAL) and entered("C0IMCOMMU1"), what="the channels everybody is in")
    workspace.post("/people/nora/profile", tz="America/Vancouver")
    assert bot.last("user_change")["event"]["user"]["tz"] == "America/Vancouver"
    ts = bot.client.chat_postMessage(channel=GENERAL, text="React")["ts"]
    amelie.do("react", channel="general", ts=ts, name="tada")
    reaction = bot.last("reaction_added")["event"]
    assert (reaction["reaction"], reaction["item"]["ts"], reaction["item_user"]) == ("tada", ts, ids.BOT_USER)
    amelie.do("react", channel="general", ts=ts, name="tada")
    assert bot.last("reaction_removed")["event"]["user"] == amelie.id
    workspace.post("/people/nora/leave", channel="im-community")
    assert bot.last("member_left_channel")["event"]["user"] == new["id"]
    workspace.post("/people/nora/join", channel="im-community")
    eventually(lambda: entered("C0IMCOMMU1") == 2, what="that they came back")


def test_handmade_payload_is_sent_in_the_persons_own_name(bot: Bot, amelie: Person) -> None:
    amelie.do(
        "payload",
        payload={
            "type": "block_actions",
            "user": {"id": "U0OLIVIA01"},
            "container": {"type": "message"},
            "actions": [{"type": "button", "action_id": "event.cancel", "block_id": "b", "value": "1"}],
        },
    )
    assert bot.last("block_actions")["user"]["id"] == amelie.id


def test_answer_that_slack_would_refuse_is_refused(bot: Bot, amelie: Person) -> None:
    open_modal(bot, amelie, modal(NAME))
    bot.on("view_submission", lambda _: {"response_action": "errors", "errors": {"nowhere": "x"}})
    answer = amelie.workspace.http.post("/people/amelie/submit", json={})
    assert (answer.status_code, answer.json()["error"]) == (502, "invalid_response")
    bot.on("view_submission", lambda _: {"response_action": "update", "view": {"type": "modal"}})
    assert amelie.workspace.http.post("/people/amelie/submit", json={}).status_code == 502
    bot.on("command", lambda _: {"text": "x" * 40_001})
    assert (
        amelie.workspace.http.post("/people/amelie/command", json={"channel": "general", "command": "/praxis"}).json()[
            "error"
        ]
        == "msg_too_long"
    )


def test_twenty_people_at_once_are_all_heard(bot: Bot, workspace: Workspace) -> None:
    names = [workspace.post("/people", name=f"p{number}")["name"] for number in range(20)]
    bot.got.clear()

    def speak(name: str) -> None:
        workspace.post(f"/people/{name}/say", channel="@praxis", text=name)

    threads = [threading.Thread(target=speak, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heard = eventually(lambda: len([b for b in bot.got if b.get("event", {}).get("type") == "message"]) >= 20)
    assert heard
    assert {body["event"]["text"] for body in bot.got if body["event"]["type"] == "message"} == set(names)
