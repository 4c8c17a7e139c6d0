"""Courses and competencies: asked about in free words, corrected, looked through, waited for; in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from community.records import Role
from delivery.records import Outbox
from knowledge.records import Outcome
from tests.kit import Person, eventually, texts
from tests.scenario.courses_kit import (
    GOOD,
    RECORDS_COURSES,
    change_title,
    listed,
    opened,
    plan_session,
    suggested,
)
from tests.scenario.house import House, buttons, house  # noqa: F401  # a fixture


@pytest.fixture
def ben(house: House) -> Person:  # noqa: F811
    return house.newcomer()


@pytest.fixture
def amelie(house: House) -> Person:  # noqa: F811
    return house.newcomer("fr-CA")


def test_courses_are_listed_with_the_filter_that_was_understood(house: House, ben: Person) -> None:  # noqa: F811
    ben.say("which courses develop records management, in French, online, up to 2 days?")
    card = ben.sees("I looked for courses")
    assert "Records management · in French · online · up to 2 days" in texts(card)
    assert listed(card) == ["RM-201"]
    assert "Sample content" in texts(card)
    question = house.question(ben)
    assert question is not None
    assert (question.outcome, question.answered_by, question.entry_id) == (Outcome.answered, "catalogue", None)


def test_francophone_gets_the_list_in_french(amelie: Person) -> None:
    amelie.say("quels cours gratuits développent l'AIPRP?")
    card = amelie.sees("J’ai cherché des cours")
    assert listed(card) == ["AP-110"]
    assert "gratuit" in texts(card)
    assert "un cours convient" in texts(card) or "1 cours convient" in texts(card)


def test_what_was_not_meant_is_taken_away_by_its_button(house: House, ben: Person) -> None:  # noqa: F811
    ben.say("free online courses on records management in French")
    card = ben.sees("No course in the catalogue fits")
    assert "Without “free” there is 1." in texts(card)
    chip = next((name, value) for name, value in buttons(card, "catalogue.without.") if name.endswith("most_cents"))
    ben.click(card, *chip)
    corrected = ben.sees("1 course fits")
    assert corrected["ts"] == card["ts"]
    assert listed(corrected) == ["RM-201"]


def test_only_the_asker_may_correct(house: House, ben: Person, amelie: Person) -> None:  # noqa: F811
    said = ben.say(f"@praxis {RECORDS_COURSES}", channel="general")
    card = amelie.sees("I looked for courses", channel="general", thread_ts=said["ts"])
    amelie.click(card, *buttons(card, "catalogue.without.")[0], channel="general")
    refused = amelie.sees("Seule la personne qui a posé la question", channel="general", thread_ts=said["ts"])
    assert refused["ephemeral"]


def test_follow_up_adds_to_the_question_before(ben: Person) -> None:
    ben.say(RECORDS_COURSES)
    ben.sees("I looked for courses")
    ben.say("and in French?")
    card = ben.sees("Records management · in French")
    assert "RM-102" not in listed(card)


def test_name_alone_shows_the_competency_unless_an_entry_is_called_so(ben: Person, amelie: Person) -> None:
    ben.say("records management?")
    card = ben.sees("What its levels mean")
    assert listed(card) == ["RM-101", "RM-102", "RM-201", "SD-220", "RM-301"]
    assert "What is RM-101?" in texts(card), "the entry that may be meant is at hand"
    ben.click(card, "competency.open", "RM")
    ben.sees_view("Adapts the plan to new activities")
    ben.do("close", all=True)
    amelie.say("AIPRP")
    assert "Que veut dire AIPRP" in texts(amelie.sees("Source"))


def test_thread_below_an_answer_goes_on_from_it(house: House, ben: Person) -> None:  # noqa: F811
    ben.say("what is RM-301?")
    card = ben.sees("What is on record of RM-301")
    eventually(lambda: is_noted(house, card), what="that the answer arrived")
    ben.say("thank you, who are the partners of the certificate?")
    ben.sees("Which organizations")
    ben.say("and what comes before it?", thread_ts=card["ts"])
    before = ben.sees("Before RM-301", thread_ts=card["ts"])
    assert "RM-201" in listed(before)
    ben.say("and when is it next offered?", thread_ts=card["ts"])
    ben.sees("No session of RM-301", thread_ts=card["ts"])


@pytest.mark.parametrize(
    ("question", "says", "codes"),
    [
        ("what are the prerequisites of RM-301?", "Before RM-301", ["RM-201", "RM-101"]),
        ("prerequisites of RM-101", "RM-101 Records management fundamentals has no prerequisite", []),
        ("what comes after rm 101?", "After RM-101", ["PD-210", "RM-201", "SD-220"]),
        ("what comes after RM-102", "No course in the catalogue builds on RM-102", []),
        ("prerequisites of RM-103?", "There is no course RM-103", ["RM-101", "RM-102", "RM-201", "RM-301"]),
        ("what does level 3 in records management mean?", "Adapts the plan to new activities", []),
        ("how do I get from level 2 to 3 in records management?", "Courses that lead", ["RM-301", "RM-101", "RM-201"]),
        ("what does level 9 in records management mean?", "it goes from 1 to 4", []),
        ("who teaches web content?", "Sample provider", []),
        ("when is RM-201 next offered?", "No session of RM-201", []),
        ("which courses have no prerequisite, not online?", "not online · without prerequisites", ["RM-101"]),
        ("quels sont les préalables de RM-201?", "Avant RM-201", ["RM-101"]),
        ("que suivre après AP-110?", "Après AP-110", ["AP-210"]),
        ("quels cours suivent RM-301?", "Aucun cours du catalogue ne fait suite à RM-301", []),
        ("quand RM-201 sera-t-il offert?", "Aucune séance de RM-201", []),
        ("qui enseigne ou connaît le contenu Web?", "Personne n’a encore offert", []),
        ("que veut dire le niveau 2 en gestion des documents?", "Classe, nomme et conserve", []),
        ("que faut-il pour passer du niveau 1 à 2 en AIPRP?", "Répond aux demandes courantes", ["AP-210", "AP-110"]),
    ],
)  # fmt: skip
def test_records_answer(ben: Person, question: str, says: str, codes: list[str]) -> None:
    ben.say(question)
    assert sorted(listed(ben.sees(says))) == sorted(codes)


def is_noted(house: House, card: dict[str, Any]) -> bool:  # noqa: F811
    """Whether the bot has written down where this message of its own stands."""
    with house.bot.database.read() as session:
        return session.scalar(select(Outbox.id).where(Outbox.ts == card["ts"])) is not None


@pytest.mark.parametrize(
    ("question", "card", "source"),
    [
        ("what training can i sign up to this fall", "Which courses can I take?\nThis is", "Sample content"),
        ("à quelles formations m'inscrire cet automne", "Quels cours puis-je suivre?\nVoici", "Contenu fictif"),
        ("How much does a course cost?", "How much does a course cost?\nThis is", "Sample content"),
        ("how do i register for a course", "How do I register for a course?\nThis is", "Sample content"),
    ],
)
def test_questions_that_entries_answer_are_answered_from_them(
    ben: Person, question: str, card: str, source: str
) -> None:
    ben.say(question)
    assert f"{source}, " in texts(ben.sees(card))


def test_catalogue_is_looked_through_with_filters(ben: Person) -> None:
    ben.command("courses")
    view = ben.sees_view("14 courses")
    assert len(listed(view)) == 14
    ben.do("click", view_id=view["id"], action_id="course.filter.language", value="fr")
    ben.sees_view("10 courses")
    ben.do("click", view_id=view["id"], action_id="course.filter.most_cents", value="0")
    ben.sees_view("4 courses")
    offered = suggested(ben, "course.filter.competency", "records")
    assert offered == ["any", "RM"]
    ben.do("click", view_id=view["id"], action_id="course.filter.competency", value="RM")
    left = ben.sees_view("1 course*")
    assert listed(left) == ["RM-101"]


def test_words_after_the_command_are_filters_in_either_language(amelie: Person) -> None:
    amelie.command("cours en ligne gestion des documents")
    assert listed(amelie.sees_view("2 cours")) == ["RM-102", "RM-201"]


def test_course_card_says_all_that_is_on_record(ben: Person) -> None:
    ben.command("courses")
    view = ben.sees_view("14 courses")
    ben.click(view["id"], "course.open", "RM-301")
    card = texts(ben.sees_view("Verified on"))
    for words in ("*Prerequisites:* *RM-201*", "3 days", "$600", "blended", "English and French", "level 3 (Advanced)"):
        assert words in card
    assert "Verified on November 1, 2026" in card
    assert "Sample content" in card


def test_framework_is_looked_through_as_a_tree(amelie: Person) -> None:
    amelie.command("compétences")
    view = amelie.sees_view("Gouvernance de l’information")
    amelie.click(view["id"], "competency.open", "ATIP")
    opened = amelie.sees_view("Conseille la haute direction")
    assert listed(opened) == ["AP-110", "AP-210", "AP-310"]


def test_competency_is_opened_by_its_name(ben: Person) -> None:
    ben.command("competencies records managment")
    ben.sees_view("Adapts the plan to new activities")


def test_who_waits_for_a_session_is_told_once(house: House, ben: Person, amelie: Person) -> None:  # noqa: F811
    olivia = house.newcomer(role=Role.organizer)
    ben.say("when is WC-220 next offered?")
    ben.click(ben.sees("No session of WC-220"), "course.watch", "WC-220")
    ben.sees("as soon as a session of *WC-220* is planned")
    amelie.command("cours")
    view = amelie.sees_view("14 cours")
    amelie.click(view["id"], "course.open", "WC-220")
    amelie.sees_view("M’aviser de la prochaine séance")
    amelie.click(amelie.view()["id"], "course.watch", "WC-220")  # type: ignore[index]  # it was just seen
    amelie.sees_view("Je vous écrirai une fois")
    for day in ("2027-03-01", "2027-04-01"):
        assert plan_session(olivia, "WC-220", day)["outcome"] == "closed"
    change_title(olivia, "Spring session")
    told = ben.sees("A session of *WC-220* is planned")
    assert buttons(told, "rsvp.going")
    amelie.sees("Une séance de *WC-220* est prévue")
    ben.say("when is WC-220 next offered?")
    answer = ben.sees("Next sessions of WC-220")
    assert len(buttons(answer, "event.open")) == 2
    assert "Spring session" in texts(answer)
    assert sum("A session of *WC-220*" in texts(m) for m in ben.messages()) == 1
    assert sum("Une séance de *WC-220*" in texts(m) for m in amelie.messages()) == 1


def test_organizer_keeps_the_records_of_courses(house: House, ben: Person) -> None:  # noqa: F811
    olivia, amelie = house.newcomer(role=Role.organizer), house.newcomer("fr-CA", role=Role.organizer)
    ben.command("courses")
    view = ben.sees_view("14 courses")
    assert not buttons(view, "course.new")
    ben.click(view["id"], "course.open", "RM-101")
    assert not buttons(ben.sees_view("Verified on"), "course.edit")

    # Added: what is wrong is said field by field, all at once, and nothing is kept of it.
    olivia.command("courses")
    olivia.click(olivia.sees_view("14 courses")["id"], "course.new")
    olivia.sees_view("New course")
    bad = {"code": "rm101", "length": "soon", "cost": "much", "competencies": "NONE:1", "prerequisites": "RM-999"}
    refused = olivia.submit(**GOOD | bad | {"verified_on": "2999-01-01"})["errors"]
    assert set(refused) == {"code", "length", "cost", "competencies", "prerequisites", "verified_on"}
    assert "differs from RM-101 only by case" in refused["code"]
    assert "no course RM-999" in refused["prerequisites"]
    assert olivia.submit(**GOOD)["outcome"] == "updated"
    card = texts(olivia.sees_view("Verified on"))
    for words in ("ZZ-150 Naming files", "1.5 days", "$250", "Records management, level 2", "*RM-101*", "GC-7"):
        assert words in card
    ben.say("what are the prerequisites of ZZ-150?")
    ben.sees("Before ZZ-150")

    # Changed by two at once: the second finds both texts, and nothing is overwritten.
    for person in (olivia, amelie):
        if person is amelie:
            person.command("cours")
            person.click(person.sees_view("15 cours")["id"], "course.open", "ZZ-150")
        shown = person.sees_view("Our library")
        person.click(shown["id"], "course.edit", "ZZ-150")
        opened(person, "course.save")
    assert olivia.submit(title_en="Naming records", cost="0")["outcome"] == "closed"
    assert "Naming records" in texts(olivia.sees_view("Naming records"))
    second = amelie.submit(title_en="Naming folders", provider="La bibliothèque")
    assert second["outcome"] == "updated"
    clash = texts(amelie.sees_view("avant vous"))
    assert "Naming records" in clash
    assert amelie.submit()["outcome"] == "closed"
    card = texts(amelie.sees_view("La bibliothèque"))
    assert "Naming folders" in card or "Nommer les fichiers" in card
    assert "gratuit" in card
    assert "1,5 jour" in card

    # A circle is refused, a course that others need stays, another one is retired and comes back.
    olivia.command("courses RM-101")
    listing = olivia.view()
    assert listing is not None
    olivia.click(listing["id"], "course.open", "RM-101")
    olivia.click(olivia.sees_view("Leads on to")["id"], "course.edit", "RM-101")
    opened(olivia, "course.save")
    assert "require each other" in olivia.submit(prerequisites="RM-201")["errors"]["prerequisites"]
    olivia.do("close")
    olivia.click(olivia.sees_view("Leads on to")["id"], "course.retire", "RM-101")
    olivia.sees("name this one as a prerequisite")
    amelie.click(amelie.sees_view("La bibliothèque")["id"], "course.retire", "ZZ-150")
    gone = amelie.sees_view("est retiré")
    ben.command("courses")
    assert "ZZ-150" not in listed(ben.sees_view("14 courses"))
    amelie.click(gone["id"], "course.restore", "ZZ-150")
    amelie.click(amelie.sees_view("La bibliothèque")["id"], "course.retire", "ZZ-150")
    amelie.sees_view("est retiré")


def test_event_that_is_no_session_cannot_be_of_a_course(house: House) -> None:  # noqa: F811
    olivia = house.newcomer(role=Role.organizer)
    refused = plan_session(olivia, "RM-101", "2027-03-01", kind="learning_event")
    assert "Only a course session" in str(refused)
