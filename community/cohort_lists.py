"""Who is in which cohort, where they work and who supervises them, from a list: read, checked line by line, taken in.

A list adds and describes. Whoever is in one of its cohorts and not in the list stays, and is counted; only when an
organizer says that the list is whole are they taken out. The same list again changes nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import cohorts, people, supervision, tables, text
from community.errors import Invalid
from community.group_records import Cohort
from community.records import Event, Member, Role
from community.supervision import DEPARTMENT_LIMIT
from community.tables import Trouble

COLUMNS = ("person", "cohort", "department", "supervisor")
MOST_LINES = 2_000
_SLACK_ID = re.compile(r"<?@?([UW][A-Z0-9]{4,30})(\|[^>]*)?>?")


@dataclass(frozen=True)
class Line:
    """One person as the list has them; `described` are the columns that it has for them."""

    member: Member
    cohort: Cohort
    department: str
    supervisor: Member | None
    described: frozenset[str]


@dataclass
class Taken:
    """What a list did: who joined which cohort and is invited to which event by it, and of whom it said more.

    `missing` are those in a cohort of the list who are not in it; `removed` of them were taken out.
    """

    joined: list[tuple[Cohort, list[Member]]] = field(default_factory=list)
    invited: list[tuple[Event, list[Member]]] = field(default_factory=list)
    described: list[Member] = field(default_factory=list)
    unchanged: int = 0
    missing: list[tuple[Cohort, list[Member]]] = field(default_factory=list)
    removed: int = 0

    @property
    def newcomers(self) -> int:
        """How many came into a cohort; somebody who came into two counts twice."""
        return sum(len(members) for _cohort, members in self.joined)

    @property
    def absent(self) -> int:
        """How many are in a cohort of the list and not in it."""
        return sum(len(members) for _cohort, members in self.missing)


def read(
    session: Session, by: Member, content: bytes, *, cohort: Cohort | None = None
) -> tuple[list[Line], list[Trouble]]:
    """What the list says, and what is wrong with it by line; nothing is written.

    People and supervisors are named by e-mail address or Slack id. With `cohort` the list need not name one, and may
    name no other. Raises NotAllowed.
    """
    people.require(session, by, Role.organizer)
    known = _People(session, by.community_id)
    codes = {found.code: found for found, _count in cohorts.every(session, by.community_id)}
    lines: list[Line] = []
    seen: set[tuple[int, int]] = set()
    said: dict[tuple[int, str], object] = {}  # of a person, whatever the cohort of the line

    def take(_number: int, given: dict[str, str]) -> None:
        member = known.named(given["person"], "person")
        into = _cohort(given.get("cohort", ""), codes, cohort)
        if (member.id, into.id) in seen:
            raise Invalid("file_person_twice", field="person", value=given["person"][:80], cohort=into.code)
        seen.add((member.id, into.id))
        department = text.within(text.one_line(given.get("department", "")), DEPARTMENT_LIMIT, "department")
        above = known.named(given["supervisor"], "supervisor") if given.get("supervisor") else None
        if above is not None and above.id == member.id:
            raise Invalid("supervisor_self", field="supervisor")
        line = Line(member, into, department, above, frozenset(given) & {"department", "supervisor"})
        for name, value in (("department", department), ("supervisor", above and above.id)):
            if name in line.described and said.setdefault((member.id, name), value) != value:
                raise Invalid("file_person_differs", field=name, value=given["person"][:80])
        lines.append(line)

    required = ("person",) if cohort is not None else ("person", "cohort")
    troubles = tables.read(content, COLUMNS, required, take, most=MOST_LINES)
    if not lines and not troubles:
        troubles.append(Trouble(1, Invalid("empty", field="person")))
    return lines, troubles


def not_in(session: Session, lines: Iterable[Line]) -> list[tuple[Cohort, list[Member]]]:
    """Of each cohort that the lines name, those who are in it and in none of its lines."""
    named: dict[int, set[int]] = defaultdict(set)
    found: dict[int, Cohort] = {}
    for line in lines:
        named[line.cohort.id].add(line.member.id)
        found[line.cohort.id] = line.cohort
    left = (
        (found[number], [one for one in cohorts.members(session, found[number]) if one.id not in named[number]])
        for number in sorted(found)
    )
    return [(cohort, members) for cohort, members in left if members]


def take_in(session: Session, by: Member, lines: Iterable[Line], now: datetime, *, whole: bool = False) -> Taken:
    """Put these people into their cohorts and note where they work and under whom.

    With `whole`, whoever is not in the list is taken out of its cohorts. Raises NotAllowed.
    """
    people.require(session, by, Role.organizer)
    taken, newcomers, known = Taken(), defaultdict[int, list[Member]](list), list(lines)
    for line in known:
        newcomers[line.cohort.id].append(line.member)
    taken.missing = not_in(session, known)
    if whole:
        for cohort, leaving in taken.missing:
            taken.removed += len(cohorts.remove(session, by, cohort.id, leaving, now))
    fresh: set[tuple[int, int]] = set()
    for cohort_id, members in sorted(newcomers.items()):
        joined = cohorts.add(session, by, cohort_id, members, now)
        if joined.members:
            taken.joined.append((cohorts.get(session, by.community_id, cohort_id), joined.members))
        taken.invited += joined.invited
        fresh |= {(member.id, cohort_id) for member in joined.members}
    for line in known:
        if _describe(session, by, line):
            taken.described.append(line.member)
        elif (line.member.id, line.cohort.id) not in fresh:
            taken.unchanged += 1
    return taken


def _describe(session: Session, by: Member, line: Line) -> bool:
    member = session.get_one(Member, line.member.id)
    before = (member.department, member.supervisor_id)
    department = line.department if "department" in line.described else member.department or ""
    above = line.supervisor
    if "supervisor" not in line.described:
        above = session.get(Member, member.supervisor_id) if member.supervisor_id else None
    if before == (department or None, above.id if above else None):
        return False
    supervision.describe(session, by, member, department, above)
    return True


def _cohort(code: str, codes: dict[str, Cohort], only: Cohort | None) -> Cohort:
    if only is not None:
        if code and code != only.code:
            raise Invalid("file_other_cohort", field="cohort", value=code[:40], cohort=only.code)
        return only
    if code not in codes:
        raise Invalid("file_cohort_unknown", field="cohort", value=code[:40])
    return codes[code]


class _People:
    """The community's people by Slack id and by e-mail address, whatever its capitals."""

    def __init__(self, session: Session, community_id: int) -> None:
        self._by_id: dict[str, Member] = {}
        self._by_address: dict[str, list[Member]] = defaultdict(list)
        mine = (Member.community_id == community_id, Member.active, ~Member.is_bot, ~Member.sample)
        for member in session.scalars(select(Member).where(*mine).order_by(Member.id)):
            self._by_id[member.slack_user_id] = member
            if member.email:
                self._by_address[member.email.casefold()].append(member)

    def named(self, written: str, field: str) -> Member:
        """Who that is. Raises Invalid `file_person_unknown`, `file_person_unsure`."""
        if (found := _SLACK_ID.fullmatch(written)) and (member := self._by_id.get(found[1])):
            return member
        members = self._by_address.get(written.casefold(), [])
        if len(members) > 1:
            raise Invalid("file_person_unsure", field=field, value=written[:80])
        if not members:
            raise Invalid("file_person_unknown", field=field, value=written[:80])
        return members[0]
