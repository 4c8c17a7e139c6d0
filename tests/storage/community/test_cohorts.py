"""Cohorts, who is invited to what by them, and guests from outside the list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from community import attendance, cohorts, invitations, reminders, rsvp
from community.cohorts import CohortDraft
from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.group_records import Cohort, InvitedBy
from community.records import Event, Reply
from storage import Database
from tests.town import NOW, Town, fresh


def made(town: Town, database: Database, code: str = "2026-A", **changes: object) -> Cohort:
    with database.begin() as session:
        return cohorts.create(session, town.organizer, CohortDraft(code, "Autumn", "", **changes), NOW)  # type: ignore[arg-type]  # dates


def invite(town: Town, database: Database, event: Event, cohort: Cohort, *, enrolled: bool) -> list[str]:
    with database.begin() as session:
        held = invitations.open_for(session, town.organizer, event.id, NOW)
        invitations.for_cohort(session, held, cohort.id, enrolled=enrolled)
        guests = cohorts.members(session, cohort)
        new = invitations.add(session, held, guests, InvitedBy.cohort, NOW, enrolled=enrolled)
        return [member.name for member in new]


def test_whoever_joins_a_cohort_later_is_invited_to_what_it_is_invited_to(town: Town, database: Database) -> None:
    ann, ben = town.person("Ann"), town.person("Ben")
    cohort = made(town, database)
    past, ahead = town.event(NOW + timedelta(hours=1)), town.event()
    with database.begin() as session:
        assert cohorts.add(session, town.organizer, cohort.id, [ann, town.organizer, ann], NOW).members == [
            ann,
            town.organizer,
        ]
    for event in (past, ahead):
        assert invite(town, database, event, cohort, enrolled=True) == ["Ann", town.organizer.name]
        assert invite(town, database, event, cohort, enrolled=True) == [], "nobody is invited twice"
    later = NOW + timedelta(hours=2)
    with database.begin() as session:
        joined = cohorts.add(session, town.organizer, cohort.id, [ben], later)
        assert [(event.id, [m.id for m in new]) for event, new in joined.invited] == [(ahead.id, [ben.id])]
        assert [m.name for m in attendance.expected(session, ahead)] == ["Ann", "Ben", town.organizer.name]
        assert [m.name for m in attendance.expected(session, past)] == ["Ann", town.organizer.name]
        assert cohorts.remove(session, town.organizer, cohort.id, [ben], later) == [ben]
        assert [m.name for m in attendance.expected(session, ahead)] == ["Ann", town.organizer.name]
        assert [m.name for m in cohorts.members(session, cohort)] == ["Ann", town.organizer.name]
        assert [(c.id, n) for c, n in cohorts.every(session, town.id)] == [(cohort.id, 2)]


def test_codes_are_unique_and_what_is_typed_is_checked(town: Town, database: Database) -> None:
    cohort = made(town, database)
    made(Town(database), database)
    other = made(town, database, "2026-B")
    with pytest.raises(Conflict, match="cohort_code_taken"):
        made(town, database)
    with pytest.raises(Conflict, match="cohort_code_taken"), database.begin() as session:
        cohorts.change(session, town.organizer, other.id, CohortDraft("2026-A", "x", ""))
    for draft, code in (
        (CohortDraft("", "x", ""), "empty"),
        (CohortDraft("a b", "x", ""), "cohort_code_form"),
        (CohortDraft("a", "", " "), "empty"),
        (CohortDraft("a", "x" * 151, ""), "too_long"),
        (CohortDraft("a", "x", "", date(2026, 2, 2), date(2026, 2, 1)), "ends_before_start"),
    ):
        with pytest.raises(Invalid, match=code), database.begin() as session:
            cohorts.change(session, town.organizer, cohort.id, draft)
    stranger = Town(database).organizer
    with pytest.raises(NotFound, match="cohort_unknown"), database.begin() as session:
        cohorts.change(session, stranger, cohort.id, CohortDraft("a", "x", ""))


def test_only_organizers_make_cohorts_and_invite(town: Town, database: Database) -> None:
    ann, event, cohort = town.person(), town.event(), made(town, database)
    for attempt in (
        lambda session: cohorts.create(session, ann, CohortDraft("b", "x", ""), NOW),
        lambda session: cohorts.change(session, ann, cohort.id, CohortDraft("b", "x", "")),
        lambda session: cohorts.add(session, ann, cohort.id, [ann], NOW),
        lambda session: cohorts.remove(session, ann, cohort.id, [ann], NOW),
        lambda session: invitations.open_for(session, ann, event.id, NOW),
        lambda session: invitations.decide(session, ann, 1, True, NOW),
    ):
        with pytest.raises(NotAllowed), database.begin() as session:
            attempt(session)


def test_who_is_not_on_the_list_comes_only_when_an_organizer_lets_them(town: Town, database: Database) -> None:
    event = town.event()
    ann, ben, cleo = (town.person(name, in_channel=True) for name in ("Ann", "Ben", "Cleo"))
    bot = town.person("Bot", is_bot=True)
    with database.begin() as session:
        held = invitations.open_for(session, town.organizer, event.id, NOW)
        assert invitations.add(session, held, [ann, bot], InvitedBy.list, NOW) == [ann]
        assert [m.name for m in reminders.undecided(session, held)] == ["Ann", "Ben", "Cleo"]
        invitations.keep_out_others(session, held, True)
        assert [m.name for m in reminders.undecided(session, held)] == ["Ann"]
    with database.begin() as session:
        assert rsvp.respond(session, ann, event.id, Reply.going, NOW).reply is Reply.going
        with pytest.raises(Invalid, match="guest_needless"):
            invitations.ask(session, ann, event.id, NOW)
    for reply in (Reply.going, Reply.maybe, Reply.not_going):
        with pytest.raises(NotAllowed, match="by_invitation"), database.begin() as session:
            rsvp.respond(session, ben, event.id, reply, NOW)
    with database.begin() as session:
        asked, refused = invitations.ask(session, ben, event.id, NOW), invitations.ask(session, cleo, event.id, NOW)
        assert invitations.ask(session, ben, event.id, NOW).id == asked.id
        assert invitations.decide(session, town.organizer, asked.id, True, NOW)[1].name == "Ben"
        invitations.decide(session, town.organizer, refused.id, False, NOW)
        with pytest.raises(Conflict, match="guest_decided"):
            invitations.decide(session, town.organizer, refused.id, True, NOW)
        with pytest.raises(Conflict, match="guest_declined"):
            invitations.ask(session, cleo, event.id, NOW)
        assert rsvp.respond(session, ben, event.id, Reply.going, NOW).reply is Reply.going
        with pytest.raises(Invalid, match="event_begun"):
            invitations.ask(session, cleo, event.id, event.starts_at)
        assert [m.name for m in rsvp.going(session, fresh(session, event))] == ["Ann", "Ben"]
