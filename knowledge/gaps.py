"""Questions that found no answer, those that ask for the same together, and what organizers make of them.

Names never leave here: whoever asked, a group says how many questions it holds and how they are worded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, union, update
from sqlalchemy.orm import Session

from knowledge import grouping, revisions
from knowledge.answering import Answers
from knowledge.errors import Conflict, Invalid
from knowledge.records import Entry, Outcome, Question, Settled
from knowledge.text import normalise
from storage.database import Database

MOST_COMPARED = 10_000  # groups that a question is compared with, the newest
AMONG = 20_000  # the newest questions; one that is older and found wanting now stays by itself
AT_ONCE = 200  # questions compared in one go: a second of work at most
MOST_WORDINGS = 4  # of a group: these are shown, and these become phrasings
LONGEST_WORDING = 300  # characters; a longer one makes no phrasing


@dataclass(frozen=True)
class Wording:
    """How it was asked, and in which language."""

    text: str
    locale: str


@dataclass(frozen=True)
class Group:
    """Questions that ask for the same: `count` of them, the newest `newest`, in these words, the most frequent first.

    `leader` names the group; `waiting` is how many of those who asked want to be told.
    """

    leader: int
    newest: int
    count: int
    waiting: int
    last_asked_at: datetime
    wordings: tuple[Wording, ...]


@dataclass(frozen=True)
class Page:
    """Some groups, how many there are in all, and how many questions they hold."""

    groups: tuple[Group, ...]
    total: int
    questions: int


leader_of: ColumnElement[int] = func.coalesce(Question.leader_id, Question.id)


def unanswered() -> ColumnElement[bool]:
    """The condition that nothing answered a question: unknown, offered but nothing picked, not helpful, passed on."""
    return or_(
        Question.outcome == Outcome.unknown,
        and_(Question.outcome == Outcome.suggested, Question.entry_id.is_(None)),
        Question.helpful.is_(False),
        Question.passed_on_at.is_not(None),
    )


def still_open(community_id: int) -> ColumnElement[bool]:
    """The condition that a question found no answer, and that nobody took care of it."""
    return and_(Question.community_id == community_id, unanswered(), Question.settled_at.is_(None))


def page(session: Session, community_id: int, *, since: datetime | None = None, skip: int = 0, limit: int = 10) -> Page:
    """Groups of open questions asked since then, the largest first, among equals the one asked last."""
    wanted = still_open(community_id)
    if since is not None:
        wanted &= Question.asked_at >= since
    groups = (
        select(
            leader_of.label("leader"),
            func.count().label("size"),
            func.max(Question.id).label("newest"),
            func.max(Question.asked_at).label("last"),
            func.count().filter(Question.wants_news).label("waiting"),
        )
        .where(wanted)
        .group_by(leader_of)
        .subquery()
    )
    # Whoever looks waits for it, and all open questions are gone through: once, the totals beside the groups.
    every = select(groups, func.count().over().label("total"), func.sum(groups.c.size).over().label("questions"))
    largest = every.order_by(groups.c.size.desc(), groups.c.last.desc(), groups.c.leader)
    found = session.execute(largest.offset(skip).limit(limit)).all()
    if found or not skip:
        total, questions = (found[0].total, found[0].questions) if found else (0, 0)
    else:
        total, questions = session.execute(select(func.count(), func.sum(groups.c.size))).one()
    worded = _wordings(session, wanted, [row.leader for row in found])
    shown = (Group(row.leader, row.newest, row.size, row.waiting, row.last, tuple(worded[row.leader])) for row in found)
    return Page(tuple(shown), int(total), int(questions or 0))


def one(session: Session, community_id: int, leader: int, newest: int) -> Group:
    """A group as it was when `newest` was its newest question. Raises Conflict `gap_settled` once it is not open."""
    wanted = _of_group(community_id, leader, newest)
    count, waiting, last = session.execute(
        select(func.count(), func.count().filter(Question.wants_news), func.max(Question.asked_at)).where(wanted)
    ).one()
    if not count:
        raise Conflict("gap_settled")
    wordings = _wordings(session, wanted, [leader])[leader]
    return Group(leader, newest, count, waiting, last, tuple(wordings))


def _of_group(community_id: int, leader: int, newest: int) -> ColumnElement[bool]:
    return and_(still_open(community_id), leader_of == leader, Question.id <= newest)


def _wordings(session: Session, wanted: ColumnElement[bool], leaders: Sequence[int]) -> dict[int, list[Wording]]:
    # Found by index: of all that is open these are few.
    theirs = union(
        select(Question.id).where(Question.leader_id.in_(leaders)),
        select(Question.id).where(Question.id.in_(leaders)),
    )
    rows = session.execute(
        select(leader_of, Question.text, Question.locale)
        .where(wanted, leader_of.in_(leaders), Question.id.in_(theirs))
        .group_by(leader_of, Question.text, Question.locale)
        .order_by(func.count().desc(), func.min(Question.id))
    )
    found: dict[int, dict[str, Wording]] = {leader: {} for leader in leaders}
    for leader, text, locale in rows:
        if len(found[leader]) < MOST_WORDINGS:
            found[leader].setdefault(normalise(text), Wording(text, locale))
    return {leader: list(worded.values()) for leader, worded in found.items()}


def phrase(
    session: Session, community_id: int, group: Group, slug: str, by_member_id: int, now: datetime
) -> tuple[Entry, int]:
    """The group asks for this entry: its wordings become phrasings of it. Returns it and how many were new.

    What cannot be a phrasing is left out. Raises Conflict `gap_settled`, and what `revisions.add_phrasing` raises when
    that leaves none.
    """
    entry = revisions.hold(session, community_id, slug)
    added, there, refused = 0, 0, list[Invalid]()
    for wording in group.wordings:
        try:
            if len(wording.text) > LONGEST_WORDING:
                raise Invalid("too_long", length=len(wording.text), limit=LONGEST_WORDING)
            new = revisions.add_phrasing(session, community_id, slug, wording.locale, wording.text, by_member_id, now)
        except Invalid as error:
            refused.append(error)
        else:
            added, there = added + new, there + (not new)
    if refused and not added and not there:
        raise refused[0]
    settle(session, community_id, group, Settled.phrased, now, entry)
    return entry, added


def settle(
    session: Session, community_id: int, group: Group, how: Settled, now: datetime, entry: Entry | None = None
) -> int:
    """Take a group off the list; returns how many questions that were. Raises Conflict `gap_settled`."""
    done = session.execute(
        update(Question)
        .where(_of_group(community_id, group.leader, group.newest))
        .values(settled_as=how, settled_at=now, settled_entry_id=entry.id if entry else None)
        .execution_options(synchronize_session=False)
    )
    count = int(done.rowcount)  # type: ignore[attr-defined]  # an update's result counts rows
    if not count:
        raise Conflict("gap_settled")
    return count


def drafted(session: Session, question_id: int, entry: Entry, now: datetime) -> None:
    """The entry was written for one question: it leaves the list, if it stands there."""
    session.execute(
        update(Question)
        .where(still_open(entry.community_id), Question.id == question_id)
        .values(settled_as=Settled.drafted, settled_at=now, settled_entry_id=entry.id)
        .execution_options(synchronize_session=False)
    )


def compare(database: Database, community_id: int, answers: Answers) -> int:
    """Find for questions without an answer which ask for the same, at most AT_ONCE; returns how many there were.

    Nobody waits for it: it reads, computes without a transaction and writes at the end. Done twice it writes the same.
    """
    with database.read() as session:
        found = select(Question.id, Question.text).where(Question.community_id == community_id)
        # Looked for every second, so not among all that was ever asked.
        newest = session.scalar(select(func.max(Question.id))) or 0
        lonely = found.where(Question.id > newest - AMONG, unanswered(), Question.leader_id.is_(None))
        new = session.execute(lonely.order_by(Question.id).limit(AT_ONCE)).all()
        if not new:
            return 0
        leads = found.where(Question.leader_id == Question.id)
        led = session.execute(leads.order_by(Question.id.desc()).limit(MOST_COMPARED)).all()[::-1]
    every = [*led, *new]
    vectors = answers.meanings([row.text for row in every])
    joined = grouping.joined([row.text for row in new], [row.text for row in led], vectors)
    with database.begin() as session:
        for row, leader in zip(new, joined, strict=True):
            session.execute(
                update(Question)
                .where(Question.id == row.id, Question.leader_id.is_(None))
                .values(leader_id=every[leader].id)
                .execution_options(synchronize_session=False)
            )
    return len(new)
