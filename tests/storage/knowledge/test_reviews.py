"""Owners are reminded of entries whose review is due: once a week, while it is due, and somebody always is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from community.records import Member, MemberRole, Role
from delivery.records import Outbox
from knowledge import entry_list, revisions
from knowledge.entry_list import Show
from scheduler import reviews
from storage import Database
from tests.kit import texts
from tests.storage.knowledge.conftest import NOW, People

MONDAY = datetime(2027, 11, 22, 14, 30, tzinfo=UTC)  # half past nine in Toronto
REVIEWED = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


def publish(database: Database, people: People, slug: str, owner: str | None = None, months: int = 12) -> None:
    with database.begin() as session:
        who = people.asker.id
        revisions.draft(
            session, people.community_id, slug=slug, texts={"en": (f"What is {slug}?", "This."), "fr": (slug, "Ceci.")},
            phrasings={}, source="A guide", by_member_id=who, now=NOW, today=REVIEWED, owner_user_id=owner,
            review_months=months,
        )  # fmt: skip
        revisions.publish(session, people.community_id, slug, by_member_id=who, now=NOW, both_languages=True)


def organizer(database: Database, member: Member) -> None:
    with database.begin() as session:
        session.add(MemberRole(member_id=member.id, role=Role.organizer, granted_at=NOW))


def told(database: Database) -> list[tuple[str | None, str]]:
    with database.read() as session:
        return [(row.user, texts(row.payload or {})) for row in session.scalars(select(Outbox).order_by(Outbox.id))]


def test_an_owner_is_told_of_all_of_theirs_once_a_week_until_they_are_reviewed(
    database: Database, people: People
) -> None:
    organizer(database, people.colleague)
    for slug in ("apples", "pears"):
        publish(database, people, slug, owner="U1")
    publish(database, people, "for-ever", owner="U1", months=0)
    publish(database, people, "later", owner="U1", months=24)
    assert reviews.remind(database, MONDAY - timedelta(days=60)) == 0
    assert reviews.remind(database, MONDAY) == 1
    assert reviews.remind(database, MONDAY + timedelta(days=1)) == 0
    ((user, said),) = told(database)
    assert user == "U1"
    assert "2 entries of yours" in said
    assert "What is pears?" in said
    assert "later" not in said
    with database.begin() as session:
        revisions.review(
            session, people.community_id, "pears", by_member_id=people.asker.id, now=MONDAY, today=MONDAY.date()
        )
    assert reviews.remind(database, MONDAY + timedelta(days=7)) == 1
    assert "1 entry of yours" in told(database)[1][1]
    with database.begin() as session:
        revisions.retire(session, people.community_id, "apples", by_member_id=people.asker.id, now=MONDAY)
    assert reviews.remind(database, MONDAY + timedelta(days=14)) == 0


def test_what_has_no_owner_who_can_be_reached_goes_to_the_organizers(database: Database, people: People) -> None:
    organizer(database, people.colleague)
    for slug, owner in (("apples", None), ("pears", "U9GONE"), ("plums", "U1")):
        publish(database, people, slug, owner=owner)
    with database.begin() as session:
        session.get_one(Member, people.asker.id).active = False
    assert reviews.remind(database, MONDAY) == 1
    ((user, said),) = told(database)
    assert user == "U2"
    assert "3 entries that nobody owns" in said


def test_an_organizer_who_owns_one_gets_one_list(database: Database, people: People) -> None:
    organizer(database, people.asker)
    publish(database, people, "apples", owner="U1")
    publish(database, people, "pears")
    assert reviews.remind(database, MONDAY, people.community_id) == 1
    ((_, said),) = told(database)
    assert "1 entry of yours" in said
    assert "1 entry that nobody owns" in said
    assert reviews.remind(database, MONDAY, people.stranger.community_id) == 0


def test_nobody_is_told_outside_working_hours(database: Database, people: People) -> None:
    publish(database, people, "apples", owner="U1")
    for hours in (-1, 8, -24):
        assert reviews.remind(database, MONDAY + timedelta(hours=hours)) == 0, hours
    assert reviews.remind(database, MONDAY) == 1


def test_entries_are_found_by_words_and_by_what_they_want(database: Database, people: People) -> None:
    publish(database, people, "été-au-lac".replace("é", "e"), owner="U1")
    publish(database, people, "apples")
    with database.begin() as session:
        revisions.add_phrasing(session, people.community_id, "apples", "fr", "Événements d’été", people.asker.id, NOW)
        revisions.draft(
            session, people.community_id, slug="new", texts={"fr": ("Quoi de neuf?", "Rien.")}, phrasings={},
            source="Us", by_member_id=people.asker.id, now=NOW,
        )  # fmt: skip
        revisions.retire(session, people.community_id, "ete-au-lac", by_member_id=people.asker.id, now=NOW)

    def slugs(words: str = "", show: Show = Show.current, today: date = REVIEWED) -> list[str]:
        with database.read() as session:
            found = entry_list.find(
                session, people.community_id, words, show, today=today, user_id="U1", locale="en"
            )  # fmt: skip
            return [item.slug for item in found]

    assert slugs() == ["new", "apples"]
    assert slugs("EVENEMENTS ete") == ["apples"]
    assert slugs("zzz") == []
    assert slugs(show=Show.retired) == ["ete-au-lac"]
    assert slugs(show=Show.draft) == ["new"]
    assert slugs(show=Show.mine) == []
    assert slugs(show=Show.due) == []
    assert slugs(show=Show.due, today=date(2027, 11, 1)) == ["apples"]
    with database.read() as session:
        waiting = entry_list.waiting(session, people.community_id, date(2027, 11, 1))
        assert (waiting.drafts, waiting.due) == (1, 1)


def next_due(database: Database, now: datetime) -> datetime | None:
    with database.read() as session:
        return reviews.next_due(session, now)


def test_the_clock_can_skip_to_the_morning_on_which_somebody_is_told(database: Database, people: People) -> None:
    assert next_due(database, MONDAY) is None
    organizer(database, people.colleague)
    publish(database, people, "for-ever", owner="U1", months=0)
    assert next_due(database, MONDAY) is None
    publish(database, people, "apples", owner="U1")  # due on Monday, November 1, 2027
    due = datetime(2027, 11, 1, 13, tzinfo=UTC)  # nine in Toronto
    assert next_due(database, due - timedelta(days=200)) == due
    assert reviews.remind(database, due) == 1
    assert next_due(database, due) == due + timedelta(days=7, hours=1)  # once a week; the clocks went back meanwhile
    publish(database, people, "pears", months=13)  # due on Wednesday, December 1, to be told to organizers
    assert next_due(database, due) == due + timedelta(days=7, hours=1)
    saturday = datetime(2027, 11, 6, 17, tzinfo=UTC)
    assert next_due(database, saturday) == due + timedelta(days=7, hours=1)
    with database.begin() as session:
        now = datetime(2027, 11, 2, 13, tzinfo=UTC)
        revisions.review(
            session, people.community_id, "apples", by_member_id=people.asker.id, now=now, today=now.date()
        )
    assert next_due(database, saturday) == datetime(2027, 12, 1, 14, tzinfo=UTC)
