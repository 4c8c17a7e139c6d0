"""Acting as people over HTTP, the clock, the stream, and who may talk to the server."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import websocket
from slack_sdk import WebClient

from settings import ROOT
from tests.kit import Person, Workspace, eventually
from workspace import server
from workspace.routes import ROUTES

GENERAL = "C0GENERAL1"


def test_personas_play_the_roles_in_two_languages_and_zones(workspace: Workspace) -> None:
    found = workspace.get("/people")
    roles = {person["name"]: (person["role"], person["locale"][:2], person["tz"]) for person in found["people"]}
    assert (
        roles
        | {
            "olivia": ("organizer", "en", "America/Toronto"),
            "amelie": ("practitioner", "fr", "America/Toronto"),
            "ben": ("practitioner", "en", "America/Vancouver"),
            "francois": ("facilitator", "fr", "America/Toronto"),
            "sam": ("supervisor", "en", "America/Toronto"),
        }
        == roles
    )
    assert [person["name"] for person in found["people"] if person["is_admin"]] == ["olivia"]


def test_unread_counts_what_came_since_the_person_looked(
    workspace: Workspace, client: WebClient, person: Callable[[str], Person]
) -> None:
    def unread() -> int:
        found = workspace.get("/people/sam/conversations")["conversations"]
        return int(next(one["unread"] for one in found if one["name"] == "general"))

    sam = person("sam")
    sam.messages("general")
    assert unread() == 0
    client.chat_postMessage(channel=GENERAL, text="One")
    client.chat_postMessage(channel=GENERAL, text="Two")
    assert unread() == 2
    sam.say("I answer", "general")
    assert unread() == 0


def test_since_gives_only_what_is_newer(client: WebClient, workspace: Workspace) -> None:
    first = client.chat_postMessage(channel=GENERAL, text="Old")["ts"]
    second = client.chat_postMessage(channel=GENERAL, text="New")["ts"]
    found = workspace.get(f"/people/sam/conversations/{GENERAL}", since=first)["messages"]
    assert [message["ts"] for message in found] == [second]


def test_nobody_reads_direct_messages_of_others(workspace: Workspace) -> None:
    answer = workspace.http.get("/people/ben/conversations/D0AMELIE01")
    assert (answer.status_code, answer.json()["error"]) == (404, "channel_not_found")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/people/nobody/say", {"channel": "general", "text": "x"}, 404, "user_not_found"),
        ("/people/praxis/say", {"channel": "general", "text": "x"}, 404, "user_not_found"),
        ("/people/ben/say", {"channel": "nowhere", "text": "x"}, 404, "channel_not_found"),
        ("/people/ben/say", {"channel": "general"}, 400, "invalid_arguments"),
        ("/people/ben/say", {"channel": "general", "text": " \x00 "}, 400, "no_text"),
        ("/people/ben/say", {"channel": "general", "text": "x", "thread_ts": "1.1"}, 404, "thread_not_found"),
        ("/people/ben/say", {"channel": "general", "text": "x", "files": ["F1"]}, 404, "file_not_found"),
        ("/people/ben/click", {"channel": "general", "ts": "1.1", "action_id": "go"}, 404, "message_not_found"),
        ("/people/ben/click", {"view_id": "V1", "action_id": "go"}, 404, "view_not_found"),
        ("/people/ben/submit", {}, 404, "view_not_found"),
        ("/people/ben/command", {"channel": "general", "command": "praxis"}, 404, "unknown_command"),
        ("/people/ben/react", {"channel": "general", "ts": "1.1", "name": "ok"}, 404, "message_not_found"),
        ("/people/ben/profile", {"tz": "Mars/Olympus"}, 400, "invalid_arguments"),
        ("/people/ben/profile", {"locale": "klingon"}, 400, "invalid_arguments"),
        ("/people", {"name": "Ben"}, 400, "invalid_name"),
        ("/people", {"name": "ben"}, 409, "name_taken"),
        ("/clock", {"advance_seconds": -1}, 400, "invalid_arguments"),
        ("/clock", {"to": "2001-01-01T00:00:00Z"}, 400, "invalid_arguments"),
        ("/clock", {"to": "tomorrow"}, 400, "invalid_arguments"),
        ("/clock", {}, 400, "invalid_arguments"),
        ("/clock/next_due", {"next_due": "soon"}, 400, "invalid_arguments"),
        ("/delivery", {"colour": "red"}, 400, "invalid_arguments"),
        ("/delivery", {"request_url": "ftp://x"}, 400, "invalid_arguments"),
        ("/delivery", {"scopes": ["everything"]}, 400, "invalid_arguments"),
    ],
)
def test_what_cannot_be_done_is_refused_with_code_and_sentence(
    workspace: Workspace, path: str, body: dict[str, object], status: int, code: str
) -> None:
    answer = workspace.http.post(path, json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["message"].endswith((".", "!", ")"))


def test_body_that_is_no_json_is_refused(workspace: Workspace) -> None:
    for body in (b"{", b"[]", b"\xff\xfe"):
        answer = workspace.http.post("/people/ben/say", content=body)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_json")


def test_hostile_and_endless_text_arrives_harmless(person: Callable[[str], Person]) -> None:
    ben = person("ben")
    assert ben.say("<!channel> <@U0SAM00001> a\x00b\x1b[31m", "general")["text"] == (
        "&lt;!channel&gt; &lt;@U0SAM00001&gt; ab[31m"
    )
    assert len(ben.say("é" * 50_000, "general")["text"]) == 40_000


def test_member_only_speaks_where_they_are(workspace: Workspace) -> None:
    workspace.post("/people", name="lea")
    workspace.post("/people/lea/leave", channel="general")
    answer = workspace.http.post("/people/lea/say", json={"channel": "general", "text": "x"})
    assert (answer.status_code, answer.json()["error"]) == (403, "not_in_channel")
    workspace.post("/people/lea/join", channel="#general")
    assert workspace.post("/people/lea/say", channel="#general", text="x")["text"] == "x"


def test_clock_only_moves_ahead_and_messages_carry_its_time(
    workspace: Workspace, client: WebClient, person: Callable[[str], Person]
) -> None:
    before = float(person("ben").say("now", "general")["ts"])
    offset = workspace.get("/clock")["offset_seconds"]
    moved = workspace.post("/clock", advance_seconds=86_400)
    assert moved["offset_seconds"] == pytest.approx(offset + 86_400)
    after = float(client.chat_postMessage(channel=GENERAL, text="tomorrow")["ts"])
    assert 86_400 <= after - before < 86_500
    target = datetime.fromtimestamp(after, UTC) + timedelta(days=2)
    now = workspace.post("/clock", to=target.isoformat())["now"]
    assert abs((datetime.fromisoformat(now) - target).total_seconds()) < 5


def test_clock_goes_to_the_bots_next_reminder(workspace: Workspace) -> None:
    assert workspace.http.post("/clock", json={"next": True}).json()["error"] == "nothing_due"
    due = datetime.fromisoformat(workspace.get("/clock")["now"]) + timedelta(hours=5)
    workspace.post("/clock/next_due", next_due=due.isoformat())
    moved = workspace.post("/clock", next=True)
    assert datetime.fromisoformat(moved["now"]) >= due - timedelta(milliseconds=2)
    assert datetime.fromisoformat(moved["next_due"]) == due.replace(microsecond=due.microsecond // 1000 * 1000)
    assert workspace.post("/clock/next_due", next_due=None)["next_due"] is None


def test_timestamps_are_unique_and_rise(person: Callable[[str], Person]) -> None:
    answer = person("ben").do("say", channel="general", texts=[f"{number}" for number in range(200)])
    assert answer["messages"] == sorted(set(answer["messages"]))


def test_stream_tells_each_person_what_they_see_in_order(
    slack: server.Running, client: WebClient, workspace: Workspace
) -> None:
    seen: dict[str, list[tuple[str, dict[str, str]]]] = {"amelie": [], "ben": []}
    ready = threading.Barrier(3)

    def watch(name: str) -> None:
        kind = ""
        with httpx.stream("GET", f"{slack.url}/people/{name}/stream", trust_env=False, timeout=15) as stream:
            for line in stream.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: ") and kind == "hello":
                    ready.wait(10)
                elif line.startswith("data: "):
                    seen[name].append((kind, json.loads(line.removeprefix("data: "))))
                    if kind == "clock":
                        return

    watchers = [threading.Thread(target=watch, args=(name,)) for name in seen]
    for watcher in watchers:
        watcher.start()
    ready.wait(10)
    top = client.chat_postMessage(channel=GENERAL, text="For all")["ts"]
    client.chat_postEphemeral(channel=GENERAL, user="U0AMELIE01", text="For Amélie")
    client.chat_postMessage(channel="U0BEN00001", text="For Ben")
    client.chat_update(channel=GENERAL, ts=top, text="For all, changed")
    client.chat_delete(channel=GENERAL, ts=top)
    client.views_publish(user_id="U0BEN00001", view={"type": "home", "blocks": []})
    workspace.post("/clock", advance_seconds=1)
    for watcher in watchers:
        watcher.join(10)
    all_of_it = ["message", "message_changed", "message_deleted"]
    assert [kind for kind, _ in seen["amelie"]] == ["message", *all_of_it, "clock"]
    assert [kind for kind, _ in seen["ben"]] == ["message", *all_of_it, "home", "clock"]
    assert {data["channel"] for kind, data in seen["ben"] if kind == "message"} == {GENERAL, "D0BEN00001"}


def test_page_and_its_files_are_served(workspace: Workspace) -> None:
    page = workspace.http.get("/")
    assert page.headers["content-type"].startswith("text/html")
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        assert workspace.http.get(path).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "127.0.0.1.evil.example"}, 403),
        ({"host": "localhost:3000", "origin": "http://localhost:3000"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
    ],
)
def test_only_this_machine_and_its_own_page_may_act(workspace: Workspace, headers: dict[str, str], status: int) -> None:
    assert workspace.http.post("/clock/next_due", json={}, headers=headers).status_code == status


def test_socket_of_another_sites_page_is_refused(slack: server.Running) -> None:
    url = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)["url"]
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        websocket.create_connection(url, timeout=5, origin="https://evil.example")
    assert caught.value.status_code == 403


def test_a_client_that_dies_in_the_middle_of_a_call_is_no_fault_of_the_servers(
    slack: server.Running, caplog: pytest.LogCaptureFixture
) -> None:
    address = urlsplit(slack.url)
    with socket.create_connection((str(address.hostname), address.port), timeout=60) as link:
        link.sendall(b"POST /api/chat.postMessage HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\ncut")
    # The server's next words come after it saw the end of that connection.
    eventually(lambda: httpx.get(f"{slack.url}/people").is_success, what="an answer")
    assert "Exception in ASGI application" not in caplog.text


def test_secrets_stay_out_of_the_repr(slack: server.Running) -> None:
    assert slack.url in repr(slack)
    assert slack.bot_token not in repr(slack)
    assert slack.signing_secret not in repr(slack)


def test_every_documented_route_exists_and_every_route_is_documented() -> None:
    text = (ROOT / "docs" / "workspace.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(GET|POST|DELETE) (/[^`?]*)[^`]*`", text))
    wanted = {
        (verb, re.sub(r"\{(\w+)(:path)?\}", lambda match: match.group(1).upper(), path)) for verb, path, _ in ROUTES
    }
    assert documented == wanted


def test_started_alone_it_prints_one_line_and_records_calls(tmp_path: Path) -> None:
    record = tmp_path / "calls" / "calls.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "workspace", "--port", "0", "--record", str(record)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        assert set(line) == {"url", "api_url", "bot_token", "app_token", "signing_secret"}
        client = WebClient(line["bot_token"], base_url=line["api_url"])
        client.chat_postMessage(channel=GENERAL, text="Recorded")
        call = json.loads(eventually(lambda: record.read_text(encoding="utf-8").splitlines())[-1])
        assert (call["method"], call["args"]["text"], call["ok"]) == ("chat.postMessage", "Recorded", True)
        port = line["url"].rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, "-m", "workspace", "--port", port], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert second.returncode == 2
        assert f"Port {port}" in second.stderr
        assert "--port" in second.stderr
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
