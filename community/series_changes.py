"""“This and the following ones”: changed or called off together, from one event of a series on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from community import drafts, events, people, recurrence, series, times
from community.drafts import EventDraft
from community.errors import Invalid
from community.events import Change
from community.records import Event, EventState, Member, Role
from community.rows import locked_event
from community.series import Slot
from community.series_records import Series, SeriesState


@dataclass(frozen=True)
class Moved:
    """What became of one event, and when and for how many minutes it was planned before."""

    change: Change
    was: datetime
    was_minutes: int


@dataclass(frozen=True)
class Following:
    """What a change from one event on came to; `kept` were left alone, for they had been changed on their own."""

    series: Series
    changed: list[Moved]
    cancelled: list[Event]
    kept: list[Event]
    made: list[Event]


def change_following(
    session: Session, by: Member, event_id: int, version: int, draft: EventDraft, now: datetime, *,
    apart_too: bool = False,
) -> Following:  # fmt: skip
    """Give this event and those after it what the draft says, their days moved as far as this one's.

    Those before stay in a series that ends with them. Events changed on their own are left alone unless `apart_too`.
    Raises like `events.change`, and Invalid `event_single` or `rule_moved`.
    """
    old, event = held_from(session, by, event_id, version, now)
    since = occurrence_of(event)
    planned = times.parse_local(event.local_start)
    draft = drafts.checked(draft)
    if (draft.day, draft.at, draft.time_zone) != (planned.date(), planned.time(), event.time_zone):
        drafts.start_of(draft, now)
    new = _continued(session, old, draft, since, since if draft.day == planned.date() else draft.day, by, now)
    those = following(session, old, since)
    becomes = _pairs(old, new, since, those)
    end_before(session, old, since, now)
    for one in those:  # first none has a date, then each its own: the new dates may be the old ones of others
        one.series_id, one.occurrence = new.id, None
    session.flush()
    result = Following(new, [], [], [], [])
    for one, was in zip(those, becomes, strict=True):
        take_over(session, by, new, one, was, result, forced=apart_too or one.id == event.id, now=now)
    result.made.extend(series.upkeep(session, new, now))
    return result


def cancel_following(session: Session, by: Member, event_id: int, version: int, now: datetime) -> Following:
    """Call this event and all after it off, those changed on their own too: the series ends here.

    Raises like `events.cancel`, and Invalid `event_single`.
    """
    old, event = held_from(session, by, event_id, version, now)
    since = occurrence_of(event)
    cancelled = []
    for one in following(session, old, since):
        if one.state is EventState.scheduled and one.starts_at > now:
            events.call_off(session, by, one, now)
            cancelled.append(one)
    end_before(session, old, since, now)
    return Following(old, [], cancelled, [], [])


def held_from(session: Session, by: Member, event_id: int, version: int, now: datetime) -> tuple[Series, Event]:
    """The series, then its event, both held for a change from this one on. Raises like `events.change`, and Invalid."""
    people.require(session, by, Role.organizer)
    found = events.get(session, by.community_id, event_id)
    if found.series_id is None:
        raise Invalid("event_single")
    old = series.held(session, found.series_id)
    event = events.editable(session, by, event_id, version)
    if event.series_id != old.id or event.occurrence is None:  # somebody split the series between the two reads
        raise Invalid("event_single")
    if event.starts_at <= now:
        raise Invalid("event_begun", field="day")
    return old, event


def occurrence_of(event: Event) -> date:
    """The date that the rule names for it. Raises Invalid `event_single`."""
    if event.occurrence is None:
        raise Invalid("event_single")
    return event.occurrence


def following(session: Session, old: Series, since: date) -> list[Event]:
    """The events from this date on, held in the order of their ids, returned in that of their dates."""
    after = [one for one in series.members(session, old) if one.occurrence is not None and one.occurrence >= since]
    for number in sorted(one.id for one in after):
        locked_event(session, old.community_id, number)
    return after


def _continued(
    session: Session, old: Series, draft: EventDraft, since: date, first: date, by: Member, now: datetime
) -> Series:
    rule = recurrence.rest(old.rule, series.first_day(old), since)
    new = successor(
        old, by, now,
        rule=recurrence.moved(rule, recurrence.preset_of(old.rule, series.first_day(old)), since, first),
        local_start=datetime.combine(first, draft.at).strftime(times.LOCAL_FORMAT),
        time_zone=draft.time_zone,
        template=series.written(draft),
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def successor(old: Series, by: Member, now: datetime, **values: Any) -> Series:
    """A series, not yet added, that goes on from this one with the same holidays; `values` are its other columns."""
    return Series(
        community_id=old.community_id,
        state=SeriesState.active,
        holidays=old.holidays,
        days_off=list(old.days_off),
        left_out=list(old.left_out),
        on_holiday=old.on_holiday,
        split_from_id=series.root_id(old),
        created_by_id=by.id,
        created_at=now,
        updated_at=now,
        **values,
    )


def _pairs(old: Series, new: Series, since: date, those: list[Event]) -> list[Slot | None]:
    """For each event its date by the new rule: the n-th from here on stays the n-th, whatever holidays do to either."""
    furthest = max(occurrence_of(one) for one in those)
    becomes: dict[date, Slot] = {}
    new_slots = series.slots(new)
    for day in recurrence.dates(old.rule, series.first_day(old)):
        if day > furthest:
            break
        if day >= since and (slot := next(new_slots, None)) is not None:
            becomes[day] = slot
    return [becomes.get(occurrence_of(one)) for one in those]


def end_before(session: Session, old: Series, since: date, now: datetime) -> None:
    """The series goes no further than the day before `since`."""
    old.updated_at, old.next_plan_at = now, None
    if since > series.first_day(old):
        old.rule = recurrence.until(old.rule, since - timedelta(days=1))
    ahead = [one for one in series.to_come(session, old, now) if one.occurrence is None or one.occurrence < since]
    if not any(one.state is EventState.scheduled for one in ahead):
        old.state = SeriesState.ended
    session.flush()


def take_over(
    session: Session, by: Member, new: Series, event: Event, slot: Slot | None, result: Following, *,
    forced: bool, now: datetime,
) -> None:  # fmt: skip
    """Give an event of the old series its date in the new one, and note in `result` what became of it.

    Without a date, or with one that is left out, it is called off, and the rule's date is free to be planned again.
    """
    event.occurrence = slot.occurrence if slot else None
    session.flush()
    if event.state is not EventState.scheduled or event.starts_at <= now:
        return
    if event.apart and not forced:
        result.kept.append(event)
        return
    event.apart = False
    if slot is None or slot.day is None:
        event.occurrence = None
        events.call_off(session, by, event, now)
        result.cancelled.append(event)
        return
    was, minutes = event.starts_at, event.minutes
    planned = series.at_slot(new, slot)
    starts_at = times.instant(planned.day, planned.at, planned.time_zone)
    if starts_at <= now:  # moved ahead of today: it cannot take place any more
        events.call_off(session, by, event, now)
        result.cancelled.append(event)
        return
    change = events.apply(session, by, event, drafts.columns(planned, starts_at), now)
    if change.fields:
        result.changed.append(Moved(change, was, minutes))
