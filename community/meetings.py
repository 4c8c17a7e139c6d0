"""Attendance from a video meeting's list: sure names are recorded, unsure ones asked, none is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import attendance, people, seats
from community.attendance_records import MeetingQuestion
from community.errors import Invalid, NotFound
from community.evidence import record
from community.meeting_files import Attendee
from community.records import Event, EventState, Evidence, Member, Role, Status
from community.rows import locked_event
from community.windows import opens_at

SHARE = 50  # percent of the event's length that counts as having been there
SURE, APART = 95, 10  # of 100: how alike, and how much more than the next best
MAYBE = 60
CHOICES = 5
ASKED = 20  # in one form


@dataclass(frozen=True)
class Unsure:
    """A name that may be one of these people, or nobody."""

    name: str
    minutes: int
    candidates: tuple[Member, ...]


@dataclass(frozen=True)
class Outcome:
    """What a list led to: who is recorded as present, who was there too briefly, who is to be asked, who is nobody.

    Of `otherwise` it is recorded that they were not there, by somebody who knows better than a list: that stands.
    """

    event: Event
    recorded: list[Member] = field(default_factory=list)
    brief: list[Member] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    otherwise: list[Member] = field(default_factory=list)


def take(session: Session, by: Member | None, event_id: int, attendees: Sequence[Attendee], now: datetime) -> Outcome:
    """Record those whom the list names for sure, and keep what is to be asked. `by` is None for the operator.

    Whoever was in the meeting for half of the event or longer was present; better evidence stays. Raises NotAllowed,
    NotFound, Invalid `event_cancelled`, `roster_early`.
    """
    if by is not None:
        people.require(session, by, Role.facilitator)
    event = _held(session, event_id, by, now)
    sure, unsure, unknown = match(session, event, attendees)
    outcome = Outcome(event, unsure=unsure, unknown=unknown)
    for member, minutes in sure:
        _record(session, event, member, minutes, by, now, outcome)
    known = set(session.scalars(select(MeetingQuestion.name).where(MeetingQuestion.event_id == event.id)))
    for item in unsure:
        if item.name in known:  # the same list once more
            continue
        session.add(
            MeetingQuestion(
                event_id=event.id,
                name=item.name,
                minutes=item.minutes,
                candidates=[member.id for member in item.candidates],
                asked_at=now,
            )
        )
    session.flush()
    return outcome


def questions(session: Session, event_id: int) -> list[MeetingQuestion]:
    """Names of the event's lists that nobody has told yet who they are."""
    open_ones = select(MeetingQuestion).where(
        MeetingQuestion.event_id == event_id, MeetingQuestion.answered_at.is_(None)
    )
    return list(session.scalars(open_ones.order_by(MeetingQuestion.id)))


def answer(session: Session, by: Member, event_id: int, answers: Mapping[int, int | None], now: datetime) -> Outcome:
    """Somebody says who the names are: for a question's id a member's, None for nobody. Raises like `take`.

    Only the people who were offered can be named; a question that was answered meanwhile stays as it is.
    """
    people.require(session, by, Role.facilitator)
    event = _held(session, event_id, by, now)
    outcome = Outcome(event)
    for question in questions(session, event.id):
        if question.id not in answers:
            continue
        member_id = answers[question.id]
        if member_id is not None and member_id not in question.candidates:
            raise NotFound("member_unknown")
        question.answered_at, question.answered_by_id = now, by.id
        if member_id is None:
            outcome.unknown.append(question.name)
        else:
            _record(session, event, session.get_one(Member, member_id), question.minutes, by, now, outcome)
    session.flush()
    return outcome


def match(
    session: Session, event: Event, attendees: Sequence[Attendee]
) -> tuple[list[tuple[Member, int]], list[Unsure], list[str]]:
    """Who is who: sure with the minutes of all their visits, unsure with who they may be, and nobody's names."""
    pool = {member.id: member for member in people.active_members(session, event.community_id)}
    pool |= {member.id: member for member in attendance.expected(session, event)}
    by_email = {member.email: member for member in pool.values() if member.email}
    names = {member.id: _bare(member.name) for member in pool.values()}
    minutes: dict[int, int] = defaultdict(int)
    accounts: dict[int, set[str]] = defaultdict(set)
    alike: list[tuple[Attendee, list[int]]] = []
    unsure, unknown = [], []
    for person in attendees:
        found = by_email.get(person.email) if person.email else None
        likely = [] if found else _likely(_bare(person.name), names)
        candidates = [member_id for member_id, _ in likely]
        if found is not None:
            minutes[found.id] += person.minutes
            accounts[found.id].add(person.email or "")
        elif likely and _is_sure(likely):
            alike.append((person, candidates))
            accounts[candidates[0]] |= {person.email} if person.email else set()
        elif likely:
            unsure.append(Unsure(person.name, person.minutes, tuple(pool[member_id] for member_id in candidates)))
        else:
            unknown.append(person.name)
    for person, candidates in alike:
        if person.email and len(accounts[candidates[0]]) > 1:  # two accounts of one name may be two people
            unsure.append(Unsure(person.name, person.minutes, tuple(pool[member_id] for member_id in candidates)))
        else:
            minutes[candidates[0]] += person.minutes
    sure = [(pool[member_id], spent) for member_id, spent in minutes.items()]
    return sorted(sure, key=lambda item: (item[0].name, item[0].id)), unsure, unknown


def _likely(name: str, names: Mapping[int, str]) -> list[tuple[int, float]]:
    """The members whose names are like this one, the likeliest first, with how alike of 100."""
    if not name:
        return []
    found = process.extract(name, names, scorer=fuzz.ratio, score_cutoff=MAYBE, limit=CHOICES)
    return [(member_id, score) for _, score, member_id in found]


def _is_sure(likely: Sequence[tuple[int, float]]) -> bool:
    best = likely[0][1]
    return best >= SURE and (len(likely) == 1 or best - likely[1][1] >= APART)


def _bare(name: str) -> str:
    """A name to compare: without accents, case, what stands in brackets or after a stroke; its words in order."""
    kept = re.split(r"[/|]", re.sub(r"[\(\[].*?[\)\]]", " ", name))[0]
    plain = unicodedata.normalize("NFKD", kept.lower())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(letters.split()))


def _record(
    session: Session, event: Event, member: Member, minutes: int, by: Member | None, now: datetime, outcome: Outcome
) -> None:
    spent = min(minutes, event.minutes)
    if 100 * spent < SHARE * event.minutes:
        outcome.brief.append(member)
        return
    reason = f"{spent} min"
    row, _first = record(
        session, event, member, Status.present, Evidence.minutes, None, by, now, reason=reason, minutes=spent
    )
    if row.status in (Status.present, Status.late):
        seats.let_in(session, event, member, now)  # whoever waited was let in after all
        outcome.recorded.append(member)
    else:
        outcome.otherwise.append(member)


def _held(session: Session, event_id: int, by: Member | None, now: datetime) -> Event:
    known = session.get(Event, event_id)
    community_id = by.community_id if by else known.community_id if known else 0
    event = locked_event(session, community_id, event_id)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if now < opens_at(event):
        raise Invalid("roster_early", opens_at=opens_at(event), event=event)
    return event
