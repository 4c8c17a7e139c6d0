"""Showing a code: who may, until when, and who turns the card."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community import codes, displays, events
from community.errors import Invalid, NotAllowed, NotFound
from community.records import Role
from storage import Database
from tests.town import Town, fresh

OPENS = "https://slack.com/app_redirect?app=A1"
STEP = timedelta(seconds=codes.STEP_SECONDS)


def test_who_runs_the_event_shows_its_code_from_two_hours_before_until_check_in_closes(
    town: Town, database: Database
) -> None:
    event, cancelled = town.event(), town.event()
    facilitator, ann = town.person(role=Role.facilitator), town.person()
    with database.begin() as session:
        events.cancel(session, town.organizer, cancelled.id, cancelled.version, cancelled.starts_at - STEP)
    cases = [
        (ann, event, event.starts_at, NotAllowed, "needs_facilitator"),
        (facilitator, event, event.starts_at - displays.AHEAD - STEP, Invalid, "display_early"),
        (facilitator, event, event.ends_at, Invalid, "check_in_over"),
        (facilitator, cancelled, cancelled.starts_at, Invalid, "event_cancelled"),
        (Town(database).organizer, event, event.starts_at, NotFound, "event_unknown"),
    ]
    for who, what, now, kind, code in cases:
        with database.begin() as session, pytest.raises(kind, match=f"^{code}$"):
            displays.show(session, who, what.id, now, opens=OPENS)
    with database.begin() as session:
        display, _ = displays.show(session, facilitator, event.id, event.starts_at, opens=OPENS)
        assert display.until == event.ends_at


def test_a_card_is_turned_once_a_step_and_ends_with_check_in(town: Town, database: Database) -> None:
    event = town.event()
    with database.begin() as session:
        display, _ = displays.show(session, town.organizer, event.id, event.starts_at, opens=OPENS)
    with database.begin() as session:
        assert display.id not in displays.stale(session, event.starts_at, town.id)
        later = event.starts_at + STEP
        assert displays.stale(session, later, town.id) == [display.id]
        turned = displays.turn(session, display.id, later)
        assert turned is not None
        assert turned[1]
        assert displays.turn(session, display.id, later) is None, "another process did it"
        over = displays.turn(session, display.id, event.ends_at)
        assert over is not None
        assert not over[1]
        assert displays.stale(session, event.ends_at + STEP, town.id) == []


def test_the_page_shows_the_code_to_whoever_knows_its_address_while_it_is_shown(town: Town, database: Database) -> None:
    event = town.event(minutes=480)
    with database.begin() as session:
        display, _ = displays.show(session, town.organizer, event.id, event.starts_at, opens=OPENS, token="secret")
        assert display.page_digest != "secret"
    with database.read() as session:
        now = event.starts_at + timedelta(hours=2)
        found = displays.page(session, "secret", now)
        assert found is not None
        assert (found.code, found.opens) == (codes.shown(event, now), OPENS)
        for token, moment in (("guess", now), ("", now), ("secret", event.starts_at + displays.LONGEST)):
            assert displays.page(session, token, moment) is None
    with database.begin() as session:
        events.cancel(session, town.organizer, event.id, fresh(session, event).version, now)
        assert displays.page(session, "secret", now) is None
