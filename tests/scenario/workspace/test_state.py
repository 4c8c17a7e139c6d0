"""A workspace that is kept in a file: after a stop, a kill or a move to another port it is what it was."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from settings import ROOT
from tests.kit import Workspace, eventually
from tests.workspace_kit import Call, Socket, refused
from workspace import server
from workspace.state_file import StateError, StateFile, StateInUse, StateNewer

Start = Callable[..., server.Running]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "workspace.db"


@pytest.fixture
def start(file: Path) -> Iterator[Start]:
    """Starts workspaces that are kept in `file`, one after the other."""
    started: list[server.Running] = []

    def run(**more: Any) -> server.Running:
        started.append(server.start(state=file, limits=False, **more))
        return started[-1]

    yield run
    for running in started:
        running.stop()


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


def _standalone(file: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workspace", "--port", "0", "--no-limits", "--state", str(file), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def _ready(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    found: dict[str, str] = json.loads(process.stdout.readline())
    return found


def _ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=10)
    return process.returncode, errors


def test_killed_in_the_middle_it_loses_at_most_the_last_half_second(file: Path, start: Start) -> None:
    process = _standalone(file)
    people = Workspace(_ready(process)["url"])
    said: list[tuple[float, str]] = []
    until = time.monotonic() + 2
    while time.monotonic() < until:
        said.append((time.time(), people.post("/people/ben/say", channel="general", text=f"{len(said)}")["text"]))
    people.http.close()
    killed = time.time()
    process.send_signal(signal.SIGKILL)
    _ended(process)
    people = Workspace(start().url)
    kept = {message["text"] for message in people.get("/people/sam/conversations/general", limit=999_999)["messages"]}
    people.http.close()
    assert {text for at, text in said if at < killed - 0.5} <= kept
    assert len(kept) > len(said) / 2


def test_a_terminated_workspace_keeps_the_very_last_word_and_ends_well(file: Path, start: Start) -> None:
    process = _standalone(file)
    people = Workspace(_ready(process)["url"])
    people.post("/people/ben/say", channel="general", text="last words")
    people.http.close()
    process.terminate()
    code, errors = _ended(process)
    assert (code, errors) == (0, "")
    people = Workspace(start().url)
    assert people.get("/people/sam/conversations/general")["messages"][-1]["text"] == "last words"
    people.http.close()


def test_two_workspaces_never_share_a_file(file: Path, start: Start) -> None:
    running = start()
    with pytest.raises(StateInUse, match="is running already at http") as caught:
        server.start(state=file)
    assert caught.value.url == running.url
    process = _standalone(file)
    code, errors = _ended(process)
    assert code == 2
    assert f"is running already at {running.url}" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("damage", [b"this is no database" * 100, None, "{}", "nonsense", '["a"]'])
def test_a_damaged_file_is_kept_aside_and_said_so(file: Path, start: Start, damage: bytes | str | None) -> None:
    first = start()
    people = Workspace(first.url)
    people.post("/people/ben/say", channel="general", texts=["word " * 50] * 300)
    people.http.close()
    first.stop()
    if isinstance(damage, bytes):
        file.write_bytes(damage)
    elif damage is None:
        os.truncate(file, file.stat().st_size // 2)
    else:
        with sqlite3.connect(file) as base:
            base.execute("UPDATE items SET body = ? WHERE kind = 'message'", (damage,))
        base.close()
    content = file.read_bytes()
    running = start()
    assert running.notice is not None
    assert "damaged" in running.notice
    aside = next(path for path in file.parent.iterdir() if ".damaged-" in path.name and path.name in running.notice)
    assert aside.read_bytes() == content
    people = Workspace(running.url)
    assert people.get("/people/sam/conversations/general")["messages"] == []
    assert people.get("/people")["people"][0]["name"] == "olivia"
    people.http.close()


def test_a_newer_file_is_left_alone(file: Path, start: Start) -> None:
    start().stop()
    with sqlite3.connect(file) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    content = file.read_bytes()
    with pytest.raises(StateNewer, match="newer version of Praxis"):
        server.start(state=file)
    code, errors = _ended(_standalone(file))
    assert code == 2
    assert "newer version" in errors
    assert "Traceback" not in errors
    assert file.read_bytes() == content


def test_another_programs_database_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as base:
        base.execute("CREATE TABLE members (id)")
    base.close()
    content = file.read_bytes()
    with pytest.raises(StateError, match="another program's"):
        server.start(state=file)
    assert file.read_bytes() == content


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("")
    with pytest.raises(StateError, match="name another file"):
        server.start(state=tmp_path / "occupied" / "workspace.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StateError, match="name another file"):
        server.start(state=tmp_path / "folder")


def test_what_cannot_be_written_now_is_written_later(file: Path, start: Start) -> None:
    first = start()
    bot = slack(first)
    blocker = sqlite3.connect(file, isolation_level=None, timeout=5)
    blocker.execute("BEGIN IMMEDIATE")
    card = bot.chat_postMessage(channel="C0GENERAL1", text="patience")
    eventually(lambda: first.workspace.keeper.problem, what="a write that failed")
    blocker.execute("ROLLBACK")
    blocker.close()
    first.stop()
    again = slack(start())
    assert again.conversations_history(channel="C0GENERAL1")["messages"][0]["ts"] == card["ts"]
    assert refused(lambda: again.chat_update(channel="C0GENERAL1", ts="1.000000", text="x")) == "message_not_found"


def test_a_file_holds_each_thing_once(file: Path) -> None:
    kept = StateFile(file)
    kept.write([("person", "b", "1"), ("person", "a", "2")], {})
    kept.write([("person", "b", "3"), ("person", "c", "4"), ("person", "a", None)], {"F1": b"x"})
    assert kept.rows() == [("person", "b", "3"), ("person", "c", "4")]
    assert kept.data() == {"F1": b"x"}
    kept.close()
