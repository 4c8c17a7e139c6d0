"""Check-in codes: each way of being wrong has its own answer, and guessing is slowed down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from community import attendance, codes, events, rsvp
from community.attendance import CheckIn
from community.errors import CommunityError, Invalid, NotAllowed, NotFound
from community.records import CodeTry, Event, Evidence, Member, Reply, Status
from storage import Database
from tests.town import NOW, Town, fresh

MINUTE = timedelta(minutes=1)


def enter(
    database: Database, member: Member, code: str, now: datetime, event_id: int | None = None
) -> CheckIn | CommunityError:
    """As a handler does it: what a refusal wants kept is committed."""
    with database.begin() as session:
        try:
            return attendance.check_in_with_code(session, member, code, now, event_id=event_id)
        except CommunityError as error:
            if not error.keep:
                session.rollback()
            return error


def wrong(*known: Event) -> str:
    taken = {event.check_in_code for event in known}
    return next(code for code in (f"{n:04}" for n in range(10_000)) if code not in taken)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Invalid, match=f"^{code}$") as caught:
        yield
    assert caught.value.field == "code"


def test_code_shown_at_the_event_checks_in(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    outcome = enter(database, ann, f" {event.check_in_code} ", event.starts_at + 11 * MINUTE)
    assert isinstance(outcome, CheckIn)
    assert (outcome.event.id, outcome.status, outcome.first) == (event.id, Status.late, True)
    with database.read() as session:
        assert attendance.mine(session, event.id, ann.id).evidence is Evidence.code  # type: ignore[union-attr]


def test_code_after_the_button_is_better_evidence_of_the_same_arrival(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    with database.begin() as session:
        attendance.check_in(session, ann, event.id, event.starts_at)
        again = attendance.check_in_with_code(session, ann, event.check_in_code, event.starts_at + 20 * MINUTE)
        assert (again.status, again.at, again.first) == (Status.present, event.starts_at, False)
        record = attendance.mine(session, event.id, ann.id)
        assert record is not None
        assert record.evidence is Evidence.code


@pytest.mark.parametrize(
    "typed", ["", "482", "48211", "abcd", "48 2", "4.82", "-482", "½½½½", "<!channel>", "x" * 40_000]
)
def test_what_is_no_code_is_named_and_is_no_try(town: Town, database: Database, typed: str) -> None:
    ann = town.person()
    with database.begin() as session:
        with refused("code_form"):
            attendance.check_in_with_code(session, ann, typed, NOW)
        assert session.scalar(select(func.count()).where(CodeTry.member_id == ann.id)) == 0


def test_digits_of_other_scripts_are_digits(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    full_width = "".join(chr(ord("０") + int(digit)) for digit in event.check_in_code)
    assert isinstance(enter(database, ann, full_width, event.starts_at), CheckIn)


def test_each_way_of_being_wrong_has_its_own_answer(town: Town, database: Database) -> None:
    event = town.event()
    other = town.event(event.starts_at + 30 * MINUTE)
    cancelled = town.event(event.starts_at + 60 * MINUTE)
    with database.begin() as session:
        events.cancel(session, town.organizer, cancelled.id, cancelled.version, NOW)
    code = event.check_in_code
    cases: list[tuple[str, datetime, int | None, str]] = [
        (wrong(event, other, cancelled), event.starts_at, None, "code_wrong"),
        (code, event.starts_at - 16 * MINUTE, None, "code_early"),
        (code, event.ends_at, None, "code_late"),
        (code, event.ends_at + timedelta(hours=13), None, "code_old"),
        (code, event.ends_at + timedelta(days=61), None, "code_wrong"),
        (other.check_in_code, other.starts_at, event.id, "code_other_event"),
        (cancelled.check_in_code, cancelled.starts_at, None, "event_cancelled"),
    ]
    for typed, moment, event_id, expected in cases:
        outcome = enter(database, town.person(), typed, moment, event_id)
        assert isinstance(outcome, Invalid)
        assert (outcome.code, outcome.field, outcome.keep) == (expected, "code", True)
    ann = town.person()
    with database.begin() as session, pytest.raises(NotFound, match="event_unknown"):
        attendance.check_in_with_code(session, ann, code, event.starts_at, event_id=2**62)


def test_code_of_another_community_is_wrong(town: Town, database: Database) -> None:
    event, stranger = town.event(), Town(database).person()
    outcome = enter(database, stranger, event.check_in_code, event.starts_at)
    assert isinstance(outcome, Invalid)
    assert outcome.code == "code_wrong"


def test_five_refusals_in_ten_minutes_mean_a_wait_even_for_the_right_code(town: Town, database: Database) -> None:
    event, ann, ben = town.event(), town.person(), town.person()
    start, code = event.starts_at, wrong(event)
    for number in range(codes.TRIES):
        outcome = enter(database, ann, code, start + number * MINUTE)
        assert isinstance(outcome, Invalid)
    refusal = enter(database, ann, event.check_in_code, start + 5 * MINUTE)
    assert isinstance(refusal, NotAllowed)
    assert (refusal.code, refusal.params, refusal.keep) == ("code_tries", {"minutes": 5}, False)
    assert isinstance(enter(database, ben, event.check_in_code, start + 5 * MINUTE), CheckIn), "others are not held up"
    assert isinstance(enter(database, ann, event.check_in_code, start + 10 * MINUTE), CheckIn), (
        "the first try is forgotten"
    )


def test_guesses_sent_at_once_are_counted_one_by_one(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    code, ready, outcomes = wrong(event), threading.Barrier(20), []

    def guess() -> None:
        ready.wait()
        outcomes.append(enter(database, ann, code, event.starts_at))

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(o.code for o in outcomes if isinstance(o, CommunityError)) == ["code_tries"] * 15 + ["code_wrong"] * 5


def test_code_shared_by_two_open_events_means_the_one_the_person_goes_to(town: Town, database: Database) -> None:
    one, two, ann = town.event(), town.event(), town.person()
    with database.begin() as session:
        fresh(session, two).check_in_code = one.check_in_code
        rsvp.respond(session, ann, two.id, Reply.going, NOW)
    outcome = enter(database, ann, one.check_in_code, one.starts_at)
    assert isinstance(outcome, CheckIn)
    assert outcome.event.id == two.id


def test_old_tries_are_forgotten(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    enter(database, ann, wrong(event), event.starts_at)
    with database.begin() as session:
        codes.forget_tries(session, event.starts_at + 9 * MINUTE)
        assert session.scalar(select(func.count()).where(CodeTry.member_id == ann.id)) == 1
        codes.forget_tries(session, event.starts_at + 10 * MINUTE)
        assert session.scalar(select(func.count()).where(CodeTry.member_id == ann.id)) == 0
