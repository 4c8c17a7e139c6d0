"""People who know: what they offer, who finds them, and what becomes of a question passed on; in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from community.expert_records import ExpertRequest, RequestState
from community.records import Role
from knowledge.records import Entry, EntryState, EntryText
from runtime import checks
from settings import Settings
from tests.kit import Person, eventually, texts
from tests.scenario.experts_kit import offers, pass_on, press_by_hand, request_of
from tests.scenario.house import House, buttons, house  # noqa: F401  # a fixture

pytestmark = pytest.mark.xdist_group("house of experts")  # one workspace and one bot for all of it


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


def test_a_question_finds_its_expert_is_answered_and_becomes_a_draft(house: House) -> None:  # noqa: F811
    ann, luc = house.newcomer(), house.newcomer("fr-CA")
    sam, ben = house.newcomer(), house.newcomer()
    offers(ann, "POL", "3")
    offers(luc, "POL", "2")
    words = f"zxqv kumquat <!channel> policy writing {sam.name}"
    pass_on(sam, words)

    hers, his = ann.sees(f"kumquat &lt;!channel&gt; policy writing {sam.name}"), luc.sees(sam.name)
    assert f"<@{sam.id}>" in texts(hers)
    assert "About Policy" in texts(hers)
    assert [name for name, _ in buttons(his, "request.")] == [
        "request.claim", "request.answer", "request.reassign", "request.decline",
    ]  # fmt: skip
    assert "Je m’en charge" in texts(his)
    assert "1 question attend votre réponse" in texts(luc.home())
    number = request_of(house, sam).id

    press_by_hand(ben, "request.claim", number)
    ben.sees("Only experts and organizers can do this", channel="general")
    press_by_hand(sam, "request.claim", number)
    sam.sees("This is your own question", channel="general")

    ann.click(hers, "request.claim")
    sam.sees(f"<@{ann.id}> took up your question")
    assert buttons(luc.sees("s’en charge"), "request.") == []
    press_by_hand(luc, "request.claim", number)  # his card was not up to date yet
    luc.sees("s’occupe déjà de cette question", channel="general")
    mine = ann.sees("You took this up")
    press_by_hand(ann, "request.claim", number)
    ann.sees("You had taken this up already", channel="general")

    ann.click(mine, "request.answer")
    assert sam.name in texts(ann.sees_view("request.answer"))
    refused = ann.submit(text_en=" ", text_fr="")
    assert "This cannot be empty" in str(refused)
    ann.submit(text_en="Write **very** *short* sentences & <@U0BEN00001>.", text_fr="")
    told = sam.sees(f"<@{ann.id}> answered your question")
    assert "Write *very* *short* sentences &amp; &lt;@U0BEN00001&gt;" in texts(told)
    luc.sees("a répondu")
    ann.click(ann.sees("You answered."), "request.draft")
    saved = ann.sees("Saved as a draft")
    ann.click(saved, "entry.open")  # she owns it, and may translate it
    ann.sees_view("[À traduire]")
    press_by_hand(ann, "request.draft", number)
    ann.sees("A draft entry was made from this answer already", channel="general")
    with house.bot.database.read() as session:
        entry = session.scalars(select(Entry).where(Entry.owner_user_id == ann.id)).one()
        found = {text.locale: text for text in session.scalars(select(EntryText).where(EntryText.entry_id == entry.id))}
    assert entry.state is EntryState.draft
    assert found["en"].answer == "Write **very** **short** sentences & <@U0BEN00001>."
    assert found["fr"].answer.startswith("[À traduire] Write **very** **short**")
    assert found["fr"].title.startswith("[À traduire] zxqv")
    sam.say(f"zxqv kumquat policy writing {sam.name}")
    assert not any("Source:" in texts(message) for message in sam.messages())


def test_who_declines_and_hands_on_in_both_languages(house: House) -> None:  # noqa: F811
    ann, luc, amelie, ben = house.newcomer(), house.newcomer("fr-CA"), house.newcomer("fr-CA"), house.newcomer()
    eve = house.newcomer(role=Role.expert)
    offers(ann, "LIB")
    words = f"zxqv kumquat library services {amelie.name}"
    pass_on(amelie, words, unknown="Je n’ai pas de réponse", told="J’ai transmis votre question")
    ann.click(ann.sees(words), "request.reassign")
    ann.sees_view("request.reassign")
    for to, said in ((ann, "That is you"), (amelie, "This person asked the question")):
        assert said in str(ann.submit(to=to.id))
    assert ann.submit(to=luc.id)["outcome"] == "closed"
    amelie.sees(f"Votre question a été confiée à <@{luc.id}>")
    luc.click(luc.sees(words), "request.decline")
    luc.sees("On ne vous sollicitera plus")
    amelie.sees("Je demande à d’autres")
    card = eve.sees(words)
    assert request_of(house, amelie).state is RequestState.open
    # A trigger works once and for three seconds: the window does not open, and she is told to press again.
    house.workspace.post("/faults", method="views.open", kind="error", error="expired_trigger_id")
    eve.click(card, "request.answer")
    eve.sees("Please press the button again")
    eve.click(card, "request.answer")
    eve.sees_view("request.answer")
    eve.submit(text_en="", text_fr="Voici la réponse.")
    answer = amelie.sees(f"<@{eve.id}> a répondu à votre question")
    assert "Voici la réponse." in texts(answer)
    assert not any(words in texts(message) for message in ben.messages())


def choose(organizer: Person, **values: str | None) -> Any:
    """What becomes of questions that nobody offered to answer, chosen by an organizer."""
    organizer.command("experts")
    organizer.click(organizer.sees_view("expertise.offer")["id"], "experts.settings")
    organizer.sees_view("experts.save")
    return organizer.submit(**values)


def test_experts_channel_that_an_organizer_chose_sees_the_question_and_not_who_asked(house: House) -> None:  # noqa: F811
    olivia = house.newcomer(role=Role.organizer)
    assert list(choose(olivia, hours="1000")["errors"]) == ["hours"]
    assert olivia.submit(channel="C0IMCOMMU1", hours="3")["outcome"] == "closed"
    olivia.sees("dealt with from now on")
    sam, eve, ben = house.newcomer(), house.newcomer(role=Role.expert), house.newcomer()
    for person in (eve, ben):
        person.do("join", channel="im-community")
    words = "zxqv wombat kumquat for the channel"
    pass_on(sam, words)
    card = eve.sees(words, channel="im-community")
    assert sam.id not in texts(card)
    assert "Somebody has a question" in texts(card)
    assert "Quelqu’un a une question" in texts(card)
    with house.bot.database.read() as session:
        request = session.scalars(select(ExpertRequest).where(ExpertRequest.text == words)).one()
        assert request.due_at == request.opened_at + timedelta(hours=3)
    ben.click(card, "request.claim", channel="im-community")
    assert ben.sees("Only experts and organizers can do this", channel="im-community")["ephemeral"]
    eve.click(card, "request.claim", channel="im-community")
    assert eve.sees("It is yours now", channel="im-community")["ephemeral"]
    eve.sees(f"*New {eve.name}* took this up.", channel="im-community")
    hers = eve.sees(words)
    assert f"<@{sam.id}>" in texts(hers)
    eve.click(hers, "request.answer")
    eve.sees_view("request.answer")
    eve.submit(text_en="Yes.", text_fr="Oui.")
    sam.sees("Yes.")
    eve.sees("Oui.", channel="im-community")
    # Written in both languages, it makes a draft in which only the question is still to be translated.
    eve.click(eve.sees("You answered."), "request.draft")
    eve.sees("Saved as a draft")
    with house.bot.database.read() as session:
        entry = session.scalars(select(Entry).where(Entry.owner_user_id == eve.id)).one()
        found = {text.locale: text for text in session.scalars(select(EntryText).where(EntryText.entry_id == entry.id))}
    assert (entry.state, found["en"].title) == (EntryState.draft, words)
    assert (found["en"].answer, found["fr"].answer) == ("Yes.", "Oui.")
    assert found["fr"].title == f"[À traduire] {words}"
    ben.command("experts")
    assert not buttons(ben.sees_view("expertise.offer"), "experts.settings")
    assert choose(olivia, channel=None, hours="24")["outcome"] == "closed"


def test_an_expert_who_left_slack_is_replaced_and_the_digest_lists_what_waits(house: House) -> None:  # noqa: F811
    ann, sam, eve = house.newcomer(), house.newcomer(), house.newcomer(role=Role.expert)
    offers(ann, "WEB")
    words = f"zxqv kumquat web content {sam.name}"
    pass_on(sam, words)
    ann.click(ann.sees(words), "request.claim")
    sam.sees("took up your question")
    ann.do("profile", deleted=True)
    sam.sees("Whoever was to answer your question has left")
    eve.sees(words)
    olivia = Person(house.workspace, "olivia")
    sam.say("who knows about web content?")
    assert ann.name not in texts(sam.sees("Nobody has offered to be asked about Web content"))
    # A day later, and at an hour at which the day's list goes out, whatever the hour is now.
    later = house.bot.clock.now().astimezone(ZoneInfo("America/Toronto")) + timedelta(days=1, minutes=1)
    morning = later.replace(hour=10, minute=0) + timedelta(days=later.hour >= 10)
    house.workspace.advance(to=morning.isoformat())
    digest: dict[str, Any] = eventually(
        lambda: next((m for m in olivia.messages() if "for an answer" in texts(m) and "Since" in texts(m)), None)
    )
    assert words in texts(digest)
    sam.sees("Nobody has answered your question yet")


def test_the_operator_learns_whether_the_experts_channel_can_be_reached(house: House) -> None:  # noqa: F811
    access = house.bot.access
    found = {}
    for channel in ("C0IMCOMMU1", "#experts"):
        settings = Settings(
            _env_file=None,
            DATABASE_URL=house.bot.settings.database_url.get_secret_value(),
            SLACK_BOT_TOKEN=access.bot_token,
            SLACK_APP_TOKEN=access.app_token,
            SLACK_API_URL=access.api_url,
            experts_channel=channel,
        )
        found[channel] = {finding.what: finding for finding in checks.examine(settings)}
    assert found["C0IMCOMMU1"]["Experts' channel"].found == "#im-community"
    wrong = found["#experts"]["Experts' channel"]
    assert (wrong.level, "a channel's id" in wrong.remedy) == ("problem", True)


def test_who_withdraws_is_not_asked_about_what_waits(house: House) -> None:  # noqa: F811
    ann, sam, eve = house.newcomer(), house.newcomer(), house.newcomer(role=Role.expert)
    offers(ann, "SYS")
    words = f"zxqv kumquat for the systems development of {sam.name}"
    pass_on(sam, words)
    ann.sees(words)
    ann.command("experts")
    view = ann.sees_view("Withdraw")
    ann.click(view["id"], "expertise.withdraw", "SYS")
    ann.sees_view("You are not asked about *Systems development* any more")
    eve.sees(words)
    assert "waits for your answer" not in texts(ann.home())
    sam.sees("I am asking others")


def test_those_who_offered_are_asked_from_the_answer_that_names_them(house: House) -> None:  # noqa: F811
    ann, sam = house.newcomer(), house.newcomer()
    offers(ann, "ATIP")
    sam.say("who knows about privacy?")
    sam.click(sam.sees("Who knows about"), "request.ask")
    sam.sees_view("request.ask")
    assert "This cannot be empty" in str(sam.submit(question=" "))
    sam.submit(question=f"May I share {sam.name}'s list?")
    sam.sees("I passed your question on")
    assert f"<@{sam.id}>" in texts(ann.sees(f"May I share {sam.name}'s list?"))
