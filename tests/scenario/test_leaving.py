"""Who leaves Slack, or a channel, leaves no seat taken and is reminded of nothing."""

from __future__ import annotations

from datetime import timedelta

from slack_bolt import BoltRequest
from sqlalchemy import select

from community import channels, events, rsvp
from community.records import Event, EventKind, Member, Reply, Rsvp
from delivery.records import Inbox as InboxRow
from handlers import people
from tests.kit import Person, eventually
from tests.scenario.house import House, house  # noqa: F401  # a fixture


def channel_named(house: House, person: str, name: str) -> str:  # noqa: F811
    """The id of a channel that the person sees."""
    listed = house.workspace.get(f"/people/{person}/conversations")["conversations"]
    return next(str(c["id"]) for c in listed if c["name"] == name)


def planned(house: House, channel: str, capacity: int) -> Event:  # noqa: F811
    """An event in a week, planned by the organizer."""
    now = house.bot.clock.now()
    with house.bot.database.begin() as session:
        olivia = session.scalars(select(Member).where(Member.slack_user_id == "U0OLIVIA01")).one()
        draft = events.EventDraft(
            kind=EventKind.learning_event,
            title_en="Records day",
            title_fr="Journée des documents",
            description_en="",
            description_fr="",
            day=(now + timedelta(days=7)).date(),
            at=now.time().replace(hour=15, minute=0, second=0, microsecond=0),
            time_zone="America/Toronto",
            minutes=60,
            place="Room 1",
            link=None,
            capacity=capacity,
            channel=channel,
        )
        return events.plan(session, olivia, draft, now)


def respond(house: House, person: Person, event: Event, reply: Reply) -> Reply:  # noqa: F811
    with house.bot.database.begin() as session:
        member = session.scalars(select(Member).where(Member.slack_user_id == person.id)).one()
        return rsvp.respond(session, member, event.id, reply, house.bot.clock.now()).reply


def test_the_seat_of_somebody_deactivated_goes_to_the_next_in_line(house: House) -> None:  # noqa: F811
    event = planned(house, channel_named(house, "olivia", "general"), capacity=1)
    goer, waiter = house.newcomer(), house.newcomer(locale="fr-CA")
    assert respond(house, goer, event, Reply.going) is Reply.going
    assert respond(house, waiter, event, Reply.going) is Reply.waitlisted

    goer.do("profile", deleted=True)

    waiter.sees("Journée des documents")
    with house.bot.database.read() as session:
        assert rsvp.going(session, session.get_one(Event, event.id)) == []
    assert respond(house, waiter, event, Reply.going) is Reply.going  # the seat that was offered


def test_the_seat_of_somebody_who_left_while_nothing_ran_is_free_after_the_next_start(house: House) -> None:  # noqa: F811
    event = planned(house, channel_named(house, "olivia", "general"), capacity=1)
    goer, waiter = house.newcomer(), house.newcomer()
    goer.do("profile", deleted=True)
    eventually(lambda: (known := house.member(goer)) is not None and not known.active, what="word of the leaving")
    with house.bot.database.begin() as session:  # as it was before they left
        ids = {
            "event_id": event.id,
            "member_id": session.scalars(select(Member.id).filter_by(slack_user_id=goer.id)).one(),
        }
        session.add(Rsvp(reply=Reply.going, updated_at=house.bot.clock.now(), **ids))
    assert respond(house, waiter, event, Reply.going) is Reply.waitlisted
    people.sync(house.bot.client, house.bot.services, lambda _seconds: False)
    waiter.sees("A seat is free")
    assert respond(house, waiter, event, Reply.going) is Reply.going


def test_who_leaves_a_channel_is_not_counted_in_it_any_more(house: House) -> None:  # noqa: F811
    person = house.newcomer()
    community = house.bot.services.community_id

    def in_channel(channel: str) -> bool:
        member = house.member(person)
        with house.bot.database.read() as session:
            return member is not None and member.id in channels.channel_member_ids(session, community, channel)

    person.do("join", channel="im-community")
    channel = channel_named(house, person.name, "im-community")
    person.do("leave", channel="im-community")
    eventually(lambda: not in_channel(channel))
    person.do("join", channel="im-community")
    eventually(lambda: in_channel(channel))
    person.do("leave", channel="im-community")
    eventually(lambda: not in_channel(channel))


def test_news_of_a_person_that_cannot_be_taken_is_not_told_to_them(house: House) -> None:  # noqa: F811
    person, event_id = house.newcomer(), "Ev0UNREADABLE"
    event = {"type": "user_change", "user": {"id": person.id, "locale": "en-US", "profile": "no object"}}
    body = {"type": "event_callback", "event_id": event_id, "team_id": "T0PRAXIS01", "event": event}
    house.bot.app.dispatch(BoltRequest(mode="socket_mode", body=body))

    def failed() -> bool:
        with house.bot.database.read() as session:
            row = session.scalar(select(InboxRow).where(InboxRow.key == event_id))
            return row is not None and row.last_error is not None

    eventually(failed)
    person.say("help")
    person.sees("What I can do for you")
    assert len([m for m in person.messages() if m["user"] != person.id]) == 1
