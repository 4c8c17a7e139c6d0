"""`make run` without tokens, from one day to the next: nothing is lost, it stops when asked, it says what is wrong."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from runtime.local_state import state_file
from runtime.process import Access, Process
from settings import ROOT, Settings
from tests.kit import Workspace, eventually, texts
from tests.scenario.events_kit import Town, one_entry
from workspace import server

START_S = 60.0
STOP_S = 3.0


class Day:
    """The workspace and the bot of one run, on the same two files as the run before."""

    def __init__(self, folder: Path) -> None:
        self.slack = server.start(state=folder / "workspace.db", manifest=ROOT / "manifest.json")
        access = Access(self.slack.api_url, self.slack.bot_token, self.slack.app_token, self.slack.signing_secret)
        url = f"sqlite:///{folder / 'praxis.db'}"
        self.bot = Process(Settings(_env_file=None, DATABASE_URL=url, encoder="none"), access)
        self.bot.start()
        self.town = Town(Workspace(self.slack.url), self.bot)

    def end(self) -> None:
        self.bot.stop()
        self.town.workspace.http.close()
        self.slack.stop()


@pytest.fixture
def begin(tmp_path: Path, prepared: Path) -> Iterator[Callable[[], Day]]:
    shutil.copy(prepared, tmp_path / "praxis.db")
    days: list[Day] = []

    def start() -> Day:
        days.append(Day(tmp_path))
        return days[-1]

    yield start
    for day in days:
        day.end()


def test_after_a_restart_of_both_everything_goes_on_where_it_was(begin: Callable[[], Day]) -> None:
    first = begin()
    town = first.town
    start = town.start(days=10)
    card = town.plan(start, capacity="1")
    town.go_to(start - timedelta(days=2))
    town.ben.click(card, "rsvp.going", channel="general")
    eventually(lambda: "No seat is left" in texts(town.card(town.event().id)), what="a full event on the card")
    town.amelie.do("profile", locale="en-US")
    spoken = [message["text"] for message in town.sam.messages("general")]
    clock = town.now
    first.end()

    second = begin()
    town = second.town
    assert clock <= town.now < clock + timedelta(minutes=5)
    assert town.bot.clock.now() >= clock
    assert [message["text"] for message in town.sam.messages("general")][: len(spoken)] == spoken
    again = town.card(town.event().id)
    assert again["ts"] == card["ts"]
    assert "Plain language" in texts(town.ben.home())
    assert "You are going" in texts(town.ben.home())

    # The card of the day before still takes presses and changes in place; nothing failed, nothing came twice.
    town.ben.click(again, "rsvp.not_going", channel="general")
    eventually(lambda: "1 seat left." in texts(town.card(town.event().id)), what="the old card with a seat")
    assert town.card(town.event().id)["ts"] == card["ts"]
    town.bot.sender.drain()
    refused = [call for call in town.workspace.calls() if not call["ok"]]
    assert [call["error"] for call in refused if call["error"] != "ratelimited"] == []
    town.go_to(start - timedelta(hours=23))
    town.amelie.click(again, "rsvp.going", channel="general")
    town.amelie.sees("You are going to *Plain language*", "general")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite:////srv/praxis/community.db", Path("/srv/praxis/community-workspace.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql://me:secret@db.example/praxis", ROOT / "data" / "praxis-workspace.db"),
        (f"sqlite:///{ROOT / 'data' / 'praxis.db'}", ROOT / "data" / "praxis-workspace.db"),
    ],
)
def test_the_workspace_is_kept_beside_its_database(url: str, place: Path | None) -> None:
    assert state_file(url) == place


class Run:
    """`python bot.py run` as a process of its own."""

    def __init__(self, folder: Path, port: int, encoder: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "PRAXIS_"))}
        kept |= {"DATABASE_URL": f"sqlite:///{folder / 'praxis.db'}", "PRAXIS_PORT": str(port), "NO_COLOR": "1"}
        kept |= {"PRAXIS_ENCODER": encoder, "HTTP_PROXY": "http://127.0.0.1:9"}  # nobody there: it is not for loopback
        self.process = subprocess.Popen(
            [sys.executable, "-u", str(ROOT / "bot.py"), "run"],
            cwd=folder,
            env=kept,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = ""

    def until(self, pattern: str) -> str:
        """The first match in what it prints, waited for."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + START_S
        while not (found := re.search(pattern, self.said)):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 65536).decode() if ready else ""
            assert piece, f"{pattern!r} did not come; it said {self.said!r}"
            self.said += piece
        return found.group(0)

    def end(self, *signals: signal.Signals) -> tuple[int, float, str]:
        """Exit code, seconds and standard error after these signals."""
        began = time.monotonic()
        for number in signals:
            self.process.send_signal(number)
            time.sleep(0.05)
        said, errors = self.process.communicate(timeout=START_S)
        self.said += said
        return self.process.returncode, time.monotonic() - began, errors


@pytest.fixture
def run(tmp_path: Path, prepared: Path, sqlite_template: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(port: int = 0, encoder: str = "none") -> Run:
        if not runs and encoder == "none":
            shutil.copy(sqlite_template, tmp_path / "praxis.db")
            one_entry(f"sqlite:///{tmp_path / 'praxis.db'}", tmp_path)
        elif not runs:
            shutil.copy(prepared, tmp_path / "praxis.db")
        runs.append(Run(tmp_path, port, encoder))
        return runs[-1]

    yield start
    for one in runs:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def test_a_damaged_workspace_a_taken_port_a_second_run_and_an_end_by_ctrl_c(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    (tmp_path / "praxis-workspace.db").write_bytes(b"nothing of ours" * 100)
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        first = run(port=port)
        first.until(r"was damaged. It is kept as praxis-workspace.db.damaged-")
        other = first.until(rf"Port {port} is taken; using \d+ instead").split()[-2]
        assert f"http://127.0.0.1:{other}" == first.until(r"http://127\.0\.0\.1:\d+")
    first.until("Praxis is ready")
    assert [path.read_bytes()[:15] for path in tmp_path.glob("*.damaged-*")] == [b"nothing of ours"]
    second = run()
    code, _, errors = second.end()
    assert code == 3
    assert f"running already with this database. Open http://127.0.0.1:{other}," in errors
    assert "Traceback" not in errors
    code, seconds, errors = first.end(signal.SIGINT, signal.SIGINT)
    assert (code, "Traceback" in errors, '"level": "error"' in errors) == (0, False, False), errors
    assert seconds < STOP_S
    with closing(sqlite3.connect(tmp_path / "praxis-workspace.db")) as kept:
        assert kept.execute("SELECT count(*) FROM items WHERE kind = 'person'").fetchone() == (5,)


@pytest.mark.parametrize("moment", ["Praxis starts", "Praxis is ready"])
def test_sigterm_ends_it_well_at_any_moment(run: Callable[..., Run], moment: str, tmp_path: Path) -> None:
    running = run(encoder="use")  # which takes its time to load
    running.until(moment)
    code, seconds, errors = running.end(signal.SIGTERM)
    assert (code, "Traceback" in errors, '"level": "error"' in errors) == (0, False, False), errors
    assert seconds < STOP_S
    if moment == "Praxis is ready":  # a workspace that has just begun has somebody to play each part
        with closing(sqlite3.connect(tmp_path / "praxis.db")) as kept:
            found = kept.execute(
                "SELECT member.name, competency_code FROM expertise JOIN member ON member.id = member_id"
            )
            assert sorted(found) == [("Amélie Gagnon", "RM"), ("Ben Nakamura", "WEB")]
        with closing(sqlite3.connect(tmp_path / "praxis-workspace.db")) as kept:
            (chantal,) = kept.execute("SELECT body FROM items WHERE kind = 'person' AND body LIKE '%Chantal%'")
        assert {key: json.loads(chantal[0])[key] for key in ("role", "is_admin", "locale")} == {
            "role": "organizer", "is_admin": True, "locale": "fr-CA",
        }  # fmt: skip


def test_ctrl_c_while_it_still_imports_shows_no_trace(tmp_path: Path) -> None:
    python = [sys.executable, "-X", "importtime", str(ROOT / "bot.py"), "run"]  # tells of each module it has imported
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'praxis.db'}"}
    starting = subprocess.Popen(python, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    assert starting.stderr is not None
    said = ""
    while not said.rstrip().endswith(" typer.colors"):
        said = starting.stderr.readline()
        assert said
    starting.send_signal(signal.SIGINT)
    _, rest = starting.communicate(timeout=START_S)
    assert (starting.returncode, "Traceback" in rest) == (130, False), rest[-2000:]
