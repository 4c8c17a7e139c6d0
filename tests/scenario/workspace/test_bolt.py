"""The whole conversation between people and a real Bolt app over Slack's Socket Mode client."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from tests.kit import Person, Workspace, eventually
from tests.workspace_kit import refused
from workspace import ids, server

GENERAL = "C0GENERAL1"
ANY = re.compile(".*")


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(action_id)} | more


def modal(*blocks: dict[str, Any], callback_id: str = "form", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
    } | more


NAME = {
    "type": "input",
    "block_id": "name",
    "label": plain("Name"),
    "element": {"type": "plain_text_input", "action_id": "name", "initial_value": "Nobody", "max_length": 20},
}
DAY = {
    "type": "input",
    "block_id": "day",
    "label": plain("Day"),
    "optional": True,
    "element": {"type": "datepicker", "action_id": "day"},
}
KIND = {
    "type": "input",
    "block_id": "kind",
    "label": plain("Kind"),
    "element": {
        "type": "static_select",
        "action_id": "kind",
        "options": [{"text": plain("Course"), "value": "course"}, {"text": plain("Talk"), "value": "talk"}],
    },
}
WHO = {
    "type": "input",
    "block_id": "who",
    "label": plain("Who"),
    "optional": True,
    "element": {"type": "external_select", "action_id": "who", "min_query_length": 0},
}
TAGS = {
    "type": "actions",
    "block_id": "tags",
    "elements": [
        {"type": "checkboxes", "action_id": "tags", "options": [{"text": plain("A"), "value": "a"}]},
        {"type": "timepicker", "action_id": "time", "initial_time": "09:00"},
        button("save", value="v1"),
    ],
}


class Bot:
    """A Bolt app that writes down what it gets and answers as the test says."""

    def __init__(self, running: server.Running) -> None:
        self.client = WebClient(running.bot_token, base_url=running.api_url, retry_handlers=[])
        self.app: Any = App(client=self.client, signing_secret=running.signing_secret)
        self.got: list[dict[str, Any]] = []
        self.acks: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {}
        listeners: tuple[Any, ...] = (
            self.app.event,
            self.app.action,
            self.app.view,
            self.app.view_closed,
            self.app.shortcut,
        )
        for listen in listeners:
            listen(ANY)(self.take)
        self.app.command(ANY)(self.take)
        self.app.options(ANY)(self.take)
        self.handler: Any = SocketModeHandler(self.app, running.app_token, ping_interval=1)  # half typed

    def take(self, ack: Any, body: dict[str, Any]) -> None:
        kind = body.get("type", "command")
        kind = body["event"]["type"] if kind == "event_callback" else kind
        decide = self.acks.get(kind)
        answer = decide(body) if decide else None
        ack(**answer) if answer else ack()
        self.got.append(body)

    def last(self, kind: str) -> dict[str, Any]:
        """The newest payload of a kind, waited for."""

        def look() -> list[dict[str, Any]]:
            return [b for b in self.got if kind in (b.get("type", "command"), b.get("event", {}).get("type"))]

        return eventually(look, what=kind)[-1]

    def on(self, kind: str, answer: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
        self.acks[kind] = answer


@pytest.fixture(scope="module")
def slack() -> Iterator[server.Running]:
    running = server.start(limits=False)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def connected(slack: server.Running, workspace: Workspace) -> Iterator[Bot]:
    bot = Bot(slack)
    bot.handler.connect()
    eventually(lambda: workspace.get("/delivery")["connections"], what="the connection")
    yield bot
    bot.handler.client.auto_reconnect_enabled = False
    workspace.post("/faults", kind="socket_cut")  # else the SDK's reading thread sits out ten seconds of select
    bot.handler.close()


@pytest.fixture
def bot(connected: Bot) -> Bot:
    connected.got.clear()
    connected.acks.clear()
    return connected


@pytest.fixture
def amelie(person: Callable[[str], Person]) -> Person:
    return person("amelie")


def open_modal(bot: Bot, who: Person, view: dict[str, Any]) -> dict[str, Any]:
    """A person runs a command, the bot opens a modal for them."""

    def show(body: dict[str, Any]) -> None:
        bot.client.views_open(trigger_id=body["trigger_id"], view=view)

    bot.on("command", show)
    who.command("open")
    found: dict[str, Any] = who.view() or {}
    assert found["type"] == "modal"
    return found


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


def test_modal_carries_what_was_entered_and_what_was_not(bot: Bot, amelie: Person) -> None:
    open_modal(bot, amelie, modal(NAME, DAY, KIND, TAGS, private_metadata="7"))
    outcome = amelie.submit(name="Ada", kind="talk", tags={"tags": ["a"]})
    assert outcome["outcome"] == "closed"
    submitted = bot.last("view_submission")["view"]
    values = submitted["state"]["values"]
    assert values["name"]["name"] == {"type": "plain_text_input", "value": "Ada"}
    assert values["day"]["day"] == {"type": "datepicker", "selected_date": None}
    assert values["kind"]["kind"]["selected_option"] == {"text": plain("Talk"), "value": "talk"}
    assert [option["value"] for option in values["tags"]["tags"]["selected_options"]] == ["a"]
    assert values["tags"]["time"] == {"type": "timepicker", "selected_time": "09:00"}
    assert submitted["private_metadata"] == "7"
    assert amelie.view() is None


def test_incomplete_modal_is_not_submitted_and_says_so_in_the_persons_language(
    bot: Bot, amelie: Person, person: Callable[[str], Person]
) -> None:
    open_modal(bot, amelie, modal(NAME, KIND))
    outcome = amelie.submit(name="x" * 21)
    assert outcome["outcome"] == "errors"
    assert outcome["errors"] == {
        "name": "Entrez au plus 20 caractères.",
        "kind": "Veuillez remplir ce champ obligatoire.",
    }
    assert not [body for body in bot.got if body.get("type") == "view_submission"]
    ben = person("ben")
    open_modal(bot, ben, modal(KIND))
    assert ben.submit()["errors"] == {"kind": "Please complete this required field."}


def test_submission_answers_errors_update_push_and_clear(bot: Bot, amelie: Person) -> None:
    first = open_modal(bot, amelie, modal(NAME))
    bot.on("view_submission", lambda _: {"response_action": "errors", "errors": {"name": "Taken"}})
    assert amelie.submit(name="Ada")["errors"] == {"name": "Taken"}
    bot.on("view_submission", lambda _: {"response_action": "update", "view": modal(NAME, DAY)})
    updated = amelie.submit()
    assert (updated["outcome"], updated["view"]["id"]) == ("updated", first["id"])
    assert updated["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"
    bot.on("view_submission", lambda _: {"response_action": "push", "view": modal(KIND)})
    pushed = amelie.submit()
    assert (pushed["outcome"], pushed["view"]["previous_view_id"]) == ("pushed", first["id"])
    assert pushed["view"]["root_view_id"] == first["id"]
    bot.on("view_submission", lambda _: {"response_action": "clear"})
    assert amelie.submit(kind="talk")["outcome"] == "closed"
    assert amelie.view() is None


def test_press_inside_a_modal_updates_and_pushes_it_with_state(bot: Bot, amelie: Person) -> None:
    view = open_modal(bot, amelie, modal(NAME, TAGS))
    amelie.do("click", view_id=view["id"], action_id="time", value="10:30", values={"name": "Ada"})
    press = bot.last("block_actions")
    assert press["actions"][0]["selected_time"] == "10:30"
    assert press["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"
    newer = bot.client.views_update(view_id=view["id"], hash=press["view"]["hash"], view=modal(NAME, TAGS, DAY))
    assert newer["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"
    stale = refused(lambda: bot.client.views_update(view_id=view["id"], hash=view["hash"], view=modal(NAME)))
    assert stale == "hash_conflict"
    pushed = bot.client.views_push(trigger_id=press["trigger_id"], view=modal(KIND))["view"]
    top = amelie.view()
    assert top is not None
    assert top["id"] == pushed["id"]
    amelie.do("close")
    assert (amelie.view() or {})["id"] == view["id"]


def test_at_most_three_modals_on_top_of_each_other(bot: Bot, amelie: Person) -> None:
    with_button = modal(TAGS)
    open_modal(bot, amelie, with_button)
    for _ in range(2):
        amelie.do("click", action_id="save")
        bot.client.views_push(trigger_id=bot.last("block_actions")["trigger_id"], view=with_button)
        bot.got.clear()
    amelie.do("click", action_id="save")
    trigger = bot.last("block_actions")["trigger_id"]
    assert refused(lambda: bot.client.views_push(trigger_id=trigger, view=with_button)) == "push_limit_reached"
    amelie.do("close", all=True)
    assert amelie.view() is None


def test_closing_is_told_only_where_asked_for(bot: Bot, amelie: Person) -> None:
    open_modal(bot, amelie, modal(NAME))
    amelie.do("close")
    open_modal(bot, amelie, modal(NAME, notify_on_close=True, callback_id="told"))
    amelie.do("close")
    closed = [body for body in bot.got if body.get("type") == "view_closed"]
    assert [body["view"]["callback_id"] for body in closed] == ["told"]
    assert closed[0]["is_cleared"] is False


def test_external_select_asks_the_bot_and_keeps_the_choice(bot: Bot, amelie: Person) -> None:
    view = open_modal(bot, amelie, modal(WHO))
    ada = {"text": plain("Ada"), "value": "u1"}
    bot.on("block_suggestion", lambda _: {"options": [ada]})
    found = amelie.do("suggest", view_id=view["id"], action_id="who", block_id="who", value="a")
    assert found == {"options": [ada]}
    asked = bot.last("block_suggestion")
    assert (asked["value"], asked["action_id"], asked["block_id"]) == ("a", "who", "who")
    amelie.submit(who="u1")
    values = bot.last("view_submission")["view"]["state"]["values"]
    assert values["who"]["who"]["selected_option"] == ada
    open_modal(bot, amelie, modal(WHO))
    bot.on("block_suggestion", lambda _: {"options": [{"text": plain("x" * 76), "value": "u"}]})
    answer = amelie.workspace.http.post("/people/amelie/suggest", json={"action_id": "who", "value": "x"})
    assert (answer.status_code, answer.json()["error"]) == (502, "invalid_options")


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
    assert bot.last("member_joined_channel")["event"]["channel"] == "C0IMCOMMU1"


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
