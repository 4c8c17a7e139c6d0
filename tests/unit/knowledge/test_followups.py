"""Which questions lean on the one before, and what they lead to."""

from __future__ import annotations

import pytest

from knowledge.answering import Answers
from knowledge.followups import FollowUp, read
from knowledge.records import Outcome


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("and in French?", "fr"),
        ("In English please", "en"),
        ("can I have it in French?", "fr"),
        ("French?", "fr"),
        ("et en anglais ?", "en"),
        ("Et en anglais, s'il vous plaît ?", "en"),
        ("En français svp", "fr"),
        ("And who pays for it?", None),
        ("when is the next one?", None),
        ("how long is it", None),
        ("et son objectif ?", None),
        ("quand a lieu la prochaine ?", None),
        ("combien de temps dure-t-il ?", None),
        ("what about its objectives", None),
    ],
)
def test_a_follow_up_is_recognised(text: str, language: str | None) -> None:
    assert read(text) == FollowUp(language)


@pytest.mark.parametrize(
    "text",
    [
        "What is the IM Certificate Program?",
        "do you have courses in French",
        "Puis-je suivre le cours en français ?",
        "C'est quoi, l'initiative de leadership en GI?",
        "How do I sign up for a course?",
        "y a-t-il du stationnement ?",
        "Is there parking?",
        "",
        "🎉",
        "and " + "very " * 40 + "long",
    ],
)
def test_a_question_that_can_stand_alone_is_left_alone(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("earlier", "told", "text", "found"),
    [
        ("What is the IM Certificate Program?", "certificate-overview", "and who pays for it?", "certificate-funding"),
        ("What is the IM Certificate Program?", "certificate-overview", "and its objective?", "certificate-objective"),
        ("What is the IM Leadership Initiative?", "leadership-overview", "its objectives?", "leadership-objectives"),
        ("What are learning events?", "learning-events", "when is the next one?", "upcoming-events"),
        ("C'est quoi, les activités d'apprentissage?", "learning-events", "quand est la prochaine", "upcoming-events"),
        ("C'est quoi, le certificat en GI?", "certificate-overview", "et son objectif ?", "certificate-objective"),
    ],
)  # fmt: skip
def test_a_follow_up_is_answered_of_what_the_question_before_was_about(
    starter: Answers, earlier: str, told: str, text: str, found: str
) -> None:
    answer = starter.follow(text, earlier, told)
    assert answer.question == text
    assert answer.answer is not None
    assert answer.answer.id == found


def test_a_follow_up_that_leads_nowhere_is_not_answered_with_the_same_again(starter: Answers) -> None:
    answer = starter.follow("and the zxqv of it?", "What is the IM Certificate Program?", "certificate-overview")
    assert answer.outcome is not Outcome.answered
