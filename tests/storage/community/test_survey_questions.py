"""What surveys ask, and when: questions an organizer changes, and the settings of each kind."""

from __future__ import annotations

from functools import partial

import pytest

from community import survey_answers, survey_runs, surveys
from community.errors import CommunityError
from community.survey_defaults import QuestionDraft
from community.survey_records import (
    QuestionKind,
    SurveyPurpose,
    SurveyRun,
)
from community.surveys import Settings
from tests.storage.community.surveys_kit import LATER, held, sent
from tests.town import Town


def scale(**changes: object) -> QuestionDraft:
    base = {"kind": QuestionKind.scale, "text_en": "Well?", "text_fr": "Alors?"}
    return QuestionDraft(**{**base, **changes})  # type: ignore[arg-type]  # names of fields


def test_a_changed_question_is_asked_from_the_next_survey_on(town: Town) -> None:
    there = town.people(1)
    run = sent(town, held(town, there))
    with town.database.begin() as session:
        survey = surveys.ensure(session, town.id, SurveyPurpose.learning_event)
        first, second, third = surveys.questions(session, survey)
        changed = surveys.change(session, town.organizer, first.id, scale(text_en="  Was it  good? "))
        surveys.remove(session, town.organizer, second.id)
        added = surveys.add(session, town.organizer, SurveyPurpose.learning_event, scale())
        assert (changed.text_en, changed.headline, changed.agreeing) == ("Was it good?", True, [4, 5])
        assert [q.id for q in surveys.questions(session, survey)] == [changed.id, third.id, added.id]
        with pytest.raises(CommunityError, match="survey_question_changed"):
            surveys.change(session, town.organizer, first.id, scale())
        asked = survey_answers.asked(session, there[0], run.id, LATER)
        assert [q.id for q in asked.questions] == [first.id, second.id, third.id]
        assert asked.questions[0].text_en.startswith("This event improved")


def test_a_question_that_cannot_be_asked_is_refused(town: Town) -> None:
    choice = partial(scale, kind=QuestionKind.choice, choices_en=("Yes", "No"), choices_fr=("Oui", "Non"))
    for draft, code in (
        (scale(text_en=" "), "empty"),
        (scale(text_fr="x" * 301), "too_long"),
        (choice(choices_en=("Yes",)), "choices_number"),
        (choice(choices_fr=("a", "b", "c")), "choices_differ"),
        (choice(agreeing=(3,)), "agreeing_range"),
    ):
        with pytest.raises(CommunityError) as refusal, town.database.begin() as session:
            surveys.add(session, town.organizer, SurveyPurpose.learning_event, draft)
        assert refusal.value.code == code


def test_what_a_programme_is_judged_by_cannot_go(town: Town) -> None:
    somebody = town.person()
    with town.database.begin() as session:
        first = surveys.questions(session, surveys.ensure(session, town.id, SurveyPurpose.action_learning))[0]
        with pytest.raises(CommunityError, match="headline_stays"):
            surveys.remove(session, town.organizer, first.id)
        with pytest.raises(CommunityError, match="headline_kind"):
            surveys.change(session, town.organizer, first.id, scale(kind=QuestionKind.text))
        with pytest.raises(CommunityError, match="needs_organizer"):
            surveys.change(session, somebody, first.id, scale())


def test_the_floor_stays_between_five_and_ten(town: Town) -> None:
    for days, floor, code in ((7, 4, "floor_range"), (7, 11, "floor_range"), (0, 5, "open_days_range")):
        wanted = Settings(enabled=True, open_days=days, floor=floor)
        with pytest.raises(CommunityError) as refusal, town.database.begin() as session:
            surveys.choose(session, town.organizer, SurveyPurpose.learning_event, wanted)
        assert refusal.value.code == code


def test_a_survey_that_is_off_is_not_sent_and_a_run_keeps_its_floor(town: Town) -> None:
    run = sent(town, held(town, town.people(1)))
    with town.database.begin() as session:
        wanted = Settings(enabled=False, open_days=3, floor=10)
        surveys.choose(session, town.organizer, SurveyPurpose.learning_event, wanted)
    held(town, town.people(1))
    with town.database.read() as session:
        assert survey_runs.events_due(session, LATER, 10, town.id) == []
        assert session.get_one(SurveyRun, run.id).floor == 5
