"""Questions that wait for a person are brought up again, once, and listed once a local day; who left is replaced."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from community import expert_terms, expertise, people, requests, routing, waiting
from community.expert_records import ExpertDigest, ExpertRequest, RequestState
from community.people import Profile
from community.records import Community, Member
from delivery.records import Outbox
from knowledge.records import Outcome, Question
from scheduler.requests import Requests
from tests.town import NOW, Town

WAIT = timedelta(hours=24)
TORONTO = ZoneInfo("America/Toronto")


def passed_on(town: Town, asker: Member, *experts: Member, channel: str | None = None, now: datetime = NOW) -> int:
    """A question of the asker's that waits for these experts, or for the channel."""
    with town.database.begin() as session:
        question = Question(
            community_id=town.id, member_id=asker.id, text="Why & how?", locale="en", outcome=Outcome.unknown,
            suggestions=[], asked_at=now,
        )  # fmt: skip
        session.add(question)
        session.flush()
        request = requests.open_request(
            session, asker, question.id, question.text, now, locale="en", asked_in=None, code=None, wait=WAIT
        )
        for expert in experts:
            requests.ask(session, request, expert, now)
        if channel:
            routing.route(session, request, [], channel, now)
        return request.id


def work_off(town: Town, now: datetime, channel: str | None = None) -> int:
    return Requests(channel, WAIT).work_off(town.database, lambda: now, town.id)


def said(town: Town, part: str) -> list[Outbox]:
    with town.database.read() as session:
        rows = session.scalars(select(Outbox).where(Outbox.community_id == town.id).order_by(Outbox.id))
        return [row for row in rows if part in row.key and not row.key.startswith("update:")]


def stands(town: Town, request_id: int) -> ExpertRequest:
    with town.database.read() as session:
        return session.get_one(ExpertRequest, request_id)


def morning(days: int = 1, hour: int = 9, minute: int = 0) -> datetime:
    day = NOW.astimezone(TORONTO).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), TORONTO).astimezone(UTC)


def test_a_request_is_brought_up_widened_and_at_last_given_up_by_two_clocks_once_each(town: Town) -> None:
    sam, ann = town.person("Sam"), town.person("Ann", locale="fr-CA")
    number = passed_on(town, sam, ann)
    assert work_off(town, NOW + WAIT - timedelta(seconds=1)) == 0 or not said(town, ":card:")
    for turn in range(1, 6):
        at = NOW + turn * WAIT
        clocks = [threading.Thread(target=work_off, args=(town, at)) for _ in range(2)]
        for clock in clocks:
            clock.start()
        for clock in clocks:
            clock.join()
        assert stands(town, number).times_brought_up == turn
        assert len(said(town, f"request:{number}:news")) == turn
    assert stands(town, number).state is RequestState.declined
    cards = [row for row in said(town, f"request:{number}:card") if row.user == ann.slack_user_id]
    assert len(cards) == 5  # as it was asked, and four times again
    assert {row.user for row in said(town, f"request:{number}:card")} == {
        ann.slack_user_id, town.organizer.slack_user_id,
    }  # fmt: skip
    assert work_off(town, NOW + 30 * WAIT) == 0


def test_what_waits_for_a_person_is_what_they_hold_or_nobody_does(town: Town) -> None:
    sam, ann, ben = town.person("Sam"), town.person("Ann"), town.person("Ben")
    numbers = [passed_on(town, sam, ann, ben) for _ in range(4)]
    with town.database.begin() as session:
        requests.claim(session, ann, numbers[0], NOW, WAIT)
        requests.claim(session, ben, numbers[1], NOW, WAIT)
        requests.decline(session, ann, numbers[2], NOW)
    with town.database.read() as session:
        assert [one.id for one in waiting.mine(session, ann)] == [numbers[0], numbers[3]]
        assert [one.id for one in waiting.mine(session, ben)] == numbers[1:]
        everybody = waiting.waiting_for(session, waiting.waiting(session, town.id))
    assert {member: [one.id for one in found] for member, found in everybody.items()} == {
        ann.id: [numbers[0], numbers[3]], ben.id: numbers[1:],
    }  # fmt: skip


def test_who_holds_it_is_reminded_then_lets_go(town: Town) -> None:
    sam, ann, ben = town.person("Sam"), town.person("Ann"), town.person("Ben")
    number = passed_on(town, sam, ann, ben)
    with town.database.begin() as session:
        requests.claim(session, ann, number, NOW, WAIT)
    work_off(town, NOW + WAIT)
    assert (stands(town, number).state, stands(town, number).holder_id) == (RequestState.claimed, ann.id)
    assert [row.user for row in said(town, f"request:{number}:card:{ben.id}:2")] == []
    work_off(town, NOW + 2 * WAIT)
    assert (stands(town, number).state, stands(town, number).holder_id) == (RequestState.open, None)
    assert [row.user for row in said(town, f"request:{number}:card:{ben.id}:2")] == [ben.slack_user_id]


def test_who_left_slack_is_replaced_at_the_next_tick(town: Town) -> None:
    sam, ann, ben = town.person("Sam"), town.person("Ann"), town.person("Ben")
    number = passed_on(town, sam, ann)
    with town.database.begin() as session:
        expertise.offer(session, ben, "X", NOW, level=None, words="")
        requests.claim(session, ann, number, NOW, WAIT)
        people.ensure_member(
            session, town.community, ann.slack_user_id, NOW, Profile(ann.slack_user_id, "Ann", deleted=True)
        )
    assert work_off(town, NOW) == 2  # and the day's digest
    assert work_off(town, NOW) == 0
    assert stands(town, number).state is RequestState.open
    assert [row.user for row in said(town, f"request:{number}:card")] == [town.organizer.slack_user_id]
    assert len(said(town, f"request:{number}:news")) == 1
    with town.database.begin() as session:
        people.ensure_member(
            session, town.community, sam.slack_user_id, NOW, Profile(sam.slack_user_id, "Sam", deleted=True)
        )
    work_off(town, NOW)
    assert stands(town, number).state is RequestState.declined
    assert len(said(town, f"request:{number}:news")) == 1


def test_the_digest_goes_out_once_a_local_morning_and_not_when_nothing_waits(town: Town) -> None:
    assert work_off(town, morning()) == 0
    sam, ann = town.person("Sam"), town.person("Ann", locale="fr-CA")
    number = passed_on(town, sam, ann, now=morning(1, 10))
    assert work_off(town, morning(1, 11)) == 0  # that day was looked at while nothing waited
    with town.database.read() as session:
        assert waiting.next_due(session, morning(1, 11), town.id) == morning(2)
    assert work_off(town, morning(2, 8, 59)) == 0
    clocks = [threading.Thread(target=work_off, args=(town, morning(2))) for _ in range(4)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    rows = said(town, "request:digest")
    assert sorted(row.user or "" for row in rows) == sorted([ann.slack_user_id, town.organizer.slack_user_id])
    french = next(row for row in rows if row.user == ann.slack_user_id)
    assert french.payload is not None
    assert "1 question attend une réponse" in french.payload["text"]
    assert "Why &amp; how?" in str(french.payload["blocks"])
    work_off(town, morning(3, 18))  # nothing ran that day until the evening: it is not sent
    assert len(said(town, "request:digest")) == 2
    with town.database.read() as session:
        days = session.scalars(
            select(ExpertDigest).where(ExpertDigest.community_id == town.id).order_by(ExpertDigest.day)
        )
        assert [one.waiting for one in days] == [0, 1, None]
    assert number


def test_the_experts_channel_gets_the_digest_in_both_languages_without_the_asker(town: Town) -> None:
    sam = town.person("Sam Secret")
    passed_on(town, sam, channel="C0EXPERTS")
    work_off(town, morning(), channel="C0EXPERTS")
    (row,) = said(town, "request:digest")
    assert row.channel == "C0EXPERTS"
    shown = str(row.payload)
    assert "1 question waits for an answer" in shown
    assert "1 question attend une réponse" in shown
    assert "Secret" not in shown
    assert sam.slack_user_id not in shown
    with town.database.begin() as session:
        expert_terms.choose(session, town.organizer, "C0CHOSEN", 24)
    work_off(town, morning(2), channel="C0EXPERTS")
    assert [row.channel for row in said(town, "request:digest")] == ["C0EXPERTS", "C0CHOSEN"]


def test_one_that_cannot_be_shown_stops_no_other(town: Town) -> None:
    sam, ann, ben = town.person("Sam"), town.person("Ann"), town.person("Ben")
    bad, good = passed_on(town, sam, ann), passed_on(town, sam, ben)
    with town.database.begin() as session:
        session.get_one(Member, ann.id).time_zone = "Nowhere/At_All"
    assert work_off(town, NOW + WAIT) == 2  # the good one and the day's digest
    assert (stands(town, good).times_brought_up, stands(town, bad).times_brought_up) == (1, 0)


@pytest.mark.parametrize("name", ["America/St_Johns", "America/Vancouver", "Europe/Paris", "Australia/Lord_Howe"])
def test_every_local_day_has_its_morning_through_both_changes_of_the_clock(name: str) -> None:
    community = Community(time_zone=name)
    hours = [datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=number) for number in range(365 * 24)]
    first: dict[date, datetime] = {}
    for moment in hours:
        day = waiting.digest_day(community, moment)
        if day is not None:
            first.setdefault(day, moment)
    assert len(first) in (365, 366)
    assert {moment.astimezone(ZoneInfo(name)).hour for moment in list(first.values())[1:]} == {9}
