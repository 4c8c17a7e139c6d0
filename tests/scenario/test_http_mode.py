"""HTTP mode for real: uvicorn, Slack's signature, `/healthz`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import vobject

from runtime.http_mode import BODY_LIMIT
from runtime.modes import free_port
from settings import ROOT
from tests.kit import Person, Workspace, eventually, texts
from workspace import server


@pytest.fixture(scope="module")
def slack() -> Iterator[server.Running]:
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    record = build / f"slack-calls-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.jsonl"
    running = server.start(port=0, record=record, manifest=ROOT / "manifest.json")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def workspace(slack: server.Running) -> Iterator[Workspace]:
    ours = Workspace(slack.url)
    yield ours
    ours.http.close()


@pytest.fixture(scope="module")
def url(
    slack: server.Running, workspace: Workspace, prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A bot in HTTP mode as its own process; the workspace delivers to it."""
    tmp_path = tmp_path_factory.mktemp("http")
    shutil.copy(prepared, tmp_path / "praxis.db")
    port = free_port("127.0.0.1", 42000 + os.getpid() % 2000)
    environment = {
        **os.environ,
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'praxis.db'}",
        "PRAXIS_PORT": str(port),
        "PRAXIS_LOG_LEVEL": "DEBUG",
        "PRAXIS_PUBLIC_URL": f"http://127.0.0.1:{port}/",
    }
    environment.pop("SLACK_APP_TOKEN", None)
    address = f"http://127.0.0.1:{port}"

    def healthy() -> bool:
        try:
            return httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def reachable() -> bool:
        """Whether Slack's challenge was passed; it gives up after seconds, as on a crowded machine."""
        return workspace.http.post("/delivery", json={"request_url": f"{address}/slack/events"}).is_success

    with (tmp_path / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "bot.py"), "run"], env=environment, cwd=tmp_path, stdout=log, stderr=log
        )
        try:
            eventually(healthy, what="a healthy bot")
            eventually(reachable, what="a bot that passes the challenge")
            yield address
        finally:
            process.terminate()
            ended = process.wait(60)
    assert ended == 0


def test_a_question_over_http_is_answered(url: str, workspace: Workspace) -> None:
    olivia = Person(workspace, "olivia")
    olivia.say("What is the IM Certificate Program?")
    olivia.sees("25 November 2004")  # a process of its own reads its entries first


def test_a_command_over_http_is_answered(url: str, workspace: Workspace) -> None:
    amelie = Person(workspace, "amelie")
    amelie.command("aide")
    amelie.sees("/praxis", channel="general")


def test_the_code_is_on_a_page_for_those_who_have_its_address(url: str, workspace: Workspace) -> None:
    olivia, amelie = Person(workspace, "olivia"), Person(workspace, "amelie")
    now = datetime.fromisoformat(workspace.get("/clock")["now"].replace("Z", "+00:00"))
    soon = (now + timedelta(minutes=10)).astimezone(ZoneInfo("America/Toronto"))
    olivia.do("shortcut", callback_id="event.create")
    olivia.sees_view("event.title_en")
    named = {"title_en": "Open <house>", "title_fr": "Portes ouvertes", "channel": "C0GENERAL1"}
    olivia.submit(day=f"{soon:%Y-%m-%d}", at=f"{soon:%H:%M}", **named)
    olivia.command("events")
    olivia.click(olivia.sees("Show the code", "general"), "event.code", channel="general")
    address = re.search(rf"{url}/code/[\w-]{{43}}", texts(olivia.sees_view("page with the code")))
    assert address is not None
    page = httpx.get(address[0], trust_env=False)
    assert page.headers["cache-control"] == "no-store"
    assert re.search(r"<svg[^>]* viewBox=", page.text), "it grows with the screen"
    assert "Open &lt;house&gt;" in page.text
    digits = re.search(r'class="code"[^>]*>(\d{3}) (\d{3})<', page.text)
    assert digits is not None
    told = amelie.command(f"présence {digits[1]}{digits[2]}")["response"]["text"]
    assert told.startswith("Votre présence à l’activité *Portes ouvertes* est consignée")
    guessed = httpx.get(f"{url}/code/{'a' * 43}", trust_env=False)
    assert guessed.status_code == 404
    assert digits[1] not in guessed.text


def test_a_calendar_program_reads_a_persons_events_until_the_address_is_given_up(
    url: str, workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    olivia, ben = Person(workspace, "olivia"), Person(workspace, "ben")
    now = datetime.fromisoformat(workspace.get("/clock")["now"].replace("Z", "+00:00"))
    day = (now + timedelta(days=9)).astimezone(ZoneInfo("America/Toronto"))
    olivia.do("shortcut", callback_id="event.create")
    olivia.sees_view("event.title_en")
    named = {"title_en": "Metadata", "title_fr": "Métadonnées", "channel": "C0GENERAL1"}
    olivia.submit(day=f"{day:%Y-%m-%d}", at="09:00", **named)
    card = ben.sees("Metadata", "general")
    ben.click(card, "rsvp.going", channel="general")
    ben.sees("You are going to *Metadata*", "general")

    def address() -> str:
        ben.home()
        ben.click("home", "calendar.open")
        ben.click(ben.sees_view("calendar.make")["id"], "calendar.make")
        found = re.search(rf"{url}/calendar/pxcal-[\w-]{{43}}\.ics", texts(ben.sees_view("not shown again")))
        assert found is not None
        ben.do("close", all=True)
        return found[0]

    first = address()
    answer = httpx.get(first, trust_env=False)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    read = vobject.readOne(answer.text)
    assert [event.summary.value for event in read.vevent_list] == ["Metadata"]
    unchanged = httpx.get(first, headers={"if-none-match": answer.headers["etag"]}, trust_env=False)
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    second = address()
    assert httpx.get(first, trust_env=False).status_code == 404, "the one before opens nothing"
    assert httpx.get(second, trust_env=False).status_code == 200
    ben.home()
    ben.click("home", "calendar.open")
    ben.click(ben.sees_view("calendar.stop")["id"], "calendar.stop")
    ben.sees_view("Make an address")
    assert httpx.get(second, trust_env=False).status_code == 404
    assert httpx.get(f"{url}/calendar/{'a' * 43}.ics", trust_env=False).status_code == 404
    # Neither the database nor the log ever held a secret.
    kept = b"".join(path.read_bytes() for path in tmp_path_factory.getbasetemp().glob("http*/*") if path.is_file())
    assert b"Metadata" in kept
    assert b"pxcal-" not in kept


def test_health_names_database_slack_clock_and_outbox(url: str) -> None:
    report = httpx.get(f"{url}/healthz", trust_env=False).json()
    assert report["ok"] is True
    assert {"database", "slack", "clock", "outbox"} <= set(report)


def test_a_request_without_slacks_signature_is_refused(url: str) -> None:
    body = '{"type":"url_verification","challenge":"abc"}'
    unsigned = httpx.post(f"{url}/slack/events", content=body, trust_env=False)
    forged = httpx.post(
        f"{url}/slack/events",
        content=body,
        headers={"x-slack-signature": "v0=00", "x-slack-request-timestamp": "1"},
        trust_env=False,
    )
    assert (unsigned.status_code, forged.status_code) == (401, 401)
    assert httpx.get(f"{url}/nothing", trust_env=False).status_code == 404


def test_a_body_that_is_none_of_slacks_is_refused_and_the_bot_goes_on(url: str, workspace: Workspace) -> None:
    huge = httpx.post(f"{url}/slack/events", content=b"x" * (BODY_LIMIT + 1), trust_env=False)
    binary = httpx.post(f"{url}/slack/events", content=b"\xff\xfe", trust_env=False)
    assert (huge.status_code, binary.status_code) == (413, 400)
    Person(workspace, "ben").command("help")
    Person(workspace, "ben").sees("/praxis", channel="general")
