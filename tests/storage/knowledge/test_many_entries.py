"""Many entries, indexed as a large set is: changes are taken up beside the answering, building goes on after a stop."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import func, select

from knowledge import files, loading, thresholds
from knowledge.answering import Answers
from knowledge.entry_file import EntryDraft, TextDraft
from knowledge.records import Embedding, Outcome
from storage import Database
from tests.kit import eventually
from tests.storage.knowledge.conftest import NOW, People

VERBS = ("find", "renew", "archive", "share", "request", "review")
THINGS = ("schedule", "badge", "claim", "charter", "dictionary", "permit")


class Stopped(Exception):
    """What a process meets that is ended while it reads its entries."""


def draft(slug: str, title: str, phrasings: Sequence[str], answer: str = "So.") -> EntryDraft:
    text = {"en": TextDraft(title, tuple(phrasings), answer)}
    return EntryDraft(slug, "A guide", None, date(2026, 1, 1), None, (), False, text)


MANY = [
    draft(f"{verb}-{thing}", f"How do I {verb} the {thing}?", (f"{verb} a {thing}", f"who may {verb} {thing}s"))
    for verb in VERBS
    for thing in THINGS
]
PIER = draft("pier", "Who paints the pier?", ("pier paint", "painting the pier"))
LIGHTHOUSE = draft("lighthouse", "Who feeds the lighthouse cat?", ("lighthouse cat", "feeding the lighthouse cat"))


def take(database: Database, people: People, drafts: Sequence[EntryDraft], *, retire: bool = False) -> None:
    with database.begin() as session:
        files.import_entries(session, people.community_id, drafts, NOW, retire_missing=retire)


@pytest.fixture
def answers(database: Database, people: People) -> Answers:
    take(database, people, MANY)
    loaded = Answers(database, people.community_id, encoder="none", large_from=50)
    loaded.load()
    return loaded


def test_new_changed_and_retired_entries_are_taken_up(database: Database, people: People, answers: Answers) -> None:
    assert answers.ask("who feeds the lighthouse cat?").outcome is Outcome.unknown
    take(database, people, [LIGHTHOUSE])
    assert answers.refresh()
    found = answers.ask("who feeds the lighthouse cat?").answer
    assert found is not None
    assert (found.id, found.text) == ("lighthouse", "So.")
    take(
        database,
        people,
        [draft("lighthouse", "Where is the harbour master?", ("harbour master", "the master"), "There.")],
    )
    assert answers.refresh()
    moved = answers.ask("where is the harbour master?").answer
    assert moved is not None
    assert (moved.id, moved.text) == ("lighthouse", "There.")
    assert answers.ask("who feeds the lighthouse cat?").outcome is not Outcome.answered
    take(database, people, MANY, retire=True)
    assert answers.refresh()
    assert answers.ask("where is the harbour master?").outcome is not Outcome.answered
    assert answers.show("lighthouse", "en") is None
    assert not answers.refresh()


def test_when_too_much_has_changed_all_is_indexed_anew(
    database: Database, people: People, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.large.FEWEST_STRAYS", 5)
    before = answers.explain("share a badge").near
    take(
        database,
        people,
        [LIGHTHOUSE, *(draft(f"new-{n}", f"Harbour {n}?", (f"pier {n}", f"quay {n}")) for n in range(9))],
    )
    assert answers.refresh()
    assert answers.ask("who feeds the lighthouse cat?").outcome is Outcome.answered
    assert answers.explain("share a badge").near[0] == before[0]


def test_one_entry_too_many_starts_an_index_beside_the_answering(
    database: Database, people: People, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.large.FEWEST_STRAYS", 2)
    take(database, people, [LIGHTHOUSE])
    assert answers.refresh()
    assert answers.ask("who feeds the lighthouse cat?").outcome is Outcome.answered
    wait_for_the_new_index(answers)
    assert answers.ask("who feeds the lighthouse cat?").outcome is Outcome.answered
    take(database, people, [PIER])
    assert answers.refresh()
    assert answers.ask("who paints the pier?").outcome is Outcome.answered
    wait_for_the_new_index(answers)


def wait_for_the_new_index(answers: Answers) -> None:
    eventually(lambda: not answers.busy)


def test_a_change_is_answered_from_while_thresholds_are_chosen_for_the_one_before(
    database: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(database, people, MANY)
    answers = Answers(database, people.community_id, encoder="none")
    answers.load()
    begun, go_on, choose = threading.Event(), threading.Event(), thresholds.choose

    def choose_late(evidence: thresholds.Evidence) -> thresholds.Thresholds:
        begun.set()
        go_on.wait(60)
        return choose(evidence)

    monkeypatch.setattr(thresholds, "choose", choose_late)
    try:
        for new, question in ((LIGHTHOUSE, "who feeds the lighthouse cat?"), (PIER, "who paints the pier?")):
            take(database, people, [new])
            assert answers.refresh()
            assert answers.ask(question).outcome is Outcome.answered
            assert answers.busy
            assert begun.wait(60)
    finally:
        go_on.set()
    eventually(lambda: not answers.busy, within=60)
    assert not answers.refresh()
    again = Answers(database, people.community_id, encoder="none")
    again.load()
    assert again.explain("pier").thresholds == answers.explain("pier").thresholds


def test_encoding_that_was_stopped_goes_on_where_it_was(
    database: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "ENCODED_AT_ONCE", 20)
    take(database, people, MANY)
    told: list[tuple[int, int]] = []

    def stop(step: str, done: int, of: int) -> None:
        if step == "phrasings":
            told.append((done, of))
            if done >= 40:
                raise Stopped

    with pytest.raises(Stopped):
        Answers(database, people.community_id, large_from=50).load(stop)
    assert told == [(0, 108), (20, 108), (40, 108)]
    kept = vectors(database)
    assert kept == 40
    again = Answers(database, people.community_id, large_from=50)
    again.load()
    assert again.ask("how can I renew my badge?").outcome is Outcome.answered
    assert vectors(database) >= 108


def vectors(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Embedding)) or 0
