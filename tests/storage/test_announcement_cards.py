"""The card that tells an author how far delivery has come follows the deliveries."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, update

from community import announcements, notices
from community.notice_records import LetterState, WaitingLetter
from community.records import Announcement, Member
from delivery import outbox
from delivery.records import Outbox
from delivery.shown import newest_payload
from scheduler.announcements import FOLLOWED, Cards
from storage import Database
from tests.kit import texts
from tests.town import NOW, Town
from views import announcements as view
from views.announcements import Progress


def _sent(database: Database) -> tuple[Town, Announcement]:
    """A confirmed announcement to one channel, with its card as it was when nothing had been sent."""
    town = Town(database)
    with database.begin() as session:
        audience = {"kind": "channel", "channel": "C0EVENTS"}
        drafted = announcements.draft(session, town.organizer, "Out.", "Paru.", audience, None, NOW)
        announcement = announcements.confirm(session, town.organizer, drafted.id, NOW)
        outbox.post(
            session,
            community_id=town.id,
            key=f"announcement:{announcement.id}:channel",
            payload=view.for_channel(announcement, "Olivia"),
            channel="C0EVENTS",
            subject=view.subject(announcement.id),
        )
        outbox.post(
            session,
            community_id=town.id,
            key=view.status_key(announcement.id),
            payload=view.status_card(town.organizer, announcement, Progress(0, 0, 1, 0)),
            user=town.organizer.slack_user_id,
        )
    return town, announcement


def follow(database: Database, now: datetime) -> int:
    """What a process does that has just started."""
    return Cards(database).follow(now)


def _deliveries_are(database: Database, announcement: Announcement, state: str) -> None:
    with database.begin() as session:
        session.execute(update(Outbox).where(Outbox.subject == view.subject(announcement.id)).values(state=state))


def _card(database: Database, announcement: Announcement) -> str:
    with database.read() as session:
        payload = newest_payload(session, announcement.community_id, view.status_key(announcement.id))
        assert payload is not None
        return texts(payload)


def test_card_is_renewed_when_deliveries_moved_on_and_only_then(database: Database) -> None:
    _, announcement = _sent(database)
    assert follow(database, NOW) == 0
    _deliveries_are(database, announcement, "failed")
    assert follow(database, NOW) == 1
    assert "Failed: 1" in _card(database, announcement)
    assert follow(database, NOW) == 0
    _deliveries_are(database, announcement, "sent")
    assert follow(database, NOW) == 1
    assert "Delivery is finished." in _card(database, announcement)
    assert follow(database, NOW) == 0


def test_card_counts_what_waits_for_quiet_hours_or_another_day(database: Database) -> None:
    town, announcement = _sent(database)
    _deliveries_are(database, announcement, "sent")
    subject, ben = view.subject(announcement.id), town.person("Ben")
    with database.begin() as session:
        notices.choose_quiet(session, session.get_one(Member, ben.id), "00:01", "23:59")
        letters = [notices.letter("announcement:ben", session.get_one(Member, ben.id), 1)]
        until = NOW + timedelta(days=2)
        assert notices.sort_out(session, town.id, letters, NOW, useful_until=until, subject=subject).waiting == 1
    assert follow(database, NOW) == 1
    assert "Later, after quiet hours or on another day: 1" in _card(database, announcement)
    assert "Delivery is under way." in _card(database, announcement)
    with database.begin() as session:
        session.execute(update(WaitingLetter).values(state=LetterState.late))
    assert follow(database, NOW) == 1
    assert "Not sent, for it waited too long: 1" in _card(database, announcement)
    assert "Delivery is finished." in _card(database, announcement)


def test_card_that_was_posted_already_is_updated_in_place(database: Database) -> None:
    _, announcement = _sent(database)
    with database.begin() as session:
        card = update(Outbox).where(Outbox.key == view.status_key(announcement.id))
        session.execute(card.values(state="sent", channel="D1", ts="1.1"))
    _deliveries_are(database, announcement, "sent")
    assert follow(database, NOW) == 1
    with database.read() as session:
        updates = session.query(Outbox).where(Outbox.key == f"update:{view.status_key(announcement.id)}").all()
        of = view.status_key(announcement.id)
        assert [(row.method, row.state, row.target_key) for row in updates] == [("chat.update", "pending", of)]
    assert follow(database, NOW) == 0


def test_an_announcement_of_long_ago_is_left_alone(database: Database) -> None:
    _, announcement = _sent(database)
    _deliveries_are(database, announcement, "sent")
    assert follow(database, NOW + FOLLOWED + timedelta(seconds=1)) == 0


def test_an_announcement_with_nothing_pending_is_counted_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, announcement = _sent(database)
    counted: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "count(" in statement:
            counted.append(statement)

    cards = Cards(database)
    cards.follow(NOW)
    cards.follow(NOW)
    assert len(counted) == 4  # something is pending: what is on its way and what waits, twice
    _deliveries_are(database, announcement, "failed")
    assert [cards.follow(NOW) for _ in range(4)] == [1, 0, 0, 0]
    del counted[:]
    assert cards.follow(NOW) == 0
    assert counted == []
    _deliveries_are(database, announcement, "pending")
    assert cards.follow(NOW) == 1
    _deliveries_are(database, announcement, "sent")
    assert cards.follow(NOW) == 1
    assert cards.follow(NOW) == 0
    _deliveries_are(database, announcement, "failed")  # and nobody saw it pending: within a minute
    monkeypatch.setattr("scheduler.announcements.COUNTED_ANEW_S", 0.0)
    assert cards.follow(NOW) == 1
