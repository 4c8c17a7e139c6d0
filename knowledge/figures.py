"""Figures on questions: how many, what became of them, by week, language and competency, and what is asked in vain.

No figure says who asked what. A row of a breakdown that fewer than FLOOR people stand behind is left out, and as long
as that many are not behind all the rows left out together, the next smallest is left out too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import gaps
from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.understanding import find_competency
from knowledge.records import Outcome, Question
from knowledge.text import normalise

FLOOR = 5  # people behind a row of a breakdown
GAP_FLOOR = 3  # people who asked in vain for the same
MOST_GAPS = 10


@dataclass(frozen=True)
class Measures:
    """Counts of questions; `offered`: suggestions of which none was picked. `median_hours` until a person's answer."""

    asked: int = 0
    answered: int = 0
    picked: int = 0
    offered: int = 0
    unknown: int = 0
    helpful: int = 0
    not_helpful: int = 0
    passed_on: int = 0
    answered_by_people: int = 0
    median_hours: float | None = None


@dataclass(frozen=True)
class Row:
    """One week (its Monday, ISO), language or competency (its code, "" for none); None: too few people."""

    name: str
    measures: Measures | None


@dataclass(frozen=True)
class Gap:
    """What is asked in vain, in its most frequent words, and how often."""

    text: str
    count: int


@dataclass(frozen=True)
class Figures:
    """Everything about the questions of the days from `since` to `until`."""

    since: date
    until: date
    total: Measures
    weeks: tuple[Row, ...]
    languages: tuple[Row, ...]
    competencies: tuple[Row, ...]
    gaps: tuple[Gap, ...]


def gather(
    session: Session,
    community_id: int,
    *,
    since: date,
    until: date,
    time_zone: str,
    catalogue: Catalogue,
    waits: Mapping[int, timedelta],
    codes: Mapping[int, str],
) -> Figures:
    """The figures of the days from `since` to `until` where the community is.

    `waits`: of each question that a person answered, how long it took; `codes`: of those passed on, the competency.
    Ten thousand questions take a few seconds.
    """
    zone = ZoneInfo(time_zone)
    asked = _questions(session, community_id, since, until, zone)
    topics = _topics(catalogue, asked, codes)
    weeks = {_monday(since + timedelta(days=days)).isoformat(): list[Any]() for days in range((until - since).days + 1)}
    languages: dict[str, list[Any]] = {"en": [], "fr": []}
    competencies: dict[str, list[Any]] = {}
    for question in asked:
        weeks[_monday(question.asked_at.astimezone(zone).date()).isoformat()].append(question)
        languages.setdefault(question.locale, []).append(question)
        competencies.setdefault(topics[question.id], []).append(question)
    by_size = sorted(competencies.items(), key=lambda item: (not item[0], -len(item[1]), item[0]))
    return Figures(
        since,
        until,
        _measures(asked, waits),
        _rows(weeks.items(), waits),
        _rows(languages.items(), waits),
        _rows(by_size, waits),
        _gaps(asked),
    )


def _questions(session: Session, community_id: int, since: date, until: date, zone: ZoneInfo) -> Sequence[Any]:
    begins = datetime.combine(since, time.min, zone)
    ends = datetime.combine(until + timedelta(days=1), time.min, zone)
    return session.execute(
        select(
            Question.id,
            Question.member_id,
            Question.text,
            Question.locale,
            Question.outcome,
            Question.entry_id,
            Question.understood,
            Question.helpful,
            Question.passed_on_at,
            Question.asked_at,
            gaps.leader_of.label("leader"),
            gaps.unanswered().label("in_vain"),
        )
        .where(Question.community_id == community_id, Question.asked_at >= begins, Question.asked_at < ends)
        .order_by(Question.id)
    ).all()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _topics(catalogue: Catalogue, asked: Sequence[Any], codes: Mapping[int, str]) -> dict[int, str]:
    """Of each question the area of the competency framework that it is about; "" where it names none."""
    known: dict[str, str] = {}
    topics = {}
    for question in asked:
        code = str((question.understood or {}).get("competency") or codes.get(question.id) or "")
        if not code:
            words = normalise(question.text)
            if words not in known:
                found = find_competency(catalogue, question.text)
                known[words] = found.code if found else ""
            code = known[words]
        topics[question.id] = _area(catalogue, code)
    return topics


def _area(catalogue: Catalogue, code: str) -> str:
    seen = set[str]()
    while (competency := catalogue.competencies.get(code)) and competency.parent and code not in seen:
        seen.add(code)
        code = competency.parent
    return code if code in catalogue.competencies else ""


def _measures(questions: Sequence[Any], waits: Mapping[int, timedelta], fewest_waits: int = 1) -> Measures:
    outcomes = Counter(
        "picked" if question.outcome is Outcome.suggested and question.entry_id else question.outcome.value
        for question in questions
    )
    times = [waits[question.id].total_seconds() / 3600 for question in questions if question.id in waits]
    return Measures(
        asked=len(questions),
        answered=outcomes["answered"],
        picked=outcomes["picked"],
        offered=outcomes["suggested"],
        unknown=outcomes["unknown"],
        helpful=sum(question.helpful is True for question in questions),
        not_helpful=sum(question.helpful is False for question in questions),
        passed_on=sum(question.passed_on_at is not None for question in questions),
        answered_by_people=len(times),
        median_hours=median(times) if len(times) >= fewest_waits else None,
    )


def _rows(parts: Iterable[tuple[str, Sequence[Any]]], waits: Mapping[int, timedelta]) -> tuple[Row, ...]:
    found = list(parts)
    people = {name: {question.member_id for question in questions} for name, questions in found}
    left_out = {name for name, members in people.items() if 0 < len(members) < FLOOR}
    behind = set[int]().union(*(people[name] for name in left_out))
    for name in sorted(people, key=lambda name: (len(people[name]), name)):
        # What the rows shown lack to the total is a figure too.
        if 0 < len(behind) < FLOOR and len(people[name]) >= FLOOR:
            left_out.add(name)
            behind |= people[name]
    return tuple(
        Row(name, None if name in left_out else _measures(questions, waits, FLOOR)) for name, questions in found
    )


def _gaps(asked: Sequence[Any]) -> tuple[Gap, ...]:
    groups: dict[int, list[Any]] = {}
    for question in asked:
        if question.in_vain:
            groups.setdefault(question.leader, []).append(question)
    found = []
    for group in groups.values():
        if len({question.member_id for question in group}) >= GAP_FLOOR:
            words = Counter(normalise(question.text) for question in group).most_common(1)[0][0]
            text = next(question.text for question in group if normalise(question.text) == words)
            found.append(Gap(" ".join(text.split()), len(group)))
    return tuple(sorted(found, key=lambda gap: (-gap.count, gap.text))[:MOST_GAPS])
