"""The roster: pages, changes, and who may not make them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from community import codes, people, rsvp
from community.people import Profile
from community.records import Community, Reply
from tests.kit import eventually, texts
from tests.scenario.attendance_kit import go, statuses
from tests.scenario.events_kit import Town, town, town_on_each

__all__ = ["town", "town_on_each"]  # the fixtures of the tests here

MINUTE = timedelta(minutes=1)


def test_a_roster_of_many_is_turned_page_by_page_and_keeps_its_page(town: Town) -> None:
    start = town.start(days=2)
    town.plan(start)
    event = town.event()
    with town.bot.database.begin() as session:
        community = session.get_one(Community, town.bot.services.community_id)
        for number in range(45):
            profile = Profile(f"U0MANY{number:04}", f"Zoe {number:02}")
            member = people.ensure_member(session, community, profile.slack_user_id, town.now, profile)
            rsvp.respond(session, member, event.id, Reply.going, town.now)
    town.go_to(start)
    town.olivia.command("events")
    town.olivia.click(town.olivia.sees("Roster", "general"), "roster.open", channel="general")
    first = town.olivia.sees_view("Page 1 of 3")
    town.olivia.click(first["id"], "roster.next")
    second = town.olivia.sees_view("Page 2 of 3")
    assert "Zoe 20" in texts(second)
    chosen = next(value for value in _choices(second) if value.endswith(":late"))
    member_id = chosen.split(":")[1]
    town.olivia.do(
        "click", view_id=second["id"], action_id="roster.status", block_id=f"roster:{member_id}:None", value=chosen
    )
    changed = town.olivia.sees_view("Changed by Olivia Bennett")
    assert "Page 2 of 3" in texts(changed)
    assert "Late: 1." in texts(changed)


def _choices(view: dict[str, Any]) -> list[str]:
    found = [b["accessory"]["options"] for b in view["blocks"] if b.get("accessory", {}).get("options")]
    return [option["value"] for options in found for option in options]


def test_the_roster_says_in_the_modal_why_a_change_cannot_be_made(town: Town) -> None:
    card = town.plan(town.start(days=2))
    event = town.event()
    go(town, card, town.ben)
    town.francois.click(card, "event.open", channel="general")
    town.francois.click(town.francois.sees_view("roster.open")["id"], "roster.open")
    roster = town.francois.sees_view("Ben Nakamura")
    ben = town.member(town.ben)
    where = {"view_id": roster["id"], "action_id": "roster.status"}
    town.francois.do("click", **where, block_id=f"roster:{ben.id}:None", value=f"{event.id}:{ben.id}:present")
    early = town.francois.sees_view("n’a pas")
    assert statuses(town) == {}
    # Excusing is possible ahead of time; a bot is nobody to add.
    block = next(b["block_id"] for b in early["blocks"] if b.get("block_id", "").startswith(f"roster:{ben.id}:"))
    town.francois.do("click", **where, block_id=block, value=f"{event.id}:{ben.id}:excused")
    excused = town.francois.sees_view("Absences justifiées\u00a0: 1.")
    assert statuses(town) == {"Ben": "excused"}
    town.press_by_hand(town.francois, "roster.add", "U0PRAXIS01", excused)
    town.press_by_hand(town.francois, "roster.add", "U0NOBODY99", excused)
    eventually(lambda: "Je ne connais pas cette personne" in texts(town.francois.view() or {}), what="the refusal")
    assert statuses(town) == {"Ben": "excused"}


def _refusals(town: Town) -> int:
    return sum("Only organizers and facilitators can do this." in texts(m) for m in town.ben.messages())


def test_a_member_cannot_change_the_roster_by_a_payload_of_their_own_making(town: Town) -> None:
    start = town.start(days=2)
    card = town.plan(start)
    event = town.event()
    go(town, card, town.ben)
    town.go_to(start)
    ben = town.member(town.ben)
    forged = {"id": "V0FORGED", "type": "modal", "private_metadata": json.dumps({"event": event.id, "page": 0})}
    presses = {
        "roster.status": f"{event.id}:{ben.id}:present",
        "roster.add": town.ben.id,
        "roster.next": "1",
        "roster.open": str(event.id),
    }
    for action, value in presses.items():
        before = _refusals(town)
        town.press_by_hand(town.ben, action, value, forged)
        eventually(lambda: _refusals(town) > before, what=action)  # noqa: B023 - used at once
    assert statuses(town) == {}
    # Who checks in is who Slack says pressed: nothing in the payload's values names somebody else.
    amelie = town.member(town.amelie)
    for value in (f"{event.id}:{amelie.id}", f"{event.id}:{amelie.slack_user_id}:present", str(amelie.id + 10_000)):
        town.press_by_hand(town.ben, "checkin.button", value)
    digits = codes.shown(town.event(), town.now).digits
    as_amelie = {"code": digits, "member": str(amelie.id), "user": amelie.slack_user_id}
    town.submit_by_hand(town.ben, "checkin.code", as_amelie, str(event.id))
    assert statuses(town) == {"Ben": "present"}
    for value in ("", "1:2", f"{event.id}:{ben.id}:party", "x:y:present", f"{event.id}:999999:present"):
        town.press_by_hand(town.francois, "roster.status", value, forged)
    assert statuses(town) == {"Ben": "present"}
