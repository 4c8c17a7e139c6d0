"""Ten thousand reminders that are due: rendered and queued, sent at the pace Slack allows, shared by processes."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import func, insert, select

import knowledge.records  # noqa: F401 - every table, for the foreign keys
from bench.clock import quiet
from community import events, people
from community.drafts import EventDraft
from community.people import Profile
from community.records import EventKind, Member, Reply, Rsvp
from delivery import outbox
from delivery.client import web_client
from delivery.posting import Timing
from delivery.records import Outbox
from delivery.sender import Sender
from scheduler.clock import Clock
from scheduler.service import Service
from storage import Database, migrate
from tests import postgresql
from tests.faults.harness import Victims, World
from tests.faults.slack import Slack
from workspace.limits import POSTS_PER_MINUTE

EVENTS, EACH = 100, 100
REMINDERS = EVENTS * EACH
JOBS = 1_000  # of the peer's: ten thousand take minutes
GOAL_S = 15.0
SENT = 1_500  # a full bucket at once, then a minute and a half at Slack's pace
SHARED = 600
ANSWER_S = 0.2  # about what Slack takes
GOAL_PACE, GOAL_SHARE = 0.95, 0.4


def measure() -> Iterator[dict[str, Any]]:
    """Rows for `make bench`: rendering and queueing beside APScheduler's job store, pace, four processes."""
    with quiet(), tempfile.TemporaryDirectory(prefix="praxis-bench-") as folder, postgresql.running(durable=True) as pg:
        peer = _job_store(f"sqlite:///{folder}/jobs.db", Database(f"sqlite:///{folder}/queue.db"))
        makers: dict[str, Callable[[], str]] = {
            "SQLite": lambda: f"sqlite:///{folder}/praxis.db",
            "PostgreSQL": lambda: pg.url(pg.create()),
        }
        for engine, make in makers.items():
            seconds = _queue(Database(make()))
            row = {
                "name": f"{REMINDERS:,} due reminders of {EVENTS} events rendered and queued, {engine}",
                "figure": seconds,
                "unit": "s",
                "goal": f"at most {GOAL_S:g} s",
                "ok": seconds <= GOAL_S,
            }
            if engine == "SQLite":
                row |= {
                    "peer": f"APScheduler's SQLAlchemy job store, one job each, at the pace of {JOBS:,}",
                    "peer_figure": peer,
                    "ratio": seconds / peer,
                }
            yield row
        victims = Victims()
        try:
            yield _pace(Path(folder), victims)
            yield _shared(lambda: pg.url(pg.create()), victims)
        finally:
            victims.stop()


def _queue(database: Database) -> float:
    """Seconds until everything due is in the outbox, rendered for each person."""
    migrate.upgrade(database)
    now = datetime.now(UTC)
    with database.begin() as session:
        community = people.ensure_community(
            session, slack_team_id="T1", name="Bench", locale="en", time_zone="UTC", now=now
        )
        admin = Profile("U1", "Admin", is_admin=True)
        (organizer,) = people.seed_organizers(session, community, [admin], (), now)
        start = now + timedelta(days=2)
        planned = [events.plan(session, organizer, _draft(start, number), now) for number in range(EVENTS)]
        common: dict[str, Any] = {"community_id": community.id, "wants_reminders": True, "wants_announcements": True}
        common |= {"active": True, "is_bot": False, "time_zone": "America/Toronto", "refreshed_at": now}
        session.execute(
            insert(Member),
            [
                common | {"slack_user_id": f"U0P{n:06}", "name": f"P{n}", "slack_locale": "fr" if n % 2 else "en"}
                for n in range(REMINDERS)
            ],
        )
        ids = session.scalars(select(Member.id).where(Member.slack_user_id.like("U0P%")).order_by(Member.id)).all()
        session.execute(
            insert(Rsvp),
            [
                {"event_id": planned[n // EACH].id, "member_id": member_id, "reply": Reply.going, "updated_at": now}
                for n, member_id in enumerate(ids)
            ],
        )
    clock = Clock()
    clock.advance_to(timedelta(days=1, minutes=1).total_seconds())
    service = Service(database, clock)
    began = time.perf_counter()
    service.tick()
    seconds = time.perf_counter() - began
    with database.read() as session:
        queued = session.scalar(select(func.count()).where(Outbox.key.like("reminder:%"))) or 0
    database.close()
    if queued != REMINDERS:
        raise RuntimeError(f"{queued} reminders were queued, not {REMINDERS}")
    return seconds


def _draft(start: datetime, number: int) -> EventDraft:
    return EventDraft(
        EventKind.learning_event, f"Bench {number}", f"Banc {number}", "", "", start.date(), start.time(), "UTC", 60,
        "", None, None, "C1",
    )  # fmt: skip


_peer: dict[str, Any] = {}


def _job(number: int) -> None:
    """What the peer's job does: the same row, without rendering."""
    with _peer["database"].begin() as session:
        outbox.post(session, community_id=1, key=f"job:{number}", payload={"text": "?"}, user=f"U{number}")
    with _peer["lock"]:
        _peer["done"] += 1
        if _peer["done"] == JOBS:
            _peer["all"].set()


def _job_store(url: str, database: Database) -> float:
    """Seconds that APScheduler takes for as many jobs that stand in its own store, at the pace of a thousand."""
    migrate.upgrade(database)
    with database.begin() as session:
        people.ensure_community(
            session, slack_team_id="T1", name="Bench", locale="en", time_zone="UTC", now=datetime.now(UTC)
        )
    _peer.update(database=database, lock=threading.Lock(), done=0, all=threading.Event())
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=url)},
        executors={"default": ThreadPoolExecutor(4)},
        job_defaults={"misfire_grace_time": None},
        timezone=UTC,
    )
    scheduler.start(paused=True)
    due = datetime.now(UTC)
    for number in range(JOBS):
        scheduler.add_job(_job, "date", run_date=due, args=[number])
    began = time.perf_counter()
    scheduler.resume()
    if not _peer["all"].wait(600):
        raise RuntimeError(f"{_peer['done']} of {JOBS} jobs ran")
    seconds = time.perf_counter() - began
    scheduler.shutdown()
    database.close()
    return seconds * REMINDERS / JOBS


def _pace(folder: Path, victims: Victims) -> dict[str, Any]:
    """One bot's sender against the workspace's limits, to people whose conversation is known."""
    with _workspace() as slack:
        url = f"sqlite:///{folder}/pace.db"
        migrate.upgrade(database := Database(url))
        database.close()
        world = World(url, slack, victims, timing=Timing())
        try:
            channels = slack.conversations(slack.people(SENT))
            slack.limit(on=True)
            with world.database.begin() as session:
                for channel in channels:
                    outbox.post(
                        session, community_id=world.community_id, key=f"k{channel}", channel=channel, bulk=True,
                        payload={"text": "A reminder"},
                    )  # fmt: skip
            sender = Sender(world.database, web_client(slack.token, slack.api_url), threads=4)
            began = time.monotonic()
            sender.start()
            while world.unsettled():
                time.sleep(0.05)
            seconds = time.monotonic() - began
            sender.stop()
        finally:
            world.close()
    allowed = (SENT - POSTS_PER_MINUTE) * 60 / POSTS_PER_MINUTE
    return {
        "name": f"{SENT:,} reminders sent, the workspace's limits on",
        "figure": 100 * allowed / seconds,
        "unit": "%",
        "peer": "seconds that the limits allow",
        "peer_figure": allowed,
        "ratio": allowed / seconds,
        "goal": f"at least {100 * GOAL_PACE:g} % of the pace allowed",
        "ok": allowed / seconds >= GOAL_PACE,
    }


def _shared(make: Callable[[], str], victims: Victims) -> dict[str, Any]:
    """Four processes beside one, on PostgreSQL, where Slack answers after a fifth of a second and limits nothing."""
    with _workspace() as slack:
        people_there = slack.people(SHARED)
        channels = slack.conversations(people_there)
        seconds = {}
        for processes in (1, 4):
            migrate.upgrade(database := Database(make()))
            url = database.url.render_as_string(hide_password=False)
            database.close()
            world = World(url, slack, victims, timing=Timing())
            slack.fault("latency", "chat.postMessage", seconds=ANSWER_S)
            try:
                texts = [f"shared by {processes} {person}" for person in people_there]
                with world.database.begin() as session:
                    for channel, text in zip(channels, texts, strict=True):
                        outbox.post(
                            session, community_id=world.community_id, key=text, channel=channel, bulk=True,
                            payload={"text": text},
                        )  # fmt: skip
                began = time.monotonic()
                pids = [victims.send(world) for _ in range(processes)]
                while world.unsettled():
                    time.sleep(0.02)
                seconds[processes] = time.monotonic() - began
                for pid in pids:
                    victims.wait(pid)
                slack.clear()
                tally = world.tally(people_there, texts)
                if tally.lost or tally.doubled:
                    raise RuntimeError(f"{tally.lost} lost, {tally.doubled} doubled")
            finally:
                world.close()
    ratio = seconds[4] / seconds[1]
    return {
        "name": f"4 processes send {SHARED:,} reminders on PostgreSQL, limits off",
        "figure": seconds[4],
        "unit": "s",
        "peer": "one process",
        "peer_figure": seconds[1],
        "ratio": ratio,
        "goal": f"at most {GOAL_SHARE:g} of its time",
        "ok": ratio <= GOAL_SHARE,
    }


@contextmanager
def _workspace() -> Iterator[Slack]:
    slack = Slack()
    try:
        yield slack
    finally:
        slack.stop()
