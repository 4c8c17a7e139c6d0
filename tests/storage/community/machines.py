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
from sqlalchemy import select

from community import attendance, codes, excuses, meetings, rsvp
from community.meeting_files import Attendee
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
    minutes: int | None = None
    excused: bool = False  # said so ahead, whatever became known since


class Presence(RuleBasedStateMachine):
    """Who was there, by the best evidence, since when; who was expected; and what the audit says of each change."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.town = Town(database)
        self.members = self.town.people(6)
        self.event = self.town.event()
        self.now = self.event.starts_at - 25 * MINUTE
        self.going = {0, 1, 2, 3}
        with database.begin() as session:
            for who in self.going:
                rsvp.respond(session, self.members[who], self.event.id, Reply.going, NOW)
        self.known: dict[int, Known] = {}
        self.changes: list[tuple[int, Status | None, Status | None, Evidence, int | None, str | None]] = []
        self.tries: dict[tuple[int, bool], list[datetime]] = {}
        self.closed = False

    def is_open(self) -> bool:
        return attendance.opens_at(self.event) <= self.now < self.event.ends_at

    @property
    def expected(self) -> set[int]:
        return self.going | {who for who, known in self.known.items() if known.excused}

    def note(
        self,
        who: int,
        status: Status,
        evidence: Evidence,
        first: datetime | None,
        minutes: int | None = None,
        reason: str | None = None,
    ) -> None:
        """Somebody said so: the best evidence wins, the first time and the minutes are kept, each change is written."""
        known = self.known.get(who)
        by: int | None = self.members[who].id
        if evidence in (Evidence.organizer, Evidence.minutes):
            by = self.town.organizer.id
        elif evidence is Evidence.closing:
            by = None
        before = known.status if known else None
        if known is None:
            known = self.known[who] = Known(status, evidence, first, minutes, evidence is Evidence.excuse)
        elif RANK.index(evidence) > RANK.index(known.evidence) or evidence is Evidence.organizer:
            if known.first is None or evidence is Evidence.organizer:
                known.status = status
            known.evidence = evidence
        elif not (first and known.first is None) and minutes in (None, known.minutes):
            return
        known.first, known.minutes = known.first or first, known.minutes if minutes is None else minutes
        self.changes.append((who, before, known.status, evidence, by, reason))

    def present(self) -> Status:
        return Status.late if self.now > attendance.late_from(self.event) else Status.present

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(who=PEOPLE, reply=st.sampled_from([Reply.going, Reply.maybe, Reply.not_going]))
    def answer(self, who: int, reply: Reply) -> None:
        with self.town.database.begin() as session:
            _, refusal = attempt(lambda: rsvp.respond(session, self.members[who], self.event.id, reply, self.now))
        if self.now >= self.event.starts_at:
            assert refusal is not None
            assert refusal.code == ("event_over" if self.now >= self.event.ends_at else "event_begun")
            return
        assert refusal is None
        known = self.known.get(who)
        if reply is Reply.going and who not in self.going and known and known.evidence is Evidence.excuse:
            del self.known[who]
            self.changes.append((who, Status.excused, None, Evidence.excuse, self.members[who].id, None))
        (self.going.add if reply is Reply.going else self.going.discard)(who)

    @rule(who=PEOPLE, reason=st.sampled_from(["", "ill", "on leave"]))
    def excuse(self, who: int, reason: str) -> None:
        known = self.known.get(who)
        with self.town.database.begin() as session:
            _, refusal = attempt(lambda: excuses.give(session, self.members[who], self.event.id, reason, self.now))
        if self.now >= self.event.starts_at:
            assert refusal is not None
            assert refusal.code == "excuse_late"
        elif known and known.evidence is not Evidence.excuse:
            assert refusal is not None
            assert refusal.code == "excuse_settled"
        elif who not in self.expected:
            assert refusal is not None
            assert refusal.code == "excuse_not_expected"
        elif known:
            by = self.members[who].id
            self.changes.append((who, Status.excused, Status.excused, Evidence.excuse, by, reason or None))
        else:
            self.going.discard(who)
            self.note(who, Status.excused, Evidence.excuse, None, reason=reason or None)

    @rule(who=PEOPLE, minutes=st.integers(0, 90))
    def in_the_meeting(self, who: int, minutes: int) -> None:
        listed = [Attendee("Somebody", self.members[who].email, minutes)]
        with self.town.database.begin() as session:
            done, refusal = attempt(
                lambda: meetings.take(session, self.town.organizer, self.event.id, listed, self.now)
            )
        if self.now < attendance.opens_at(self.event):
            assert refusal is not None
            assert refusal.code == "roster_early"
            return
        assert done is not None
        spent = min(minutes, self.event.minutes)
        assert [m.id for m in (*done.recorded, *done.otherwise, *done.brief)] == [self.members[who].id]
        assert bool(done.brief) is (2 * spent < self.event.minutes)
        if not done.brief:
            self.note(who, Status.present, Evidence.minutes, None, spent, f"{spent} min")
            assert bool(done.recorded) is (self.known[who].status in (Status.present, Status.late))

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
        ids = {member.id: who for who, member in enumerate(self.members)}
        with self.town.database.read() as session:
            rows = session.scalars(select(Attendance).where(Attendance.event_id == self.event.id)).all()
            changes = session.scalars(
                select(AttendanceChange).where(AttendanceChange.event_id == self.event.id).order_by(AttendanceChange.id)
            ).all()
            expected = {ids[member.id] for member in attendance.expected(session, self.event)}
            state = fresh(session, self.event).state
        assert {ids[r.member_id]: (r.status, r.evidence, r.checked_in_at, r.minutes) for r in rows} == {
            who: (k.status, k.evidence, k.first, k.minutes) for who, k in self.known.items()
        }
        audit = [(ids[c.member_id], c.before, c.after, c.evidence, c.changed_by_id, c.reason) for c in changes]
        assert sorted(audit, key=str) == sorted(self.changes, key=str)
        for who in ids.values():  # each begins where the last ended, and the last is what is known
            steps = [(before, after) for other, before, after, *_ in audit if other == who]
            known = self.known.get(who)
            assert [before for before, _ in steps] == [None, *(after for _, after in steps[:-1])][: len(steps)]
            assert (steps[-1][1] if steps else None) is (known.status if known else None)
        assert all(change.changed_at <= self.now for change in changes)
        assert expected == self.expected
        assert state is (EventState.closed if self.closed else EventState.scheduled)
