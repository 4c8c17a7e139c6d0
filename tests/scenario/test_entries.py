"""Entries looked after in Slack: written, published, changed by two at once, retired; saved from a message."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from community.records import Role
from knowledge import entry_rows, files, revisions
from knowledge.entry_file import EntryDraft
from knowledge.records import EntryState
from scheduler import reviews
from tests.kit import Person, action_ids, eventually, texts
from tests.scenario.house import House, house  # noqa: F401  # a fixture

pytestmark = pytest.mark.xdist_group("house of entries")  # one workspace and one bot for all of it


def entry(house: House, slug: str) -> tuple[EntryDraft, EntryState, int]:  # noqa: F811
    with house.bot.database.read() as session:
        found = revisions.get(session, house.bot.services.community_id, slug)
        return entry_rows.content_of(session, found), found.state, found.version


def taken_up(house: House, slug: str, *, there: bool = True) -> None:  # noqa: F811
    """Wait until the bot answers from the entry, or does not any more; it promises two seconds."""
    answers = house.bot.services.answers
    assert answers is not None
    eventually(lambda: (answers.show(slug, "en") is not None) is there, what=f"{slug} taken up")


def on_top(person: Person, callback_id: str, words: str = "") -> dict[str, Any]:
    """The modal on top, once it is this one and shows the words."""

    def look() -> dict[str, Any] | None:
        view = person.view()
        return view if view and view["callback_id"] == callback_id and words in texts(view) else None

    return eventually(look, what=f"{callback_id} with {words!r} for {person.name}")


def press(person: Person, view: dict[str, Any], action_id: str) -> None:
    """Press the button of a modal with the value it carries."""
    value = next(value for name, value in action_ids(view) if name == action_id)
    person.click(view["id"], action_id, value)


def initial(view: dict[str, Any], block_id: str) -> str:
    block = next(block for block in view["blocks"] if block.get("block_id") == block_id)
    return str(block["element"].get("initial_value", ""))


def test_an_entry_is_written_published_asked_for_and_retired(house: House) -> None:  # noqa: F811
    olivia, ben = house.newcomer(role=Role.organizer), house.newcomer()
    olivia.command("fiches")
    press(olivia, on_top(olivia, "entry.list"), "entry.new")
    on_top(olivia, "entry.create")
    refused = olivia.submit(title_en="Where is the bike shed?", answer_en="", source="The guide")
    assert list(refused["errors"]) == ["answer_en"]
    done = olivia.submit(
        title_en="Where is the bike shed?",
        answer_en="Behind **hall 3**. <!channel> <@U0OLIVIA01> [press](!here) & <script>",
        phrasings_en="bike shed\n where do I leave my bike \n\n",
        source="The guide",
        owner_user_id=ben.id,
    )
    assert done["outcome"] == "closed"
    card = olivia.sees("Saved as a draft")
    content, state, _ = entry(house, "where-is-the-bike-shed")
    assert (state, content.owner_user_id, content.texts["en"].phrasings) == (
        EntryState.draft,
        ben.id,
        ("bike shed", "where do I leave my bike"),
    )
    olivia.click(card, "entry.open", "where-is-the-bike-shed")
    page = olivia.sees_view("Draft")
    assert "There is no French text yet." in texts(page)
    press(olivia, page, "entry.publish")  # the gate wants French too
    page = olivia.sees_view("both are required to publish it")
    press(olivia, page, "entry.edit")
    form = on_top(olivia, "entry.edit")
    assert initial(form, "phrasings_en") == "bike shed\nwhere do I leave my bike"
    olivia.submit(title_fr="Où est l’abri à vélos?", answer_fr="Derrière la salle 3.", note="French added")
    page = olivia.sees_view("Derrière la salle 3.")
    press(olivia, page, "entry.publish")
    olivia.sees_view("Published")
    taken_up(house, "where-is-the-bike-shed")
    ben.say("where do I leave my bike?")
    answer = ben.sees("Behind *hall 3*")
    shown = texts(answer)
    assert "<!channel>" not in shown
    assert "<@U0OLIVIA01>" not in shown
    assert "<!here" not in shown
    assert "&lt;!channel&gt;" in shown or "&lt;!channel>" in shown
    press(olivia, olivia.sees_view("Published"), "entry.retire")
    olivia.sees_view("Retired")
    taken_up(house, "where-is-the-bike-shed", there=False)
    ben.say("where do I leave my bike?")
    eventually(lambda: len(ben.messages()) >= 4)
    assert "Behind *hall 3*" not in texts(ben.messages()[-1])
    press(olivia, olivia.sees_view("Retired"), "entry.restore")
    press(olivia, olivia.sees_view("Published"), "entry.history")
    history = on_top(olivia, "entry.history")
    said = texts(history)
    assert [f"Revision {n}" in said for n in range(1, 7)] == [True] * 5 + [False]
    assert "French added" in said
    olivia.click(history["id"], "entry.revision", "where-is-the-bike-shed:2")
    past = olivia.sees_view("Back to the history")
    press(olivia, past, "entry.revert")
    olivia.sees_view("Revision 5")
    assert entry(house, "where-is-the-bike-shed")[2] == 5  # revision 2 says what stands: nothing changed


def test_the_second_of_two_editors_loses_no_text(house: House) -> None:  # noqa: F811
    olivia, amelie = house.newcomer(role=Role.organizer), house.newcomer("fr-CA", role=Role.organizer)
    slug = "certificate-funding"
    title = entry(house, slug)[0].texts["en"].title
    for person, word in ((olivia, "entries"), (amelie, "fiches")):
        person.command(f"{word} {slug}")
        view = on_top(person, "entry.list")
        person.click(view["id"], "entry.open", slug)
        press(person, on_top(person, "entry.page"), "entry.edit")
        on_top(person, "entry.edit")
    before = entry(house, slug)[0]
    view = on_top(olivia, "entry.edit")
    action = next(b["element"]["action_id"] for b in view["blocks"] if b.get("block_id") == "related")
    shown = house.bot.services.answers.show("rsvp", "en")  # type: ignore[union-attr]  # it is there once the house is
    assert shown is not None
    found = olivia.do("suggest", view_id=view["id"], action_id=action, value=shown.title)["options"]
    assert [option["value"] for option in found] == [str(shown.entry_id)]
    first = olivia.submit(answer_en="Olivia's answer.", source="Olivia's source", related=[str(shown.entry_id)])
    assert first["outcome"] == "closed"
    second = amelie.submit(answer_en="La réponse d’Amélie, longue.", answer_fr="En français.")
    assert second["outcome"] == "updated"
    form = amelie.sees_view("avant vous")
    assert initial(form, "answer_en") == "La réponse d’Amélie, longue."
    assert initial(form, "answer_fr") == "En français."
    assert initial(form, "source") == "Olivia's source"  # taken: Amélie had not touched it
    assert "Olivia's answer." in texts(form)
    assert entry(house, slug)[0].related == ("rsvp",)
    assert entry(house, slug)[0].texts["en"].answer == "Olivia's answer."
    assert amelie.submit(answer_en="Both answers.")["outcome"] == "closed"
    after, _, version = entry(house, slug)
    assert (after.texts["en"].answer, after.texts["fr"].answer, after.source, version) == (
        "Both answers.",
        "En français.",
        "Olivia's source",
        3,
    )
    assert after.texts["en"].phrasings == before.texts["en"].phrasings
    assert after.related == ("rsvp",)  # Amélie had not touched them
    assert title == after.texts["en"].title


def test_a_message_becomes_a_draft_with_the_question_of_its_thread(house: House) -> None:  # noqa: F811
    expert, ben = house.newcomer(role=Role.expert), house.newcomer()
    asked = ben.say("@Praxis who waters the plants on floor nine?", channel="general")
    ben.sees("no answer to this", channel="general", thread_ts=asked["ts"])
    said = expert.say(
        "*Ana* does, see <https://example.org/a?b=1&c=2|her page>\n• on Mondays", channel="general",
        thread_ts=asked["ts"],
    )  # fmt: skip
    refused = len(ben.messages("general", asked["ts"]))
    ben.do("shortcut", callback_id="entry.save", channel="general", ts=said["ts"])
    eventually(lambda: "Only experts" in texts(ben.messages("general", asked["ts"])[-1]), what="a refusal")
    assert len(ben.messages("general", asked["ts"])) > refused
    expert.do("shortcut", callback_id="entry.save", channel="general", ts=said["ts"])
    form = on_top(expert, "entry.create")
    assert initial(form, "title_en") == "@Praxis who waters the plants on floor nine?".replace("@Praxis ", "")
    assert "**Ana** does" in initial(form, "answer_en")
    assert "- on Mondays" in initial(form, "answer_en")
    assert "in Slack" in initial(form, "source")
    assert initial(form, "source_url").startswith("http")
    assert "Publish at once" not in texts(form)  # an expert drafts, an organizer publishes
    assert expert.submit()["outcome"] == "closed"
    expert.sees("Saved as a draft")
    assert entry(house, "who-waters-the-plants-on-floor-nine")[1] is EntryState.draft


def test_the_list_is_searched_paged_and_read_in_ones_language(house: House) -> None:  # noqa: F811
    olivia, ben = house.newcomer("fr-CA", role=Role.organizer), house.newcomer()
    olivia.command("fiches")
    view = on_top(olivia, "entry.list")
    assert "Fiches" in texts(view)
    press(olivia, view, "entry.next")
    second = olivia.sees_view("Page précédente")
    assert json.loads(second["private_metadata"]) == {"page": 1}
    assert olivia.submit(words="zzzz")["outcome"] == "updated"
    olivia.sees_view("Aucune fiche ne correspond")
    olivia.click(second["id"], "entry.show", "retired")
    on_top(olivia, "entry.list")
    before = len(ben.messages("general"))
    ben.command("entries")
    eventually(lambda: len(ben.messages("general")) > before)
    assert "Only experts" in texts(ben.messages("general")[-1])


def test_the_gate_can_be_opened(house: House) -> None:  # noqa: F811
    olivia = house.newcomer(role=Role.organizer)
    olivia.command("entries")
    view = on_top(olivia, "entry.list")
    olivia.click(view["id"], "entry.gate", [])
    try:
        press(olivia, view, "entry.new")
        on_top(olivia, "entry.create")
        olivia.submit(title_en="Is there a piano?", answer_en="Yes, in the hall.", source="I saw it", marks=["publish"])
        olivia.sees("From now on I answer from it")
    finally:
        olivia.command("entries")
        olivia.click(on_top(olivia, "entry.list")["id"], "entry.gate", ["both"])
    assert entry(house, "is-there-a-piano")[1] is EntryState.published


def test_an_overdue_entry_says_so_and_goes_to_its_owner_until_it_was_reviewed(house: House, tmp_path: Path) -> None:  # noqa: F811
    luc, ben = house.newcomer("fr-CA"), house.newcomer()
    file = tmp_path / "gong.csv"
    columns = "id,title_en,answer_en,phrasings_en,title_fr,answer_fr,phrasings_fr,source,reviewed_on,owner_user_id"
    english, french = (
        "Where is the brass gong?,In the lobby.,brass gong",
        "Où est le gong?,Dans le hall.,le gong de cuivre",
    )
    file.write_text(f"{columns},revision\ngong,{english},{french},Porter,2024-01-05,{luc.id},1-0\n", "utf-8")
    drafts, problems = files.read(file)
    assert problems == []
    with house.bot.database.begin() as session:
        files.import_entries(session, house.bot.services.community_id, drafts, house.bot.clock.now())
    taken_up(house, "gong")
    ben.say("where is the brass gong?")
    assert "was to be reviewed by January 5, 2025" in texts(ben.sees("In the lobby."))
    monday = house.bot.clock.now() + timedelta(days=7 - house.bot.clock.now().weekday())
    reviews.remind(house.bot.database, monday.replace(hour=16), house.bot.services.community_id)
    told = luc.sees("est à réviser")
    assert "Où est le gong?" in texts(told)
    luc.click(told, "entry.open", "gong")
    page = luc.sees_view("Dans le hall.")
    assert "Une révision est attendue depuis le 5 janvier 2025" in texts(page)
    press(luc, page, "entry.review")
    eventually(lambda: "attendue depuis" not in texts(luc.view() or {}), what="a review")
    amelie = house.newcomer("fr-CA")
    answers = house.bot.services.answers
    assert answers is not None
    eventually(
        lambda: (shown := answers.show("gong", "fr")) and shown.reviewed_on.year > 2024, what="the review taken up"
    )
    amelie.say("où est le gong de cuivre?")
    assert "devait être" not in texts(amelie.sees("Dans le hall."))
