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
from tests.faults.guessing import guess_all_day
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


def shown(event: Event, now: datetime) -> str:
    return codes.shown(event, now).digits


def wrong(now: datetime, *known: Event) -> str:
    """Digits that are none of these events' codes, now or lately."""
    steps = range(codes.step_at(now) - codes.REMEMBERED - 30, codes.step_at(now) + 30)
    taken = {codes.code_of(event, step) for event in known for step in steps}
    return next(code for code in (f"{n:06}" for n in range(1_000_000)) if code not in taken)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Invalid, match=f"^{code}$") as caught:
        yield
    assert caught.value.field == "code"


def test_code_shown_at_the_event_checks_in(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    now = event.starts_at + 11 * MINUTE
    digits = shown(event, now)
    outcome = enter(database, ann, f" {digits[:3]} {digits[3:]} ", now)
    assert isinstance(outcome, CheckIn)
    assert (outcome.event.id, outcome.status, outcome.first) == (event.id, Status.late, True)
    with database.read() as session:
        assert attendance.mine(session, event.id, ann.id).evidence is Evidence.code  # type: ignore[union-attr]


def test_a_code_works_while_it_is_shown_and_one_step_longer(town: Town, database: Database) -> None:
    event = town.event()
    began = datetime.fromtimestamp(codes.step_at(event.starts_at) * codes.STEP_SECONDS, event.starts_at.tzinfo)
    digits, seconds = shown(event, began), timedelta(seconds=1)
    for after, works in ((0, True), (29, True), (30, True), (59, True), (60, False), (630, False), (631, False)):
        outcome = enter(database, town.person(), digits, began + after * seconds)
        assert isinstance(outcome, CheckIn) is works, after
        if isinstance(outcome, CommunityError):
            assert outcome.code == "code_old" if after < 630 else "code_wrong"
    early = enter(database, town.person(), digits, began - seconds)
    assert isinstance(early, Invalid), "the next code cannot be used before it is shown"


def test_codes_are_bound_to_their_event_and_look_like_chance(town: Town) -> None:
    one, two = town.event(), town.event()
    steps = range(1_000_000, 1_002_000)
    both = [(codes.code_of(one, step), codes.code_of(two, step)) for step in steps]
    assert all(len(code) == 6 and code.isdigit() for pair in both for code in pair)
    assert sum(a == b for a, b in both) <= 1
    assert len({a for a, _ in both}) >= 1990
    assert codes.shown(one, NOW).until - NOW <= timedelta(seconds=30)


def test_code_after_the_button_is_better_evidence_of_the_same_arrival(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    later = event.starts_at + 20 * MINUTE
    with database.begin() as session:
        attendance.check_in(session, ann, event.id, event.starts_at)
        again = attendance.check_in_with_code(session, ann, shown(event, later), later)
        assert (again.status, again.at, again.first) == (Status.present, event.starts_at, False)
        record = attendance.mine(session, event.id, ann.id)
        assert record is not None
        assert record.evidence is Evidence.code


def test_who_has_to_be_in_the_room_cannot_check_in_by_button(town: Town, database: Database) -> None:
    room, online, both = town.event(link=None), town.event(place=""), town.event()
    ann = town.person()
    with database.begin() as session:
        with pytest.raises(Invalid, match="check_in_code_needed"):
            attendance.check_in(session, ann, room.id, room.starts_at)
        for event in (online, both):
            assert attendance.check_in(session, ann, event.id, event.starts_at).first
        fresh(session, room).check_in_button = True
        assert attendance.check_in(session, ann, room.id, room.starts_at).first
    assert isinstance(enter(database, town.person(), shown(room, room.starts_at), room.starts_at), CheckIn)


@pytest.mark.parametrize(
    "typed", ["", "48291", "4829155", "abcdef", "482 91", "4.8291", "½½½½½½", "<!channel>", "x" * 40_000]
)
def test_what_is_no_code_is_named_and_is_no_try(town: Town, database: Database, typed: str) -> None:
    ann = town.person()
    with database.begin() as session:
        with refused("code_form"):
            attendance.check_in_with_code(session, ann, typed, NOW)
        assert session.scalar(select(func.count()).where(CodeTry.member_id == ann.id)) == 0


def test_digits_of_other_scripts_are_digits(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    full_width = "".join(chr(ord("０") + int(digit)) for digit in shown(event, event.starts_at))
    assert isinstance(enter(database, ann, full_width, event.starts_at), CheckIn)


def test_each_way_of_being_wrong_has_its_own_answer(town: Town, database: Database) -> None:
    event = town.event()
    other = town.event(event.starts_at + 30 * MINUTE)
    cancelled = town.event(event.starts_at + 60 * MINUTE)
    with database.begin() as session:
        events.cancel(session, town.organizer, cancelled.id, cancelled.version, NOW)
    start = event.starts_at
    cases: list[tuple[str, datetime, int | None, str]] = [
        (wrong(start, event, other, cancelled), start, None, "code_wrong"),
        (shown(event, start - 16 * MINUTE), start - 16 * MINUTE, None, "code_early"),
        (shown(event, event.ends_at - MINUTE), event.ends_at, None, "code_late"),
        (shown(event, start), start + 2 * MINUTE, None, "code_old"),
        (shown(event, start), start + 15 * MINUTE, None, "code_wrong"),
        (shown(other, other.starts_at), other.starts_at, event.id, "code_other_event"),
        (shown(cancelled, cancelled.starts_at), cancelled.starts_at, None, "event_cancelled"),
    ]
    for typed, moment, event_id, expected in cases:
        outcome = enter(database, town.person(), typed, moment, event_id)
        assert isinstance(outcome, Invalid)
        assert (outcome.code, outcome.field, outcome.keep) == (expected, "code", True)
    ann = town.person()
    with database.begin() as session, pytest.raises(NotFound, match="event_unknown"):
        attendance.check_in_with_code(session, ann, "123456", start, event_id=2**62)
    with database.begin() as session, pytest.raises(Invalid, match="check_in_over"):
        attendance.check_in_with_code(session, ann, "123456", start + timedelta(days=3), event_id=event.id)


def test_code_of_another_community_is_wrong(town: Town, database: Database) -> None:
    event, stranger = town.event(), Town(database).person()
    outcome = enter(database, stranger, shown(event, event.starts_at), event.starts_at)
    assert isinstance(outcome, Invalid)
    assert outcome.code == "code_wrong"


def test_five_refusals_in_ten_minutes_mean_a_wait_even_for_the_right_code(town: Town, database: Database) -> None:
    event, ann, ben = town.event(), town.person(), town.person()
    start, code = event.starts_at, wrong(event.starts_at, event)
    for number in range(codes.TRIES):
        outcome = enter(database, ann, code, start + number * MINUTE)
        assert isinstance(outcome, Invalid)
    refusal = enter(database, ann, shown(event, start + 5 * MINUTE), start + 5 * MINUTE)
    assert isinstance(refusal, NotAllowed)
    assert (refusal.code, refusal.params, refusal.keep) == ("code_tries", {"minutes": 5}, False)
    later = start + 5 * MINUTE
    assert isinstance(enter(database, ben, shown(event, later), later), CheckIn), "others are not held up"
    later = start + 10 * MINUTE
    assert isinstance(enter(database, ann, shown(event, later), later), CheckIn), "the first try is forgotten"


def test_a_program_that_guesses_all_day_is_heard_twenty_times(town: Town, database: Database) -> None:
    """With two codes in a million right at a time, that is a chance of 4 in 100,000; it never gets nearer."""
    outcome = guess_all_day(town, 1_000)
    assert (outcome.heard, outcome.tries) == (codes.TRIES_AT_EVENT, codes.TRIES_AT_EVENT)
    assert outcome.last == "code_tries_event", "the right code does not help whoever guesses"
    assert pytest.approx(4e-5) == codes.TRIES_AT_EVENT * (codes.GRACE + 1) / 10**codes.DIGITS


def test_many_who_guess_together_are_stopped_and_whoever_is_expected_is_not(town: Town, database: Database) -> None:
    event, expected, mistaken, stranger = town.event(), town.person(), town.person(), town.person()
    now = event.starts_at
    code = wrong(now, event)
    with database.begin() as session:
        for member in (expected, mistaken):
            rsvp.respond(session, member, event.id, Reply.going, NOW)
    enter(database, mistaken, code, now)
    for guesser in town.people(codes.TRIES_OF_ALL // codes.TRIES):
        for _ in range(codes.TRIES):
            enter(database, guesser, code, now)
    for member, barred in ((stranger, True), (mistaken, True), (expected, False)):
        outcome = enter(database, member, shown(event, now), now)
        assert isinstance(outcome, NotAllowed if barred else CheckIn)
        if isinstance(outcome, CommunityError):
            assert outcome.code == "code_tries_all"
    later = now + codes.TRIES_WITHIN
    assert isinstance(enter(database, stranger, shown(event, later), later), CheckIn)


def test_guesses_sent_at_once_are_counted_one_by_one(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    code, ready, outcomes = wrong(event.starts_at, event), threading.Barrier(20), []

    def guess() -> None:
        ready.wait()
        outcomes.append(enter(database, ann, code, event.starts_at))

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(o.code for o in outcomes if isinstance(o, CommunityError)) == ["code_tries"] * 15 + ["code_wrong"] * 5


def test_code_shared_by_two_open_events_means_the_one_the_person_goes_to(
    town: Town, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, ann = town.event(), town.event(), town.person()
    with database.begin() as session:
        rsvp.respond(session, ann, two.id, Reply.going, NOW)
    monkeypatch.setattr(codes, "code_of", lambda _event, step: f"{step % 1_000_000:06}")
    outcome = enter(database, ann, shown(one, one.starts_at), one.starts_at)
    assert isinstance(outcome, CheckIn)
    assert outcome.event.id == two.id


def test_old_tries_are_forgotten(town: Town, database: Database) -> None:
    event, ann = town.event(), town.person()
    enter(database, ann, wrong(event.starts_at, event), event.starts_at)
    with database.begin() as session:
        for age, left in ((codes.KEPT - MINUTE, 1), (codes.KEPT, 0)):
            codes.forget_tries(session, event.starts_at + age)
            assert session.scalar(select(func.count()).where(CodeTry.member_id == ann.id)) == left
