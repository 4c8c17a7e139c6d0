"""Who has earned a certificate: attendance of one person at one series, by the rule of every other figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import absences
from community.attendance_records import Attendance
from community.errors import Invalid, NotFound
from community.records import Community, Event, EventState, Member
from reports import presence
from reports.page import Say, percent, period, written_day
from reports.presence import Presence
from reports.selection import Selection, family, roots, titles


@dataclass(frozen=True)
class Record:
    """One person's attendance at the events of a series that are over; `need` is the percentage that it takes."""

    series_id: int
    title: str
    member: Member
    presence: Presence
    since: date
    until: date
    need: int

    @property
    def came(self) -> int:
        """Days that count as attended."""
        return self.presence.came

    @property
    def counted(self) -> int:
        """Days that count."""
        return self.presence.counted

    @property
    def earned(self) -> bool:
        """Whether the attendance is enough."""
        return self.presence.counted > 0 and 100 * self.presence.came >= self.need * self.presence.counted


def records(session: Session, member: Member, locale: str) -> list[Record]:
    """The person's attendance at each series that they were expected at, the oldest series first."""
    taken = (
        select(Event.id, Event.series_id, Event.local_start)
        .where(
            Event.community_id == member.community_id,
            Event.series_id.is_not(None),
            Event.state == EventState.closed,
        )
        .order_by(Event.local_start)
    )
    first = roots(session, member.community_id)
    of_series: dict[int, list[tuple[int, date]]] = {}
    for event_id, series_id, local in session.execute(taken):
        of_series.setdefault(first[series_id or 0], []).append((event_id, date.fromisoformat(local[:10])))
    mine: dict[int, Presence] = {}
    for row in presence.rows(session, Selection(member.community_id, series_ids=frozenset(first)), member.id):
        series_id = next(number for number, events in of_series.items() if row.event_id in dict(events))
        presence.count(mine.setdefault(series_id, Presence()), row)
    names = titles(session, member.community_id, of_series, locale)
    need = absences.need(session, member.community_id)
    return [
        Record(number, names.get(number, ""), member, mine[number], events[0][1], events[-1][1], need)
        for number, events in of_series.items()
        if number in mine and mine[number].expected
    ]


def record(session: Session, member: Member, series_id: int, locale: str) -> Record:
    """The person's attendance at a series, enough for a certificate. Raises NotFound, Invalid `certificate_early`."""
    wanted = family(session, member.community_id, series_id)
    found = next((one for one in records(session, member, locale) if one.series_id in wanted), None)
    if found is None:
        raise NotFound("certificate_none", field="member")
    if not found.earned:
        raise Invalid("certificate_early", field="member", came=found.came, counted=found.counted, need=found.need)
    return found


def takers(session: Session, community_id: int, locale: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Every series that had an event, and everybody with a record at one of them, as (id, name) by name."""
    held = select(Event.id).where(
        Event.community_id == community_id, Event.series_id.is_not(None), Event.state == EventState.closed
    )
    series_ids = session.scalars(select(Event.series_id).where(Event.id.in_(held)).distinct()).all()
    first = roots(session, community_id)
    names = titles(session, community_id, {first[number] for number in series_ids if number}, locale)
    there = select(Attendance.member_id).where(Attendance.event_id.in_(held))
    people = session.execute(
        select(Member.id, Member.name).where(Member.id.in_(there)).order_by(Member.name, Member.id)
    )
    return sorted(names.items(), key=lambda item: item[1]), [(number, name) for number, name in people]


def drawn(session: Session, found: Record, t: Say, today: date) -> bytes:
    """The certificate as PDF, issued today."""
    from reports import pdf  # its library takes 30 MB, which a start need not spend

    rate = percent(found.presence.rate, t.locale)
    return pdf.certificate(
        t("Certificate of attendance"),
        t("This certifies that"),
        found.member.name,
        t("attended"),
        found.title,
        (
            period(found.since, found.until, t),
            t("Days attended: {came} of {counted} ({rate})", came=found.came, counted=found.counted, rate=rate),
        ),
        session.get_one(Community, found.member.community_id).name,
        t("Issued on {day}", day=written_day(today, t)),
        t.locale,
    )
