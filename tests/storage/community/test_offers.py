"""A seat that becomes free is kept for the first who waits: taken, declined, or passed on in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community import rsvp, seats
from community.errors import Invalid, NotAllowed
from community.records import Reply
from community.rows import locked_event
from storage import Database
from tests.storage.community.replies_kit import reply
from tests.town import NOW, Town, fresh


def test_leaving_keeps_the_seat_for_the_first_who_waits_until_they_take_it(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    answer = reply(database, ann, event, Reply.not_going)
    assert [m.id for m in answer.offered] == [ben.id]
    dan = town.person()
    assert reply(database, dan, event, Reply.going).reply is Reply.waitlisted, "the seat is kept for Ben"
    with database.read() as session:
        assert rsvp.mine(session, event.id, ben.id) is Reply.waitlisted
        assert rsvp.standing(session, event) == rsvp.Standing(going=0, waitlisted=3, seats_left=0)
    taken = reply(database, ben, event, Reply.going)
    assert (taken.reply, taken.position, taken.offered) == (Reply.going, None, [])
    with database.read() as session:
        assert [m.id for m in rsvp.waitlisted(session, event)] == [cleo.id, dan.id]


def test_declining_an_offer_leaves_the_waitlist_and_the_next_is_offered_the_seat(
    town: Town, database: Database
) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    reply(database, ann, event, Reply.not_going)
    assert [m.id for m in reply(database, ben, event, Reply.not_going).offered] == [cleo.id]
    assert reply(database, cleo, event, Reply.maybe).offered == [], "nobody is offered a seat twice without asking"
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(going=0, waitlisted=0, seats_left=1, maybe=1)


def test_an_offer_not_taken_in_time_goes_to_the_next_until_the_cut_off(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    ends_at = reply(database, ann, event, Reply.not_going)
    terms = seats.Terms()
    over = NOW + timedelta(minutes=terms.offer_minutes)
    assert ends_at.offered
    for moment, whose in ((over - timedelta(seconds=1), []), (over, [ben.id])):
        with database.begin() as session:
            held = locked_event(session, town.id, event.id)
            assert held is not None
            assert [m.id for m in seats.lapse(session, held, moment)] == whose
    cutoff = event.starts_at - timedelta(minutes=terms.cutoff_minutes)
    with database.begin() as session:
        held = fresh(session, event)
        assert seats.offer(session, held, cutoff) == []
        assert [m.id for m in seats.offer(session, held, cutoff - timedelta(seconds=1))] == [cleo.id]
        row = rsvp.row_of(session, event.id, cleo.id)
        assert row is not None
        assert row.offer_ends_at == event.starts_at, "nothing is kept beyond the start"
        assert (event.community_id, event.id) in seats.lapsing(session, event.starts_at, 100)
        assert seats.next_due(session, town.id) == event.starts_at


def test_after_the_cut_off_whoever_asks_first_has_a_free_seat(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    late = event.starts_at - timedelta(minutes=30)
    assert reply(database, ann, event, Reply.not_going, late).offered == []
    assert reply(database, cleo, event, Reply.going, late).reply is Reply.going
    assert reply(database, ben, event, Reply.going, late).reply is Reply.waitlisted


def test_terms_of_offers_are_the_organizers_to_choose(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben = town.people(2)
    with database.begin() as session:
        seats.choose_terms(session, town.organizer, 30, 0)
        with pytest.raises(NotAllowed):
            seats.choose_terms(session, ann, 30, 0)
        for wrong in ((4, 0), (30, -1)):
            with pytest.raises(Invalid, match="minutes_between"):
                seats.choose_terms(session, town.organizer, *wrong)
    for member in (ann, ben):
        reply(database, member, event, Reply.going)
    late = event.starts_at - timedelta(minutes=20)
    assert [m.id for m in reply(database, ann, event, Reply.not_going, late).offered] == [ben.id]
