"""A thousand people check in within a minute, over the real socket, and the card keeps up."""

from __future__ import annotations

import itertools
import json
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

import knowledge.records  # noqa: F401 - every table, for the foreign keys
from bench.envelopes import bot, first_run
from bench.slack import APP, BOT, TEAM, LoadSlack
from community import events, people, rsvp
from community.drafts import EventDraft
from community.people import Profile
from community.records import Community, EventKind, Member, Reply, Rsvp
from delivery import outbox
from storage import Database
from views.events import card, card_key

PEOPLE, SECONDS = 1000, 57
CHANNEL = "C0BENCH"
GOAL_MS = 300
TIER_3 = 50  # chat.update's calls a minute
_numbers = itertools.count(1)


def measure() -> Iterator[dict[str, Any]]:
    """Rows for `make bench`: button to recorded, the card's updates a minute, and what it says in the end."""
    with tempfile.TemporaryDirectory(prefix="praxis-bench-") as folder:
        database = Path(folder) / "praxis.db"
        first_run(database)
        event_id = _plan(database)
        with LoadSlack().start() as slack, bot(slack, database), _watching(database) as recorded:
            time.sleep(2)  # the card is posted and the bot at rest
            flights = slack.send_at([_press(event_id, n) for n in range(PEOPLE)], PEOPLE / SECONDS)
            _until(lambda: len(recorded) == PEOPLE, 60)
            last = max(recorded.values())
            _until(lambda: _says(slack.updates, PEOPLE), 30)
            behind = slack.updates[-1][0] - last
        waits = [recorded[n] - flight.sent for n, flight in enumerate(flights)]
        p95 = statistics.quantiles(waits, n=20)[-1] * 1000
        name = f"{PEOPLE:,} check-ins in {SECONDS} s over the socket"
        yield {
            "name": f"{name}: button to recorded, p95",
            "figure": p95,
            "unit": "ms",
            "peer": "median",
            "peer_figure": statistics.median(waits) * 1000,
            "ratio": p95 / (statistics.median(waits) * 1000),
            "goal": f"at most {GOAL_MS} ms",
            "ok": p95 <= GOAL_MS,
        }
        busiest = _busiest_minute([at for at, _ in slack.updates])
        yield {
            "name": f"{name}: updates of the card in its busiest minute",
            "figure": busiest,
            "unit": "calls",
            "peer": "one for each check-in",
            "peer_figure": PEOPLE,
            "ratio": busiest / PEOPLE,
            "goal": f"at most {TIER_3}, as Slack allows",
            "ok": 1 < busiest <= TIER_3,
        }
        yield {
            "name": f"{name}: the card is right after the last one",
            "figure": behind,
            "unit": "s",
            "goal": "at most 10 s",
            "ok": behind <= 10,
        }


def _plan(path: Path) -> int:
    """An event that takes check-ins now, with a thousand people going, and its card."""
    database, now = Database(f"sqlite:///{path}"), datetime.now(UTC)
    with database.begin() as session:
        community = session.scalars(select(Community).where(Community.slack_team_id == TEAM)).one()
        admin = Profile("U0ADMIN", "Admin", is_admin=True)
        organizer = people.ensure_member(session, community, "U0ADMIN", now, admin)
        people.seed_organizers(session, community, [admin], (), now)
        start = now + timedelta(minutes=10)
        draft = EventDraft(
            EventKind.learning_event, "Bench", "Banc", "", "", start.date(), start.time(), "UTC", 60, "", None, None,
            CHANNEL,
        )  # fmt: skip
        event = events.plan(session, organizer, draft, now)
        session.execute(
            insert(Member),
            [
                {
                    "community_id": community.id,
                    "slack_user_id": _user(n),
                    "name": f"Person {n}",
                    "time_zone": "America/Toronto",
                    "slack_locale": "fr-CA" if n % 2 else "en-CA",
                    "refreshed_at": now,
                    "wants_reminders": True,
                    "wants_announcements": True,
                    "active": True,
                    "is_bot": False,
                }
                for n in range(PEOPLE)
            ],
        )
        ids = session.scalars(select(Member.id).where(Member.slack_user_id.like("U0PERSON%"))).all()
        going = {"event_id": event.id, "reply": Reply.going, "updated_at": now}
        session.execute(insert(Rsvp), [going | {"member_id": member_id} for member_id in ids])
        payload = card(event, rsvp.standing(session, event), now)
        outbox.post(session, community_id=community.id, key=card_key(event.id), payload=payload, channel=CHANNEL)
    database.close()
    return event.id


def _user(number: int) -> str:
    return f"U0PERSON{number:04}"


def _press(event_id: int, number: int) -> dict[str, Any]:
    """What Slack sends when this person presses the card's button."""
    moment = f"{time.time():.4f}{next(_numbers):04}"
    return {
        "type": "block_actions",
        "user": {"id": _user(number), "team_id": TEAM},
        "team": {"id": TEAM, "domain": "bench"},
        "api_app_id": APP,
        "trigger_id": f"{moment}.bench",
        "channel": {"id": CHANNEL, "name": "bench"},
        "message": {"ts": "1.1", "user": BOT, "text": "Bench"},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": CHANNEL, "is_ephemeral": False},
        "response_url": "",
        "actions": [
            {
                "type": "button",
                "action_id": "checkin.button",
                "block_id": f"event:{event_id}",
                "value": str(event_id),
                "action_ts": moment,
            }
        ],
    }


@contextmanager
def _watching(path: Path) -> Iterator[dict[int, float]]:
    """When each person's attendance could first be read by another process, seen every few milliseconds."""
    found: dict[int, float] = {}
    ended = threading.Event()

    def watch() -> None:
        seen = 0
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            statement = (
                "SELECT attendance.id, slack_user_id FROM attendance JOIN member ON member.id = member_id "
                "WHERE attendance.id > ? ORDER BY attendance.id"
            )
            while not ended.wait(0.004):
                for row, user in connection.execute(statement, (seen,)).fetchall():
                    seen = row
                    found[int(user.removeprefix("U0PERSON"))] = time.monotonic()
        connection.close()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def _says(updates: list[tuple[float, dict[str, Any]]], number: int) -> bool:
    return bool(updates) and f"{number:,} people have checked in." in json.dumps(updates[-1][1], ensure_ascii=False)


def _busiest_minute(moments: list[float]) -> int:
    return max((sum(begin <= at < begin + 60 for at in moments) for begin in moments), default=0)


def _until(condition: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {seconds} s")
        time.sleep(0.01)
