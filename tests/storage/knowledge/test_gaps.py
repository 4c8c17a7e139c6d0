"""Questions without an answer: which are on the list, which ask for the same, how they leave it; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge import files, gaps, questions
from knowledge.answering import Answer, Answers
from knowledge.entry_file import EntryDraft, TextDraft
from knowledge.errors import Conflict, Invalid
from knowledge.gaps import Page
from knowledge.records import Outcome, Question, Settled
from storage import Database
from tests.storage.knowledge.conftest import NOW, People

APPLES = EntryDraft(
    "apples", "A briefing", None, date(2026, 1, 1), None, (), False,
    {"en": TextDraft("What are apples?", ("apples", "apple facts", "about apples"), "Fruit.")},
)  # fmt: skip
PEARS = replace(APPLES, slug="pears", texts={"en": TextDraft("What are pears?", ("pears", "pear facts"), "Fruit too.")})


@pytest.fixture
def answers(database: Database, people: People) -> Answers:
    with database.begin() as session:
        files.import_entries(session, people.community_id, [APPLES, PEARS], NOW)
    loaded = Answers(database, people.community_id, encoder="none")
    loaded.load()
    return loaded


def ask(
    database: Database,
    people: People,
    text: str,
    minutes: int = 0,
    outcome: Outcome = Outcome.unknown,
    locale: str = "en",
) -> int:
    with database.begin() as session:
        at = NOW + timedelta(minutes=minutes)
        return questions.record(session, people.asker, Answer(text, locale, outcome, None, 0.1, ()), at).id


def listed(database: Database, people: People, **more: object) -> Page:
    with database.read() as session:
        return gaps.page(session, people.community_id, **more)  # type: ignore[arg-type]


def words(page: Page) -> list[list[str]]:
    return [[wording.text for wording in group.wordings] for group in page.groups]


def test_what_nothing_answered_is_listed_and_what_was_answered_is_not(
    database: Database, people: People, answers: Answers
) -> None:
    answered = answers.ask("what are apples?")
    asked = {}
    for minutes, name in enumerate(("fine", "poor", "passed on")):
        with database.begin() as session:
            at = NOW + timedelta(minutes=minutes)
            asked[name] = questions.record(session, people.asker, replace(answered, question=name), at).id
    asked["offered"] = ask(database, people, "offered", 4, Outcome.suggested)
    asked["picked"] = ask(database, people, "picked", 5, Outcome.suggested)
    ask(database, people, "unknown", 6)
    with database.begin() as session:
        questions.rate(session, asked["fine"], people.asker, True)
        questions.rate(session, asked["poor"], people.asker, False)
        questions.pass_on(session, asked["passed on"], people.asker, NOW)
        questions.pick(session, asked["picked"], people.asker, "apples")
        questions.record(session, people.stranger, Answer("elsewhere", "en", Outcome.unknown, None, 0.0, ()), NOW)
    assert words(listed(database, people)) == [["unknown"], ["offered"], ["passed on"], ["poor"]]
    assert words(listed(database, people, since=NOW + timedelta(minutes=4))) == [["unknown"], ["offered"]]
    assert words(listed(database, people, skip=1, limit=1)) == [["offered"]]
    assert (listed(database, people, limit=1).total, listed(database, people, limit=1).questions) == (4, 4)


def test_questions_alike_are_one_group_however_many_steps_it_takes(
    database: Database, people: People, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["where can I park my bicycle", "who pays for lunch", "Where can I park my BICYCLE?", "when is RM-101 on",
             "where can i park my bicycle", "when is RM-102 on", "qui paie le diner"]  # fmt: skip
    for minutes, text in enumerate(texts):
        ask(database, people, text, minutes)
    monkeypatch.setattr(gaps, "AT_ONCE", 2)
    steps = 0
    while gaps.compare(database, people.community_id, answers):
        steps += 1
    assert steps == 4
    page = listed(database, people)
    assert words(page)[0] == ["where can I park my bicycle"]
    assert [group.count for group in page.groups] == [3, 1, 1, 1, 1]
    assert (page.total, page.questions) == (5, 7)
    in_steps = [question.leader_id for question in everything(database)]
    with database.begin() as session:
        session.query(Question).update({"leader_id": None})
    monkeypatch.setattr(gaps, "AT_ONCE", 200)
    gaps.compare(database, people.community_id, answers)
    assert [question.leader_id for question in everything(database)] == in_steps


def everything(database: Database) -> list[Question]:
    with database.read() as session:
        return session.query(Question).order_by(Question.id).all()


def test_accepted_wordings_answer_the_next_who_asks_and_the_group_leaves_the_list(
    database: Database, people: People, answers: Answers
) -> None:
    for minutes, text in enumerate(("pomaceous produce", "Pomaceous produce!", "x " * 200, "apples")):
        ask(database, people, text, minutes)
    gaps.compare(database, people.community_id, answers)
    with database.begin() as session:
        group = gaps.page(session, people.community_id).groups[0]
        entry, added = gaps.phrase(session, people.community_id, group, "apples", people.colleague.id, NOW)
        assert (entry.slug, added, group.count) == ("apples", 1, 2)
        with pytest.raises(Conflict, match="gap_settled"):
            gaps.phrase(session, people.community_id, group, "apples", people.colleague.id, NOW)
        with pytest.raises(Conflict, match="gap_settled"):
            gaps.one(session, people.community_id, group.leader, group.newest)
    assert answers.refresh()
    answered = answers.ask("pomaceous produce").answer
    assert answered is not None
    assert answered.id == "apples"
    with database.begin() as session:
        for group in gaps.page(session, people.community_id).groups:
            wanted = "pears" if group.wordings[0].text == "apples" else "apples"
            with pytest.raises(Invalid, match="phrasing_shared" if wanted == "pears" else "too_long"):
                gaps.phrase(session, people.community_id, group, wanted, people.colleague.id, NOW)
    assert [question.settled_as for question in everything(database)] == [Settled.phrased, Settled.phrased, None, None]


def test_what_comes_after_an_organizer_looked_stays_on_the_list(
    database: Database, people: People, answers: Answers
) -> None:
    ask(database, people, "weather tomorrow")
    gaps.compare(database, people.community_id, answers)
    (seen,) = listed(database, people).groups
    later = ask(database, people, "weather tomorrow", 5)
    gaps.compare(database, people.community_id, answers)
    with database.begin() as session:
        assert gaps.settle(session, people.community_id, seen, Settled.not_ours, NOW) == 1
    (left,) = listed(database, people).groups
    assert (left.newest, left.count) == (later, 1)
    with database.begin() as session, pytest.raises(Conflict):
        gaps.settle(session, people.stranger.community_id, left, Settled.not_ours, NOW)
