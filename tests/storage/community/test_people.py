"""Who people are and what they may do, as Slack says and as organizers decide."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from community import channels, people
from community.errors import CommunityError, Conflict, Invalid, NotAllowed, NotFound
from community.people import Profile
from community.records import Member, Role
from storage import Database
from tests.town import CHANNEL, NOW, Town, team


def test_community_is_created_once_and_follows_its_settings(town: Town, database: Database) -> None:
    with database.begin() as session:
        again = people.ensure_community(
            session, slack_team_id=town.team, name="Ville", locale="fr", time_zone="America/Vancouver", now=NOW,
            bot_user_id="UBOT", enterprise_id="E1",
        )  # fmt: skip
    assert again.id == town.id
    with database.read() as session:
        found = people.find_community(session, town.team)
        assert (found.name, found.locale, found.bot_user_id) == ("Ville", "fr", "UBOT")
        with pytest.raises(NotFound, match="community_unknown"):
            people.find_community(session, "T0ELSEWHERE")


def test_first_organizers_are_those_named_by_id_or_e_mail(database: Database) -> None:
    profiles = [
        Profile("U1", "Ann", email="Ann@Example.org"),
        Profile("U2", "Ben", is_admin=True),
        Profile("U3", "Cleo"),
        Profile("U4", "Bot", is_bot=True),
        Profile("U5", "Gone", deleted=True),
    ]
    with database.begin() as session:
        community = people.ensure_community(
            session, slack_team_id=team(), name="x", locale="en", time_zone="UTC", now=NOW
        )
        named = people.seed_organizers(session, community, profiles, (" ann@example.ORG", "u3", "U4", "U5"), NOW)
    assert [m.slack_user_id for m in named] == ["U1", "U3"]
    with database.begin() as session:
        assert people.seed_organizers(session, community, profiles, ("U2",), NOW) == [], "there are organizers already"
        assert [m.name for m in people.with_role(session, community.id, Role.organizer)] == ["Ann", "Cleo"]


def test_without_names_the_workspaces_admins_are_the_first_organizers(database: Database) -> None:
    profiles = [
        Profile("U1", "Ann"),
        Profile("U2", "Ben", is_admin=True),
        Profile("U3", "Bot", is_bot=True, is_admin=True),
    ]
    with database.begin() as session:
        community = people.ensure_community(
            session, slack_team_id=team(), name="x", locale="en", time_zone="UTC", now=NOW
        )
        assert [m.slack_user_id for m in people.seed_organizers(session, community, profiles, (), NOW)] == ["U2"]


def test_profile_is_followed_and_an_own_choice_of_language_wins(town: Town, database: Database) -> None:
    member = town.person(locale="fr-CA", time_zone="America/Vancouver")
    assert (member.locale, member.time_zone) == ("fr", "America/Vancouver")
    with database.begin() as session:
        held = session.merge(member)
        people.choose_locale(session, held, "en")
        people.ensure_member(
            session, town.community, held.slack_user_id, NOW, Profile(held.slack_user_id, "New name", locale="fr-FR")
        )
        assert (held.locale, held.name) == ("en", "New name")
        people.choose_locale(session, held, None)
        assert held.locale == "fr"
        with pytest.raises(Invalid, match="locale_unknown"):
            people.choose_locale(session, held, "de")


@pytest.mark.parametrize("time_zone", [None, "", "Nowhere/Land", "../etc"])
def test_bad_zone_from_slack_gives_the_communitys(town: Town, database: Database, time_zone: str | None) -> None:
    with database.begin() as session:
        member = people.ensure_member(
            session, town.community, "U0ZONE", NOW, Profile("U0ZONE", "Zoe", time_zone=time_zone)
        )
    assert member.time_zone == "America/Toronto"


def test_unknown_locale_reads_english_and_no_locale_the_communitys(database: Database) -> None:
    with database.begin() as session:
        community = people.ensure_community(
            session, slack_team_id=team(), name="x", locale="fr", time_zone="UTC", now=NOW
        )
        german = people.ensure_member(session, community, "U1", NOW, Profile("U1", "Grete", locale="de-DE"))
        silent = people.ensure_member(session, community, "U2", NOW)
        assert (german.locale, silent.locale) == ("en", "fr")


def test_simultaneous_first_meetings_make_one_member(town: Town, database: Database) -> None:
    ready, seen = threading.Barrier(8), []

    def meet() -> None:
        ready.wait()
        with database.begin() as session:
            seen.append(people.ensure_member(session, town.community, "U0SAME", NOW).id)

    run([meet] * 8)
    assert len(seen) == 8
    assert len(set(seen)) == 1


def run(calls: list) -> None:  # type: ignore[type-arg]  # of functions without arguments
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_deactivated_people_and_bots_may_nothing_and_get_nothing(town: Town, database: Database) -> None:
    gone, bot = town.person(role=Role.facilitator), town.person(is_bot=True)
    with database.begin() as session:
        profile = Profile(gone.slack_user_id, gone.name, deleted=True)
        gone = people.ensure_member(session, town.community, gone.slack_user_id, NOW, profile)
        for nobody in (gone, bot):
            with pytest.raises(NotAllowed, match="member_inactive"):
                people.require(session, nobody, Role.facilitator)
            with pytest.raises(Invalid, match="role_needs_person"):
                people.grant(session, town.organizer, nobody, Role.expert, NOW)
        assert people.with_role(session, town.id, Role.facilitator) == []
        assert [m.id for m in people.active_members(session, town.id)] == [town.organizer.id]


def test_organizers_name_others_and_only_they_do(town: Town, database: Database) -> None:
    member, other = town.person(), town.person()
    with database.begin() as session:
        people.grant(session, town.organizer, member, Role.facilitator, NOW)
        people.grant(session, town.organizer, member, Role.facilitator, NOW)
        assert people.roles(session, member) == {Role.member, Role.facilitator}
        attempts: list[Callable[[], object]] = [
            lambda: people.grant(session, member, other, Role.organizer, NOW),
            lambda: people.revoke(session, member, town.organizer, Role.organizer),
        ]
        for attempt in attempts:
            with pytest.raises(NotAllowed, match="needs_organizer"):
                attempt()
        people.revoke(session, town.organizer, member, Role.facilitator)
        assert people.roles(session, member) == {Role.member}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ((), "needs_organizer"),
        ((Role.organizer,), "needs_organizer"),
        ((Role.facilitator,), "needs_facilitator"),
        ((Role.expert,), "needs_expert"),
        ((Role.supervisor,), "needs_supervisor"),
    ],
)
def test_missing_role_is_named_and_an_organizer_has_them_all(
    town: Town, database: Database, wanted: tuple[Role, ...], code: str
) -> None:
    member = town.person()
    with database.read() as session:
        people.require(session, town.organizer, *wanted)
        with pytest.raises(NotAllowed, match=code):
            people.require(session, member, *wanted)
        people.require(session, member, *wanted, Role.member)


def test_last_organizer_stays(town: Town, database: Database) -> None:
    other = town.person(role=Role.organizer)
    with database.begin() as session:
        people.revoke(session, town.organizer, town.organizer, Role.organizer)
        with pytest.raises(Conflict, match="last_organizer"):
            people.revoke(session, other, other, Role.organizer)


def test_an_organizer_who_left_slack_does_not_count_as_one(town: Town, database: Database) -> None:
    other = town.person(role=Role.organizer)
    with database.begin() as session:
        profile = Profile(other.slack_user_id, other.name, deleted=True)
        people.ensure_member(session, town.community, other.slack_user_id, NOW, profile)
        with pytest.raises(Conflict, match="last_organizer"):
            people.revoke(session, town.organizer, town.organizer, Role.organizer)


def test_two_organizers_who_remove_each_other_at_once_leave_one(town: Town, database: Database) -> None:
    other = town.person(role=Role.organizer)
    ready, outcomes = threading.Barrier(2), []

    def remove(by: Member, whom: Member) -> None:
        ready.wait()
        try:
            with database.begin() as session:
                people.revoke(session, session.merge(by), session.merge(whom), Role.organizer)
            outcomes.append("done")
        except CommunityError as error:
            outcomes.append(error.code)

    run([lambda: remove(town.organizer, other), lambda: remove(other, town.organizer)])
    assert outcomes.count("done") == 1
    with database.read() as session:
        assert len(people.with_role(session, town.id, Role.organizer)) == 1


def test_people_of_another_community_are_unknown(town: Town, database: Database) -> None:
    stranger = Town(database).person()
    with database.begin() as session:
        with pytest.raises(NotFound, match="member_unknown"):
            people.grant(session, town.organizer, stranger, Role.expert, NOW)
        assert people.find_member(session, town.id, stranger.slack_user_id) is None


def test_members_of_a_channel_are_those_slack_last_named(town: Town, database: Database) -> None:
    ann, ben = town.person("Ann"), town.person("Ben")
    with database.begin() as session:
        channels.set_channel_members(session, town.id, CHANNEL, [ann.slack_user_id, "U0NEW", "U0NEW"], NOW)
    with database.begin() as session:
        new = people.find_member(session, town.id, "U0NEW")
        assert new is not None
        assert set(channels.channel_member_ids(session, town.id, CHANNEL)) == {ann.id, new.id}
        assert people.unprofiled(session, town.id) == [new], "the newcomer's profile is to be asked"
        channels.set_channel_members(session, town.id, CHANNEL, [ben.slack_user_id], NOW)
        channels.joined(session, ann, CHANNEL, NOW)
        channels.joined(session, ann, CHANNEL, NOW)
        channels.left(session, ben, CHANNEL)
        assert channels.channel_member_ids(session, town.id, CHANNEL) == [ann.id]
        assert channels.channel_member_ids(session, town.id, "C0OTHER") == []
