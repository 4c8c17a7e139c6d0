"""Surveys, the report, excuses, check-in settings, meeting lists and certificates as people see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from community.attendance_records import MeetingQuestion
from community.check_in_settings import CheckInSettings
from community.meetings import Outcome
from community.points import DEFAULT
from community.survey_answers import Asked
from community.survey_records import QuestionKind, Survey, SurveyPurpose, SurveyQuestion, SurveyRun
from reports.opened import Part
from reports.page import Measure
from tests.golden_files import looks_as_before
from tests.unit.views_people import NOW, READERS, Reader, a_member, an_event
from views import certificates, check_in_settings, excuses, meetings, report, survey_forms, surveys
from views.text import Block

EVENT = an_event()
AMELIE, BEN = a_member(1, "Amélie Gagnon"), a_member(2, "Ben <Nakamura>")
SURVEY = Survey(id=1, community_id=1, purpose=SurveyPurpose.learning_event, enabled=True, open_days=7, floor=5)


def question(number: int, kind: QuestionKind, **changes: object) -> SurveyQuestion:
    values: dict[str, object] = {
        "id": number, "survey_id": 1, "position": number, "kind": kind, "choices_en": [], "choices_fr": [],
        "text_en": f"Was it worth your time & effort, {number}?", "agreeing": [], "headline": number == 1,
        "text_fr": f"Cela valait-il votre temps, {number}?", "retired": False,
    }  # fmt: skip
    return SurveyQuestion(**(values | changes))


QUESTIONS = [
    question(1, QuestionKind.scale, agreeing=[4, 5]),
    question(2, QuestionKind.choice, choices_en=["Short", "Long"], choices_fr=["Court", "Long"], agreeing=[1]),
    question(3, QuestionKind.text),
]
RUN = SurveyRun(
    id=5, community_id=1, survey_id=1, event_id=7, question_ids=[1, 2, 3], floor=5, opened_at=NOW,
    closes_at=NOW + timedelta(days=7),
)  # fmt: skip
MEASURE = Measure(
    "learning_event.attendance", "Attendance at learning events", 0.82, "82%", "205 came, of 250 expected",
    ("26 of them excused: not counted",), "The pilot had 82%",
)  # fmt: skip
WHO = MeetingQuestion(id=6, event_id=7, name="Ben N.", minutes=50, candidates=[1, 2], asked_at=NOW)


@dataclass(frozen=True)
class Attended:
    """Somebody's days at a series, as a certificate counts them."""

    series_id: int
    title: str
    came: int
    counted: int = 10
    need: int = 80

    @property
    def earned(self) -> bool:
        return self.came * 100 >= self.need * self.counted


def choices(reader: Reader) -> Block:
    return report.choose_form(reader.locale, date(2026, 1, 1), None, {"cohort": ("7", "2027-A")})


def listed(reader: Reader) -> Block:
    outcome = Outcome(EVENT, [AMELIE], [BEN], [], ["Guest <1>"])
    return meetings.result(reader, outcome, [WHO], {1: AMELIE, 2: BEN})


LOOKS: dict[str, Callable[[Reader], Block]] = {
    "surveys": lambda reader: survey_forms.overview(reader.locale, [survey_forms.Shown(SURVEY, QUESTIONS)]),
    "survey_settings": lambda reader: survey_forms.settings_form(reader.locale, SURVEY),
    "survey_add": lambda reader: survey_forms.add_form(reader.locale, SurveyPurpose.learning_event),
    "survey_change": lambda reader: survey_forms.change_form(reader.locale, QUESTIONS[1]),
    "survey_ask": lambda reader: surveys.ask(reader, RUN, EVENT, AMELIE),
    "survey_ask_again": lambda reader: surveys.ask(reader, RUN, EVENT, AMELIE, again=True),
    "survey_ask_supervisor": lambda reader: surveys.ask(reader, RUN, None, AMELIE),
    "survey_answer": lambda reader: surveys.form(
        reader.locale, Asked(RUN, SURVEY, EVENT, AMELIE, QUESTIONS, done=False)
    ),
    "survey_thanks": lambda reader: surveys.thanks(reader.locale, EVENT, AMELIE),
    "supervisor": lambda reader: survey_forms.describe_form(reader.locale),
    "report_opened": lambda reader: report.opened(reader.locale, MEASURE, [Part("Who <b>", ("a & b",) * 40)]),
    "report_choose": choices,
    "excuse": lambda reader: excuses.excuse_form(reader, EVENT),
    "check_in_settings": lambda reader: check_in_settings.settings_form(reader, EVENT, CheckInSettings(), DEFAULT, 80),
    "meeting": lambda reader: meetings.paste_form(reader, EVENT),
    "meeting_result": listed,
    "certificates": lambda reader: certificates.mine(
        reader.locale, [Attended(1, "Learning & more", 9), Attended(2, "Groups", 5)], may_make=True
    ),
    "certificate_choose": lambda reader: certificates.choose_form(reader.locale, possible=True),
}


@pytest.mark.parametrize("locale", READERS)
@pytest.mark.parametrize("name", LOOKS)
def test_what_attendance_and_evaluation_are_run_with_looks(name: str, locale: str) -> None:
    looks_as_before(f"evaluation/{name}.{locale}", LOOKS[name](READERS[locale]))
