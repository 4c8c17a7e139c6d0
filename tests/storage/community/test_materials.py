"""What is attached to an event, and who is told of it."""

from __future__ import annotations

import pytest

from community import invitations, materials, rsvp
from community.errors import Invalid, NotAllowed, NotFound
from community.group_records import InvitedBy
from community.records import Event, Reply, Role
from storage import Database
from tests.town import NOW, Town

LINK = "https://example.org/a"


def test_recordings_and_notes_are_told_to_those_who_want_it_and_material_to_nobody(
    town: Town, database: Database
) -> None:
    event, ann, ben = town.event(), town.person("Ann"), town.person("Ben")
    fred = town.person("Fred", role=Role.facilitator)
    with database.begin() as session:
        for member, wanted in ((ann, True), (ann, True), (ben, True), (ben, False)):
            materials.wish(session, member, event.id, wanted, NOW)
        assert materials.wishes(session, event.id, ann.id)
        assert not materials.wishes(session, event.id, ben.id)
        for kind, told in (("material", []), ("recording", ["Ann"]), ("notes", ["Ann"])):
            _, people = materials.attach(session, fred, event.id, kind, f" {kind} ", LINK, NOW)
            assert [m.name for m in people] == told
        assert [m.title for m in materials.of(session, event.id)] == ["material", "recording", "notes"]


def test_what_cannot_be_attached_is_refused_with_a_reason(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    stranger = Town(database).organizer
    with database.begin() as session:
        for by, error in ((ann, NotAllowed), (stranger, NotFound)):
            with pytest.raises(error):
                materials.attach(session, by, event.id, "notes", "x", LINK, NOW)
        for kind, title, link, code in (
            ("film", "x", LINK, "material_unknown"),
            ("notes", " ", LINK, "empty"),
            ("notes", "x", "", "empty"),
            ("notes", "x", "javascript:alert(1)", "link_form"),
            ("notes", "x" * 151, LINK, "too_long"),
        ):
            with pytest.raises(Invalid, match=code):
                materials.attach(session, town.organizer, event.id, kind, title, link, NOW)
        for number in range(materials.MOST):
            materials.attach(session, town.organizer, event.id, "notes", f"{number}", LINK, NOW)
        with pytest.raises(Invalid, match="materials_many"):
            materials.attach(session, town.organizer, event.id, "notes", "x", LINK, NOW)


def test_a_link_is_corrected_and_taken_away_by_who_may_attach(town: Town, database: Database) -> None:
    event, ann, other = town.event(), town.person("Ann"), Town(database)
    with database.begin() as session:
        first, _ = materials.attach(session, town.organizer, event.id, "notes", "Note", LINK, NOW)
        second, _ = materials.attach(session, town.organizer, event.id, "material", "Slides", LINK, NOW)
        for by, error in ((ann, NotAllowed), (other.organizer, NotFound)):
            with pytest.raises(error):
                materials.correct(session, by, first.id, "notes", "Mine", LINK)
            with pytest.raises(error):
                materials.remove(session, by, first.id)
        with pytest.raises(Invalid, match="link_form"):
            materials.correct(session, town.organizer, first.id, "notes", "Notes", "nowhere")
        _, told = materials.correct(session, town.organizer, first.id, "recording", "The film", f"{LINK}b")
        assert told == []  # of notes they were told
        assert materials.remove(session, town.organizer, second.id).id == event.id
    with database.read() as session:
        assert [(m.kind.value, m.title, m.link) for m in materials.of(session, event.id)] == [
            ("recording", "The film", f"{LINK}b")
        ]
    with database.begin() as session, pytest.raises(NotFound, match="material_gone"):
        materials.remove(session, town.organizer, second.id)


def test_what_becomes_a_recording_is_told_like_one(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person("Ann")
    with database.begin() as session:
        materials.wish(session, ann, event.id, True, NOW)
        link, told = materials.attach(session, town.organizer, event.id, "material", "The day", LINK, NOW)
        assert told == []
        _, told = materials.correct(session, town.organizer, link.id, "recording", "The day", LINK)
        assert [member.name for member in told] == ["Ann"]


def test_what_belongs_to_an_event_for_those_invited_is_not_for_others(town: Town, database: Database) -> None:
    event, guest, early, stranger = town.event(), town.person("Guest"), town.person("Early"), town.person("Stranger")
    fred = town.person("Fred", role=Role.facilitator)
    with database.begin() as session:
        for member in (early, stranger):
            materials.wish(session, member, event.id, True, NOW)
        rsvp.respond(session, early, event.id, Reply.going, NOW)
        held = session.get_one(Event, event.id)
        held.by_invitation = True
        invitations.add(session, held, [guest], InvitedBy.list, NOW)
        materials.wish(session, guest, event.id, True, NOW)
        _, told = materials.attach(session, fred, event.id, "recording", "The day", LINK, NOW)
        assert {member.name for member in told} == {"Guest", "Early"}
        for member in (guest, early, fred, town.organizer):
            assert len(materials.seen_by(session, member, event.id)[1]) == 1
        with pytest.raises(NotAllowed, match="material_invited"):
            materials.seen_by(session, stranger, event.id)
        with pytest.raises(NotAllowed, match="material_invited"):
            materials.wish(session, stranger, event.id, True, NOW)
        materials.wish(session, stranger, event.id, False, NOW)
        assert not materials.wishes(session, event.id, stranger.id)
