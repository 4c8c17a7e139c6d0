"""Supervisors are asked about their participants at the start and after 90 days; what they say is told together."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from community import supervision, survey_answers, survey_runs, surveys
from community.errors import CommunityError
from community.group_records import Cohort, CohortMember
from community.records import Member
from community.survey_records import SurveyCell, SurveyPurpose, SurveyQuestion, SurveyRun, Wave
from reports import page, programme, supervisors
from reports.selection import Selection
from scheduler import surveys as job
from tests.town import NOW, ZONE, Town
from views.i18n import translator

STARTS = date(2026, 11, 9)
MORNING = datetime(2026, 11, 9, 9, tzinfo=ZoneInfo(ZONE))


def _same(moment: datetime) -> datetime:
    return moment


def cohort(town: Town, pairs: list[tuple[Member, Member]]) -> Cohort:
    """A cohort of the first of each pair, supervised by the second."""
    with town.database.begin() as session:
        made = Cohort(community_id=town.id, code="C1", name_en="One", name_fr="Un", starts_on=STARTS, created_at=NOW)
        session.add(made)
        session.flush()
        for member, supervisor in pairs:
            session.add(CohortMember(cohort_id=made.id, member_id=member.id, joined_at=NOW))
            supervision.describe(session, town.organizer, session.get_one(Member, member.id), " Parks ", supervisor)
    return made


def test_both_waves_are_sent_once_and_told_together_from_five_supervisors_on(town: Town) -> None:
    people, above = town.people(7), town.people(5)
    # One supervisor has three participants: that is one voice.
    cohort(town, list(zip(people, [above[0], above[0], *above], strict=True)))
    values = {Wave.start: 2, Wave.after: 4}
    for wave, moment in ((Wave.start, MORNING), (Wave.after, MORNING + timedelta(days=90))):
        with town.database.read() as session:
            assert supervision.due(session, moment - timedelta(minutes=1), town.id) == []
        assert job.work_off(town.database, partial(_same, moment), town.id) == 1
        assert job.work_off(town.database, partial(_same, moment), town.id) == 0
        with town.database.begin() as session:
            run = session.scalars(
                select(SurveyRun).where(SurveyRun.community_id == town.id, SurveyRun.wave == wave)
            ).one()
            asked = survey_runs.silent(session, run)
            assert len(asked) == 7
            assert len(session.scalars(select(SurveyCell).where(SurveyCell.run_id == run.id)).all()) == 1
            answers = dict.fromkeys(run.question_ids, values[wave])
            # At the start only four of the five answer, about six of the seven.
            for supervisor, about in asked:
                if wave is Wave.after or supervisor.id != above[4].id:
                    survey_answers.answer(session, supervisor, run.id, answers, moment, about.id)
        late = moment + timedelta(days=8)
        assert job.work_off(town.database, partial(_same, late), town.id) == 1
    with town.database.read() as session:
        told = supervisors.tallies(session, town.id)
        assert told[Wave.start] == [], "four supervisors are too few, however many answers they gave"
        assert {(tally.agreeing, tally.n) for tally in told[Wave.after]} == {(7, 7)}
        assert len(told[Wave.after]) == 5
        shown = page.as_text(page.page(programme.report(session, Selection(town.id)), translator("fr")))
        assert "pensée stratégique. Au début\u00a0: –; après 90 jours\u00a0: 100\u00a0% (7 sur 7)" in shown
        assert session.scalars(select(SurveyQuestion.text_en).where(SurveyQuestion.headline).limit(1)).first()
    with town.database.begin() as session:
        wanted = surveys.Settings(enabled=True, open_days=7, floor=6)
        surveys.choose(session, town.organizer, SurveyPurpose.supervisor, wanted)
        assert not any(supervisors.tallies(session, town.id).values()), "seven answers are five people's"


def test_who_supervises_whom_is_for_organizers_to_say(town: Town) -> None:
    member, supervisor, stranger = town.person(), town.person(), Town(town.database).organizer
    for by, whom, above, code in (
        (member, member, supervisor, "needs_organizer"),
        (town.organizer, member, member, "supervisor_self"),
        (town.organizer, stranger, supervisor, "member_unknown"),
        (town.organizer, member, stranger, "member_unknown"),
    ):
        with pytest.raises(CommunityError, match=code), town.database.begin() as session:
            supervision.describe(session, by, whom, "Parks", above)
    with pytest.raises(CommunityError, match="too_long"), town.database.begin() as session:
        supervision.describe(session, town.organizer, member, "x" * 121, None)
    # Nobody to ask: it waits until somebody is named.
    made = cohort(town, [])
    with town.database.read() as session:
        assert supervision.due(session, MORNING, town.id) == []
    with town.database.begin() as session:
        session.add(CohortMember(cohort_id=made.id, member_id=member.id, joined_at=NOW))
        supervision.describe(session, town.organizer, session.get_one(Member, member.id), "Parks", supervisor)
        assert [wave for _, wave in supervision.due(session, MORNING, town.id)] == [Wave.start]
