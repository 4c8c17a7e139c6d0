"""News of people is taken up many at a time, each with its own effect, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import select

from community import channels, rsvp
from community.records import Member, Reply
from delivery import inbox
from delivery.inbox import Inbox
from delivery.records import Inbox as Record
from delivery.records import InboxState, Outbox
from handlers.news import News
from handlers.services import Services
from storage import Database
from tests.kit import eventually
from tests.town import CHANNEL, NOW, Town

NOBODY = "http://127.0.0.1:9/api/"  # no Slack there: who is asked for is not found


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


@pytest.fixture
def services(town: Town) -> Services:
    return Services(
        database=town.database,
        inbox=Inbox(town.database, community_id=town.id),
        answers=None,
        now=lambda: NOW,
        community_id=town.id,
        experts_channel=None,
        default_locale="en",
        default_time_zone="America/Toronto",
        organizers=(),
    )


@pytest.fixture
def told(services: Services) -> Iterator[Callable[..., str]]:
    """Writes a piece of news into the inbox and puts it; the thread starts with the first `take_up=True`."""
    news = News(services, WebClient(token="xoxb-none", base_url=NOBODY, retry_handlers=[]))
    started: list[bool] = []

    def tell(kind: str, user: Any, *, take_up: bool = True, **more: Any) -> str:
        key = f"Ev{len(started)}-{kind}-{user if isinstance(user, str) else user.get('id')}"
        started.append(take_up)
        body = {"type": "event_callback", "event_id": key, "event": {"type": kind, "user": user, **more}}
        services.inbox.receive(key, f"event:{kind}", body)
        news.put(key, body)
        if take_up and started.count(True) == 1:
            news.start()
        return key

    yield tell
    news.stop()


def state(database: Database, key: str) -> Record:
    with database.read() as session:
        return session.scalars(select(Record).where(Record.key == key)).one()


def done(database: Database, *keys: str) -> bool:
    return all(state(database, key).state is InboxState.done for key in keys)


def member(database: Database, slack_user_id: str) -> Member | None:
    with database.read() as session:
        return session.scalar(select(Member).where(Member.slack_user_id == slack_user_id))


def profile(user: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": user, "tz": "America/Vancouver", "locale": "fr-CA", "profile": {"real_name": name}, **more}


def test_the_last_of_several_news_of_a_person_stands(town: Town, told: Callable[..., str]) -> None:
    person = town.person("Before")
    names = ("First", "Second", "Last")
    keys = [
        told("user_change", profile(person.slack_user_id, name), take_up=name == "Last", number=name) for name in names
    ]
    eventually(lambda: done(town.database, *keys))
    now = member(town.database, person.slack_user_id)
    assert now is not None
    assert (now.name, now.slack_locale, now.time_zone) == ("Last", "fr-CA", "America/Vancouver")


def test_news_without_a_language_keeps_the_one_that_is_known(town: Town, told: Callable[..., str]) -> None:
    person = town.person("Amélie", locale="fr-CA")
    key = told("user_change", {"id": person.slack_user_id, "profile": {"real_name": "Amélie T."}})
    eventually(lambda: done(town.database, key))
    now = member(town.database, person.slack_user_id)
    assert now is not None
    assert (now.name, now.slack_locale) == ("Amélie T.", "fr-CA")


def test_who_is_met_for_the_first_time_in_a_channel_becomes_a_member_there(
    town: Town, told: Callable[..., str]
) -> None:
    keys = [told("member_joined_channel", "U0NEW", channel=CHANNEL, take_up=False)]
    keys.append(told("team_join", profile("U0NEWER", "Newer")))
    eventually(lambda: done(town.database, *keys))
    new, newer = member(town.database, "U0NEW"), member(town.database, "U0NEWER")
    assert new is not None
    assert new.refreshed_at is None  # Slack did not say who they are: to be asked again
    assert newer is not None
    assert newer.name == "Newer"
    with town.database.read() as session:
        assert channels.channel_member_ids(session, town.id, CHANNEL) == [new.id]


def test_entering_and_leaving_in_one_go_ends_as_it_came(town: Town, told: Callable[..., str]) -> None:
    stays, goes = town.person(), town.person()
    keys = [
        told("member_joined_channel", goes.slack_user_id, channel=CHANNEL, take_up=False),
        told("member_joined_channel", stays.slack_user_id, channel=CHANNEL, take_up=False),
        told("member_left_channel", goes.slack_user_id, channel=CHANNEL),
    ]
    eventually(lambda: done(town.database, *keys))
    with town.database.read() as session:
        assert channels.channel_member_ids(session, town.id, CHANNEL) == [stays.id]


def test_one_that_cannot_be_taken_does_not_take_the_others_with_it(town: Town, told: Callable[..., str]) -> None:
    person = town.person("Before")
    bad = told("user_change", {"id": "U0BAD", "locale": "en", "profile": "no object"}, take_up=False)
    good = told("user_change", profile(person.slack_user_id, "After"))
    eventually(lambda: done(town.database, good))
    eventually(lambda: state(town.database, bad).last_error is not None)
    assert state(town.database, bad).state is InboxState.open
    now = member(town.database, person.slack_user_id)
    assert now is not None
    assert now.name == "After"


def test_who_is_deactivated_gives_up_the_seat_once(town: Town, told: Callable[..., str]) -> None:
    event, goer, waiter = town.event(capacity=1), town.person(), town.person()
    with town.database.begin() as session:
        for person, reply in ((goer, Reply.going), (waiter, Reply.going)):
            rsvp.respond(session, session.get_one(Member, person.id), event.id, reply, NOW)
    gone = profile(goer.slack_user_id, "Gone", deleted=True)
    keys = [told("user_change", gone, take_up=False, number=n) for n in range(3)] + [told("user_change", gone)]
    eventually(lambda: done(town.database, *keys))
    with town.database.read() as session:
        assert rsvp.mine(session, event.id, goer.id) is Reply.not_going
        letters = session.scalars(select(Outbox).where(Outbox.user == waiter.slack_user_id)).all()
    assert len(letters) == 1


def test_what_another_process_took_up_has_no_second_effect(town: Town, told: Callable[..., str]) -> None:
    elsewhere, here = town.person(), town.person()
    key = told("member_joined_channel", elsewhere.slack_user_id, channel=CHANNEL, take_up=False)
    with town.database.begin() as session:
        inbox.finish(session, key)
    last = told("member_joined_channel", here.slack_user_id, channel=CHANNEL)
    eventually(lambda: done(town.database, last))
    with town.database.read() as session:
        assert channels.channel_member_ids(session, town.id, CHANNEL) == [here.id]
