"""Courses and competencies as people see them, in both languages, within what Slack accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from community.expert_records import Expertise
from community.expertise import Expert
from community.records import EventKind
from knowledge.answering import Shown
from knowledge.catalogue import files
from knowledge.catalogue.loaded import Catalogue, KnownCompetency, KnownCourse, KnownLevel
from knowledge.catalogue.records import CourseLevel, Mode
from knowledge.catalogue.wishes import Ask, Wish
from runtime.content import SAMPLE_CATALOGUE
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.views_people import HOSTILE, a_member, an_event
from views import competencies, course_answers, course_browse, courses
from views.answers import Asked
from views.course_rows import Records
from views.i18n import translator
from workspace.blocks import surfaces

LOCALES = ("en", "fr")


def sample() -> Catalogue:
    """The sample catalogue as files have it."""
    drafts, _ = files.read(SAMPLE_CATALOGUE, Catalogue(), date(2026, 11, 22))
    levels = drafts.levels or []
    return Catalogue(
        1,
        {
            d.code: KnownCourse(
                number, d.code, d.titles, d.provider, d.languages, d.mode, d.minutes, d.cost_cents, d.level, d.develops,
                d.prerequisites, d.equivalences, d.verified_on, d.sample,
            )
            for number, d in enumerate(sorted(drafts.courses or [], key=lambda d: d.code))
        },
        {
            d.code: KnownCompetency(
                d.code, d.parent, d.titles, d.descriptions, d.phrasings,
                {level.level: level.descriptors for level in levels if level.competency == d.code}, d.sample,
            )
            for d in drafts.competencies or []
        },
        {d.level: KnownLevel(d.level, d.titles, d.descriptors, d.sample) for d in levels if d.competency is None},
    )  # fmt: skip


CATALOGUE = sample()
PRIVACY = Shown("question-privacy", "Who can see the questions I ask?", "You alone.", "en", "Guide", None,
                date(2026, 11, 1), None, (), False, 1)  # fmt: skip
SESSION = an_event(id=9, kind=EventKind.course_session, course_code="RM-201", title_en="Spring session",
                   title_fr="Séance du printemps")  # fmt: skip
WISHES = {
    "courses": Wish(Ask.courses, competency="RM", language="fr", mode=Mode.online, most_minutes=900),
    "courses_none": Wish(Ask.courses, competency="RM", level=4, most_minutes=450, below=True, most_cents=0),
    "course": Wish(Ask.course, course="RM-301"),
    "prerequisites": Wish(Ask.prerequisites, course="RM-301"),
    "followers": Wish(Ask.followers, course="RM-101"),
    "sessions": Wish(Ask.sessions, course="RM-201"),
    "sessions_none": Wish(Ask.sessions, course="RM-101"),
    "sessions_competency": Wish(Ask.sessions, competency="RM"),
    "level": Wish(Ask.level, competency="RM", level=3),
    "levels": Wish(Ask.levels, competency="RM"),
    "growth": Wish(Ask.growth, competency="RM", level=3, from_level=2),
    "growth_start": Wish(Ask.growth, competency="RM", level=1),
    "teachers": Wish(Ask.teachers, competency="ATIP"),
    "no_course": Wish(Ask.no_course, said="RM-103"),
}


def records(catalogue: Catalogue = CATALOGUE) -> Records:
    return Records(catalogue, {"RM-201": [SESSION]}, frozenset({"RM-101"}), "America/Toronto")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", WISHES)
def test_answers_look_as_before(name: str, locale: str) -> None:
    looks_as_before(f"courses/{name}.{locale}", course_answers.answer(records(), WISHES[name], locale, Asked(5)))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("teachers_experts", Wish(Ask.teachers, competency="ATIP")),
        ("competency_named", Wish(Ask.competency, competency="ATIP")),
    ],
)
def test_answers_that_name_or_reach_those_who_offered_look_as_before(name: str, wish: Wish, locale: str) -> None:
    offered = Expertise(competency_code="ATIP", level=3, words="requests & <!channel>")
    found = replace(records(), experts=[Expert(a_member(2, "Ann"), offered)])
    message = course_answers.answer(found, wish, locale, Asked(5), also=[PRIVACY])
    looks_as_before(f"courses/{name}.{locale}", message)
    assert ("request.ask", "ATIP") in action_ids(message)
    assert "<!channel>" not in texts(message)


MODALS: dict[str, Callable[[str], dict[str, Any]]] = {
    "browse": lambda locale: course_browse.browse(
        CATALOGUE, WISHES["courses"], {"RM-201": SESSION}, locale, "America/Toronto"
    ),
    "browse_none": lambda locale: course_browse.browse(CATALOGUE, WISHES["courses_none"], {}, locale, "UTC"),
    "card": lambda locale: course_browse.opened(
        CATALOGUE, CATALOGUE.courses["RM-201"], [SESSION], locale, "America/Toronto", watched=False
    ),
    "tree": lambda locale: competencies.tree(CATALOGUE, None, locale),
    "tree_part": lambda locale: competencies.tree(CATALOGUE, "IM-G", locale),
    "competency": lambda locale: competencies.opened(CATALOGUE, CATALOGUE.competencies["RM"], locale),
    "planned": lambda locale: courses.planned(SESSION, "RM-201", locale, "America/Toronto"),
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", MODALS)
def test_modals_and_messages_look_as_before(name: str, locale: str) -> None:
    looks_as_before(f"courses/{name}.{locale}", MODALS[name](locale))


def test_what_is_equivalent_to_a_course_is_on_the_cards_of_both() -> None:
    assert CATALOGUE.courses["RM-101"].equivalences == ()
    for code, other in (("RM-101", "RM-102"), ("RM-102", "RM-101")):
        card = texts(course_answers.answer(records(), Wish(Ask.course, course=code), "en", None))
        assert f"*Equivalent to:* *{other}*" in card


def test_what_was_understood_can_be_taken_away_one_by_one() -> None:
    message = course_answers.answer(records(), WISHES["courses"], "en", Asked(5))
    taken = [value for name, value in action_ids(message) if name.startswith("catalogue.without.")]
    assert taken == ["5:competency", "5:language", "5:mode", "5:most_minutes"]
    assert "Records management · in French · online · up to 2 days" in texts(message)


def test_others_see_the_answer_without_what_its_asker_may_press() -> None:
    message = course_answers.answer(records(), WISHES["courses"], "en", None, intro="*Ben* asked")
    assert {name for name, _ in action_ids(message)} == {"course.open"}


def crowded() -> Catalogue:
    """More than a modal holds, with titles that mean harm."""
    course = CATALOGUE.courses["RM-101"]
    titles = {"en": HOSTILE * 2, "fr": HOSTILE * 2}
    many = {
        f"XX-{number}": replace(course, code=f"XX-{number}", titles=titles, provider=HOSTILE, develops={"C0": 1})
        for number in range(300)
    }
    competency = replace(CATALOGUE.competencies["RM"], parent=None, titles=titles, descriptions=titles)
    framework = {f"C{number}": replace(competency, code=f"C{number}") for number in range(200)}
    return Catalogue(1, many, framework, CATALOGUE.scale)


CROWD = crowded()


def marked_up(node: Any) -> Iterator[str]:
    """Every text in which Slack looks for markup."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from marked_up(value)
    elif isinstance(node, list):
        for item in node:
            yield from marked_up(item)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "render",
    [
        *(
            lambda locale, wish=wish: course_answers.answer(Records(CROWD), wish, locale, Asked(5))
            for wish in (
                Wish(Ask.courses, competency="C0"),
                Wish(Ask.course, course="XX-1"),
                Wish(Ask.sessions, competency="C0"),
                Wish(Ask.levels, competency="C0"),
                Wish(Ask.growth, competency="C0", level=1, from_level=0),
                Wish(Ask.teachers, competency="C0"),
                Wish(Ask.no_course, said=HOSTILE),
            )
        ),
        lambda locale: course_browse.browse(CROWD, Wish(Ask.courses, competency="C0"), {}, locale, "UTC"),
        lambda locale: course_browse.opened(CROWD, CROWD.courses["XX-1"], [], locale, "UTC", watched=True),
        lambda locale: competencies.tree(CROWD, None, locale),
        lambda locale: competencies.opened(CROWD, CROWD.competencies["C0"], locale),
    ],
)
def test_a_crowded_and_hostile_catalogue_is_shown_within_limits(
    render: Callable[[str], dict[str, Any]], locale: str
) -> None:
    shown = render(locale)
    is_view = "type" in shown
    assert not (
        surfaces.view_problems(shown, kinds=("modal",)) if is_view else surfaces.message_problems(shown["blocks"])
    )
    live = [text for text in marked_up(shown) if "<!channel>" in text or "<@U1" in text]
    assert live == []


@pytest.mark.parametrize(
    ("minutes", "en", "fr"),
    [(225, "half a day", "une demi-journée"), (450, "1 day", "1 jour"), (900, "2 days", "2 jours"),
     (675, "1.5 days", "1,5 jours"), (180, "3 hours", "3 heures"), (90, "1 h 30 min", "1\xa0h\xa030\xa0min")],
)  # fmt: skip
def test_lengths_are_written_as_people_say_them(minutes: int, en: str, fr: str) -> None:
    assert courses.length(minutes, translator("en")) == en
    assert courses.length(minutes, translator("fr")) == fr


def test_costs_are_written_as_each_language_does() -> None:
    en, fr = translator("en"), translator("fr")
    assert [courses.cost(cents, en) for cents in (None, 0, 25_000, 125_050)] == [
        "cost not known", "free", "$250", "$1,250.50",
    ]  # fmt: skip
    assert courses.cost(25_000, fr) == "250\u00a0$"


def test_filters_of_the_modal_are_read_and_what_cannot_be_is_left_out() -> None:
    chosen = {"competency": "RM", "level": "2", "course_level": "advanced", "language": "fr", "mode": "online",
              "most_minutes": "900", "most_cents": "0"}  # fmt: skip
    assert course_browse.wish_from(chosen) == Wish(
        Ask.courses, competency="RM", level=2, course_level=CourseLevel.advanced, language="fr", mode=Mode.online,
        most_minutes=900, most_cents=0,
    )  # fmt: skip
    odd = dict.fromkeys(chosen, "nonsense")
    assert course_browse.wish_from(odd) == Wish(Ask.courses, competency="nonsense")
    assert course_browse.wish_from(dict.fromkeys(chosen, "any")) == Wish(Ask.courses)
