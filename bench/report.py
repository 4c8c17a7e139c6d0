"""What the programme report costs over a thousand events of a hundred people, with their surveys."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

import knowledge.records  # noqa: F401 - its tables are migrated too
from community import people, surveys
from community.attendance_records import Attendance, Evidence, Status
from community.people import Profile
from community.records import Event, EventKind, EventState, Member, Reply, Rsvp
from community.survey_records import (
    RunState,
    SurveyAnswered,
    SurveyCell,
    SurveyInvitation,
    SurveyResponse,
    SurveyRun,
)
from reports import page, programme, tables
from reports.selection import Selection
from storage import Database, migrate
from tests.postgresql import running
from views.i18n import translator

EVENTS, PEOPLE, CELL = 1_000, 100, 20
GOAL_S = 3.0
TRIES = 3


def measure() -> list[dict[str, Any]]:
    """Rows for the table of benchmarks."""
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running(durable=True))
        urls = {"SQLite": f"sqlite:///{folder / 'report.db'}", "PostgreSQL": server.url(server.create())}
        for engine, url in urls.items():
            database = Database(url)
            stack.callback(database.close)
            migrate.upgrade(database)
            with database.begin() as session:
                community_id = _fill(session)
            for name, goal in (("page", GOAL_S), ("all rows of its table", None)):
                seconds = min(_seconds(database, community_id, name) for _ in range(TRIES))
                rows.append(
                    {
                        "name": f"programme report, {name}: {EVENTS:,} events x {PEOPLE} people, {engine}",
                        "figure": seconds,
                        "unit": "s",
                        "goal": f"at most {goal:g} s" if goal else "",
                        "ok": seconds <= goal if goal else None,
                    }
                )
    return rows


def _seconds(database: Database, community_id: int, what: str) -> float:
    began = time.perf_counter()
    with database.read() as session:
        selection = Selection(community_id)
        if what == "page":
            shown = page.page(programme.report(session, selection), translator("en"))
            if shown.measures[0].value is None or shown.measures[1].value is None:
                raise RuntimeError("the report is empty")
        elif len(tables.as_csv(session, selection, "en").splitlines()) < EVENTS:
            raise RuntimeError("the table is empty")
    return time.perf_counter() - began


def _fill(session: Session) -> int:
    now = datetime.now(UTC)
    community = people.ensure_community(
        session, slack_team_id="T1", name="Bench", locale="en", time_zone="UTC", now=now
    )
    (organizer,) = people.seed_organizers(session, community, [Profile("U1", "Admin", is_admin=True)], (), now)
    common = {"community_id": community.id, "time_zone": "UTC", "active": True, "is_bot": False, "sample": False}
    common |= {"wants_reminders": True, "wants_announcements": True}
    session.execute(
        insert(Member),
        [common | {"slack_user_id": f"UB{n}", "name": f"P{n}", "department": f"D{n % 17}"} for n in range(PEOPLE)],
    )
    members = list(session.scalars(select(Member.id).where(Member.slack_user_id.startswith("UB"))))
    events = [_event(community.id, organizer.id, number, now) for number in range(EVENTS)]
    session.add_all(events)
    session.flush()
    pairs = list(product([event.id for event in events], members))
    session.execute(
        insert(Rsvp), [{"event_id": e, "member_id": m, "reply": Reply.going, "updated_at": now} for e, m in pairs]
    )
    marks = [*[Status.present] * 8, Status.late, Status.absent]
    recorded = {"evidence": Evidence.button, "recorded_at": now}
    session.execute(
        insert(Attendance),
        [recorded | {"event_id": e, "member_id": m, "status": marks[(e + m) % len(marks)]} for e, m in pairs],
    )
    asked = {}
    for kind in (EventKind.learning_event, EventKind.action_learning):
        survey = surveys.ensure(session, community.id, surveys.purpose_of(kind))
        asked[kind] = survey.id, [question.id for question in surveys.questions(session, survey)]
    for event in events:
        _answers(session, *asked[event.kind], event, members, now)
    return community.id


def _event(community_id: int, organizer_id: int, number: int, now: datetime) -> Event:
    starts_at = (now - timedelta(days=number % 700, hours=2)).replace(minute=0, second=0, microsecond=0)
    return Event(
        community_id=community_id,
        kind=(EventKind.learning_event, EventKind.action_learning)[number % 2],
        state=EventState.closed,
        title_en=f"Event {number}",
        title_fr=f"Activité {number}",
        description_en="",
        description_fr="",
        local_start=f"{starts_at:%Y-%m-%dT%H:%M}",
        time_zone="UTC",
        minutes=60,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        place="",
        channel="C1",
        created_by_id=organizer_id,
        created_at=now,
        updated_at=now,
    )


def _answers(
    session: Session, survey_id: int, questions: list[int], event: Event, members: list[int], now: datetime
) -> None:
    run = SurveyRun(
        community_id=event.community_id,
        survey_id=survey_id,
        event_id=event.id,
        question_ids=questions,
        floor=5,
        state=RunState.settled,
        opened_at=now,
        closes_at=now,
    )
    session.add(run)
    session.flush()
    cells = [SurveyCell(run_id=run.id, department=f"D{n}") for n in range(PEOPLE // CELL)]
    session.add_all(cells)
    session.flush()
    key = [{"run_id": run.id, "member_id": member, "about_id": member} for member in members]
    session.execute(insert(SurveyInvitation), [k | {"cell_id": cells[n % len(cells)].id} for n, k in enumerate(key)])
    session.execute(insert(SurveyAnswered), key)
    session.execute(
        insert(SurveyResponse),
        [
            {
                "id": (event.id * PEOPLE + n) * 10 + q,
                "run_id": run.id,
                "question_id": questions[q],
                "cell_id": cells[n % len(cells)].id,
                "value": None if q == 2 else 1 + (n + q) % 5,
                "text": "More time for discussion" if q == 2 else None,
            }
            for n in range(PEOPLE)
            for q in range(3)
        ],
    )
