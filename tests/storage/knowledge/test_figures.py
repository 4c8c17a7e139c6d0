"""Figures on questions: every outcome counted once, nobody singled out, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from community.records import Member
from knowledge import figures, gaps, questions
from knowledge.answering import Answer, Answers
from knowledge.catalogue.loaded import Catalogue, KnownCompetency
from knowledge.figures import Figures
from knowledge.records import Outcome, Question
from storage import Database
from tests.storage.knowledge.conftest import People

MONDAY = datetime(2026, 11, 16, 15, tzinfo=UTC)
CATALOGUE = Catalogue(
    competencies={
        code: KnownCompetency(code, parent, {"en": title, "fr": title}, {"en": "", "fr": ""}, {}, {}, False)
        for code, parent, title in (("RM", None, "Records management"), ("RM-DIS", "RM", "Disposition of records"))
    }
)


@pytest.fixture
def members(database: Database, people: People) -> list[Member]:
    with database.begin() as session:
        made = [
            Member(community_id=people.community_id, slack_user_id=f"UM{number}", name="x", time_zone="UTC")
            for number in range(12)
        ]
        session.add_all(made)
        session.flush()
        return made


def ask(
    database: Database, member: Member, text: str = "where is it", at: datetime = MONDAY, locale: str = "en",
    outcome: Outcome = Outcome.unknown, **more: object,
) -> int:  # fmt: skip
    with database.begin() as session:
        question = questions.record(session, member, Answer(text, locale, outcome, None, 0.1, ()), at)
        for name, value in more.items():
            setattr(question, name, value)
        return question.id


def gather(database: Database, people: People, waits: dict[int, timedelta] | None = None, weeks: int = 2) -> Figures:
    with database.read() as session:
        return figures.gather(
            session,
            people.community_id,
            since=date(2026, 11, 22) - timedelta(days=7 * weeks - 1),
            until=date(2026, 11, 22),
            time_zone="America/Toronto",
            catalogue=CATALOGUE,
            waits=waits or {},
            codes={},
        )


def names(rows: Sequence[figures.Row], *, shown: bool) -> list[str]:
    return [row.name for row in rows if (row.measures is not None) == shown]


def test_every_outcome_is_counted_once(database: Database, people: People, members: list[Member]) -> None:
    asker = members[0]
    ask(database, asker, outcome=Outcome.answered, helpful=True)
    ask(database, asker, outcome=Outcome.answered, helpful=False)
    ask(database, asker, outcome=Outcome.suggested)
    first = ask(database, asker, passed_on_at=MONDAY)
    second = ask(database, asker, passed_on_at=MONDAY)
    ask(database, asker, at=MONDAY - timedelta(weeks=2))  # before
    ask(database, asker, at=datetime(2026, 11, 23, 4, 59, tzinfo=UTC))  # still Sunday in Toronto
    ask(database, asker, at=datetime(2026, 11, 23, 5, 0, tzinfo=UTC))  # after
    ask(database, people.stranger)
    total = gather(database, people, {first: timedelta(hours=1), second: timedelta(hours=4)}).total
    assert (total.asked, total.answered, total.picked, total.offered, total.unknown) == (6, 2, 0, 1, 3)
    assert (total.helpful, total.not_helpful, total.passed_on) == (1, 1, 2)
    assert (total.answered_by_people, total.median_hours) == (2, 2.5)


def test_rows_that_few_people_stand_behind_are_left_out_and_cannot_be_subtracted(
    database: Database, people: People, members: list[Member]
) -> None:
    for member in members[:6]:
        ask(database, member, "what is disposition of records")
    for member in members:
        ask(database, member, at=MONDAY - timedelta(weeks=1))
    ask(database, members[0], locale="fr")
    found = gather(database, people, weeks=4)
    assert names(found.weeks, shown=True) == ["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"]
    assert found.weeks[0].measures == figures.Measures()
    assert names(found.languages, shown=False) == ["en", "fr"], "English alone would tell what French lacks"
    assert [row.name for row in found.competencies] == ["RM", ""]
    assert names(found.competencies, shown=True) == ["RM", ""]
    for number, told in ((4, []), (5, ["en", "fr"])):
        for member in members[:number]:
            ask(database, member, locale="fr")
        assert names(gather(database, people, weeks=4).languages, shown=True) == told
    for week in range(2, 4):
        ask(database, members[week], at=MONDAY - timedelta(weeks=week))
    found = gather(database, people, weeks=4)
    assert names(found.weeks, shown=True) == ["2026-11-09"], "two people together are too few as well"


def test_what_is_asked_in_vain_is_listed_once_several_people_asked_it(
    database: Database, people: People, members: list[Member]
) -> None:
    for member in members[:3]:
        ask(database, member, "Is  there parking?")
    ask(database, members[0], "is there parking")
    for _ in range(9):
        ask(database, members[0], "my own odd wish")
    answers = Answers(database, people.community_id, encoder="none")
    answers.load()
    gaps.compare(database, people.community_id, answers)
    found = gather(database, people)
    assert [(gap.text, gap.count) for gap in found.gaps] == [("Is there parking?", 4)]
    with database.begin() as session:
        session.query(Question).update({"helpful": True, "outcome": Outcome.answered})
    assert gather(database, people).gaps == ()


def test_ten_thousand_questions_are_counted_in_seconds(database: Database, people: People) -> None:
    with database.begin() as session:
        session.execute(
            Question.__table__.insert(),  # type: ignore[attr-defined]  # a table
            [
                {"community_id": people.community_id, "member_id": people.asker.id, "text": f"question {n % 400}",
                 "locale": "en", "outcome": Outcome.unknown, "suggestions": [], "asked_at": MONDAY, "wants_news": False}
                for n in range(10_000)
            ],
        )  # fmt: skip
    began = datetime.now(UTC)
    assert gather(database, people).total.asked == 10_000
    assert datetime.now(UTC) - began < timedelta(seconds=5)
