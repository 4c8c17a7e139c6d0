"""What an answer's card does: rating, picking a suggestion, passing a question on, what belongs to it."""

from __future__ import annotations

import pytest

from knowledge.records import Outcome
from tests.kit import Person, eventually, texts
from tests.scenario.courses_kit import RECORDS_COURSES, choose, listed, offered
from tests.scenario.house import House, amelie, ben, buttons, house

__all__ = ["amelie", "ben", "house"]  # fixtures

KNOWN_EN = "What does ATIP stand for?"
KNOWN_FR = "Que veut dire AIPRP?"
ATIP = "access to information and privacy"
AIPRP = "accès à l’information"
UNKNOWN = "zxqv wombat kumquat trombone"


def vague(house: House) -> str:
    """A question that the entries answer with suggestions."""
    words = ("certificate", "the course", "success", "leadership people", "sign up", "who is it for", "when and where")
    answers = house.bot.services.answers
    assert answers is not None
    return next(text for text in words if answers.ask(text).outcome is Outcome.suggested)


def test_rating_is_kept_and_shown_on_the_card(house: House, ben: Person) -> None:
    ben.say(KNOWN_EN)
    card = ben.sees(ATIP)
    ben.click(card, "answer.helpful")
    rated = ben.sees("You found this helpful")
    assert rated["ts"] == card["ts"]
    assert not buttons(rated, "answer.helpful")
    question = house.question(ben)
    assert question is not None
    assert question.helpful is True


def test_rating_an_ephemeral_answer_changes_it_in_place(ben: Person) -> None:
    ben.command(f"ask {KNOWN_EN}")
    ben.click(ben.sees(ATIP, channel="general"), "answer.not_helpful", channel="general")
    card = ben.sees("You found this not helpful", channel="general")
    assert buttons(card, "question.pass_on")
    mine = [m for m in ben.messages("general") if ATIP in texts(m) and m.get("ephemeral")]
    assert len(mine) == 1


def test_only_the_asker_may_rate(house: House, ben: Person, amelie: Person) -> None:
    said = ben.say(f"@praxis {KNOWN_EN}", channel="general")
    card = amelie.sees(ATIP, channel="general", thread_ts=said["ts"])
    amelie.click(card, "answer.not_helpful", channel="general")
    refused = amelie.sees("Seule la personne qui a posé la question", channel="general", thread_ts=said["ts"])
    assert refused["ephemeral"]
    question = house.question(ben)
    assert question is not None
    assert question.helpful is None


def test_picked_suggestion_becomes_the_answer_and_is_recorded(house: House, ben: Person) -> None:
    ben.say(vague(house))
    card = eventually(lambda: next((m for m in ben.messages() if buttons(m, "answer.pick")), None))
    asked = house.question(ben)
    assert asked is not None
    assert asked.outcome is Outcome.suggested
    ben.click(card, *buttons(card, "answer.pick")[0])
    picked = ben.sees("Source:")
    assert picked["ts"] == card["ts"]
    question = house.question(ben)
    assert question is not None
    assert question.entry_id is not None


def test_suggestion_pressed_by_somebody_else_is_shown_to_them_alone(house: House, ben: Person, amelie: Person) -> None:
    said = ben.say(f"@praxis {vague(house)}", channel="general")

    def suggested() -> object:
        return next((m for m in ben.messages("general", said["ts"]) if buttons(m, "answer.pick")), None)

    card = eventually(suggested)
    assert isinstance(card, dict)
    amelie.click(card, *buttons(card, "answer.pick")[0], channel="general")
    assert amelie.sees("Source\N{NO-BREAK SPACE}:", channel="general", thread_ts=said["ts"])["ephemeral"]
    question = house.question(ben)
    assert question is not None
    assert question.entry_id is None


def test_unknown_question_is_passed_on_once_with_the_askers_name(house: House, ben: Person) -> None:
    olivia = Person(house.workspace, "olivia")
    words = f"{UNKNOWN} {ben.name}"
    ben.say(words)
    card = ben.sees("I have no answer to this")
    question = house.question(ben)
    assert question is not None
    assert question.outcome is Outcome.unknown
    ben.click(card, "question.pass_on")
    ben.sees("I passed your question on")
    assert f"<@{ben.id}>" in texts(olivia.sees(words))
    assert ben.sees("Your question was passed on.")["ts"] == card["ts"]
    assert sum(words in texts(m) for m in olivia.messages()) == 1


def test_related_entry_is_shown_on_demand(ben: Person) -> None:
    ben.say(KNOWN_EN)
    card = ben.sees(ATIP)
    ben.click(card, *buttons(card, "answer.related")[0])
    eventually(lambda: len([m for m in ben.messages() if "Source:" in texts(m)]) == 2)


def test_experts_channel_receives_what_is_passed_on_instead_of_the_organizers(
    house: House,
    amelie: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(house.bot.services, "experts_channel", "C0IMCOMMU1")
    words = f"{UNKNOWN} {amelie.name}"
    amelie.say(words)
    amelie.click(amelie.sees("Je n’ai pas de réponse"), "question.pass_on")
    amelie.sees("J’ai transmis votre question")
    olivia = Person(house.workspace, "olivia")
    assert amelie.id not in texts(olivia.sees(words, channel="im-community"))
    assert not any(words in texts(m) for m in olivia.messages())


def test_what_a_question_is_about_is_said_and_put_right_where_it_stands(ben: Person, amelie: Person) -> None:
    # The way up, with a restriction that leaves nothing, and another subject chosen in the card itself.
    ben.say("what do I need to get from level 2 to 3 in records management, in French, online?")
    card = ben.sees("I understood: Records management · from level 2 to 3 · in French · online")
    assert "Without “online” there is 1." in texts(card)
    assert [name for name, _ in buttons(card, "catalogue.without.")] == [
        "catalogue.without.language", "catalogue.without.mode",
    ]  # fmt: skip
    assert offered(ben, "catalogue.set.competency", "access") == ["ATIP"]
    choose(ben, "catalogue.set.competency", "ATIP")
    changed = ben.sees("I understood: Access to information and privacy · from level 2 to 3")
    assert changed["ts"] == card["ts"]

    ben.say("how do I get from level 2 to 3 in records management, in French?")
    ben.sees("I understood: Records management · from level 2 to 3 · in French")
    choose(ben, "catalogue.set.from_level", "1")
    assert listed(ben.sees("from level 1 to 3 · in French")) == ["RM-201", "SD-220", "RM-301", "RM-101"]

    amelie.say("que signifie le niveau 3 en gestion des documents?")
    amelie.sees("J’ai compris\N{NO-BREAK SPACE}: Gestion des documents · niveau 3")
    choose(amelie, "catalogue.set.level", "2")
    amelie.sees("Classe, nomme et conserve")
    amelie.say("quels sont les préalables de RM-301?")
    amelie.sees("J’ai compris\N{NO-BREAK SPACE}: RM-301")
    assert offered(amelie, "catalogue.set.course", "accès") == ["AP-210"]
    choose(amelie, "catalogue.set.course", "AP-210")
    assert listed(amelie.sees("Avant AP-210")) == ["AP-110"]


def test_answer_from_records_is_rated_and_shared_like_any_other(house: House, ben: Person, amelie: Person) -> None:
    ben.command(f"ask {RECORDS_COURSES}")
    card = ben.sees("I looked for courses", channel="general")
    ben.click(card, "answer.share", channel="general")
    shared = amelie.sees(f"<@{ben.id}> asked", channel="general")
    assert listed(shared) == listed(card)
    assert not buttons(shared, "catalogue.without.")
    ben.click(card, "answer.helpful", channel="general")
    ben.sees("You found this helpful", channel="general")
    question = house.question(ben)
    assert question is not None
    assert question.helpful is True
