"""Replies, seats and the waitlist: never oversold, always in order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community import events, people, rsvp, seats
from community.errors import Invalid, NotAllowed, NotFound
from community.people import Profile
from community.records import EventState, Member, Reply, Seat
from community.rsvp import Answer
from storage import Database
from tests.storage.community.replies_kit import reply
from tests.town import NOW, Town, draft, fresh


def test_going_takes_a_seat_and_the_next_one_waits(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    assert reply(database, ann, event, Reply.going).reply is Reply.going
    assert reply(database, ben, event, Reply.going).position == 1
    answer = reply(database, cleo, event, Reply.going)
    assert (answer.reply, answer.position, answer.offered) == (Reply.waitlisted, 2, [])
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(going=1, waitlisted=2, seats_left=0)
        assert [m.id for m in rsvp.concerned(session, event)] == [ann.id, ben.id, cleo.id]


def test_room_and_online_have_seats_and_waitlists_of_their_own(town: Town, database: Database) -> None:
    event = town.event(capacity=1, hybrid=True, online_capacity=2)
    ann, ben, cleo, dan = town.people(4)

    def come(member: Member, seat: Seat) -> Answer:
        with database.begin() as session:
            return rsvp.respond(session, member, event.id, Reply.going, NOW, seat)

    assert come(ann, Seat.room).seat is Seat.room
    assert come(ben, Seat.room).position == 1
    assert come(cleo, Seat.online).reply is Reply.going
    with pytest.raises(Invalid, match="seats_taken"):
        come(cleo, Seat.room)
    assert come(ann, Seat.online).offered[0].id == ben.id, "the room's seat became free"
    assert come(dan, Seat.online).position == 1
    with pytest.raises(Invalid, match="seats_taken"):
        come(ben, Seat.online)
    assert come(ben, Seat.room).reply is Reply.going
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(3, 1, 0, online=2, online_left=0)
    event = town.event()
    with pytest.raises(Invalid, match="not_hybrid"):
        come(ann, Seat.online)


def test_an_event_that_is_hybrid_no_more_has_seats_of_one_sort(town: Town, database: Database) -> None:
    event = town.event(hybrid=True)
    ann = town.person()
    with database.begin() as session:
        rsvp.respond(session, ann, event.id, Reply.going, NOW, Seat.online)
        changed = events.change(session, town.organizer, event.id, 1, draft(), NOW).event
        assert rsvp.standing(session, changed) == rsvp.Standing(1, 0, None)


def test_why_somebody_does_not_come_is_kept_until_they_come(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()

    def reason() -> str | None:
        with database.read() as session:
            row = rsvp.row_of(session, event.id, ann.id)
            return row.reason if row else None

    def give(text: str) -> None:
        with database.begin() as session:
            rsvp.give_reason(session, ann, event.id, text, NOW)

    with pytest.raises(Invalid, match="reason_needs_no"):
        give("Ill")
    reply(database, ann, event, Reply.not_going)
    with pytest.raises(Invalid, match="too_long"):
        give("x" * 501)
    give(" Ill\x00 ")
    assert reason() == "Ill"
    give(" ")
    assert reason() is None
    give("Ill")
    reply(database, ann, event, Reply.going)
    assert reason() is None


def test_coming_back_means_the_end_of_the_list(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    assert reply(database, ben, event, Reply.not_going).offered == []
    # At the same instant, and with an older row: the turn decides, not the time.
    assert reply(database, ben, event, Reply.going).position == 2
    with database.read() as session:
        assert [m.id for m in rsvp.waitlisted(session, event)] == [cleo.id, ben.id]


def test_the_same_reply_again_changes_nothing(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    assert reply(database, ann, event, Reply.going).reply is Reply.going
    assert reply(database, ben, event, Reply.going).position == 1
    assert reply(database, ann, event, Reply.not_going).offered
    again = reply(database, ann, event, Reply.not_going)
    assert (again.reply, again.offered) == (Reply.not_going, [])
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(0, 2, 0)


def test_without_a_limit_everybody_goes(town: Town, database: Database) -> None:
    event = town.event(capacity=None)
    for member in town.people(5):
        assert reply(database, member, event, Reply.going).reply is Reply.going
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(5, 0, None)


def test_replies_end_at_the_start_and_nobody_is_offered_a_seat_then(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben = town.people(2)
    for member in (ann, ben):
        reply(database, member, event, Reply.going)
    for moment, code in ((event.starts_at, "event_begun"), (event.ends_at, "event_over")):
        with pytest.raises(Invalid, match=code):
            reply(database, ann, event, Reply.not_going, moment)
    with database.begin() as session:
        assert seats.offer(session, fresh(session, event), event.starts_at) == []
        assert rsvp.mine(session, event.id, ben.id) is Reply.waitlisted


def test_cancelled_settled_and_unknown_events_take_no_replies(town: Town, database: Database) -> None:
    cancelled, settled, ann = town.event(), town.event(), town.person()
    with database.begin() as session:
        events.cancel(session, town.organizer, cancelled.id, 1, NOW)
        fresh(session, settled).state = EventState.closed
    with pytest.raises(Invalid, match="event_cancelled"):
        reply(database, ann, cancelled, Reply.going)
    with pytest.raises(Invalid, match="event_over"):
        reply(database, ann, settled, Reply.going)
    with pytest.raises(NotFound, match="event_unknown"):
        reply(database, Town(database).person(), settled, Reply.going)


def test_bots_and_deactivated_people_cannot_reply(town: Town, database: Database) -> None:
    with pytest.raises(NotAllowed, match="member_inactive"):
        reply(database, town.person(is_bot=True), town.event(), Reply.going)


def test_who_left_slack_gives_up_every_seat_still_ahead(town: Town, database: Database) -> None:
    ahead, begun = town.event(capacity=1), town.event(NOW + timedelta(minutes=20))
    ann, ben = town.people(2)
    for event in (ahead, begun):
        for member in (ann, ben):
            reply(database, member, event, Reply.going)
    with database.begin() as session:
        profile = Profile(ann.slack_user_id, ann.name, deleted=True)
        gone = people.ensure_member(session, town.community, ann.slack_user_id, NOW, profile)
        answers = rsvp.give_up(session, gone, NOW + timedelta(minutes=30))
        assert [(a.event.id, [m.id for m in a.offered]) for a in answers] == [(ahead.id, [ben.id])]
        assert rsvp.mine(session, begun.id, ann.id) is Reply.going, "that one had begun"


def test_who_left_slack_is_offered_nothing_and_holds_nobody_up(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    with database.begin() as session:
        profile = Profile(ben.slack_user_id, ben.name, deleted=True)
        people.ensure_member(session, town.community, ben.slack_user_id, NOW, profile)
    assert [m.id for m in reply(database, ann, event, Reply.not_going).offered] == [cleo.id]
