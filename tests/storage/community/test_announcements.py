"""Announcements: both languages, a preview, one confirmation."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from community import announcements, cohorts, people, supervision
from community.cohorts import CohortDraft
from community.errors import CommunityError, Conflict, Invalid, NotAllowed, NotFound
from community.people import Profile
from community.records import Announcement, Role
from storage import Database
from tests.town import CHANNEL, NOW, Town

TO_CHANNEL = {"kind": "channel", "channel": CHANNEL}
TO_MEMBERS = {"kind": "members"}


def drafted(
    town: Town, audience: dict[str, Any] = TO_CHANNEL, mention: str | None = None, **texts: str
) -> Announcement:
    with town.database.begin() as session:
        return announcements.draft(
            session,
            town.organizer,
            texts.get("text_en", "Hello <!channel>"),
            texts.get("text_fr", "Bonjour"),
            audience,
            mention,
            NOW,
        )


def test_draft_is_kept_as_typed_and_not_confirmed(town: Town, database: Database) -> None:
    announcement = drafted(town)
    with database.read() as session:
        found = announcements.get(session, town.id, announcement.id)
        assert (found.text_en, found.mention, found.confirmed_at) == ("Hello <!channel>", None, None)


@pytest.mark.parametrize(
    ("texts", "audience", "mention", "field", "code"),
    [
        ({"text_en": "  "}, TO_CHANNEL, None, "text_en", "empty"),
        ({"text_fr": ""}, TO_CHANNEL, None, "text_fr", "empty"),
        ({"text_fr": "x" * 2901}, TO_CHANNEL, None, "text_fr", "too_long"),
        ({}, {"kind": "everybody"}, None, "audience", "audience_unknown"),
        ({}, {"kind": "channel"}, None, "audience", "audience_unknown"),
        ({}, {"kind": "channel", "channel": "<#C1|x>"}, None, "audience", "audience_unknown"),
        ({}, {"kind": "groups"}, None, "groups", "empty"),
        ({}, {"kind": "groups", "roles": ["member"]}, None, "groups", "audience_unknown"),
        ({}, {"kind": "groups", "roles": ["expert"]}, "here", "mention", "mention_unknown"),
        ({}, TO_CHANNEL, "everyone", "mention", "mention_unknown"),
        ({}, TO_MEMBERS, "channel", "mention", "mention_unknown"),
    ],
)
def test_what_cannot_be_announced_is_refused_at_its_field(
    town: Town, texts: dict[str, str], audience: dict[str, Any], mention: str | None, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        drafted(town, audience, mention, **texts)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_only_organizers_announce(town: Town, database: Database) -> None:
    announcement, facilitator = drafted(town), town.person(role=Role.facilitator)
    with database.begin() as session:
        with pytest.raises(NotAllowed, match="needs_organizer"):
            announcements.draft(session, facilitator, "a", "b", TO_CHANNEL, None, NOW)
        with pytest.raises(NotAllowed, match="needs_organizer"):
            announcements.confirm(session, facilitator, announcement.id, NOW)


def test_announcement_of_another_community_is_unknown(town: Town, database: Database) -> None:
    foreign = drafted(Town(database))
    with database.begin() as session:
        with pytest.raises(NotFound, match="announcement_unknown"):
            announcements.confirm(session, town.organizer, foreign.id, NOW)
        with pytest.raises(NotFound, match="announcement_unknown"):
            announcements.get(session, town.id, foreign.id)


def test_one_of_many_simultaneous_confirmations_counts(town: Town, database: Database) -> None:
    announcement = drafted(town, TO_CHANNEL, "here")
    ready = threading.Barrier(6)
    outcomes: list[object] = []

    def confirm() -> None:
        ready.wait()
        try:
            with database.begin() as session:
                confirmed = announcements.confirm(session, town.organizer, announcement.id, NOW)
            outcomes.append(confirmed.confirmed_at)
        except CommunityError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=confirm) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(NOW) == 1
    assert [o.code for o in outcomes if isinstance(o, Conflict)] == ["announcement_sent"] * 5


def test_direct_messages_go_to_active_people_who_want_them(town: Town, database: Database) -> None:
    keen, tired, gone, bot = town.person(), town.person(), town.person(), town.person(is_bot=True)
    with database.begin() as session:
        people.choose_notifications(session, session.merge(tired), reminders=True, announcements=False)
        people.ensure_member(
            session, town.community, gone.slack_user_id, NOW, Profile(gone.slack_user_id, gone.name, deleted=True)
        )
    to_all, to_channel = drafted(town, TO_MEMBERS), drafted(town, TO_CHANNEL)
    with database.read() as session:
        assert {m.id for m in announcements.recipients(session, to_all)} == {town.organizer.id, keen.id}
        assert announcements.recipients(session, to_channel) == []
    assert bot.is_bot


def test_cohorts_and_roles_are_written_to_once_each_person_as_they_stand_when_it_goes_out(
    town: Town, database: Database
) -> None:
    inside, both, left, expert, above, other = (town.person() for _ in range(6))
    with database.begin() as session:
        cohort = cohorts.create(session, town.organizer, CohortDraft("A", "A", "A"), NOW)
        cohorts.add(session, town.organizer, cohort.id, [inside, both, left], NOW)
        for member in (expert, both):
            people.grant(session, town.organizer, member, Role.expert, NOW)
        supervision.describe(session, town.organizer, session.merge(inside), "Parks", above)
    some = drafted(town, {"kind": "groups", "cohorts": [cohort.id], "roles": ["expert", "supervisor"]})
    with database.begin() as session:
        cohorts.remove(session, town.organizer, cohort.id, [left], NOW)
    with database.read() as session:
        reached = [member.id for member in announcements.recipients(session, some)]
    assert sorted(reached) == sorted(member.id for member in (inside, both, expert, above))
    assert other.id not in reached


def test_a_cohort_of_another_community_is_nobody_to_write_to(town: Town, database: Database) -> None:
    neighbours = Town(database)
    with database.begin() as session:
        theirs = cohorts.create(session, neighbours.organizer, CohortDraft("A", "A", "A"), NOW).id
    with pytest.raises(NotFound, match="cohort_unknown"):
        drafted(town, {"kind": "groups", "cohorts": [theirs]})
