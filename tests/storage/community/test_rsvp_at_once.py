"""Replies at the same time: never oversold, nobody lost, nobody left untold."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import func, select

from community import events, rsvp, seats
from community.errors import CommunityError, Invalid
from community.records import Event, Member, Offer, Reply, Rsvp
from community.rows import locked_event
from storage import Database
from tests.storage.community.replies_kit import reply, run
from tests.town import NOW, Town, draft, fresh


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


def test_who_replies_while_it_is_cancelled_is_refused_or_hears_of_it(town: Town, database: Database) -> None:
    event = town.event()
    *crowd, olivia = [*town.people(7), town.organizer]
    ready, refused, told, failures = threading.Barrier(8), dict[int, str](), set[int](), list[Exception]()

    def act(member: Member) -> None:
        ready.wait()
        try:
            if member is olivia:
                with database.begin() as session:
                    events.cancel(session, olivia, event.id, event.version, NOW)
                    told.update(one.id for one in rsvp.concerned(session, fresh(session, event)))
            else:
                reply(database, member, event, Reply.going)
        except Invalid as error:
            refused[member.id] = error.code
        except Exception as error:
            failures.append(error)

    run(act, [*crowd, olivia])
    assert failures == []
    with database.read() as session:
        going = {member.id for member in rsvp.going(session, fresh(session, event))}
    assert going == told, "whoever is down as going was told that it is cancelled"
    assert set(refused.values()) <= {"event_cancelled"}
    assert going | set(refused) == {member.id for member in crowd}
    assert not going & set(refused)
