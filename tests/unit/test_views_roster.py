"""Rosters and check-ins as people see them, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from community.attendance import CheckIn, Line, Roster
from community.audit import Correction, Step
from community.records import Evidence, Reply, Status
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.views_people import HOSTILE, READERS, START, a_member, an_event
from views import check_in
from views.roster import PAGE, roster_view
from views.roster_history import PAGE as HISTORY_PAGE
from views.roster_history import history_view

LATE = START + timedelta(minutes=12)


def _roster(people: int) -> Roster:
    lines = [Line(a_member(n, f"Person {n:03}"), Reply.going, None, None, None) for n in range(1, people + 1)]
    return Roster(an_event(), lines)


MIXED = Roster(
    an_event(),
    [
        Line(a_member(1, "Amélie & Co"), Reply.going, Status.present, START, Evidence.code),
        Line(a_member(2, "Bob"), Reply.going, Status.late, LATE, Evidence.button),
        Line(a_member(3, "Chloé"), Reply.going, Status.absent, None, Evidence.closing),
        Line(a_member(4, "Dev"), None, Status.present, None, Evidence.organizer, expected=False),
        Line(a_member(5, "Eve"), Reply.going, None, None, None),
        Line(a_member(6, "Fay"), Reply.going, Status.present, LATE, Evidence.organizer),
    ],
)
CORRECTIONS = {4: Correction("Olivia", LATE, None), 6: Correction("Olivia", LATE, Status.late)}


@pytest.mark.parametrize("locale", READERS)
def test_roster(locale: str) -> None:
    looks_as_before(f"roster/mixed.{locale}", roster_view(READERS[locale], MIXED, CORRECTIONS))
    looks_as_before(f"roster/empty.{locale}", roster_view(READERS[locale], _roster(0), {}, notice="*Notice*"))
    looks_as_before(f"roster/second_page.{locale}", roster_view(READERS[locale], _roster(PAGE + 1), {}, page=1))


@pytest.mark.parametrize("locale", READERS)
def test_history(locale: str) -> None:
    steps = [
        Step("Amélie & Co", None, Status.excused, Evidence.excuse, "Amélie & Co", START, HOSTILE),
        Step("Amélie & Co", Status.excused, None, Evidence.excuse, "Amélie & Co", LATE, None),
        Step("Bob", Status.absent, Status.late, Evidence.organizer, "Olivia", LATE, "The bus"),
        Step("Bob", None, Status.absent, Evidence.closing, None, LATE, None),
        Step(HOSTILE, Status.present, Status.present, Evidence.minutes, None, LATE, "55 min"),
    ]
    shown = history_view(READERS[locale], an_event(), steps, 1, 2 * HISTORY_PAGE + 5)
    looks_as_before(f"roster/history.{locale}", shown)
    assert [name for name, _ in action_ids(shown)] == ["roster.newer", "roster.older"]
    full = history_view(READERS[locale], an_event(), steps * (HISTORY_PAGE // 5), 0, HISTORY_PAGE)
    assert len(full["blocks"]) <= 100
    assert "Nothing" in texts(history_view(READERS["en"], an_event(), [], 0, 0))


def test_a_page_of_a_large_roster_fits_in_a_modal_with_everything_said_of_everybody() -> None:
    line = MIXED.lines[5]
    lines = [Line(a_member(n, f"P{n}"), None, line.status, LATE, line.evidence, expected=False) for n in range(1, 401)]
    corrections = {n: Correction("Olivia", LATE, None) for n in range(1, 401)}
    for page in (0, 7, 19):
        view = roster_view(READERS["en"], Roster(an_event(), lines), corrections, page=page, notice="x")
        looks_as_before(f"roster/large_{page}", view)
        assert len(view["blocks"]) <= 100
        assert sum(name == "roster.status" for name, _ in action_ids(view)) == PAGE


def _buttons(view: dict[str, Any]) -> list[str]:
    return [name for name, _ in action_ids(view) if name in ("roster.previous", "roster.next")]


def test_pages_are_turned_in_both_directions_and_never_past_the_end() -> None:
    roster = _roster(3 * PAGE)
    assert _buttons(roster_view(READERS["en"], roster, {}, page=0)) == ["roster.next"]
    assert _buttons(roster_view(READERS["en"], roster, {}, page=1)) == ["roster.previous", "roster.next"]
    assert _buttons(roster_view(READERS["en"], roster, {}, page=2)) == ["roster.previous"]
    assert roster_view(READERS["en"], roster, {}, page=99) == roster_view(READERS["en"], roster, {}, page=2)
    assert _buttons(roster_view(READERS["en"], _roster(PAGE), {})) == []


def test_a_status_changed_by_somebody_else_shows_although_slack_keeps_what_was_chosen_in_a_block() -> None:
    def block_ids(status: Status | None) -> set[str]:
        line = Line(a_member(1, "Bob"), Reply.going, status, None, None)
        blocks = roster_view(READERS["en"], Roster(an_event(), [line]), {})["blocks"]
        return {b["block_id"] for b in blocks if b.get("accessory", {}).get("action_id") == "roster.status"}

    assert block_ids(Status.late) != block_ids(Status.present) != block_ids(None)


def test_names_come_alive_nowhere() -> None:
    line = Line(a_member(1, HOSTILE), Reply.going, Status.present, START, Evidence.organizer)
    event = an_event(title_en=HOSTILE)
    shown = texts(roster_view(READERS["en"], Roster(event, [line]), {1: Correction(HOSTILE, START, None)}))
    assert "<!channel>" not in shown
    assert "<@U1" not in shown


@pytest.mark.parametrize("locale", READERS)
def test_answers_to_a_check_in(locale: str) -> None:
    def said(status: Status, first: bool) -> str:
        return check_in.recorded(READERS[locale], CheckIn(an_event(), status, LATE, first))

    answers = [said(status, first) for status in Status for first in (True, False)]
    looks_as_before(f"roster/check_in.{locale}", {"said": [*answers, check_in.code_usage(READERS[locale])]})


def test_a_check_in_is_told_in_the_persons_zone() -> None:
    done = CheckIn(an_event(), Status.late, LATE, first=True)
    assert "9:12\u202fa.m. EST" in check_in.recorded(READERS["en"], done).replace(" a.m.", "\u202fa.m.")
    assert "7 h 12 UTC-07:00" in check_in.recorded(READERS["fr"], done)
