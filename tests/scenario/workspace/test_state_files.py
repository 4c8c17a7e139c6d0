"""The file that keeps a workspace: killed, damaged, shared, newer, not ours, where nothing can be written."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from slack_sdk import WebClient

from settings import ROOT
from tests.kit import Workspace, eventually
from tests.scenario.workspace.keeping import Start, file, start
from tests.workspace_kit import refused
from workspace import server
from workspace.state_file import StateError, StateFile, StateInUse, StateNewer

__all__ = ["file", "start"]  # fixtures


def slack(running: server.Running) -> WebClient:
    return WebClient(running.bot_token, base_url=running.api_url)


def _standalone(file: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workspace", "--port", "0", "--no-limits", "--state", str(file), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def _ready(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    found: dict[str, str] = json.loads(process.stdout.readline())
    return found


def _ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=60)
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
