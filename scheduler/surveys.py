"""Surveys by themselves: sent after an event, one reminder halfway, settled at the end; each step a transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.orm import Session

from community import notices, supervision, survey_runs
from community.group_records import Cohort
from community.records import Event, Member
from community.rows import locked_event
from community.survey_records import SurveyRun, Wave
from delivery import outbox
from scheduler.apart import Apart
from storage import Database
from views import surveys as view

log = structlog.get_logger("praxis.scheduler")

AT_ONCE = 100


def work_off(
    database: Database, clock: Callable[[], datetime], community_id: int | None = None, apart: Apart | None = None
) -> int:
    """Send, remind and settle what is due; returns how many were. One that fails stops no other and is tried again.

    Raises StorageError when the database cannot be used.
    """
    apart, now = apart or Apart(), clock()
    with database.read() as session:
        events = survey_runs.events_due(session, now, AT_ONCE, community_id)
        runs = survey_runs.runs_due(session, now, AT_ONCE, community_id)
        waves = supervision.due(session, now, community_id)

    def done(what: str, number: int, step: Callable[[Session], bool]) -> bool:
        return bool(apart.attempt(f"survey.{what}", number, partial(_in_one, database, step), now))

    sent = sum(done("sending", event.id, partial(_send, event, now)) for event in events)
    sent += sum(done(wave.value, cohort.id, partial(_ask_supervisors, cohort, wave, now)) for cohort, wave in waves)
    return sent + sum(done("run", run.id, partial(_follow, run, now)) for run in runs)


def _in_one(database: Database, step: Callable[[Session], bool]) -> bool:
    with database.begin() as session:
        return step(session)


def _send(found: Event, now: datetime, session: Session) -> bool:
    event = locked_event(session, found.community_id, found.id, shared=True)
    run = survey_runs.open_for_event(session, event, now) if event else None
    if run is None:
        return False
    asked = survey_runs.silent(session, run)
    _write(session, run, event, asked, now, again=False)
    log.info("survey.sent", run_id=run.id, event_id=run.event_id, recipients=len(asked))
    return True


def _ask_supervisors(cohort: Cohort, wave: Wave, now: datetime, session: Session) -> bool:
    run = supervision.open_for_cohort(session, cohort, wave, now)
    if run is None:
        return False
    asked = survey_runs.silent(session, run)
    _write(session, run, None, asked, now, again=False)
    log.info("survey.sent", run_id=run.id, cohort_id=cohort.id, wave=wave.value, recipients=len(asked))
    return True


def _follow(found: SurveyRun, now: datetime, session: Session) -> bool:
    run = survey_runs.hold(session, found)
    if run is None:
        return False
    if now >= run.closes_at:
        survey_runs.settle(session, run)
        log.info("survey.settled", run_id=run.id)
        return True
    if run.remind_at is None or now < run.remind_at:
        return False
    run.remind_at = None
    event = session.get(Event, run.event_id) if run.event_id else None
    silent = {view.ask_key(run.id, pair[0].id, pair[1].id): pair for pair in survey_runs.silent(session, run)}
    # Whom quiet hours keep from being asked yet has nothing to be reminded of.
    unasked = notices.waiting_keys(session, run.community_id, list(silent))
    still = [pair for key, pair in silent.items() if key not in unasked and pair[0].wants_reminders]
    _write(session, run, event, still, now, again=True)
    log.info("survey.reminded", run_id=run.id, recipients=len(still))
    return True


def _write(
    session: Session,
    run: SurveyRun,
    event: Event | None,
    pairs: Sequence[tuple[Member, Member]],
    now: datetime,
    *,
    again: bool,
) -> None:
    """Ask each in their language and zone; those who left Slack meanwhile are not written to."""
    stored: dict[tuple[str, str, int], int] = {}
    letters = []
    for member, about in pairs:
        if not member.active:
            continue
        shared = (member.locale, member.time_zone, about.id if event is None else 0)
        if shared not in stored:
            stored[shared] = outbox.store_payload(session, view.ask(member, run, event, about, again=again))
        key = view.ask_key(run.id, member.id, about.id)
        letters.append(notices.letter(f"{key}:again" if again else key, member, stored[shared]))
    subject = view.subject(run.id)
    done = notices.sort_out(session, run.community_id, letters, now, useful_until=run.closes_at, subject=subject)
    going = [(letter.key, letter.slack_user_id, letter.payload_id) for letter in done.now]
    outbox.broadcast(session, community_id=run.community_id, letters=going, subject=subject)
