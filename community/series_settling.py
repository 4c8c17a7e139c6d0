"""Which date of a series each event has, once another calendar's file says something else of it.

A date that stays keeps its event. Where none stays, as when Tuesdays become Wednesdays, the n-th becomes the n-th. What
took place already, or was moved to a day that is still to come, keeps its date whether or not the rule's is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from sqlalchemy.orm import Session

from community import drafts, events, series, series_audiences, times
from community.drafts import EventDraft
from community.programmes import Line, Repeated, without_echoes
from community.records import Event, EventState, Member
from community.series import Slot
from community.series_changes import Following, Moved, take_over
from community.series_records import Series

NEAR = timedelta(days=3)  # half a week: a weekly meeting's other day
Dated = list[tuple[date, Event]]


@dataclass(frozen=True)
class Known:
    """The events that there are: `dated` each with its date of the rule, in order.

    `before` are the rule's dates to come as they were; `over` are ids of events whose date by the rule is over though
    they are not: only the file's own word for that date changes them. Of dates in `said` it says what it said last, so
    that their events are as they were, or as they were changed here since.
    """

    dated: Dated
    before: list[date]
    over: frozenset[int] = frozenset()
    said: frozenset[date] = frozenset()


def settle(session: Session, by: Member, of: Series, repeated: Repeated, known: Known, now: datetime) -> Following:
    """Give each event that is known its date in the series as it is now, and plan what is new."""
    slots = list(_slots(of, now, *(occurrence for occurrence, _ in known.dated)))
    by_date = {slot.occurrence: slot for slot in slots}
    # Of a date that differs by the file's word the rule may know nothing, as where it is beside the rule.
    for_good = {event.id for occurrence, event in known.dated if event.id in known.over and occurrence not in by_date}
    own = repeated.different.keys() - by_date.keys()
    dates = [occurrence for occurrence, event in known.dated if event.id not in for_good and occurrence not in own]
    if dates and by_date.keys().isdisjoint(dates):
        by_date = dict(zip(known.before, slots, strict=False))
    else:
        by_date |= _near(dates, by_date)
    for (
        _,
        event,
    ) in known.dated:  # first none has a date, then each its own: the new dates may be the old ones of others
        event.series_id, event.occurrence = of.id, None
    session.flush()
    taken = {event.occurrence for event in series.members(session, of)} - {None}
    result = Following(of, [], [], [], [])
    for occurrence, event in known.dated:
        slot = by_date.get(occurrence)
        if event.id in for_good or occurrence in own:
            slot = None if occurrence in repeated.left_out else Slot(occurrence, occurrence)
        if slot is not None and slot.occurrence in taken:  # each date of the rule has one event
            slot = None
        differs = repeated.different.get(slot.occurrence) if slot else None
        if event.starts_at <= now:
            stays = slot.occurrence if slot else occurrence
            event.occurrence = None if stays in taken else stays
        elif slot is None or differs is None:
            take_over(session, by, of, event, slot, result, forced=slot is None or slot.day is None, now=now)
        else:
            event.occurrence = slot.occurrence
            session.flush()
            if slot.occurrence != occurrence or occurrence not in known.said:
                _differ(session, by, of, event, differs, result, now)
        taken.add(event.occurrence)
    _plan_different(session, by, of, repeated, result, now)
    result.made.extend(series.upkeep(session, of, now))
    return result


def ahead(of: Series, now: datetime) -> Iterator[Slot]:
    """The dates that are not over, for as long ahead as events are planned and a little more."""
    return (slot for slot in _slots(of, now) if begins(series.at_slot(of, slot)) > now)


def _slots(of: Series, now: datetime, *reaching: date) -> Iterator[Slot]:
    last = max([(now + series.AHEAD + timedelta(days=60)).date(), *reaching])
    return takewhile(lambda slot: slot.occurrence <= last, series.slots(of))


def begins(planned: EventDraft) -> datetime:
    """When it begins. Raises Invalid like `times.instant`."""
    return times.instant(planned.day, planned.at, planned.time_zone)


def _near(dates: Iterable[date], by_date: dict[date, Slot]) -> dict[date, Slot]:
    """For dates that do not stay, new ones of the same days, as where a part of the series had been moved here."""
    free = [day for day in by_date if day not in dates]
    found: dict[date, Slot] = {}
    for one in dates:
        near = min(free, key=lambda day: abs(day - one), default=None) if one not in by_date else None
        if near is not None and abs(near - one) <= NEAR:
            free.remove(near)
            found[one] = by_date[near]
    return found


def _plan_different(
    session: Session, by: Member, of: Series, repeated: Repeated, result: Following, now: datetime
) -> None:
    """Plan the dates that differ and have no event yet, however far ahead they are."""
    taken, added = {event.occurrence for event in series.members(session, of)}, []
    for day, line in sorted(repeated.different.items()):
        if day not in taken:
            draft = drafts.checked(replace(series.on_day(of, day), **line.values))
            starts_at = begins(draft)
            if starts_at > now:
                drafts.start_of(draft, now)
                card_at = max(now, starts_at - series.CARD_AHEAD)
                made = events.add(
                    session, by, draft, starts_at, now,
                    series_id=of.id, occurrence=day, apart=True, card_at=card_at,
                )  # fmt: skip
                added.append(made)
    series_audiences.inherit(session, added, now)
    result.made.extend(added)


def _differ(
    session: Session, by: Member, of: Series, event: Event, line: Line, result: Following, now: datetime
) -> None:
    """Give one date what the file says of it alone."""
    if event.state is not EventState.scheduled:
        return
    planned = drafts.of(event)
    draft = drafts.checked(replace(planned, **without_echoes(of.template, line.values)))
    same_time = (draft.day, draft.at, draft.time_zone) == (planned.day, planned.at, planned.time_zone)
    starts_at = event.starts_at if same_time else begins(draft)
    if starts_at <= now:  # moved ahead of today: it cannot take place any more
        events.call_off(session, by, event, now)
        result.cancelled.append(event)
        return
    was, minutes = event.starts_at, event.minutes
    change = events.apply(session, by, event, drafts.columns(draft, starts_at), now)
    event.apart = True
    session.flush()
    if change.fields:
        result.changed.append(Moved(change, was, minutes))
