"""Trials around events: the socket, downtime, the nights clocks change, many at once, guesses, hostile texts."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench import soak_clocks, soak_files
from community import codes
from community.records import Attendance, CodeTry, Reminder, ReminderKind, ReminderState
from delivery.records import Outbox
from settings import ROOT
from storage import Database, migrate
from tests.faults.guessing import guess_all_day
from tests.faults.slack import Slack
from tests.faults.test_outbox_machine import run as run_outbox_machine
from tests.faults.trials import wait_for
from tests.storage.community import machines, test_attendance, test_door
from tests.storage.community.reply_machine import Replies
from tests.storage.scheduler.conftest import Day
from tests.town import Town
from tests.unit import test_views_hostile

Url = Callable[[str], str]
Outcome = tuple[bool, str]
ENGINES = ("SQLite", "PostgreSQL")
HOUR = timedelta(hours=1)
# Silent for far longer than is allowed until answers come: the bot has to notice by itself.
FALLS: tuple[tuple[str, dict[str, Any]], ...] = (("socket_cut", {}), ("socket_silent", {"seconds": 600}))
HOSTILE = (
    "<!channel> <!here> <!everyone>",
    "<@U0BEN00001> <#C0GENERAL1> <!subteam^S1>",
    "<https://evil.example|Slack> &lt;!channel&gt;",
    '=HYPERLINK("https://evil.example","x")',
    "+1+2 @SUM(A1) -3 \t=4 \r=5",
    "*b* _i_ ~s~ `c` ```code``` > quote",
    "\u202ereversed\u202c \u2066x\u2069 \0 \ud83d",
    "'; DROP TABLE event;-- {0} {title} %s %(x)s",
    "xoxb-111-222-abcDEF xapp-1-AAAAAAAAAA",
)


def socket(url: Url, quick: bool) -> Outcome:
    """A bot whose connections are cut, then fall silent, then get three thousand messages in a second."""
    burst = 300 if quick else 3_000
    with _workspace() as slack, _bot(slack, url("SQLite")) as path:
        slack.ask("amelie", "first")
        waits = {}
        for kind, options in FALLS:
            slack.fault(kind, **options)
            waits[kind] = slack.ask_until_answered("ben", kind)
        before = _inbox(path)
        slack.say_at_once("sam", burst)
        wait_for(lambda: _inbox(path) - before >= burst, seconds=120, what="the burst")
        lost = burst - (_inbox(path) - before)
    ok = max(waits.values()) <= 60 and lost == 0
    words = f"back {waits['socket_cut']:.0f} s after a cut, {waits['socket_silent']:.0f} s after falling silent"
    return ok, f"{words}; of {burst:,} at once {lost} lost"


class _Workspace(Slack):
    """The local workspace with a bot in it; the bot's answers are counted by person."""

    def ask(self, person: str, text: str) -> None:
        """Ask, and wait for one more message of the bot's."""
        before = len(self.read(person))
        self._post(f"/people/{person}/say", channel="@praxis", text=f"What is {text}?")
        wait_for(lambda: len(self.read(person)) >= before + 2, seconds=90, what=f"an answer after {text}")

    def ask_until_answered(self, person: str, text: str) -> float:
        """Ask anew every three seconds; the seconds until the first answer. In the end each question has its own."""
        before, asked, began, back = len(self.read(person)), 0, time.monotonic(), 0.0
        while not back and time.monotonic() - began < 120:
            self._post(f"/people/{person}/say", channel="@praxis", text=f"What is {text} {asked}?")
            asked += 1
            with suppress(AssertionError):
                wait_for(lambda: len(self.read(person)) > before + asked, seconds=3)  # noqa: B023 - used at once
                back = time.monotonic() - began
        wait_for(lambda: len(self.read(person)) >= before + 2 * asked, seconds=400, what="an answer to each question")
        return back or float("inf")

    def say_at_once(self, person: str, count: int) -> None:
        """So many messages as fast as they can be sent."""
        self._post("/delivery", ack_seconds=60)
        self._post(f"/people/{person}/say", channel="@praxis", texts=[f"q{number}" for number in range(count)])


@contextmanager
def _workspace() -> Iterator[_Workspace]:
    slack = _Workspace()
    try:
        yield slack
    finally:
        slack.stop()


@contextmanager
def _bot(slack: _Workspace, url: str) -> Iterator[Path]:
    """The whole bot as its own process; yields its database's file."""
    environment = {
        **os.environ,
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.token,
        "SLACK_APP_TOKEN": slack.app_token,
        "DATABASE_URL": url,
        "PRAXIS_ENCODER": "none",
        "PRAXIS_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "bot.py"), "run"], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: slack.connections() > 0, seconds=90, what="a connection")
        yield Path(url.removeprefix("sqlite:///"))
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def _inbox(path: Path) -> int:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM inbox WHERE kind = 'event:message'").fetchone()
    connection.close()
    return int(count)


def downtime(url: Url, quick: bool) -> Outcome:
    """A clock that is away for an hour, again and again, over due times of events an hour apart."""
    count, sent, missed, wrong = (6 if quick else 48), 0, 0, 0
    for engine in ENGINES:
        day = Day(_migrated(url(engine)))
        planned = [day.plan(timedelta(hours=26 + number, minutes=7 * number % 60)) for number in range(count)]
        # People of their own: nobody is to get more messages on a day than is allowed.
        invited = {event.id: day.town.people(2) for event in planned}
        for event in planned:
            day.reply(event, *invited[event.id])
        end = planned[-1].ends_at + 2 * HOUR
        now = datetime.now(UTC)
        while now < end:
            day.at(now)
            now += HOUR + timedelta(minutes=3)
        day.at(end)
        with day.database.read() as session:
            settled = session.scalars(select(Reminder)).all()
            keys = Counter(session.scalars(select(Outbox.key).where(Outbox.key.like("reminder:%"))))
        for reminder in settled:
            which = f"reminder:{reminder.event_id}:{reminder.kind.value}:0"
            told = [keys[f"{which}:{member.id}"] for member in invited[reminder.event_id]]
            done = reminder.state is ReminderState.done
            asked = reminder.kind in (ReminderKind.day_before, ReminderKind.hour_before)
            wrong += reminder.state not in (ReminderState.done, ReminderState.missed)
            wrong += asked and told != ([1, 1] if done else [0, 0])
            sent, missed = sent + sum(told), missed + (reminder.state is ReminderState.missed)
        day.service.stop()
        day.database.close()
    return wrong == 0, f"{2 * count} events: {sent:,} sent once, {missed} reminders recorded as missed, {wrong} wrong"


def at_once(url: Url, quick: bool) -> Outcome:
    """Fifty check-ins of one person at one instant, and two people for one seat."""
    rounds = 1 if quick else 20
    for engine in ENGINES:
        database = _migrated(url(engine))
        for _ in range(rounds):
            test_attendance.test_fifty_simultaneous_check_ins_of_one_person_make_one_record(Town(database), database)
            test_door.test_two_who_wait_do_not_both_take_the_last_seat(Town(database), database)
        with database.read() as session:
            records = session.scalar(select(func.count()).select_from(Attendance)) or 0
        database.close()
    return records >= rounds, f"{2 * rounds} times each: 1 record, first time kept; never two in the last seat"


def machine(which: type[Any]) -> Callable[[Url, bool], Outcome]:
    """Games of a state machine against its model, on both engines."""

    def run(url: Url, quick: bool) -> Outcome:
        examples, steps = (4, 20) if quick else (250, 40)
        for engine in ENGINES:
            database = _migrated(url(engine))
            machines.play(which, database, examples=examples, steps=steps)
            database.close()
        return True, f"{examples * steps:,} steps on each engine, 0 breaks"

    return run


def guesses(url: Url, quick: bool) -> Outcome:
    """Somebody lets a program guess a code all day."""
    count, heard = (500 if quick else 10_000), []
    for engine in ENGINES:
        database = _migrated(url(engine))
        outcome = guess_all_day(Town(database), count)
        heard.append(outcome.heard)
        with database.read() as session:
            heard.append(session.scalar(select(func.count()).select_from(CodeTry)) or 0)
        database.close()
    ok = max(heard) == codes.TRIES_AT_EVENT
    chance = max(heard) * (codes.GRACE + 1) / 10**codes.DIGITS
    return ok, f"{count:,} guesses, {max(heard)} heard: in with probability {chance:.0e}"


def hostile(url: Url, quick: bool) -> Outcome:
    """Hostile texts in every field of every view, through every file that comes in or goes out, and in the log."""
    live, views = 0, 0
    for text in HOSTILE:
        for locale in ("en", "fr"):
            for _, view in test_views_hostile.shown(text.encode("utf-8", "ignore").decode(), locale):
                views += 1
                live += sum(
                    bool(re.search(r"<[!@#]|<https?://evil", test_views_hostile.OURS.sub("", words)))
                    for words in test_views_hostile.markup(view)
                )
    files, wrong = soak_files.through_files(url("SQLite"), HOSTILE[:4:3] if quick else HOSTILE, quick=quick)
    tokens = len(re.findall(r"xoxb-|xapp-", _logged()))
    said = ", ".join(dict.fromkeys(wrong)) or "none"
    words = f"{live} live mentions in {views} views; alive in {files} files: {said}; {tokens} tokens in the log"
    return live == len(wrong) == tokens == 0, words


def _logged() -> str:
    """What the bot's log makes of those texts, in a process of its own."""
    program = (
        "import logging; from runtime import logs; from bench.soak_events import HOSTILE\n"
        "logs.configure('INFO', 'json')\n"
        "for text in HOSTILE: logging.getLogger('soak').error('said %s', text)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)  # noqa: S603
    said = done.stderr.decode()
    if said.count("said") < len(HOSTILE):
        raise RuntimeError("the log is not whole")
    return said


def outbox_machine(url: Url, quick: bool) -> Outcome:
    """Games of the outbox against its model, on both engines."""
    examples, steps = (10, 20) if quick else (250, 40)
    for engine in ENGINES:
        run_outbox_machine(url(engine), examples=examples, steps=steps)
    return True, f"{examples * steps:,} steps on each engine, 0 breaks"


def _migrated(url: str) -> Database:
    database = Database(url)
    migrate.upgrade(database)
    return database


EVENT_TRIALS: tuple[tuple[str, str, Callable[[Url, bool], Outcome]], ...] = (
    ("socket cut, socket silently deaf, a burst of 3,000", "back within 60 s, 0 lost", socket),
    ("bot down for an hour over due times", "each sent once or recorded as missed", downtime),
    ("the nights clocks change: 4 zones, both changes, hourly", "exactly one per local day", soak_clocks.clocks_change),
    ("50 check-ins of one person at once; the last seat", "1 record, first time kept; never oversold", at_once),
    ("state machine of the outbox", "10,000 steps on each engine, 0 breaks", outbox_machine),
    ("state machine of replies and the waitlist", "10,000 steps on each engine, 0 breaks", machine(Replies)),
    ("state machine of attendance", "10,000 steps on each engine, 0 breaks", machine(machines.Presence)),
    ("a check-in code guessed 10,000 times", "20 guesses heard", guesses),
    ("hostile texts through views, files in and out, and the log", "0 live mentions, formulas, tokens", hostile),
)
