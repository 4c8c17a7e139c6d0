"""What finds no answer comes onto the organizers' list, leaves it with one press, and its askers hear of it once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from community.records import Role
from delivery.records import Outbox
from knowledge import files
from knowledge.records import Question, Settled
from reports import charts
from tests.kit import Person, eventually, texts
from tests.scenario.house import House, buttons, house  # noqa: F401  # a fixture

pytestmark = pytest.mark.xdist_group("house of review")  # one workspace and one bot for all of it

UNKNOWN = "zxqv wombat kumquat trombone"


def asks(house: House, person: Person, text: str) -> dict[str, Any]:  # noqa: F811
    """The person asks; the card they get, once it is there, and once the question was compared with the others."""
    before = len(person.messages())
    person.say(text)
    card: dict[str, Any] = eventually(
        lambda: next((m for m in person.messages()[before:] if buttons(m, "question.news")), None), what="a card"
    )
    eventually(lambda: (q := house.question(person)) and q.leader_id, what="a group")
    return card


def group_of(view: dict[str, Any], words: str) -> str:
    """The block id of the group that shows these words."""
    blocks = view["blocks"]
    place = next(i for i, block in enumerate(blocks) if words in json.dumps(block, ensure_ascii=False))
    return next(str(block["block_id"]) for block in blocks[place:] if str(block.get("block_id")).startswith("gap:"))


def test_group_becomes_phrasings_of_an_entry_and_those_who_wished_are_told_once(house: House) -> None:  # noqa: F811
    organizer = house.newcomer("fr-CA", role=Role.organizer)
    ben, amelie, sam = house.newcomer(), house.newcomer("fr-CA"), house.newcomer()
    card = asks(house, ben, UNKNOWN)
    assert "I have no answer to this" in texts(card)
    ben.click(card, "question.news", buttons(card, "question.news")[0][1])
    wished = ben.sees("I will write to you when there is an answer")
    assert wished["ts"] == card["ts"]
    card = asks(house, amelie, f"{UNKNOWN}!")
    amelie.click(card, "question.news", buttons(card, "question.news")[0][1])
    card = amelie.sees("Je vous écrirai")
    amelie.click(card, "question.news", buttons(card, "question.news")[0][1])  # and not after all
    eventually(lambda: (q := house.question(amelie)) and not q.wants_news)
    card = asks(house, sam, UNKNOWN.upper())
    sam.click(card, "question.news", buttons(card, "question.news")[0][1])
    sam.sees("I will write to you when there is an answer")

    home = texts(organizer.home())
    assert f"{UNKNOWN} (3 fois)" in home
    assert not any(person.name in home or person.id in home for person in (ben, amelie, sam))
    organizer.command("révision")
    view = organizer.sees_view(UNKNOWN)
    shown = json.dumps(view, ensure_ascii=False)
    assert "3 questions, la dernière posée le" in shown
    assert "2 personnes veulent être avisées" in shown
    assert not any(person.name in shown or person.id in shown for person in (ben, amelie, sam))

    answers = house.bot.services.answers
    assert answers is not None
    known = next(entry for entry in answers.entries() if len(entry.texts) == 2)
    block = group_of(view, UNKNOWN)
    title = known.in_("fr").title
    found = organizer.do("suggest", action_id="gap.phrase", block_id=block, value=title, view_id=view["id"])
    assert [option["value"] for option in found["options"]] == [str(known.entry_id)]
    organizer.do("click", view_id=view["id"], action_id="gap.phrase", block_id=block, value=str(known.entry_id))
    organizer.sees_view("formulation a été ajoutée à")
    for person in (ben, sam):
        told = person.sees("There is an answer now")
        assert known.in_("en").title in texts(told)
    answered = house.newcomer()
    eventually(lambda: answers.ask(UNKNOWN).answer is not None)
    answered.say(UNKNOWN)
    answered.sees(known.in_("en").title)

    organizer.do("click", view_id=view["id"], action_id="review.period", block_id="review.period", value="30")
    house.bot.service._tell()  # looks again, and finds nobody who was not told
    house.bot.sender.drain()
    with house.bot.database.read() as session:
        told = session.scalars(select(Outbox.user).where(Outbox.key.like("question:%:news"))).all()
    assert sorted(str(user) for user in told) == sorted([ben.id, sam.id])
    assert not any("Il y a maintenant une réponse" in texts(m) for m in amelie.messages())


def test_what_is_not_ours_leaves_the_list_and_two_organizers_do_not_do_it_twice(house: House) -> None:  # noqa: F811
    first, second = (house.newcomer(role=Role.organizer) for _ in range(2))
    asker, words = house.newcomer(), "plovdiv spatula brandishing 42"
    asks(house, asker, words)
    amelie = house.newcomer("fr-CA")
    card = asks(house, amelie, words)
    amelie.click(card, "question.news", buttons(card, "question.news")[0][1])
    amelie.sees("Je vous écrirai")
    home = first.home()
    first.do("click", home=True, action_id="review.open", value=dict(buttons(home, "review.open")).get("review.open"))
    second.command("review")
    views = {person: person.sees_view(words) for person in (first, second)}
    block = group_of(views[first], words)
    first.do("click", view_id=views[first]["id"], action_id="gap.not_ours", block_id=block)
    assert words not in json.dumps(first.sees_view("Taken off the list: not ours. 1 person is told."))
    second.do("click", view_id=views[second]["id"], action_id="gap.not_ours", block_id=block)
    second.sees("Somebody has taken care of these questions before you")
    question = house.question(asker)
    assert question is not None
    assert question.settled_as is Settled.not_ours
    assert words not in texts(first.home())
    assert "ne s’occupe pas" in texts(amelie.sees("Vous vouliez des nouvelles"))
    member = house.member(amelie)
    with house.bot.database.read() as session:
        told = select(Question.member_id).where(Question.told_at.is_not(None), Question.text == words)
        assert session.scalars(told).all() == [member and member.id]


def test_those_who_wait_are_told_when_an_import_brings_the_answer(house: House, tmp_path: Path) -> None:  # noqa: F811
    waits, not_told, unhelped = house.newcomer("fr-CA"), house.newcomer(), house.newcomer()
    words = "qui nourrit le brochet zorblax de la caserne"
    card = asks(house, waits, words)
    waits.click(card, "question.news", buttons(card, "question.news")[0][1])
    waits.sees("Je vous écrirai")
    asks(house, not_told, words)
    unhelped.say("Who pays for the certificate?")
    card = unhelped.sees("Source:")
    unhelped.click(card, "answer.not_helpful", dict(buttons(card, "answer.not_helpful"))["answer.not_helpful"])
    card = eventually(
        lambda: next((m for m in unhelped.messages() if buttons(m, "question.news")), None), what="news to wish for"
    )
    unhelped.click(card, "question.news", buttons(card, "question.news")[0][1])
    unhelped.sees("I will write to you")
    columns = "id,title_en,answer_en,phrasings_en,title_fr,answer_fr,phrasings_fr,source,reviewed_on"
    said = f"pike,Who feeds the pike?,The porter.,who feeds pike,Qui soigne le poisson?,Le concierge.,{words}"
    file = tmp_path / "pike.csv"
    file.write_text(f"{columns},revision\n{said},Us,2026-11-01,1-0\n", "utf-8")
    entries, problems = files.read(file)
    assert problems == []
    with house.bot.database.begin() as session:
        files.import_entries(session, house.bot.services.community_id, entries, house.bot.clock.now())
    assert "Le concierge." in texts(waits.sees("Il y a maintenant une réponse"))
    question = house.question(waits)
    assert question is not None
    assert question.settled_as is Settled.answered
    for person in (not_told, unhelped):
        asked = house.question(person)
        assert asked is not None
        assert asked.told_at is None


def test_new_entry_answers_what_was_asked_once_it_is_published(house: House) -> None:  # noqa: F811
    organizer, asker = house.newcomer(role=Role.organizer), house.newcomer("fr-CA")
    words = "où est le xylophone du ministère blorptique"
    card = asks(house, asker, words)
    asker.click(card, "question.news", buttons(card, "question.news")[0][1])
    asker.sees("Je vous écrirai")
    organizer.command("review")
    view = organizer.sees_view(words)
    organizer.do("click", view_id=view["id"], action_id="gap.entry", block_id=group_of(view, words))
    form = organizer.sees_view("entry.create")
    initial = {block.get("block_id"): (block.get("element") or {}).get("initial_value") for block in form["blocks"]}
    assert initial["title_fr"] == initial["phrasings_fr"] == words
    english = {"title_en": "Where is the blorptic xylophone?", "answer_en": "In the attic."}
    filled = {"answer_fr": "Au grenier.", "source": "Concierge", "marks": ["publish"], **english}
    assert organizer.submit(**filled)["outcome"] == "closed"
    assert "Au grenier." in texts(asker.sees("Il y a maintenant une réponse"))
    question = house.question(asker)
    assert question is not None
    assert (question.settled_as, question.told_at is not None) == (Settled.drafted, True)


def test_figures_come_as_a_chart_and_a_table_to_who_asked_for_them(house: House) -> None:  # noqa: F811
    organizer = house.newcomer("fr-CA", role=Role.organizer)
    said = organizer.command("chiffres 4")
    assert "Je rassemble les chiffres" in texts(said["response"])
    message = organizer.sees("Le graphique, et le tableau")
    chart, table = message["files"]
    assert (chart["mimetype"], table["mimetype"]) == ("image/png", "text/csv")
    assert "posées" in chart["alt_txt"]
    assert "Questions du" in texts(organizer.sees("Questions et réponses"))
    got = {file["name"]: house.workspace.http.get(file["url_private"]).content for file in (chart, table)}
    assert got[chart["name"]].startswith(b"\x89PNG")
    written = got[table["name"]].decode("utf-8-sig")
    assert written.startswith("Partie,Nom,Posées")
    assert not any(person["id"] in written for person in house.workspace.get("/people")["people"])


def test_figures_without_a_chart_are_still_a_table(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    organizer = house.newcomer(role=Role.organizer)
    monkeypatch.setattr(charts, "ROOT", Path("/nowhere"))
    organizer.home()
    organizer.click("home", "figures.send")
    message = organizer.sees("The chart could not be drawn this time")
    assert [file["mimetype"] for file in message["files"]] == ["text/csv"]
