"""A model of attendance that Hypothesis plays against the rules, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from community import attendance, codes, rsvp
from community.records import Attendance, AttendanceChange, EventState, Evidence, Reply, Status
from storage import Database
from tests.storage.community.attempts import attempt
from tests.town import NOW, Town, fresh

PEOPLE = st.integers(0, 5)
MINUTE = timedelta(minutes=1)
RANK = list(Evidence)


def play(machine: type[RuleBasedStateMachine], database: Database, *, examples: int, steps: int) -> None:
    """Play so many games of so many steps; a broken promise fails with the steps that led to it."""
    run_state_machine_as_test(
        lambda: machine(database),  # type: ignore[call-arg, arg-type]  # each of ours takes one
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.generate,),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@dataclass
class Known:
    """What the model knows of one person's attendance."""

    status: Status
    evidence: Evidence
    first: datetime | None
    changes: int = 1


class Presence(RuleBasedStateMachine):
    """Who was there, by the best evidence, since when."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.town = Town(database)
        self.members = self.town.people(6)
        self.event = self.town.event()
        self.now = self.event.starts_at - 25 * MINUTE
        self.expected = {0, 1, 2, 3}
        with database.begin() as session:
            for who in self.expected:
                rsvp.respond(session, self.members[who], self.event.id, Reply.going, NOW)
        self.known: dict[int, Known] = {}
        self.tries: dict[tuple[int, bool], list[datetime]] = {}
        self.closed = False

    def is_open(self) -> bool:
        return attendance.opens_at(self.event) <= self.now < self.event.ends_at

    def note(self, who: int, status: Status, evidence: Evidence, first: datetime | None) -> None:
        known = self.known.get(who)
        if known is None:
            self.known[who] = Known(status, evidence, first)
        elif RANK.index(evidence) > RANK.index(known.evidence) or evidence is Evidence.organizer:
            if known.first is None or evidence is Evidence.organizer:
                known.status = status
            known.evidence, known.first, known.changes = evidence, known.first or first, known.changes + 1
        else:
            known.first = known.first or first

    def present(self) -> Status:
        return Status.late if self.now > attendance.late_from(self.event) else Status.present

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(who=PEOPLE)
    def press(self, who: int) -> None:
        with self.town.database.begin() as session:
            done, refusal = attempt(lambda: attendance.check_in(session, self.members[who], self.event.id, self.now))
        if done is None:
            assert refusal is not None
            early = self.now < self.event.starts_at
            assert refusal.code == ("check_in_early" if early else "check_in_over")
            assert not self.is_open()
            return
        self.checked_in(who, Evidence.button, done)

    @rule(who=PEOPLE, right=st.booleans())
    def enter_code(self, who: int, right: bool) -> None:
        code = codes.shown(self.event, self.now).digits
        if not right:
            code = f"{(int(code) + 1) % 1_000_000:06}"
        # Before and after, tries are counted apart from those at the event.
        tries = self.tries.setdefault((who, self.is_open()), [])
        recent = [at for at in tries if at > self.now - codes.TRIES_WITHIN]
        everybody = [at for (_, on), all_of in self.tries.items() if on for at in all_of]
        lately = [at for at in everybody if at > self.now - codes.TRIES_WITHIN]
        barred = len(recent) >= codes.TRIES or (
            self.is_open()
            and (
                len(tries) >= codes.TRIES_AT_EVENT
                or (len(lately) >= codes.TRIES_OF_ALL and (bool(tries) or who not in self.expected))
            )
        )
        with self.town.database.begin() as session:
            done, refusal = attempt(lambda: attendance.check_in_with_code(session, self.members[who], code, self.now))
        if done is None:
            assert refusal is not None
            assert refusal.code.startswith("code_tries") is barred
            assert refusal.keep is not barred
            if refusal.keep:
                tries.append(self.now)
                assert not (right and self.is_open())
            return
        assert right
        assert not barred
        self.checked_in(who, Evidence.code, done)

    def checked_in(self, who: int, evidence: Evidence, done: attendance.CheckIn) -> None:
        assert self.is_open()
        before = self.known.get(who)
        assert done.first is (before is None or before.first is None)
        self.note(who, self.present(), evidence, self.now)
        assert (done.status, done.at) == (self.known[who].status, self.known[who].first)

    @rule(who=PEOPLE, status=st.sampled_from(Status))
    def correct(self, who: int, status: Status) -> None:
        with self.town.database.begin() as session:
            _, refusal = attempt(
                lambda: attendance.correct(
                    session, self.town.organizer, self.event.id, self.members[who].id, status, self.now
                )
            )
        if refusal is not None:
            assert refusal.code == "roster_early"
            assert self.now < attendance.opens_at(self.event)
            assert status is not Status.excused
            return
        assert status is Status.excused or self.now >= attendance.opens_at(self.event)
        self.note(who, status, Evidence.organizer, None)

    @rule()
    def close(self) -> None:
        with self.town.database.begin() as session:
            _, refusal = attempt(lambda: attendance.close(session, self.event, self.now))
        if self.now < self.event.ends_at:
            assert refusal is not None
            assert refusal.code == "event_running"
            return
        assert refusal is None
        if not self.closed:
            for who in self.expected - set(self.known):
                self.note(who, Status.absent, Evidence.closing, None)
        self.closed = True

    @invariant()
    def database_agrees(self) -> None:
        with self.town.database.read() as session:
            rows = session.scalars(select(Attendance).where(Attendance.event_id == self.event.id)).all()
            changes = session.scalar(select(func.count()).where(AttendanceChange.event_id == self.event.id))
            state = fresh(session, self.event).state
        assert {r.member_id: (r.status, r.evidence, r.checked_in_at) for r in rows} == {
            self.members[who].id: (k.status, k.evidence, k.first) for who, k in self.known.items()
        }
        assert changes == sum(k.changes for k in self.known.values())
        assert state is (EventState.closed if self.closed else EventState.scheduled)
