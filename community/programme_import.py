"""Takes a year's events into the community: new ones planned, known ones changed, the same again left alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import drafts, events, people, series_imports, times
from community.drafts import EventDraft
from community.errors import CommunityError, Invalid
from community.programmes import Line, Programme, Repeated, without_echoes
from community.records import Community, Event, EventKind, EventState, Member, Role
from community.rows import locked_event
from community.series import CARD_AHEAD
from community.series_changes import Following, Moved
from community.tables import Trouble


@dataclass
class Report:
    """What an import did, or would do; `past` are lines about what has begun or is over: those are left alone.

    `planned` are new series and `series` those that changed, each with its events; the other lists are single events.
    """

    added: list[Event] = field(default_factory=list)
    changed: list[Moved] = field(default_factory=list)
    cancelled: list[Event] = field(default_factory=list)
    planned: list[Following] = field(default_factory=list)
    series: list[Following] = field(default_factory=list)
    unchanged: int = 0
    past: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # what it comes to, event by event


def take(
    session: Session,
    by: Member,
    programme: Programme,
    now: datetime,
    *,
    channel: str | None = None,
    courses: Collection[str] = (),
) -> Report:
    """Plan and change what the lines say; `channel` is for lines that name none, `courses` are those there are.

    A line that cannot be used is in the report's `troubles`: the caller then takes all of it back. Raises NotAllowed.
    """
    people.require(session, by, Role.organizer)
    report = Report(troubles=list(programme.troubles))
    community = session.get_one(Community, by.community_id)
    defaults = {
        "kind": EventKind.learning_event, "description_en": "", "description_fr": "", "time_zone": community.time_zone,
        "minutes": 60, "place": "", "link": None, "capacity": None, "channel": channel or "", "hybrid": False,
        "online_capacity": None,
    }  # fmt: skip
    for line in programme.lines:
        try:
            if (code := line.values.get("course_code")) and code not in courses:
                raise Invalid("course_unknown", field="course")
            known = select(Event.id).where(Event.community_id == by.community_id, Event.uid == line.uid)
            event_id = series_imports.one_date(session, by.community_id, line) or session.scalar(known)
            event = locked_event(session, by.community_id, event_id) if event_id else None
            if event is None:
                _add(session, by, line, defaults, report, now)
            else:
                _change(session, by, event, line, report, now)
        except CommunityError as error:
            report.troubles.append(Trouble(line.number, error))
    for repeated in programme.series:
        try:
            _repeat(session, by, repeated, defaults, report, now)
        except CommunityError as error:
            report.troubles.append(Trouble(repeated.number, error))
    report.troubles.sort(key=lambda trouble: trouble.number)
    return report


def _add(session: Session, by: Member, line: Line, defaults: dict[str, Any], report: Report, now: datetime) -> None:
    if line.cancelled:
        report.unchanged += 1
        return
    values = defaults | line.values
    if not values["channel"]:
        raise Invalid("file_channel", field="channel")
    draft = drafts.checked(EventDraft(**values))
    starts_at = times.instant(draft.day, draft.at, draft.time_zone)
    if starts_at <= now:
        report.past += 1
        return
    drafts.start_of(draft, now)  # nor may it be too far ahead
    card_at = max(now, starts_at - CARD_AHEAD)
    report.added.append(events.add(session, by, draft, starts_at, now, uid=line.uid, card_at=card_at))


def _change(session: Session, by: Member, event: Event, line: Line, report: Report, now: datetime) -> None:
    if event.starts_at <= now or event.state is EventState.closed:
        report.past += 1
        return
    if event.state is EventState.cancelled:  # what was called off here stays so
        report.unchanged += 1
        return
    if line.cancelled:
        events.call_off(session, by, event, now)
        report.cancelled.append(event)
        return
    planned = drafts.of(event)
    draft = drafts.checked(replace(planned, **without_echoes(vars(planned), line.values)))
    same_time = (draft.day, draft.at, draft.time_zone) == (planned.day, planned.at, planned.time_zone)
    starts_at = event.starts_at if same_time else drafts.start_of(draft, now)
    was, minutes = event.starts_at, event.minutes
    change = events.apply(session, by, event, drafts.columns(draft, starts_at), now)
    if change.fields:
        event.apart = event.series_id is not None
        session.flush()
        report.changed.append(Moved(change, was, minutes))
    else:
        report.unchanged += 1


def _repeat(
    session: Session, by: Member, repeated: Repeated, defaults: dict[str, Any], report: Report, now: datetime
) -> None:
    known = series_imports.known(session, by.community_id, repeated.uid)
    done = series_imports.take(session, by, repeated, known, defaults, now)
    if done is not None:
        (report.planned if known is None else report.series).append(done)
    elif known is None and not repeated.cancelled:
        report.past += 1
    else:
        report.unchanged += 1
