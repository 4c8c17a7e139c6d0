"""Replies, seats and the waitlist: never oversold, always in order."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from community import events, people, rsvp, seats
from community.errors import CommunityError, Invalid, NotAllowed, NotFound
from community.people import Profile
from community.records import Event, EventState, Member, Offer, Reply, Rsvp, Seat
from community.rows import locked_event
from community.rsvp import Answer
from storage import Database
from tests.town import NOW, Town, draft, fresh


def reply(database: Database, member: Member, event: Event, wanted: Reply, now=NOW) -> Answer:  # type: ignore[no-untyped-def]
    with database.begin() as session:
        return rsvp.respond(session, member, event.id, wanted, now)


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


def test_last_seat_goes_to_one_of_many_who_ask_at_once(town: Town, database: Database) -> None:
    event = town.event(capacity=3)
    crowd = town.people(12)
    ready, failures = threading.Barrier(len(crowd)), []

    def ask(member: Member) -> None:
        ready.wait()
        try:
            reply(database, member, event, Reply.going)
        except Exception as error:
            failures.append(error)

    run(ask, crowd)
    assert failures == []
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(going=3, waitlisted=9, seats_left=0)
        turns = session.scalars(select(Rsvp.turn).where(Rsvp.event_id == event.id, Rsvp.reply == Reply.waitlisted))
        assert len(set(turns)) == 9


def test_seats_stay_right_while_people_come_and_go_and_an_organizer_changes_them(
    town: Town, database: Database
) -> None:
    event = town.event(capacity=2)
    crowd = town.people(8)
    ready, failures = threading.Barrier(len(crowd) + 1), []

    def dither(member: Member) -> None:
        ready.wait()
        for wanted in (Reply.going, Reply.not_going, Reply.going):
            try:
                reply(database, member, event, wanted)
            except Exception as error:
                failures.append(error)

    def change(_organizer: Member) -> None:
        ready.wait()
        try:
            with database.begin() as session:
                events.change(session, town.organizer, event.id, 1, draft(capacity=4), NOW)
        except CommunityError as error:
            failures.append(error)

    threads = [threading.Thread(target=dither, args=(member,)) for member in crowd]
    threads.append(threading.Thread(target=change, args=(town.organizer,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.read() as session:
        standing = rsvp.standing(session, fresh(session, event))
        kept = session.scalar(select(func.count()).where(Rsvp.event_id == event.id, Rsvp.offer == Offer.open)) or 0
        assert (standing.going + standing.waitlisted, standing.seats_left) == (len(crowd), 0)
        assert standing.going + kept == 4
        assert session.scalar(select(func.count()).where(Rsvp.event_id == event.id)) == len(crowd)


def test_one_free_seat_is_had_by_the_one_it_is_kept_for_however_many_press_at_once(
    town: Town, database: Database
) -> None:
    event = town.event(capacity=1)
    first, *crowd = town.people(7)
    for member in (first, *crowd):
        reply(database, member, event, Reply.going)
    (kept_for,) = reply(database, first, event, Reply.not_going).offered
    ready, failures = threading.Barrier(len(crowd) + 1), []

    def press(member: Member) -> None:
        ready.wait()
        try:
            reply(database, member, event, Reply.going)
        except Exception as error:
            failures.append(error)

    run(press, [first, *crowd])
    assert failures == []
    with database.read() as session:
        assert [m.id for m in rsvp.going(session, event)] == [kept_for.id]
        assert rsvp.standing(session, event) == rsvp.Standing(going=1, waitlisted=6, seats_left=0)


def test_an_offer_that_ends_while_it_is_taken_is_either_taken_or_passed_on(town: Town, database: Database) -> None:
    over = NOW + timedelta(minutes=seats.Terms().offer_minutes)
    for _ in range(4):
        event = town.event(capacity=1)
        ann, ben, cleo = town.people(3)
        for member in (ann, ben, cleo):
            reply(database, member, event, Reply.going)
        reply(database, ann, event, Reply.not_going)
        ready, taken = threading.Barrier(3), []

        def take(member: Member, event: Event = event, ready: threading.Barrier = ready) -> None:
            ready.wait()
            if member is ben:  # noqa: B023 - the threads end within the round
                taken.append(reply(database, member, event, Reply.going, over).reply)  # noqa: B023
                return
            with database.begin() as session:
                held = locked_event(session, town.id, event.id)
                assert held is not None
                if seats.lapse(session, held, over):
                    seats.offer(session, held, over)

        run(take, [ben, cleo, ann])
        with database.read() as session:
            standing = rsvp.standing(session, fresh(session, event))
            offered = session.scalar(select(func.count()).where(Rsvp.event_id == event.id, Rsvp.offer == Offer.open))
        if taken == [Reply.going]:
            assert (standing.going, offered) == (1, 0)
        else:
            assert (taken, standing.going, offered) == ([Reply.waitlisted], 0, 1)


def run(call, members: list[Member]) -> None:  # type: ignore[no-untyped-def]
    threads = [threading.Thread(target=call, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
