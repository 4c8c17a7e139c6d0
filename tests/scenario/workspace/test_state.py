"""A workspace that is kept in a file: after a stop, a kill or a move to another port it is what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from tests.kit import Workspace
from tests.scenario.workspace.keeping import Start, file, start
from tests.workspace_kit import Call, Socket
from workspace import server

__all__ = ["file", "start"]  # fixtures


def slack(running: server.Running) -> WebClient:
    return WebClient(running.bot_token, base_url=running.api_url)


def test_everything_is_there_again_after_a_stop(start: Start) -> None:
    first = start()
    people, bot = Workspace(first.url), slack(first)
    asked = people.post("/people/amelie/say", channel="general", text="Où est-ce? @praxis <b>")
    root = bot.chat_postMessage(channel="C0GENERAL1", text="card", blocks=[{"type": "divider"}],
                                metadata={"event_type": "k", "event_payload": {"key": "1"}})  # fmt: skip
    reply = people.post("/people/ben/say", channel="general", text="in the thread", thread_ts=root["ts"])
    bot.chat_postMessage(channel="C0GENERAL1", text="for all", thread_ts=root["ts"], reply_broadcast=True)
    people.post("/people/sam/react", channel="general", ts=asked["ts"], name="tada")
    bot.chat_postEphemeral(channel="C0GENERAL1", user="U0SAM00001", text="only Sam")
    gone = bot.chat_postMessage(channel="C0GENERAL1", text="taken back")
    bot.chat_delete(channel="C0GENERAL1", ts=gone["ts"])
    bot.views_publish(user_id="U0SAM00001", view={"type": "home", "blocks": [{"type": "divider"}]})
    people.post("/people", name="zoe", real_name="Zoé Roy", locale="fr-CA", tz="America/Halifax")
    people.post("/people/ben/profile", locale="fr-CA", is_admin=True)
    people.post("/people/ben/leave", channel="random")
    people.http.post("/people/sam/upload", params={"name": "plan.txt"}, content=b"the plan")
    people.advance(advance_seconds=86_400)
    before = _everything(people)
    people.http.close()
    first.stop()

    people = Workspace(start().url)
    after = _everything(people)
    people.http.close()
    assert after == before
    said = {m["text"]: m for m in after["sam in general"]}
    assert set(said) >= {"only Sam", "card", "for all"}
    assert "taken back" not in said
    assert said["card"]["reply_count"] == 2
    assert reply["ts"] in {m["ts"] for m in after["thread"]}
    assert said[asked["text"]]["reactions"] == [{"name": "tada", "users": ["U0SAM00001"], "count": 1}]
    assert after["people"][-1]["name"] == "zoe"


def _everything(people: Workspace) -> dict[str, Any]:
    """What people see; the thread is that of the newest message with replies."""
    out: dict[str, Any] = {"people": people.get("/people")["people"]}
    for name in [person["name"] for person in out["people"]]:
        out[f"{name}'s Home"] = people.get(f"/people/{name}/home")
        for place in ("general", "im-community", "random", "@praxis"):
            out[f"{name} in {place}"] = people.get(f"/people/{name}/conversations/{place}")["messages"]
        out[f"{name}'s bar"] = people.get(f"/people/{name}/conversations")  # after reading: nothing is unread
    parent = [message for message in out["sam in general"] if message.get("reply_count")][-1]
    thread = people.get("/people/sam/conversations/general", thread_ts=parent["ts"])
    return out | {"thread": thread["messages"], "offset": people.get("/clock")["offset_seconds"]}


def test_what_is_unread_stays_unread(start: Start) -> None:
    first = start()
    people = Workspace(first.url)
    people.post("/people/ben/say", channel="general", texts=["one", "two", "three"])
    people.get("/people/sam/conversations/general")
    people.post("/people/ben/say", channel="general", text="four")
    people.http.close()
    first.stop()
    people = Workspace(start().url)
    unread = {
        name: people.get(f"/people/{name}/conversations")["conversations"][0]["unread"] for name in ("sam", "amelie")
    }
    people.http.close()
    assert unread == {"sam": 1, "amelie": 4}


def test_the_app_changes_a_message_from_before_the_stop_and_later_ones_come_later(start: Start) -> None:
    first = start()
    people = Workspace(first.url)
    people.advance(advance_seconds=3_600)
    people.http.close()
    card = slack(first).chat_postMessage(channel="C0GENERAL1", text="two seats")
    first.stop()
    again = slack(start())
    again.chat_update(channel="C0GENERAL1", ts=card["ts"], text="one seat")
    later = again.chat_postMessage(channel="C0GENERAL1", text="later")
    texts = [message["text"] for message in again.conversations_history(channel="C0GENERAL1")["messages"]]
    assert texts == ["later", "one seat"]
    assert later["ts"] > card["ts"]


def test_an_open_form_with_what_was_entered_can_still_be_submitted(start: Start) -> None:
    first = start()
    people, socket = Workspace(first.url), Socket(first)
    element = {"type": "plain_text_input", "action_id": "name"}
    block = {"type": "input", "block_id": "who", "label": {"type": "plain_text", "text": "Who"}, "element": element}
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [block]}
    view["submit"] = {"type": "plain_text", "text": "Go"}
    trigger = _trigger(people, socket)
    slack(first).views_open(trigger_id=trigger, view=view)
    socket.close()
    people.http.close()
    first.stop()
    running = start()
    people, socket = Workspace(running.url), Socket(running)
    top = people.get("/people/sam/view")["view"]
    assert top["blocks"][0]["block_id"] == "who"
    with _in_background(lambda: people.post("/people/sam/submit", values={"who": "me"})) as outcome:
        while (envelope := socket.take())["type"] != "interactive":
            continue
    assert envelope["payload"]["view"]["state"]["values"]["who"]["name"]["value"] == "me"
    assert outcome.result(5)["outcome"] == "closed"
    socket.close()
    people.http.close()


def _in_background(call: Callable[[], Any]) -> Any:
    from concurrent.futures import ThreadPoolExecutor
    from contextlib import contextmanager

    @contextmanager
    def running() -> Iterator[Any]:
        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(call)

    return running()


def _trigger(people: Workspace, socket: Socket) -> str:
    with _in_background(lambda: people.post("/people/sam/command", channel="general", command="/x", text="")):
        while (envelope := socket.take())["type"] != "slash_commands":
            continue
    found: str = envelope["payload"]["trigger_id"]
    return found


def test_what_the_app_had_not_acknowledged_reaches_it_after_the_restart_and_nothing_else(start: Start) -> None:
    first = start()
    people, socket = Workspace(first.url), Socket(first)
    people.post("/people/ben/say", channel="general", text="acknowledged")
    socket.take()
    people.post("/people/ben/say", channel="general", text="on its way")
    socket.read()
    socket.close()
    people.post("/people/ben/say", channel="general", text="with nobody there")
    people.http.close()
    first.stop()
    socket = Socket(start())
    heard = [socket.take()["payload"]["event"]["text"] for _ in range(2)]
    assert socket.silent()
    socket.close()
    assert heard == ["on its way", "with nobody there"]


def test_a_response_url_still_answers(start: Start) -> None:
    first = start()
    people, socket = Workspace(first.url), Socket(first)
    with _in_background(lambda: people.post("/people/sam/command", channel="general", command="/x", text="")):
        url = socket.take()["payload"]["response_url"]
    socket.close()
    people.http.close()
    first.stop()
    port = int(first.url.rpartition(":")[2])
    running = start(port=port)
    assert httpx.post(url, json={"text": "late"}, trust_env=False).text == "ok"
    people = Workspace(running.url)
    assert people.get("/people/sam/conversations/general")["messages"][-1]["text"] == "late"
    people.http.close()


def test_on_another_port_files_are_found_where_messages_name_them(start: Start) -> None:
    first = start()
    people = Workspace(first.url)
    file = people.http.post("/people/sam/upload", params={"name": "a plan.txt"}, content=b"the plan").json()["file"]
    people.post("/people/sam/say", channel="general", text="see", files=[file["id"]])
    people.http.close()
    first.stop()
    for _ in range(2):  # and on a third one
        running = start()
        people = Workspace(running.url)
        shown = people.get("/people/sam/conversations/general")["messages"][-1]["files"][0]
        assert shown["url_private"].startswith(running.url)
        assert people.http.get(shown["url_private"]).content == b"the plan"
        people.http.close()
        running.stop()


def test_without_a_file_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    running = server.start()
    call = Call(running)
    assert call("chat.postMessage", channel="C0GENERAL1", text="gone soon")["ok"]
    call.close()
    running.stop()
    assert list(tmp_path.iterdir()) == []
