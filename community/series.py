"""Events that repeat: what was planned, which dates that comes to, and their becoming events when they come near.

Each date is an event like any other, so that replies, reminders and attendance know nothing of series. The date that
the rule names is the event's `occurrence`, and stays so wherever the event is moved to: with the series it is unique,
and so any number of processes may plan at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import days_off, drafts, events, people, recurrence, series_audiences, times
from community.days_off import DaysOff, Names
from community.drafts import EventDraft
from community.errors import Invalid, NotFound
from community.records import Event, EventState, Member, Role
from community.rows import HOLD
from community.series_records import OnHoliday, Series, SeriesState

AHEAD = timedelta(days=400)  # a year's programme and a little
MOST_AHEAD = 60  # events that are still to come, for what repeats more often than weekly
CARD_AHEAD = timedelta(days=14)  # a channel gets a card when it is time to reply, not sixty at once
PLAN_EVERY = timedelta(days=1)
DRAFT_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Repetition:
    """How something repeats: a rule of RFC 5545, a calendar of holidays and what becomes of dates that fall on one."""

    rule: str
    holidays: str | None = None
    on_holiday: OnHoliday | str = OnHoliday.keep
    days_off: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """One date of a rule: the day its event takes place, None when left out, and the holiday that it fell on.

    `excepted` ones are left out by the calendar that the series came from.
    """

    occurrence: date
    day: date | None
    holiday: Names | None = None
    excepted: bool = False


def draft(session: Session, by: Member, first: EventDraft, repetition: Repetition, now: datetime) -> Series:
    """Keep what an organizer wants to repeat, to be shown and confirmed. Raises NotAllowed, or Invalid with a field."""
    people.require(session, by, Role.organizer)
    first = drafts.checked(first)
    drafts.start_of(first, now)
    series = Series(
        community_id=by.community_id,
        state=SeriesState.draft,
        rule="",
        days_off=[],
        left_out=[],
        local_start=datetime.combine(first.day, first.at).strftime(times.LOCAL_FORMAT),
        time_zone=first.time_zone,
        template=written(first),
        created_by_id=by.id,
        created_at=now,
        updated_at=now,
    )
    take(series, repetition, now)
    session.add(series)
    session.flush()
    return series


def revise(session: Session, by: Member, series_id: int, repetition: Repetition, now: datetime) -> Series:
    """Repeat a draft in another way. Raises like `draft`, NotFound `series_unknown`."""
    people.require(session, by, Role.organizer)
    series = _own_draft(session, by, series_id)
    take(series, repetition, now)
    session.flush()
    return series


def confirm(session: Session, by: Member, series_id: int, now: datetime) -> tuple[Series, list[Event]]:
    """Plan a draft for good: its dates that are near enough are events now, the first with its card due.

    Raises NotAllowed, NotFound, Invalid `rule_empty` when no date is left.
    """
    people.require(session, by, Role.organizer)
    series = _own_draft(session, by, series_id)
    series.state, series.updated_at = SeriesState.active, now
    made = upkeep(session, series, now)
    if not made:
        raise Invalid("rule_empty", field="rule")
    made[0].card_at = now
    session.flush()
    return series, made


def get(session: Session, community_id: int, series_id: int | None) -> Series:
    """The community's series. Raises NotFound `series_unknown`."""
    series = session.get(Series, series_id) if series_id else None
    if series is None or series.community_id != community_id:
        raise NotFound("series_unknown")
    return series


def held(session: Session, series_id: int) -> Series:
    """The series as it is now, held until the transaction ends. Hold it before its events."""
    return session.get_one(Series, series_id, with_for_update=HOLD, populate_existing=True)


def due(session: Session, now: datetime, community_id: int | None = None) -> list[int]:
    """Ids of series whose further dates are to be looked for; with `community_id`, that community's."""
    statement = select(Series.id).where(Series.state == SeriesState.active, Series.next_plan_at <= now)
    if community_id is not None:
        statement = statement.where(Series.community_id == community_id)
    return list(session.scalars(statement.order_by(Series.id)))


def upkeep(session: Session, series: Series, now: datetime) -> list[Event]:
    """Make events of the dates that have come near, and say when to look again; again at once is no harm.

    The series must be held (`held`), or new.
    """
    by = session.get_one(Member, series.created_by_id)
    taken = {event.occurrence: event for event in members(session, series)}
    to_come = sum(1 for event in taken.values() if event.state is EventState.scheduled and event.starts_at > now)
    last_day = (now + AHEAD).date()
    made, more = [], False
    for slot in slots(series):
        if slot.occurrence > last_day or to_come >= MOST_AHEAD:
            more = True
            break
        if slot.day is None or slot.occurrence in taken:
            continue
        wanted = at_slot(series, slot)
        starts_at = times.instant(wanted.day, wanted.at, wanted.time_zone)
        if starts_at > now:
            made.append(
                events.add(
                    session,
                    by,
                    wanted,
                    starts_at,
                    now,
                    series_id=series.id,
                    occurrence=slot.occurrence,
                    card_at=max(now, starts_at - CARD_AHEAD),
                )
            )
            to_come += 1
    series_audiences.inherit(session, made, now)
    series.next_plan_at = now + PLAN_EVERY if more else None
    if not more and not to_come:
        series.state = SeriesState.ended
    session.flush()
    return made


def members(session: Session, series: Series) -> list[Event]:
    """Every event of the series, cancelled ones too, in the order of the rule."""
    return list(session.scalars(select(Event).where(Event.series_id == series.id).order_by(Event.occurrence)))


def to_come(session: Session, series: Series, now: datetime) -> list[Event]:
    """The series' events that are not over, cancelled ones too, the next first."""
    statement = select(Event).where(Event.series_id == series.id, Event.ends_at > now)
    return list(session.scalars(statement.order_by(Event.starts_at, Event.id)))


def root_id(series: Series) -> int:
    """The series that this one was at first, before “this and the following ones” was changed: figures go by it."""
    return series.split_from_id or series.id


def first_day(series: Series) -> date:
    """The date that the rule counts from."""
    return times.parse_local(series.local_start).date()


def slots(series: Series) -> Iterator[Slot]:
    """The rule's dates in order, each with its day; for five years at most. No two share a day."""
    off, used = DaysOff(series.holidays, series.days_off), set[date]()
    furthest = first_day(series) + timedelta(days=366 * times.FURTHEST_YEARS)
    for occurrence in recurrence.dates(series.rule, first_day(series)):
        if occurrence > furthest:
            return
        if occurrence.isoformat() in series.left_out:
            yield Slot(occurrence, None, excepted=True)
            continue
        holiday = off.name(occurrence)
        day: date | None = occurrence
        if holiday is not None:
            match OnHoliday(series.on_holiday):
                case OnHoliday.skip:
                    day = None
                case OnHoliday.before:
                    day = off.working_day(occurrence, -1)
                case OnHoliday.after:
                    day = off.working_day(occurrence, 1)
        if day in used:
            day = None  # of two on one day, as daily meetings around a holiday would be, one is enough
        if day is not None:
            used.add(day)
        yield Slot(occurrence, day, holiday)


def preview(series: Series, count: int) -> list[Slot]:
    """The first dates, those left out included."""
    return list(islice(slots(series), count))


def at_slot(series: Series, slot: Slot) -> EventDraft:
    """The event of one date. Where clocks skip the time of day, it begins when they go on."""
    return on_day(series, slot.day or slot.occurrence)


def on_day(series: Series, day: date) -> EventDraft:
    """What the series plans, on this day."""
    planned = read(series.template, day)
    in_zone = times.zone(planned.time_zone)
    moment = times.resolve(datetime.combine(day, planned.at), in_zone)
    return replace(planned, day=day, at=moment.astimezone(in_zone).time())


def written(planned: EventDraft) -> dict[str, Any]:
    """A draft as a series keeps it: all but the day."""
    kept = asdict(planned)
    del kept["day"]
    return {
        name: f"{value:%H:%M}" if isinstance(value, time) else value.value if isinstance(value, StrEnum) else value
        for name, value in kept.items()
    }


def read(template: dict[str, Any], day: date) -> EventDraft:
    """The draft of such a template on a day; what a later version no longer knows is passed over."""
    known = {field.name for field in fields(EventDraft)}
    values = {name: value for name, value in template.items() if name in known}
    return drafts.checked(EventDraft(**values | {"day": day, "at": times.parse_time(values["at"])}))


def forget_drafts(session: Session, now: datetime) -> int:
    """Delete drafts that nobody confirmed within a week; returns how many."""
    old = session.scalars(
        select(Series).where(Series.state == SeriesState.draft, Series.updated_at < now - DRAFT_KEPT)
    ).all()
    for series in old:
        session.delete(series)
    return len(old)


def take(series: Series, repetition: Repetition, now: datetime) -> None:
    """Have the series repeat so. Raises Invalid with the field for what is no rule, no calendar, or names no date."""
    try:
        series.on_holiday = OnHoliday(repetition.on_holiday)
    except ValueError:
        raise Invalid("holidays_unknown", field="on_holiday") from None
    first = first_day(series)
    series.rule = recurrence.checked(repetition.rule, first, times.zone(series.time_zone))
    last = recurrence.last_day(series.rule)
    if last is not None and last > first + timedelta(days=366 * times.FURTHEST_YEARS):
        raise Invalid("too_far_ahead", field="until", years=times.FURTHEST_YEARS)
    series.holidays = days_off.checked_calendar(repetition.holidays)
    series.days_off = list(repetition.days_off)
    series.updated_at = now
    if all(slot.day is None for slot in slots(series)):
        raise Invalid("rule_empty", field="rule")


def _own_draft(session: Session, by: Member, series_id: int) -> Series:
    series = session.scalar(
        select(Series)
        .where(Series.id == series_id, Series.community_id == by.community_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if series is None:
        raise NotFound("series_unknown")
    if series.state is not SeriesState.draft:
        raise Invalid("series_planned")
    return series


def cards_due(session: Session, now: datetime, limit: int, community_id: int | None = None) -> list[Event]:
    """Events whose card is to be posted now, the next first."""
    statement = select(Event).where(Event.card_at <= now)
    if community_id is not None:
        statement = statement.where(Event.community_id == community_id)
    return list(session.scalars(statement.order_by(Event.starts_at, Event.id).limit(limit)))
