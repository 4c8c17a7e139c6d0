"""What people are told unasked: not in their quiet hours, and not more often a day than organizers chose.

Each person's day has its count in the database, raised only while it is below the limit, so any number of processes may
ask at once. What is mandatory is neither counted nor held back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from community import choices, people, times
from community.errors import Invalid
from community.notice_records import LetterState, NoticeDay, WaitingLetter
from community.records import Member, Role
from community.rows import insert_new

CHOICE = "notices.a_day"
A_DAY = 8
LIMITS = range(1, 101)
MORNING = time(8, 0)
KEPT = timedelta(days=60)


@dataclass(frozen=True)
class Letter:
    """A message rendered, stored and addressed; its key makes it go out once."""

    key: str
    member_id: int
    slack_user_id: str
    payload_id: int
    time_zone: str
    quiet_from: str | None = None
    quiet_until: str | None = None


@dataclass(frozen=True)
class Sorted:
    """Letters that go now, and how many wait and how many do not go at all."""

    now: list[Letter] = field(default_factory=list)
    waiting: int = 0
    held: int = 0


def letter(key: str, member: Member, payload_id: int) -> Letter:
    """A letter to this person."""
    return Letter(
        key, member.id, member.slack_user_id, payload_id, member.time_zone, member.quiet_from, member.quiet_until
    )


def limit(session: Session, community_id: int) -> int:
    """How many messages a day a person is sent unasked at most."""
    return int(choices.get(session, community_id, CHOICE, A_DAY))


def choose_limit(session: Session, by: Member, a_day: int) -> None:
    """So many from now on. Raises NotAllowed, Invalid `a_day_range`."""
    people.require(session, by, Role.organizer)
    if a_day not in LIMITS:
        raise Invalid("a_day_range", field="a_day", low=LIMITS.start, high=LIMITS.stop - 1)
    choices.set(session, by.community_id, CHOICE, a_day)


def choose_quiet(session: Session, member: Member, since: str | None, until: str | None) -> None:
    """Leave the member alone from one time of day to another; without both, never. Raises Invalid."""
    if bool(since) != bool(until):
        raise Invalid("empty", field="quiet_until" if since else "quiet_from")
    begin, end = (times.parse_time(text).strftime("%H:%M") if text else None for text in (since, until))
    if begin is not None and begin == end:
        raise Invalid("quiet_all_day", field="quiet_until")
    member.quiet_from, member.quiet_until = begin, end
    session.flush()


def quiet_end(letter: Letter | Member, moment: datetime) -> datetime | None:
    """When the quiet hours in which the moment lies are over; None when it lies in none."""
    if letter.quiet_from is None or letter.quiet_until is None:
        return None
    zone = times.zone(letter.time_zone)
    local = moment.astimezone(zone).replace(tzinfo=None)
    begin, end = (times.parse_time(text) for text in (letter.quiet_from, letter.quiet_until))
    at = local.time()
    inside = begin <= at < end if begin < end else at >= begin or at < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if begin > end and at >= begin else local.date()
    return times.resolve(datetime.combine(day, end), zone)


def sort_out(
    session: Session,
    community_id: int,
    letters: Sequence[Letter],
    now: datetime,
    *,
    useful_until: datetime,
    subject: str,
    event_id: int | None = None,
) -> Sorted:
    """Which letters go now. The others wait for the end of quiet hours or for another morning.

    What would be of no use by then does not go at all. Letters that are on their way already are to be left out before.
    """
    loud, later = [], []
    for one in letters:
        end = quiet_end(one, now)
        if end is None:
            loud.append(one)
        else:
            later.append((one, end))
    allowed = _spend(session, community_id, loud, now)
    later += [(one, _next_morning(one, now)) for one in loud if one.member_id not in allowed]
    counted = {LetterState.waiting: 0, LetterState.late: 0}
    for one, due_at in later:
        state = LetterState.waiting if due_at < useful_until else LetterState.late
        counted[state] += insert_new(
            session,
            WaitingLetter,
            community_id=community_id,
            key=one.key,
            member_id=one.member_id,
            event_id=event_id,
            payload_id=one.payload_id,
            subject=subject,
            due_at=due_at,
            useful_until=useful_until,
            state=state,
        )
    now_going = [one for one in loud if one.member_id in allowed]
    return Sorted(now_going, counted[LetterState.waiting], counted[LetterState.late])


def count(session: Session, community_id: int, letters: Sequence[Letter], now: datetime) -> None:
    """Count letters that go whatever the count: what comes after them has the less room today."""
    _spend(session, community_id, letters, now, held=False)


def _spend(
    session: Session, community_id: int, letters: Sequence[Letter], now: datetime, *, held: bool = True
) -> set[int]:
    """Ids of those whose count for today could be raised; several letters of one call to one person count once.

    Beyond the most of a day none is raised, unless nothing is to be `held` back.
    """
    days = {one.member_id: _day(one, now) for one in letters}
    if not days:
        return set()
    session.flush()
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    most = limit(session, community_id)
    # In the order of ids: two processes that raise the same counts do not wait for each other in a circle.
    rows = [{"member_id": member_id, "day": day, "used": 1} for member_id, day in sorted(days.items())]
    statement = make(NoticeDay).values(rows)
    statement = statement.on_conflict_do_update(
        index_elements=[NoticeDay.member_id, NoticeDay.day],
        set_={"used": NoticeDay.used + 1},
        where=NoticeDay.used < most if held else None,
    )
    return set(session.scalars(statement.returning(NoticeDay.member_id)))


def _day(one: Letter, now: datetime) -> date:
    return now.astimezone(times.zone(one.time_zone)).date()


def _next_morning(one: Letter, now: datetime) -> datetime:
    zone = times.zone(one.time_zone)
    morning = times.resolve(datetime.combine(_day(one, now) + timedelta(days=1), MORNING), zone)
    return quiet_end(one, morning) or morning


def due(session: Session, now: datetime, limit: int, community_id: int | None = None) -> list[WaitingLetter]:
    """Letters that have waited long enough, held for this transaction alone, oldest first."""
    statement = (
        select(WaitingLetter)
        .where(WaitingLetter.state == LetterState.waiting, WaitingLetter.due_at <= now)
        .order_by(WaitingLetter.due_at, WaitingLetter.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if community_id is not None:
        statement = statement.where(WaitingLetter.community_id == community_id)
    return list(session.scalars(statement))


@dataclass(frozen=True)
class PutOff:
    """Letters that did not go at once: how many wait, went later, and are too late to be of use."""

    waiting: int = 0
    sent: int = 0
    late: int = 0


def put_off(session: Session, subject: str, begin: str = "") -> PutOff:
    """This subject's letters that did not go at once, those whose keys begin so."""
    counted = select(WaitingLetter.state, func.count()).where(
        WaitingLetter.subject == subject, WaitingLetter.key.startswith(begin, autoescape=True)
    )
    found = {LetterState(state): number for state, number in session.execute(counted.group_by(WaitingLetter.state))}
    return PutOff(**{state.value: number for state, number in found.items()})


def waiting_keys(session: Session, community_id: int, keys: Sequence[str]) -> set[str]:
    """Which of these letters wait to be sent later."""
    found: set[str] = set()
    for start in range(0, len(keys), people.AT_ONCE):
        mine = (WaitingLetter.community_id == community_id, WaitingLetter.state == LetterState.waiting)
        some = WaitingLetter.key.in_(keys[start : start + people.AT_ONCE])
        found.update(session.scalars(select(WaitingLetter.key).where(*mine, some)))
    return found


def next_due(session: Session, community_id: int | None = None) -> datetime | None:
    """When the next letter has waited long enough; None when none waits."""
    statement = select(func.min(WaitingLetter.due_at)).where(WaitingLetter.state == LetterState.waiting)
    if community_id is not None:
        statement = statement.where(WaitingLetter.community_id == community_id)
    return session.scalar(statement)


def go_on(session: Session, waited: Sequence[WaitingLetter], now: datetime) -> list[tuple[WaitingLetter, str]]:
    """Of letters that have waited, those that go now, with Slack ids; the others wait for a morning or are late."""
    going = []
    members = {m.id: m for m in session.scalars(select(Member).where(Member.id.in_({w.member_id for w in waited})))}
    for one in waited:
        member = members[one.member_id]
        mail = letter(one.key, member, one.payload_id)
        if now >= one.useful_until or not member.active:
            one.state = LetterState.late
        elif again := quiet_end(mail, now):
            one.due_at = again
        elif _spend(session, one.community_id, [mail], now):
            one.state = LetterState.sent
            going.append((one, member.slack_user_id))
        else:
            one.due_at = _next_morning(mail, now)
    session.flush()
    return going


def withdraw(session: Session, event_id: int, member_id: int | None = None) -> None:
    """What waits about the event, with `member_id` for that person, is not sent."""
    which = [WaitingLetter.event_id == event_id, WaitingLetter.state == LetterState.waiting]
    if member_id is not None:
        which.append(WaitingLetter.member_id == member_id)
    session.execute(delete(WaitingLetter).where(*which))


def forget(session: Session, now: datetime) -> None:
    """Delete the counts of days long past, and letters that waited long ago."""
    session.execute(delete(NoticeDay).where(NoticeDay.day < (now - KEPT).date()))
    done = (WaitingLetter.state != LetterState.waiting, WaitingLetter.due_at < now - KEPT)
    session.execute(delete(WaitingLetter).where(*done))
