"""Only who offered something is asked about it, for as long as they offer it and are there."""

from __future__ import annotations

import pytest

from community import expertise, people
from community.errors import Conflict, Invalid, NotAllowed
from community.people import Profile
from community.records import Member
from storage import Database
from tests.town import NOW, Town


def offer(town: Town, member: Member, code: str, level: int | None = None, words: str = "") -> None:
    with town.database.begin() as session:
        expertise.offer(session, session.merge(member), code, NOW, level=level, words=words)


def knowing(town: Town, *codes: str) -> list[str]:
    with town.database.read() as session:
        return [expert.member.name for expert in expertise.who_knows(session, town.id, codes)]


def test_who_offered_is_found_the_highest_level_first(town: Town) -> None:
    ann, ben, eve = town.person("Ann"), town.person("Ben"), town.person("Eve")
    offer(town, ann, "RM", 2)
    offer(town, ben, "RM", 4)
    offer(town, eve, "ATIP")
    offer(town, ann, "ATIP", 3)
    assert knowing(town, "RM") == ["Ben", "Ann"]
    assert knowing(town, "RM", "ATIP") == ["Ben", "Ann", "Eve"]
    assert knowing(town, "WEB") == []
    assert knowing(town) == []


def test_offering_again_changes_what_was_said(town: Town) -> None:
    ann = town.person("Ann")
    offer(town, ann, "RM", 2, "retention")
    offer(town, ann, "RM", None, "  cloud \n migration ")
    with town.database.read() as session:
        (one,) = expertise.mine(session, ann)
    assert (one.level, one.words) == (None, "cloud migration")


def test_withdrawn_expertise_is_shown_to_nobody(town: Town) -> None:
    ann = town.person("Ann")
    offer(town, ann, "RM")
    with town.database.begin() as session:
        assert expertise.withdraw(session, ann, "RM")
        assert not expertise.withdraw(session, ann, "RM")
    assert knowing(town, "RM") == []


def test_who_left_slack_is_not_listed_and_is_again_on_return(town: Town) -> None:
    ann = town.person("Ann")
    offer(town, ann, "RM")
    for gone in (True, False):
        with town.database.begin() as session:
            profile = Profile(ann.slack_user_id, "Ann", deleted=gone)
            people.ensure_member(session, town.community, ann.slack_user_id, NOW, profile)
        assert knowing(town, "RM") == ([] if gone else ["Ann"])


def test_another_community_sees_none_of_it(town: Town, database: Database) -> None:
    offer(town, town.person("Ann"), "RM")
    assert knowing(Town(database), "RM") == []


def test_what_cannot_be_offered_is_refused(town: Town) -> None:
    ann = town.person("Ann")
    with pytest.raises(Invalid, match="too_long"):
        offer(town, ann, "RM", words="x" * 201)
    with pytest.raises(NotAllowed, match="member_inactive"):
        offer(town, town.person(is_bot=True), "RM")
    for number in range(expertise.MOST):
        offer(town, ann, f"C{number}")
    offer(town, ann, "C0", 3)
    with pytest.raises(Conflict, match="expertise_many"):
        offer(town, ann, "RM")
