"""Questions are recorded, and belong to who asked them, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from knowledge import files, questions
from knowledge.answering import Answer, Answers
from knowledge.entry_file import EntryDraft, TextDraft
from knowledge.errors import NotFound, NotYours
from knowledge.records import Outcome, Question
from storage import Database
from tests.storage.knowledge.conftest import NOW, People

ENTRY = EntryDraft(
    "apples",
    "A briefing",
    None,
    date(2026, 1, 1),
    None,
    (),
    False,
    {"en": TextDraft("What are apples?", ("apples", "apple facts", "about apples"), "Fruit.")},
)
UNKNOWN = Answer("what is the weather", "en", Outcome.unknown, None, 0.0, ())


@pytest.fixture
def answered(database: Database, people: People) -> Answer:
    with database.begin() as session:
        files.import_entries(session, people.community_id, [ENTRY], NOW)
    answers = Answers(database, people.community_id, encoder="none")
    answers.load()
    return answers.ask("what are apples?")


def ask(database: Database, people: People, answer: Answer = UNKNOWN, minutes: int = 0) -> int:
    with database.begin() as session:
        return questions.record(
            session, people.asker, answer, NOW + timedelta(minutes=minutes), channel="C1", thread_ts="1.2"
        ).id


def stored(database: Database, question_id: int) -> Question:
    with database.read() as session:
        return session.get_one(Question, question_id)


def test_a_question_keeps_what_became_of_it(database: Database, people: People, answered: Answer) -> None:
    question = stored(database, ask(database, people, answered))
    assert answered.answer is not None
    assert question.entry_id == answered.answer.entry_id
    assert (question.outcome, question.text, question.locale) == (Outcome.answered, "what are apples?", "en")
    assert (question.asked_at, question.helpful, question.passed_on_at) == (NOW, None, None)


HOSTILE = ["nul \x00 inside", "half \ud83d a pair", "x" * 40_000, "🎉 '; DROP TABLE question; --"]


@pytest.mark.parametrize("text", HOSTILE, ids=["nul", "surrogate", "long", "sql"])
def test_any_text_can_be_recorded(database: Database, people: People, text: str) -> None:
    question = stored(database, ask(database, people, Answer(text, "en", Outcome.unknown, None, 0.0, ())))
    assert 0 < len(question.text) <= questions.LONGEST_KEPT


def test_only_the_asker_may_rate_pick_or_pass_on(database: Database, people: People, answered: Answer) -> None:
    question_id = ask(database, people, answered)
    for somebody, error in ((people.colleague, NotYours), (people.stranger, NotFound)):
        with database.begin() as session:
            with pytest.raises(error):
                questions.rate(session, question_id, somebody, True)
            with pytest.raises(error):
                questions.pick(session, question_id, somebody, "apples")
            with pytest.raises(error):
                questions.pass_on(session, question_id, somebody, NOW)
    question = stored(database, question_id)
    assert (question.helpful, question.passed_on_at) == (None, None)


def test_the_last_rating_counts(database: Database, people: People, answered: Answer) -> None:
    question_id = ask(database, people, answered)
    for helpful in (True, False):
        with database.begin() as session:
            questions.rate(session, question_id, people.asker, helpful)
    assert stored(database, question_id).helpful is False


def test_a_pick_is_remembered_unless_the_entry_is_gone(database: Database, people: People, answered: Answer) -> None:
    question_id = ask(database, people)
    with database.begin() as session:
        questions.pick(session, question_id, people.asker, "apples")
    assert answered.answer is not None
    assert stored(database, question_id).entry_id == answered.answer.entry_id
    with database.begin() as session:
        files.import_entries(session, people.community_id, [], NOW, retire_missing=True)
        with pytest.raises(NotFound) as caught:
            questions.pick(session, question_id, people.asker, "apples")
    assert caught.value.code == "entry_unknown"


def test_passing_on_twice_happens_once(database: Database, people: People) -> None:
    question_id = ask(database, people)
    with database.begin() as session:
        assert questions.pass_on(session, question_id, people.asker, NOW)
    with database.begin() as session:
        assert not questions.pass_on(session, question_id, people.asker, NOW + timedelta(hours=1))
    assert stored(database, question_id).passed_on_at == NOW


def test_a_question_that_is_not_there_is_not_found(database: Database, people: People) -> None:
    with database.begin() as session, pytest.raises(NotFound) as caught:
        questions.rate(session, 4711, people.asker, True)
    assert caught.value.code == "question_unknown"


def test_only_the_asker_can_wish_to_be_told(database: Database, people: People) -> None:
    number = ask(database, people)
    with database.begin() as session:
        with pytest.raises(NotYours):
            questions.want_news(session, number, people.colleague, True)
        assert questions.want_news(session, number, people.asker, True).wants_news
        assert not questions.want_news(session, number, people.asker, False).wants_news


def test_the_questions_before_are_those_of_the_thread_newest_first(database: Database, people: People) -> None:
    first = ask(database, people)
    last = ask(database, people, minutes=1)
    with database.read() as session:
        here = people.community_id, "C1"
        assert [q.id for q in questions.before(session, *here, "1.2", NOW)] == [last, first]
        assert [q.id for q in questions.before(session, *here, "1.2", NOW + timedelta(seconds=30))] == [last]
        assert not questions.before(session, *here, "9.9", NOW)
        assert not questions.before(session, *here, None, NOW)
        assert not questions.before(session, people.stranger.community_id, "C1", "1.2", NOW)
