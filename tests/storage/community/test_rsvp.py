"""Replies, seats and the waitlist: never oversold, always in order."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from community import events, people, rsvp
from community.errors import CommunityError, Invalid, NotAllowed, NotFound
from community.people import Profile
from community.records import Event, EventState, Member, Reply, Rsvp
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
    assert (answer.reply, answer.position, answer.promoted) == (Reply.waitlisted, 2, [])
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(going=1, waitlisted=2, seats_left=0)
        assert [m.id for m in rsvp.concerned(session, event)] == [ann.id, ben.id, cleo.id]


def test_leaving_gives_the_seat_to_the_first_who_waits(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    answer = reply(database, ann, event, Reply.not_going)
    assert [m.id for m in answer.promoted] == [ben.id]
    with database.read() as session:
        assert rsvp.mine(session, event.id, ben.id) is Reply.going
        assert [m.id for m in rsvp.waitlisted(session, event)] == [cleo.id]


def test_coming_back_means_the_end_of_the_list(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    assert reply(database, ben, event, Reply.not_going).promoted == []
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
    assert reply(database, ann, event, Reply.not_going).promoted
    again = reply(database, ann, event, Reply.not_going)
    assert (again.reply, again.promoted) == (Reply.not_going, [])
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(1, 1, 0)


def test_without_a_limit_everybody_goes(town: Town, database: Database) -> None:
    event = town.event(capacity=None)
    for member in town.people(5):
        assert reply(database, member, event, Reply.going).reply is Reply.going
    with database.read() as session:
        assert rsvp.standing(session, event) == rsvp.Standing(5, 0, None)


def test_replies_end_at_the_start_and_nobody_is_promoted_then(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben = town.people(2)
    for member in (ann, ben):
        reply(database, member, event, Reply.going)
    for moment, code in ((event.starts_at, "event_begun"), (event.ends_at, "event_over")):
        with pytest.raises(Invalid, match=code):
            reply(database, ann, event, Reply.not_going, moment)
    with database.begin() as session:
        assert rsvp.promote(session, fresh(session, event), event.starts_at) == []
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
        assert [(a.event.id, [m.id for m in a.promoted]) for a in answers] == [(ahead.id, [ben.id])]
        assert rsvp.mine(session, begun.id, ann.id) is Reply.going, "that one had begun"


def test_who_left_slack_is_not_promoted_and_holds_nobody_up(town: Town, database: Database) -> None:
    event = town.event(capacity=1)
    ann, ben, cleo = town.people(3)
    for member in (ann, ben, cleo):
        reply(database, member, event, Reply.going)
    with database.begin() as session:
        profile = Profile(ben.slack_user_id, ben.name, deleted=True)
        people.ensure_member(session, town.community, ben.slack_user_id, NOW, profile)
    assert [m.id for m in reply(database, ann, event, Reply.not_going).promoted] == [cleo.id]


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
        assert rsvp.standing(session, fresh(session, event)) == rsvp.Standing(going=4, waitlisted=4, seats_left=0)
        assert session.scalar(select(func.count()).where(Rsvp.event_id == event.id)) == len(crowd)


def run(call, members: list[Member]) -> None:  # type: ignore[no-untyped-def]
    threads = [threading.Thread(target=call, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
