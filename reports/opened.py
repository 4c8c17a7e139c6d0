"""One figure opened: its numerator and denominator piece by piece, event by event, and by name who was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.attendance_records import Status
from community.events import title
from community.records import Event, EventKind, Member
from community.survey_records import QuestionKind
from reports import opinions, presence
from reports.page import Say, month_name, percent
from reports.presence import Attended
from reports.selection import By, Selection, cohorts, names

TOLD_APART = (By.event, By.series, By.cohort, By.department, By.month)


@dataclass(frozen=True)
class Part:
    """A heading with what stands below it; texts are as people typed them, to be escaped by whoever shows them."""

    heading: str
    lines: tuple[str, ...]


def attendance(session: Session, selection: Selection, kind: EventKind, t: Say) -> list[Part]:
    """How an attendance rate comes about."""
    chosen = selection.of_kind(kind)
    whole = presence.figures(session, chosen)[None]
    events = {event.id: event for event in session.scalars(select(Event).where(*chosen.events()))}
    found = presence.figures_by(session, chosen, TOLD_APART)
    by_event = found[By.event]
    rows = list(presence.rows(session, chosen))
    excused = [row for row in rows if row.expected and row.status is Status.excused]
    unexpected = [row for row in rows if not row.expected and row.status in (Status.present, Status.late)]
    return [
        Part(
            t("Numerator: {n}", n=whole.came),
            (t("{n} on time", n=whole.present), t("{n} late", n=whole.late)),
        ),
        Part(
            t("Denominator: {n}", n=whole.counted),
            (
                t.n(
                    "{n} expected: going, or enrolled, at the start",
                    "{n} expected: going, or enrolled, at the start",
                    whole.expected,
                ),
                t.n("{n} of them excused: not counted", "{n} of them excused: not counted", whole.excused),
                t.n(
                    "{n} of them with nothing recorded: not counted",
                    "{n} of them with nothing recorded: not counted",
                    whole.unsettled,
                ),
                t.n("{n} absent: counted", "{n} absent: counted", whole.absent),
            ),
        ),
        Part(
            t("Invited and going"),
            (
                t.n("{n} invited or replied", "{n} invited or replied", whole.invited),
                t.n("{n} going", "{n} going", whole.going),
            ),
        ),
        Part(t("Left out: excused"), _names(session, excused, t)),
        Part(t("Left out: came without being expected"), _names(session, unexpected, t)),
        Part(
            t("By event"),
            tuple(
                t(
                    "{event}: {rate} ({came} of {counted})",
                    event=_event(events[number], t),
                    rate=percent(by_event[number].rate, t.locale),
                    came=by_event[number].came,
                    counted=by_event[number].counted,
                )
                for number in _in_order(events, by_event)
            ),
        ),
        *_told_apart(session, chosen, lambda by: {k: (v.came, v.counted) for k, v in found[by].items()}, t),
    ]


def agreement(session: Session, selection: Selection, kind: EventKind, t: Say) -> list[Part]:
    """How a share of those who agree comes about; of groups that are too small nothing is said but that they are."""
    chosen = selection.of_kind(kind)
    whole = opinions.figures(session, chosen)[None]
    events = {event.id: event for event in session.scalars(select(Event).where(*chosen.events()))}
    found = opinions.figures_by(session, chosen, TOLD_APART)
    by_event = found[By.event]
    ids = {cohort.code: cohort.id for cohort in cohorts(session, chosen.community_id)}
    found[By.cohort] = {ids.get(str(code)): opinion for code, opinion in found[By.cohort].items()}
    told = [number for number in _in_order(events, by_event) if by_event[number].n]
    return [
        Part(t("Numerator: {n}", n=whole.agreeing), (t("those who agree, or strongly agree"),)),
        Part(
            t("Denominator: {n}", n=whole.n),
            (
                t.n("{n} asked", "{n} asked", whole.asked),
                t(
                    "{n} answered: response rate {rate}",
                    n=whole.answered,
                    rate=percent(whole.response_rate, t.locale),
                ),
            ),
        ),
        Part(
            t("Left out"),
            (
                t("{n} groups with too few answers", n=whole.few),
                t("{n} groups still being asked", n=whole.open),
                t("{n} people asked in groups too small to be told apart", n=whole.mixed),
            ),
        ),
        Part(
            t("Every question"),
            tuple(
                t(
                    "{question} {share} ({agreeing} of {n})",
                    question=tally.question.text_fr if t.locale == "fr" else tally.question.text_en,
                    share=percent(tally.agreeing / tally.n, t.locale),
                    agreeing=tally.agreeing,
                    n=tally.n,
                )
                for tally in opinions.tallies(session, chosen)
                if tally.question.agreeing and tally.question.kind is not QuestionKind.text
            ),
        ),
        Part(
            t("By event"),
            tuple(
                t(
                    "{event}: {rate} ({came} of {counted})",
                    event=_event(events[number], t),
                    rate=percent(by_event[number].share, t.locale),
                    came=by_event[number].agreeing,
                    counted=by_event[number].n,
                )
                for number in told
            ),
        ),
        *_told_apart(session, chosen, lambda by: {k: (v.agreeing, v.n) for k, v in found[by].items()}, t),
    ]


def _told_apart(
    session: Session, selection: Selection, shares_by: Callable[[By], Mapping[Hashable, tuple[int, int]]], t: Say
) -> Iterator[Part]:
    """The figure of each part that has one, with its numerator and denominator."""
    headings = {
        By.series: t("By series"),
        By.cohort: t("By cohort"),
        By.department: t("By department"),
        By.month: t("By month"),
    }
    for by, heading in headings.items():
        shares = {key: share for key, share in shares_by(by).items() if share[1] and key is not None}
        named = names(session, selection, by, set(shares), t.locale)
        lines = tuple(
            t(
                "{event}: {rate} ({came} of {counted})",
                event=month_name(name, t) if by is By.month else name,
                rate=percent(shares[key][0] / shares[key][1], t.locale),
                came=shares[key][0],
                counted=shares[key][1],
            )
            for name, key in sorted(((name, key) for key, name in named.items()), key=lambda item: item[0])
        )
        if lines:
            yield Part(heading, lines)


def _in_order(events: dict[int, Event], figures: Iterable[object]) -> list[int]:
    return sorted((n for n in figures if isinstance(n, int)), key=lambda number: (events[number].local_start, number))


def _event(event: Event, t: Say) -> str:
    return f"{event.local_start[:10]} {title(event, t.locale)}"


def _names(session: Session, rows: Iterable[Attended], t: Say) -> tuple[str, ...]:
    counts = Counter(row.member_id for row in rows)
    people = session.scalars(select(Member).where(Member.id.in_(counts)).order_by(Member.name, Member.id))
    return tuple(
        member.name if counts[member.id] == 1 else t("{name} ({n} times)", name=member.name, n=counts[member.id])
        for member in people
    )
