"""The attack on anonymity: every table that can be had, at every moment, and whatever can be subtracted from another.

Every answer gets a value of its own, so that a table shows by its values whose answers it is made of. Two answers that
no table tells apart stay together in every sum, difference or ratio of tables, be there ever so many: so what an
attacker can isolate at best is a group of answers that stand in the same tables. Each such group must be of as many
people as the floor asks for, or stand in no table at all.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from community import survey_runs, surveys
from community.group_records import Cohort, CohortMember
from community.records import Event, EventKind, EventState, Member
from community.survey_records import (
    SurveyAnswered,
    SurveyInvitation,
    SurveyPurpose,
    SurveyResponse,
    SurveyRun,
    Wave,
)
from reports import opinions, programme, supervisors, tables
from reports.selection import By, Selection, cohorts
from tests.town import NOW, Town

DEPARTMENTS = ("Health", "Justice", "Mint", None)
DAY = timedelta(days=1)
_ids = itertools.count(1)


class Community:
    """People of a few departments and cohorts, their events, and which answer is whose."""

    def __init__(self, town: Town, chance: random.Random, floor: int) -> None:
        self.town, self.chance, self.floor = town, chance, floor
        self.whose: dict[int, int] = {}
        self.shown: set[frozenset[int]] = set()
        self.days: list[date] = []
        self.settled = 0
        with town.database.begin() as session:
            common = {"community_id": town.id, "time_zone": "UTC", "active": True, "is_bot": False, "sample": False}
            common |= {"wants_reminders": True, "wants_announcements": True}
            names = [f"U{town.id}X{number}" for number in range(chance.randint(6, 24))]
            session.execute(insert(Member), [common | {"slack_user_id": name, "name": name} for name in names])
            self.people = list(session.scalars(select(Member.id).where(Member.slack_user_id.in_(names))))
            session.add_all(
                Cohort(community_id=town.id, code=code, name_en=code, name_fr=code, created_at=NOW) for code in "AB"
            )
            session.flush()
            self.spread(session)
            for purpose in SurveyPurpose:
                surveys.choose(session, town.organizer, purpose, surveys.Settings(True, 7, floor))

    def spread(self, session: Session) -> None:
        """People work where they do; an organizer may say otherwise later, to see what changes."""
        groups = cohorts(session, self.town.id)
        for member_id in self.people:
            member = session.get_one(Member, member_id)
            member.department = self.chance.choice(DEPARTMENTS)
            for cohort in groups:
                row = session.scalar(
                    select(CohortMember).where(CohortMember.cohort_id == cohort.id, CohortMember.member_id == member_id)
                )
                if row is None and self.chance.random() < 0.5:
                    session.add(CohortMember(cohort_id=cohort.id, member_id=member_id, joined_at=NOW))
                elif row is not None:
                    row.left_at = NOW if self.chance.random() < 0.5 else None

    def ask(self, session: Session, event: Event) -> SurveyRun:
        """The survey of an event at which some were."""
        there = self.chance.sample(self.people, self.chance.randint(1, len(self.people)))
        pairs = [(member, member) for member in session.scalars(select(Member).where(Member.id.in_(there)))]
        survey = surveys.ensure(session, self.town.id, surveys.purpose_of(event.kind))
        return self.answered(session, survey_runs.open_run(session, survey, pairs, NOW, event_id=event.id))

    def ask_supervisors(self, session: Session, cohort: Cohort) -> SurveyRun:
        """The supervisors' survey of a cohort; some of them supervise several."""
        few = self.chance.sample(self.people, min(len(self.people), self.chance.randint(2, 9)))
        above = [session.get_one(Member, self.chance.choice(few)) for _ in self.people]
        pairs = [(boss, session.get_one(Member, number)) for boss, number in zip(above, self.people, strict=True)]
        pairs = pairs[: self.chance.randint(1, len(pairs))]
        survey = surveys.ensure(session, self.town.id, SurveyPurpose.supervisor)
        run = survey_runs.open_run(session, survey, pairs, NOW, cohort_id=cohort.id, wave=Wave.start)
        return self.answered(session, run)

    def answered(self, session: Session, run: SurveyRun | None) -> SurveyRun:
        """Some answer, each with a value that nobody else gives; not all of them in words."""
        assert run is not None
        asked = session.scalars(select(SurveyInvitation).where(SurveyInvitation.run_id == run.id)).all()
        for one in asked:
            if self.chance.random() < 0.3:
                continue
            key = {"run_id": run.id, "member_id": one.member_id, "about_id": one.about_id}
            session.execute(insert(SurveyAnswered), [key])
            for place, question_id in enumerate(run.question_ids):
                in_words = place == 2 and run.event_id is not None
                if in_words and self.chance.random() < 0.5:
                    continue
                number = next(_ids)
                self.whose[number] = one.member_id
                given = {"value": None, "text": str(number)} if in_words else {"value": number, "text": None}
                row = {"id": number, "run_id": run.id, "question_id": question_id, "cell_id": one.cell_id}
                session.execute(insert(SurveyResponse), [row | given])
        return run

    def look(self) -> None:
        """Note every table there is to be had now, and see that none of their numbers gives away a few."""
        with self.town.database.read() as session:
            for chosen in self.selections(session):
                for tally in opinions.tallies(session, chosen):
                    self.shown.add(frozenset(tally.counts))
                self.shown.add(frozenset(int(text) for text in opinions.words(session, chosen)))
            for found in supervisors.tallies(session, self.town.id).values():
                self.shown.update(frozenset(tally.counts) for tally in found)
            self.subtract(session, Selection(self.town.id))

    def selections(self, session: Session) -> Iterator[Selection]:
        """Filters and periods, overlapping ones too, and both together."""
        first, last = min(self.days), max(self.days)
        periods = [(None, None), (None, last - DAY), (first + DAY, None)]
        for since, until in periods:
            for department in (None, DEPARTMENTS[0]):
                for cohort in (None, *cohorts(session, self.town.id)):
                    yield Selection(self.town.id, since, until, cohort=cohort, department=department)

    def subtract(self, session: Session, chosen: Selection) -> None:
        """The parts that the file shows, from the whole that the page shows: nothing, or as many as the floor."""
        page = programme.report(session, chosen)
        rows = [dict(zip(tables.COLUMNS, row, strict=True)) for row in tables.rows(session, chosen, "en")]
        (whole,) = [row for row in rows if row["by"] == "all"]
        total = int(whole["agreeing_n"] or 0)
        assert not (total or whole["asked"]) or self.settled, "nothing while anybody may still answer"
        assert sum(one.opinion.n for one in page.judged) == total, "the page and the file agree"
        for by in By:
            parts = [int(row["agreeing_n"] or 0) for row in rows if row["by"] == by.value]
            assert all(part == 0 or part >= self.floor for part in parts)
            assert (rest := total - sum(parts)) == 0 or rest >= self.floor, by
            if by in (By.event, By.month, By.kind):
                assert rest == 0


@pytest.mark.parametrize("seed", range(2))
def test_no_tables_at_any_time_can_be_subtracted_to_fewer_than_the_floor(town: Town, seed: int) -> None:
    floor = 5 + seed
    of = Community(town, random.Random(seed), floor)  # noqa: S311 - a game that can be played again
    kinds = (EventKind.learning_event, EventKind.action_learning, EventKind.learning_event)
    events = [of.town.event(NOW + number * 20 * DAY, kind=kind) for number, kind in enumerate(kinds, start=1)]
    of.days = [date.fromisoformat(event.local_start[:10]) for event in events]
    with of.town.database.begin() as session:
        runs = [of.ask(session, event) for event in events]
        runs += [of.ask_supervisors(session, cohort) for cohort in cohorts(session, of.town.id)]
        session.execute(update(Event).where(Event.community_id == of.town.id).values(state=EventState.closed))
    of.look()
    assert of.shown == {frozenset()}
    for number, run in enumerate(runs):
        with of.town.database.begin() as session:
            held = survey_runs.hold(session, run)
            assert held is not None
            survey_runs.settle(session, held)
            of.settled += 1
            if number == 1:
                of.spread(session)  # people move, or an organizer says so to see what it changes
        if number in (0, 2):
            of.look()
    with of.town.database.begin() as session:
        for purpose in SurveyPurpose:
            surveys.choose(session, of.town.organizer, purpose, surveys.Settings(True, 7, 10))
    of.look()

    seen_in = sorted(of.shown, key=sorted)
    together: dict[tuple[bool, ...], set[int]] = defaultdict(set)
    for number in of.whose:
        together[tuple(number in table for table in seen_in)].add(of.whose[number])
    for tables_of, people in together.items():
        assert not any(tables_of) or len(people) >= floor
