"""People who know: what they offer, who finds them; in both languages."""

from __future__ import annotations

import pytest

from tests.kit import Person, texts
from tests.scenario.house import House, buttons, house  # noqa: F401  # a fixture

pytestmark = pytest.mark.xdist_group("house of experts")  # one workspace and one bot for all of it


def offers(person: Person, code: str, level: str | None = None, words: str = "") -> None:
    """Offer a competency in the modal."""
    person.command("experts")
    view = person.sees_view("expertise.offer")
    found = person.do("suggest", view_id=view["id"], action_id="expertise.competency", value=code)
    assert code in [option["value"] for option in found["options"]]
    more = {"level": level} if level else {}
    outcome = person.submit(competency=code, words=words, **more)
    assert outcome["outcome"] == "updated", outcome


def test_expertise_is_offered_found_and_withdrawn(house: House) -> None:  # noqa: F811
    ann, ben, amelie = house.newcomer(), house.newcomer(), house.newcomer("fr-CA")
    ben.say("who knows about web content?")
    ben.sees("Nobody has offered to be asked about Web content")
    ann.home()
    ann.click("home", "expertise.open")
    assert "Nothing yet." in texts(ann.sees_view("What you offer"))
    offers(ann, "WEB", "3", "*plain* <!channel> headings")
    assert "You may now be asked about *Web content*" in texts(ann.view() or {})
    ben.say("who knows about web content?")
    card = ben.sees("Who knows about Web content")
    assert f"New {ann.name}" in texts(card)
    assert "*plain* &lt;!channel&gt; headings" in texts(card)
    assert "level 3" in texts(card)
    assert f"<@{ann.id}>" not in texts(card)
    amelie.say("qui s'y connaît en contenu Web?")
    assert f"New {ann.name}" in texts(amelie.sees("Qui s’y connaît"))
    view = ann.view()
    assert view is not None
    ann.click(view["id"], *buttons(view, "expertise.withdraw")[0])
    ann.sees_view("You are not asked about *Web content* any more")
    amelie.say("qui s'y connaît en contenu Web?")
    amelie.sees("Personne n’a encore offert")


def test_competency_is_chosen_by_its_name_after_the_command(house: House) -> None:  # noqa: F811
    amelie = house.newcomer("fr-CA")
    amelie.command("expertise gestion des documents")
    view = amelie.sees_view("Mon expertise")
    assert "Gestion des documents" in texts(view)


def test_what_is_offered_by_hand_must_be_a_competency_and_a_level(house: House) -> None:  # noqa: F811
    ann = house.newcomer()
    for fields, said in (
        ({"competency": "NOPE"}, "not in the framework any more"),
        ({"competency": "RM", "level": "9"}, "There is no such level"),
        ({"competency": ""}, "This cannot be empty"),
    ):
        values = {name: {"x": {"type": "plain_text_input", "value": value}} for name, value in fields.items()}
        view = {
            "id": "V0",
            "type": "modal",
            "callback_id": "expertise.offer",
            "blocks": [{"type": "input", "block_id": name} for name in fields],
            "state": {"values": values},
        }
        answer = ann.do("payload", payload={"type": "view_submission", "view": view})["response"]
        assert said in str(answer["errors"])
