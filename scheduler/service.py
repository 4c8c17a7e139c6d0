"""The clock's service: once a second it does what is due, whatever was due while nothing ran included.

What is due stands in the database; APScheduler says when to look. Any number of services may run over one database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from community import notices, reminders, seats, survey_runs, waiting
from scheduler import (
    announcements,
    answers,
    calendars,
    codes,
    offers,
    retention,
    reviews,
    series,
    surveys,
    waiting_letters,
)
from scheduler.apart import Apart
from scheduler.clock import Clock
from scheduler.due import work_off
from scheduler.requests import Requests
from storage import Database

log = structlog.get_logger("praxis.scheduler")

REPLAY_SECONDS = 10
ANNOUNCEMENTS_SECONDS = 2
CODES_SECONDS = 1
SERIES_SECONDS = 2
ANSWERS_SECONDS = 2
REVIEWS_SECONDS = 60
RETENTION_SECONDS = 3600
CHECKPOINT_SECONDS = 2


class Service:
    """Looks every `tick_seconds` for what is due; `replay` takes up what was received and not finished.

    `requests` says how long questions wait for a person and which channel is the experts'.

    `community_id` restricts it to one community: each is served by its own bot, and while that one does not run nothing
    piles up that would go out too late.

    A tick that fails (the database is away) is logged once and tried again; nothing is lost, for nothing was settled.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        tick_seconds: float = 1.0,
        replay: Callable[[], object] | None = None,
        community_id: int | None = None,
        requests: Requests | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._tick_seconds = tick_seconds
        self._replay = replay
        self._cards = announcements.Cards(database, community_id)
        self._community_id = community_id
        self._requests = requests or Requests()
        self._apart = Apart()
        self._scheduler: Any = None
        self._ticked_at: float | None = None
        self._troubled: set[str] = set()
        self._lock = threading.Lock()
        clock.when_advanced(self.wake)

    def start(self) -> None:
        """Work off what is overdue, at once, and go on looking until `stop`."""
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(3)},
            # A late look is still wanted, several late ones are one, and one look at a time is enough.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._add(scheduler, "tick", self.tick, self._tick_seconds)
        self._add(scheduler, "retention", self._forget, RETENTION_SECONDS)
        if self._database.is_sqlite:
            self._add(scheduler, "checkpoint", self._database.checkpoint, CHECKPOINT_SECONDS)
        self._add(scheduler, "announcements", self._follow, ANNOUNCEMENTS_SECONDS)
        self._add(scheduler, "codes", self._turn_codes, CODES_SECONDS)
        self._add(scheduler, "series", self._go_on, SERIES_SECONDS)
        self._add(scheduler, "answers", self._tell, ANSWERS_SECONDS)
        self._add(scheduler, "reviews", self._remind, REVIEWS_SECONDS)
        if self._replay is not None:
            self._add(scheduler, "replay", self._replay, REPLAY_SECONDS)
        with self._lock:
            if self._scheduler is not None:
                raise RuntimeError("The service runs already")
            self._scheduler = scheduler
            scheduler.start()

    def stop(self) -> None:
        """Finish what is being done and stop; again is no harm."""
        with self._lock:
            scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Look now rather than at the next tick; a no-op while the service does not run."""
        with self._lock:
            if self._scheduler is not None:
                try:
                    self._scheduler.modify_job("tick", next_run_time=datetime.now(UTC))
                except JobLookupError:  # between start and the job's being stored
                    log.debug("scheduler.not_ready")

    def tick(self) -> int:
        """Do everything that is due now; returns how many things that were. Raises when the database cannot be used."""
        common = (self._database, self._clock.now, self._community_id)
        done = work_off(*common)
        done += surveys.work_off(*common, self._apart)
        done += offers.work_off(*common, self._apart)
        done += self._requests.work_off(*common)
        done += waiting_letters.work_off(*common)
        self._ticked_at = time.monotonic()
        return done

    def next_due(self) -> datetime | None:
        """When the next thing is due on the clock people live by; None when nothing is."""
        with self._database.read() as session:
            all_of_them = [
                due.next_due(session, self._community_id) for due in (reminders, survey_runs, seats, notices)
            ]
            now = self._clock.now()
            all_of_them += [due.next_due(session, now, self._community_id) for due in (waiting, reviews)]
            return min((moment for moment in all_of_them if moment), default=None)

    def seconds_since_tick(self) -> float | None:
        """Age of the last tick that worked, in real seconds; None before the first."""
        return None if self._ticked_at is None else time.monotonic() - self._ticked_at

    def _add(self, scheduler: Any, name: str, call: Callable[[], object], seconds: float) -> None:
        def run() -> None:
            try:
                call()
            except Exception as error:
                # Once a second the same trouble would fill the log: its beginning and its end are enough.
                if name not in self._troubled:
                    self._troubled.add(name)
                    log.exception("scheduler.failed", job=name, error=type(error).__name__)
                return
            if name in self._troubled:
                self._troubled.discard(name)
                log.info("scheduler.recovered", job=name)

        scheduler.add_job(run, "interval", seconds=seconds, id=name, name=name, next_run_time=datetime.now(UTC))

    def _forget(self) -> None:
        retention.forget(self._database, self._clock.now())

    def _turn_codes(self) -> None:
        codes.follow(self._database, self._clock.now(), self._community_id)

    def _go_on(self) -> None:
        series.go_on(self._database, self._clock.now(), self._community_id, self._apart)
        calendars.renew(self._database, self._clock.now(), self._community_id, self._apart)

    def _follow(self) -> None:
        self._cards.follow(self._clock.now())

    def _tell(self) -> None:
        answers.tell(self._database, self._clock.now(), self._community_id, self._apart)

    def _remind(self) -> None:
        reviews.remind(self._database, self._clock.now(), self._community_id)
