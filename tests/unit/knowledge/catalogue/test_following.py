"""What is asked after a question to the records goes on from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.records import Mode
from knowledge.catalogue.understanding import refine
from knowledge.catalogue.wishes import Ask, Wish


def test_follow_up_on_a_name_alone_asks_for_its_courses_and_levels(sample: Catalogue) -> None:
    before = Wish(Ask.competency, competency="RM")
    assert refine(sample, "online?", before) == Wish(Ask.courses, competency="RM", mode=Mode.online)
    assert refine(sample, "level 3?", before) == Wish(Ask.level, competency="RM", level=3)
    assert refine(sample, "and privacy?", before) == Wish(Ask.competency, competency="ATIP")


def test_follow_up_adds_to_what_was_asked_and_nothing_else(sample: Catalogue) -> None:
    before = Wish(Ask.courses, competency="RM", mode=Mode.online)
    assert refine(sample, "and in French?", before) == Wish(
        Ask.courses, competency="RM", mode=Mode.online, language="fr"
    )
    assert refine(sample, "et gratuit?", before) == Wish(Ask.courses, competency="RM", mode=Mode.online, most_cents=0)
    assert refine(sample, "what about ATIP?", before) == Wish(Ask.courses, competency="ATIP", mode=Mode.online)
    assert refine(sample, "who pays for it in French hockey?", before) is None
    assert refine(sample, "thanks", before) is None
    assert refine(sample, "records management?", before) is None
    people = Wish(Ask.people, competency="RM")
    assert refine(sample, "and about privacy?", people) == Wish(Ask.people, competency="ATIP")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("what comes after that one", Wish(Ask.followers, course="RM-201")),
        ("do I need something before it?", Wish(Ask.prerequisites, course="RM-201")),
        ("and when is the next one?", Wish(Ask.sessions, course="RM-201")),
        ("et la prochaine?", Wish(Ask.sessions, course="RM-201")),
        ("ça coûte combien?", Wish(Ask.course, course="RM-201")),
        ("qui le donne?", Wish(Ask.teachers, course="RM-201")),
        ("when is the meeting on parking?", None),
        ("thanks", None),
    ],
)
def test_follow_up_asks_something_else_of_the_same_course(sample: Catalogue, text: str, wanted: Wish | None) -> None:
    assert refine(sample, text, Wish(Ask.course, course="RM-201")) == wanted


def test_follow_up_turns_from_courses_to_sessions_and_people_and_back(sample: Catalogue) -> None:
    free = Wish(Ask.courses, competency="ATIP", most_cents=0)
    assert refine(sample, "and when is the next one?", free) == replace(free, ask=Ask.sessions)
    assert refine(sample, "et la prochaine?", free) == replace(free, ask=Ask.sessions)
    assert refine(sample, "who teaches it?", free) == replace(free, ask=Ask.teachers)
    assert refine(sample, "qui s'y connaît?", free) == Wish(Ask.people, competency="ATIP")
    people = Wish(Ask.people, competency="ATIP")
    assert refine(sample, "which courses are there on it?", people) == Wish(Ask.courses, competency="ATIP")
    assert refine(sample, "ok and for records?", free) == replace(free, competency="RM")
