"""A model of replies, seats and timed offers that Hypothesis plays against the rules, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from community import events, people, rsvp, seats
from community.people import Profile
from community.records import Offer, Reply, Rsvp, Seat
from community.rows import locked_event
from storage import Database
from tests.storage.community.attempts import attempt
from tests.town import NOW, Town, draft, fresh

CROWD = 6
PEOPLE = st.integers(0, CROWD - 1)
MINUTE = timedelta(minutes=1)
SEATS = st.one_of(st.none(), st.integers(1, 4))
TERMS = seats.Terms()


class Replies(RuleBasedStateMachine):
    """Who has which seat, who waits for which in which order, and for whom one is kept until when."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.town = Town(database)
        self.members = self.town.people(CROWD)
        self.places: dict[Seat, int | None] = {Seat.room: 1, Seat.online: 1}
        self.event = self.town.event(capacity=1, hybrid=True, online_capacity=1)
        self.now, self.version = NOW, 1
        self.going: dict[int, Seat] = {}
        self.line: list[tuple[int, Seat]] = []
        self.kept: dict[int, datetime] = {}
        self.maybe: set[int] = set()
        self.gone: set[int] = set()
        self.cancelled = False

    def free(self, seat: Seat) -> int:
        limit = self.places[seat]
        offered = sum(who in self.kept for who, wanted in self.line if wanted is seat)
        taken = sum(has is seat for has in self.going.values()) + offered
        return CROWD if limit is None else max(0, limit - taken)

    def offer(self) -> list[int]:
        """Free seats go on offer, the room's first, until the cut-off; returns to whom."""
        offered: list[int] = []
        if self.cancelled or self.now >= self.event.starts_at - TERMS.cutoff_minutes * MINUTE:
            return offered
        until = min(self.now + TERMS.offer_minutes * MINUTE, self.event.starts_at)
        for seat in Seat:
            waiting = [who for who, wanted in self.line if wanted is seat and who not in self.kept]
            for who in waiting[: self.free(seat)]:
                self.kept[who] = until
                offered.append(who)
        return offered

    def leave(self, who: int) -> None:
        self.going.pop(who, None)
        self.kept.pop(who, None)
        self.maybe.discard(who)
        self.line = [(other, seat) for other, seat in self.line if other != who]

    def come(self, who: int, seat: Seat) -> str | None:
        """What is refused, if anything."""
        if self.going.get(who) is seat:
            return None
        if (who in self.kept and (who, seat) in self.line) or self.free(seat):
            self.leave(who)
            self.going[who] = seat
        elif who in self.going or who in self.kept:
            return "seats_taken"
        elif (who, seat) not in self.line:
            self.leave(who)
            self.line.append((who, seat))
        return None

    @rule(who=PEOPLE, reply=st.sampled_from([Reply.going, Reply.maybe, Reply.not_going]), seat=st.sampled_from(Seat))
    def reply(self, who: int, reply: Reply, seat: Seat) -> None:
        with self.town.database.begin() as session:
            member = people.find_member(session, self.town.id, self.members[who].slack_user_id)
            assert member is not None
            answer, refusal = attempt(lambda: rsvp.respond(session, member, self.event.id, reply, self.now, seat))
        wrong = "member_inactive" if who in self.gone else "event_cancelled" if self.cancelled else None
        if wrong is None and reply is Reply.going:
            wrong = self.come(who, seat)
        elif wrong is None:
            self.leave(who)
            if reply is Reply.maybe:
                self.maybe.add(who)
        assert (refusal.code if refusal else None) == wrong
        if answer is None:
            return
        assert [m.id for m in answer.offered] == [self.members[i].id for i in self.offer()]
        if reply is Reply.going:
            assert (answer.reply, answer.seat) == (Reply.going if who in self.going else Reply.waitlisted, seat)
            ahead = [other for other, wanted in self.line if wanted is seat]
            assert answer.position == (None if who in self.going else ahead.index(who) + 1)

    @rule(room=SEATS, online=SEATS)
    @precondition(lambda self: not self.cancelled)
    def change_seats(self, room: int | None, online: int | None) -> None:
        form = replace(draft(), capacity=room, hybrid=True, online_capacity=online)
        changed = (room, online) != (self.places[Seat.room], self.places[Seat.online])
        with self.town.database.begin() as session:
            done = events.change(session, self.town.organizer, self.event.id, self.version, form, self.now)
        self.version, self.places = done.event.version, {Seat.room: room, Seat.online: online}
        assert [m.id for m in done.offered] == [self.members[i].id for i in (self.offer() if changed else [])]

    @rule(minutes=st.integers(1, 400))
    def time_passes(self, minutes: int) -> None:
        self.now = min(self.now + minutes * MINUTE, self.event.starts_at - MINUTE)

    @rule()
    def take_back_what_was_not_taken(self) -> None:
        over = [who for who, _ in self.line if who in self.kept and self.kept[who] <= self.now]
        with self.town.database.begin() as session:
            event = locked_event(session, self.town.id, self.event.id)
            assert event is not None
            assert [m.id for m in seats.lapse(session, event, self.now)] == [self.members[i].id for i in over]
            offered = seats.offer(session, event, self.now) if over else []
        for who in over:
            self.leave(who)
        assert [m.id for m in offered] == [self.members[i].id for i in (self.offer() if over else [])]

    @rule(who=PEOPLE, chance=st.integers(0, 4))
    def leave_slack(self, who: int, chance: int) -> None:
        if chance:
            return
        member = self.members[who]
        with self.town.database.begin() as session:
            profile = Profile(member.slack_user_id, member.name, deleted=True)
            left = people.ensure_member(session, self.town.community, member.slack_user_id, NOW, profile)
            rsvp.give_up(session, left, self.now)
        had = who in self.going or who in self.maybe or any(who == other for other, _ in self.line)
        self.gone.add(who)
        if not self.cancelled and had:
            self.leave(who)
            self.offer()

    @rule(chance=st.integers(0, 15))
    @precondition(lambda self: not self.cancelled)
    def cancel(self, chance: int) -> None:
        if chance == 0:
            with self.town.database.begin() as session:
                events.cancel(session, self.town.organizer, self.event.id, self.version, self.now)
            self.cancelled = True
            self.kept.clear()

    @invariant()
    def database_agrees(self) -> None:
        with self.town.database.read() as session:
            event = fresh(session, self.event)
            rows = session.scalars(select(Rsvp).where(Rsvp.event_id == event.id)).all()
            standing = rsvp.standing(session, event)
            line = [m.id for m in rsvp.waitlisted(session, event)]
        number = {member.id: i for i, member in enumerate(self.members)}
        assert {number[r.member_id]: r.seat for r in rows if r.reply is Reply.going} == self.going
        assert {number[r.member_id] for r in rows if r.reply is Reply.maybe} == self.maybe
        assert [number[i] for i in line] == [who for who, _ in self.line]
        assert {number[r.member_id]: r.offer_ends_at for r in rows if r.offer is Offer.open} == self.kept
        assert all((r.offer_ends_at is None) is (r.offer is not Offer.open) for r in rows)
        left = {seat: None if self.places[seat] is None else self.free(seat) for seat in Seat}
        online = sum(seat is Seat.online for seat in self.going.values())
        assert standing == rsvp.Standing(
            len(self.going), len(self.line), left[Seat.room], len(self.maybe), online, left[Seat.online]
        )
