"""Surveys: asked of those who were there, answered once by each, kept apart from who they are, settled for good."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from community import notices, survey_runs, surveys
from community.errors import CommunityError
from community.notice_records import WaitingLetter
from community.records import Member
from community.survey_records import (
    RunState,
    SurveyAnswered,
    SurveyCell,
    SurveyInvitation,
    SurveyPurpose,
    SurveyResponse,
)
from delivery.inbox import Inbox, finish
from delivery.records import Outbox
from reports import opinions
from reports.selection import Selection
from scheduler import retention
from scheduler import surveys as scheduled
from storage import Database
from tests.storage.community.surveys_kit import END, LATER, OVER, answer, count, given, held, refused, sent, settle
from tests.town import Town, fresh


def test_those_who_were_there_are_asked_an_hour_after_the_end_and_nobody_else(town: Town) -> None:
    here, away = town.people(2), town.person()
    event = held(town, here, away)
    with town.database.read() as session:
        assert event.id not in [e.id for e in survey_runs.events_due(session, END, 10, town.id)]
        assert event.id in [e.id for e in survey_runs.events_due(session, END + timedelta(hours=1), 10, town.id)]
    run = sent(town, event)
    with town.database.read() as session:
        assert {member.id for member, _ in survey_runs.silent(session, run)} == {member.id for member in here}
        assert survey_runs.events_due(session, END + timedelta(hours=1), 10, town.id) == []
        assert survey_runs.next_due(session, town.id) == LATER + timedelta(days=3.5)
    with town.database.begin() as session:
        assert survey_runs.open_for_event(session, fresh(session, event), LATER) is None
    assert refused(town, run, away) == "survey_not_yours"


def test_an_event_at_which_nobody_was_has_a_survey_that_asks_nobody(town: Town) -> None:
    assert sent(town, held(town, [], town.person())).state is RunState.settled


def test_a_second_answer_is_refused_and_changes_nothing(town: Town) -> None:
    there = town.people(3)
    run = sent(town, held(town, there))
    answer(town, run, there[0], words="More time")
    rows = count(town, SurveyResponse, run)
    assert refused(town, run, there[0]) == "survey_answered"
    assert (count(town, SurveyResponse, run), count(town, SurveyAnswered, run)) == (rows, 1)


def test_two_processes_that_answer_for_one_person_at_once_leave_one_answer(town: Town) -> None:
    there = town.people(3)
    run = sent(town, held(town, there))
    for other in there[1:]:
        answer(town, run, other)
    before, outcomes, ready = count(town, SurveyResponse, run), [], threading.Barrier(4)

    def one() -> None:
        ready.wait()
        try:
            answer(town, run, there[0])
            outcomes.append("counted")
        except CommunityError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["counted", *["survey_answered"] * 3]
    assert count(town, SurveyResponse, run) == before + 2


def test_answers_after_the_closing_date_are_refused_and_not_kept(town: Town) -> None:
    there = town.people(2)
    run = sent(town, held(town, there))
    answer(town, run, there[1], now=run.closes_at - timedelta(seconds=1))
    assert refused(town, run, there[0], now=run.closes_at) == "survey_closed"
    settle(town, run)
    assert refused(town, run, there[0]) == "survey_closed"
    assert count(town, SurveyAnswered, run) == 1


def test_only_answers_that_were_offered_count(town: Town) -> None:
    there = town.people(1)
    run = sent(town, held(town, there))
    for wrong in (None, 0, 6, -1, "4", ""):
        with town.database.read() as session:
            answers = {**given(session, run), run.question_ids[0]: wrong}
        assert refused(town, run, there[0], answers=answers) == "survey_choose"
    assert count(town, SurveyResponse, run) == count(town, SurveyAnswered, run) == 0


def test_nothing_in_the_answers_leads_to_a_person(town: Town) -> None:
    there = town.people(12)
    run = sent(town, held(town, there))
    newest_last = []
    for number, member in enumerate(there):
        answer(town, run, member, value=1 + number % 5, words=f"word {number}")
        if not town.database.is_sqlite:
            with town.database.read() as session:
                last = session.connection().exec_driver_sql(
                    f"SELECT text FROM survey_response WHERE run_id = {run.id} ORDER BY ctid DESC LIMIT 3"  # noqa: S608 - a number of ours
                )
                newest_last.append(f"word {number}" in last.scalars().all())
    columns = {column.name for column in SurveyResponse.__table__.columns}
    assert columns == {"id", "run_id", "question_id", "cell_id", "value", "text"}
    with town.database.read() as session:
        rows = session.scalars(select(SurveyResponse).where(SurveyResponse.run_id == run.id)).all()
        words = [row.text for row in sorted(rows, key=lambda row: row.id) if row.text]
        assert len(rows) == 36
        assert [sum(row.value == value for row in rows) for value in (4, 5)] == [2, 2]
        assert sorted(words) == sorted(f"word {number}" for number in range(12))
        assert words != [f"word {number}" for number in range(12)], "in the order of ids"
        if not town.database.is_sqlite:
            # Which transaction wrote a row says nothing: all were written anew with the last.
            marks = session.connection().exec_driver_sql(
                f"SELECT DISTINCT xmin::text FROM survey_response WHERE run_id = {run.id}"  # noqa: S608 - a number of ours
            )
            assert len(marks.all()) == 1
            # Nor does its place: by chance alone all of them would be so once in 80 million times.
            assert not all(newest_last[3:])


def test_answers_that_are_too_few_to_be_shown_are_forgotten_at_the_end(town: Town) -> None:
    there = town.people(12)
    few, enough = sent(town, held(town, there)), sent(town, held(town, there))
    for member in there[:4]:
        answer(town, few, member, words="only mine")
    for member in there[:5]:
        answer(town, enough, member, words="one of five")
    for run, kept in ((few, 0), (enough, 15)):
        settle(town, run)
        assert count(town, SurveyResponse, run) == kept
    # How many answered is known all the same, and nobody answers twice.
    assert (count(town, SurveyAnswered, few), count(town, SurveyAnswered, enough)) == (4, 5)
    with town.database.read() as session:
        told = opinions.figures(session, Selection(town.id))[None]
    assert (told.asked, told.answered, told.few, told.n) == (24, 9, 1, 5)
    with town.database.begin() as session:
        wanted = surveys.Settings(enabled=True, open_days=7, floor=6)
        surveys.choose(session, town.organizer, SurveyPurpose.learning_event, wanted)
        told = opinions.figures(session, Selection(town.id))[None]
        assert (told.few, told.n, opinions.tallies(session, Selection(town.id))) == (2, 0, []), "a raised floor holds"


def test_what_was_sent_leaves_no_trace_beside_what_is_kept(tmp_path: Path, sqlite_template: Path) -> None:
    path = Path(shutil.copy(sqlite_template, tmp_path / "praxis.db"))
    database = Database(f"sqlite:///{path}")
    inbox = Inbox(database)
    for number in range(20):
        inbox.receive(f"Ev{number}", "view_submission", {"user": "U1", "words": f"frankly{number} " * 1500})
    for number in range(20):
        with database.begin() as session:
            finish(session, f"Ev{number}")
    retention.forget(database, LATER)
    assert not any(b"frankly" in file.read_bytes() for file in tmp_path.glob("praxis.db*"))
    database.close()


def test_a_department_of_one_is_never_told_apart_not_even_in_the_tables(town: Town) -> None:
    there = town.people(13)
    departments = ["Alone", *["Big"] * 7, *["Small"] * 3, "Two", "Two"]
    with town.database.begin() as session:
        for member, department in zip(there, departments, strict=True):
            session.get_one(Member, member.id).department = department
    run = sent(town, held(town, there))
    with town.database.read() as session:
        cells = session.scalars(select(SurveyCell).where(SurveyCell.run_id == run.id)).all()
        assert {cell.department for cell in cells} == {"Big", None}
    # Five of the big department answer and two of the others: those two would be what is left of the whole.
    for member in [*there[1:6], there[0], there[8]]:
        answer(town, run, member)
    settle(town, run)
    with town.database.read() as session:
        (cell,) = session.scalars(select(SurveyCell).where(SurveyCell.run_id == run.id)).all()
        assert cell.department is None
        asked = select(SurveyInvitation.cell_id).where(SurveyInvitation.run_id == run.id).distinct()
        assert session.scalars(asked).all() == [cell.id]


def test_reminder_and_end_fall_due_once(town: Town) -> None:
    there = town.people(2)
    run = sent(town, held(town, there))
    answer(town, run, there[0])
    halfway = LATER + timedelta(days=4)
    with town.database.begin() as session:
        assert survey_runs.runs_due(session, LATER, 10, town.id) == []
        (due,) = survey_runs.runs_due(session, halfway, 10, town.id)
        due.remind_at = None
    with town.database.read() as session:
        assert survey_runs.runs_due(session, halfway, 10, town.id) == []
        assert survey_runs.next_due(session, town.id) == run.closes_at
        assert [found.id for found in survey_runs.runs_due(session, OVER, 10, town.id)] == [run.id]
    settle(town, run)
    with town.database.begin() as session:
        assert survey_runs.hold(session, run) is None
        assert survey_runs.next_due(session, town.id) is None


def test_whom_quiet_hours_keep_from_being_asked_yet_is_not_reminded_of_it(town: Town) -> None:
    awake, asleep = town.people(2)
    with town.database.begin() as session:
        notices.choose_quiet(session, session.get_one(Member, asleep.id), "06:00", "05:00")
    held(town, [awake, asleep])
    asked = END + timedelta(hours=1)
    scheduled.work_off(town.database, lambda: asked, town.id)
    scheduled.work_off(town.database, lambda: asked + timedelta(days=4), town.id)
    with town.database.read() as session:
        again = (Outbox.community_id == town.id, Outbox.key.endswith(":again"))
        reminded = session.scalars(select(Outbox.user).where(*again)).all()
        waiting = session.scalars(select(WaitingLetter.key).where(WaitingLetter.community_id == town.id)).all()
    assert reminded == [awake.slack_user_id]
    assert [key.endswith(":again") for key in waiting] == [False]  # what asks them at all is still to come
