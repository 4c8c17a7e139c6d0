"""Copies in people's calendars, and the secret addresses that calendar programs read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from community import calendars, events, people, rsvp
from community.group_records import EventInvitation, InvitedBy
from community.people import Profile
from community.records import Event, Reply
from community.series_records import CalendarCopy, CalendarFeed
from storage import Database
from tests.town import NOW, Town, draft, fresh


def test_a_copy_is_renewed_once_for_each_change_that_a_calendar_shows(town: Town, database: Database) -> None:
    event, ben = town.event(), town.person()
    with database.begin() as session:
        calendars.take(session, ben, event, NOW)
        calendars.take(session, ben, event, NOW)  # asked for twice, it is one copy

    def renewed() -> list[bool]:
        with database.begin() as session:
            waiting = calendars.outdated(session, NOW, 100, town.id)
            return [calendars.renew(session, copy.id) is not None for copy in waiting]

    def change(**changes: Any) -> None:
        with database.begin() as session:
            version = fresh(session, event).version
            events.change(session, town.organizer, event.id, version, draft(**{"capacity": 5} | changes), NOW)

    assert renewed() == []
    change()
    assert renewed() == [False], "seats are in no calendar"
    change(place="Elsewhere")
    assert renewed() == [True]
    assert renewed() == []
    with database.begin() as session:
        events.cancel(session, town.organizer, event.id, fresh(session, event).version, NOW)
    assert renewed() == [True]
    with database.read() as session:
        assert len(session.scalars(select(CalendarCopy).where(CalendarCopy.event_id == event.id)).all()) == 1


def test_what_is_over_is_not_renewed(town: Town, database: Database) -> None:
    event, ben = town.event(), town.person()
    with database.begin() as session:
        calendars.take(session, ben, event, NOW)
        events.change(session, town.organizer, event.id, event.version, draft(place="Elsewhere"), NOW)
        assert calendars.outdated(session, event.ends_at, 100, town.id) == []


def test_a_secret_opens_one_persons_calendar_until_it_is_given_up(town: Town, database: Database) -> None:
    ben, amelie = town.people(2)
    with database.begin() as session:
        first, other = calendars.open_feed(session, ben, NOW), calendars.open_feed(session, amelie, NOW)

    def opens(token: str, community_id: int = town.id) -> int | None:
        with database.read() as session:
            found = calendars.owner(session, community_id, token)
            return found.id if found else None

    assert (opens(first), opens(other)) == (ben.id, amelie.id)
    assert opens(first, town.id + 1) is None, "another community's bot does not know it"
    with database.begin() as session:
        second = calendars.open_feed(session, ben, NOW)
    assert (opens(first), opens(second)) == (None, ben.id)
    with database.begin() as session:
        calendars.close_feed(session, ben)
        assert calendars.feed_since(session, ben) is None
    assert (opens(second), opens(other)) == (None, amelie.id)
    assert [opens(wrong) for wrong in ("", "pxcal-", other[:-1], other * 9, "%", "x" + other)] == [None] * 6
    with database.begin() as session:
        gone = Profile(amelie.slack_user_id, amelie.name, deleted=True)
        people.ensure_member(session, town.community, amelie.slack_user_id, NOW, gone)
    assert opens(other) is None, "whoever left Slack reads nothing any more"


def test_of_a_secret_only_its_hash_is_kept(town: Town, database: Database) -> None:
    ben = town.person()
    with database.begin() as session:
        token = calendars.open_feed(session, ben, NOW)
        kept = session.scalars(select(CalendarFeed).where(CalendarFeed.member_id == ben.id)).one()
        assert token not in str(vars(kept))
        assert len(token) > 40


def test_a_calendar_holds_what_the_person_goes_to_may_come_to_or_is_enrolled_in(town: Town, database: Database) -> None:
    ben, other = town.people(2)
    going, maybe, declined, enrolled, _strange = (town.event(NOW + timedelta(days=n)) for n in range(2, 7))
    with database.begin() as session:
        rsvp.respond(session, ben, going.id, Reply.going, NOW)
        rsvp.respond(session, ben, maybe.id, Reply.maybe, NOW)
        rsvp.respond(session, ben, declined.id, Reply.not_going, NOW)
        rsvp.respond(session, other, enrolled.id, Reply.going, NOW)
        session.add(
            EventInvitation(
                event_id=enrolled.id, member_id=ben.id, source=InvitedBy.cohort, enrolled=True, invited_at=NOW
            )
        )
    with database.read() as session:

        def shown(days: int) -> list[tuple[Event, bool]]:
            return calendars.events_of(session, ben, NOW + timedelta(days=days))

        assert [(event.id, sure) for event, sure in shown(0)] == [
            (going.id, True), (maybe.id, False), (enrolled.id, True),
        ]  # fmt: skip
        assert [event.id for event, _ in shown(93)] == [maybe.id, enrolled.id]
        assert calendars.events_of(session, other, NOW)[0][0].id == enrolled.id
