"""Series from another calendar's file: planned once, changed when the file says something else, else left alone.

What a file says now is held against what it said last, not against what was changed here since: the same file again
changes nothing. When it does say something else, it holds from now on, as with single events; only dates that were
changed here on their own stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import drafts, events, recurrence, series, times
from community.drafts import EventDraft
from community.errors import Invalid
from community.programmes import Line, Repeated, uid_of_date, without_echoes
from community.records import Event, EventState, Member
from community.rows import locked_event
from community.series import Slot
from community.series_changes import Following, Moved, take_over
from community.series_records import OnHoliday, Series, SeriesState

NEAR = timedelta(days=3)  # half a week: a weekly meeting's other day


def known(session: Session, community_id: int, uid: str) -> Series | None:
    """The series of this UID, held; None when there is none yet."""
    number = session.scalar(select(Series.id).where(Series.community_id == community_id, Series.uid == uid))
    return series.held(session, number) if number else None


def take(
    session: Session, by: Member, repeated: Repeated, of: Series | None, defaults: dict[str, Any], now: datetime
) -> Following | None:
    """Plan what the file repeats, or change the `known` series; None when there is nothing to do.

    That is when the file says what it said last, or nothing that is to come. Raises Invalid like `events.plan`.
    """
    if of is not None and (of.imported or {}).get("digest") == repeated.digest:
        return None
    first = None if repeated.cancelled else first_ahead(repeated, now)
    if first is None:
        return _call_off(session, by, of, repeated, now) if of is not None else None
    if of is None:
        return _begin(session, by, repeated, _draft(defaults | repeated.values, first, now), now)
    family = _family(session, of)
    template = family[-1].template
    given = without_echoes(template, repeated.values)
    planned = replace(series.read(template, first), **{name: value for name, value in given.items() if name != "day"})
    return _change(session, by, of, family, repeated, _draft(vars(planned), first, now), now)


def one_date(session: Session, community_id: int, line: Line) -> int | None:
    """The id of the event that a date of a series, alone in a file, is about."""
    of = known(session, community_id, line.date_of) if line.date_of else None
    if of is None:
        return None
    number = of.id
    mine = (Series.id == number) | (Series.split_from_id == number)
    dated = select(Event.id).join(Series, Series.id == Event.series_id).where(mine, Event.occurrence == line.occurrence)
    return session.scalar(dated.order_by(Event.id).limit(1))


def first_ahead(repeated: Repeated, now: datetime) -> date | None:
    """The first date of the rule from today on: what is over is not planned, and years back are not searched twice."""
    today = now.astimezone(times.zone(repeated.values["time_zone"])).date()
    return next((day for day in recurrence.dates(repeated.rule, repeated.values["day"]) if day >= today), None)


def _draft(values: dict[str, Any], first: date, now: datetime) -> EventDraft:
    if not values["channel"]:
        raise Invalid("file_channel", field="channel")
    draft = drafts.checked(EventDraft(**values | {"day": first}))
    if first > now.astimezone(times.zone(draft.time_zone)).date():
        drafts.start_of(draft, now)  # nor may it be too far ahead
    return draft


def _begin(session: Session, by: Member, repeated: Repeated, draft: EventDraft, now: datetime) -> Following:
    of = Series(
        community_id=by.community_id,
        uid=repeated.uid,
        on_holiday=OnHoliday.keep,
        days_off=[],
        created_by_id=by.id,
        created_at=now,
        **_said(repeated, draft),
        updated_at=now,
    )
    session.add(of)
    session.flush()
    adopted = _adopt(session, of, repeated, now)
    return _settle(session, by, of, repeated, [occurrence for occurrence, _ in adopted], adopted, now)


def _said(repeated: Repeated, draft: EventDraft) -> dict[str, Any]:
    """The columns of a series that the file decides."""
    return {
        "state": SeriesState.active,
        "rule": recurrence.rest(repeated.rule, repeated.values["day"], draft.day),
        "local_start": datetime.combine(draft.day, draft.at).strftime(times.LOCAL_FORMAT),
        "time_zone": draft.time_zone,
        "template": series.written(draft),
        "left_out": sorted(day.isoformat() for day in repeated.left_out),
        "imported": {
            "digest": repeated.digest, "different": sorted(day.isoformat() for day in repeated.different),
        },
    }  # fmt: skip


Dated = list[tuple[date, Event]]


def _adopt(session: Session, of: Series, repeated: Repeated, now: datetime) -> Dated:
    """Dates of it that are events of their own already, as a file without its rule, or an older import, left them."""
    slots = {uid_of_date(repeated.uid, slot.occurrence): slot for slot in _ahead(of, now)}
    single = select(Event).where(
        Event.community_id == of.community_id, Event.uid.startswith(f"{repeated.uid[:240]}/", autoescape=True),
        Event.series_id.is_(None), Event.starts_at > now,
    )  # fmt: skip
    found: Dated = []
    for event in session.scalars(single.order_by(Event.id)).all():
        slot = slots.get(event.uid)
        if slot is not None and locked_event(session, of.community_id, event.id) is not None:
            wanted = drafts.columns(series.at_slot(of, slot), event.starts_at)
            event.apart = any(getattr(event, name) != value for name, value in wanted.items() if name != "ends_at")
            found.append((slot.occurrence, event))
    return found


def _family(session: Session, of: Series) -> list[Series]:
    """The series and what “this and the following ones” made of it, held, in order."""
    statement = select(Series.id).where(Series.split_from_id == of.id).order_by(Series.id)
    return [of, *(series.held(session, number) for number in session.scalars(statement).all())]


def _to_come(session: Session, family: list[Series], now: datetime) -> Dated:
    found = [
        (one.occurrence, one)
        for of in family
        for one in series.members(session, of)
        if one.occurrence is not None and one.starts_at > now
    ]
    for number in sorted(one.id for _, one in found):
        locked_event(session, family[0].community_id, number)
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def _change(
    session: Session, by: Member, of: Series, family: list[Series], repeated: Repeated, draft: EventDraft, now: datetime
) -> Following:
    known = _to_come(session, family, now)
    reverted = {*(of.imported or {}).get("different", ())} - {day.isoformat() for day in repeated.different}
    for occurrence, event in known:
        if occurrence.isoformat() in reverted:  # it differed because the file had said so
            event.apart = False
    today = now.astimezone(times.zone(of.time_zone)).date()
    before = list(_from(recurrence.dates(of.rule, series.first_day(of)), today, len(known)))
    if not {occurrence for occurrence, _ in known} <= set(before):
        before = [occurrence for occurrence, _ in known]
    for other in family[1:]:
        other.state, other.next_plan_at, other.updated_at = SeriesState.ended, None, now
    for name, value in _said(repeated, draft).items():
        setattr(of, name, value)
    of.holidays, of.on_holiday, of.days_off = family[-1].holidays, family[-1].on_holiday, list(family[-1].days_off)
    of.updated_at = now
    session.flush()
    return _settle(session, by, of, repeated, before, known, now)


def _from(days: Iterator[date], since: date, known: int) -> Iterator[date]:
    """The dates since then, as many as there can be events for."""
    count = 0
    for day in days:
        if day >= since:
            count += 1
            if count > known + series.MOST_AHEAD:
                return
            yield day


def _settle(
    session: Session, by: Member, of: Series, repeated: Repeated, before: list[date], known: Dated, now: datetime
) -> Following:
    """Give each event its date in the series as it is now, and plan what is new.

    A date that stays keeps its event. Where none stays, as when Tuesdays become Wednesdays, the n-th becomes the n-th.
    """
    slots = list(_ahead(of, now))
    dates = [occurrence for occurrence, _ in known]
    by_date = {slot.occurrence: slot for slot in slots}
    if known and by_date.keys().isdisjoint(dates):
        by_date = dict(zip(before, slots, strict=False))
    else:
        by_date |= _near(dates, by_date)
    for _, event in known:  # first none has a date, then each its own: the new dates may be the old ones of others
        event.series_id, event.occurrence = of.id, None
    session.flush()
    result = Following(of, [], [], [], [])
    for occurrence, event in known:
        slot = by_date.get(occurrence)
        differs = repeated.different.get(slot.occurrence) if slot else None
        if slot is None or differs is None:
            take_over(session, by, of, event, slot, result, forced=slot is None or slot.day is None, now=now)
        else:
            event.occurrence = slot.occurrence
            session.flush()
            _differ(session, by, of, event, differs, result, now)
    _plan_different(session, by, of, repeated, result, now)
    result.made.extend(series.upkeep(session, of, now))
    return result


def _near(dates: list[date], by_date: dict[date, Slot]) -> dict[date, Slot]:
    """For dates that do not stay, new ones of the same days, as where a part of the series had been moved here."""
    free = [day for day in by_date if day not in dates]
    found: dict[date, Slot] = {}
    for one in dates:
        near = min(free, key=lambda day: abs(day - one), default=None) if one not in by_date else None
        if near is not None and abs(near - one) <= NEAR:
            free.remove(near)
            found[one] = by_date[near]
    return found


def _ahead(of: Series, now: datetime) -> Iterator[Slot]:
    """The dates that are not over, for as long ahead as events are planned and a little more."""
    last = (now + series.AHEAD + timedelta(days=60)).date()
    for slot in takewhile(lambda slot: slot.occurrence <= last, series.slots(of)):
        planned = series.at_slot(of, slot)
        if times.instant(planned.day, planned.at, planned.time_zone) > now:
            yield slot


def _plan_different(
    session: Session, by: Member, of: Series, repeated: Repeated, result: Following, now: datetime
) -> None:
    """Plan the dates that differ and have no event yet, however far ahead they are."""
    taken = {event.occurrence for event in series.members(session, of)}
    for day, line in sorted(repeated.different.items()):
        if day not in taken:
            draft = drafts.checked(replace(series.on_day(of, day), **line.values))
            starts_at = times.instant(draft.day, draft.at, draft.time_zone)
            if starts_at > now:
                drafts.start_of(draft, now)
                card_at = max(now, starts_at - series.CARD_AHEAD)
                made = events.add(
                    session, by, draft, starts_at, now,
                    series_id=of.id, occurrence=day, apart=True, card_at=card_at,
                )  # fmt: skip
                result.made.append(made)


def _differ(
    session: Session, by: Member, of: Series, event: Event, line: Line, result: Following, now: datetime
) -> None:
    """Give one date what the file says of it alone."""
    if event.state is not EventState.scheduled:
        return
    planned = drafts.of(event)
    draft = drafts.checked(replace(planned, **without_echoes(of.template, line.values)))
    same_time = (draft.day, draft.at, draft.time_zone) == (planned.day, planned.at, planned.time_zone)
    starts_at = event.starts_at if same_time else times.instant(draft.day, draft.at, draft.time_zone)
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


def _call_off(session: Session, by: Member, of: Series, repeated: Repeated, now: datetime) -> Following:
    family, result = _family(session, of), Following(of, [], [], [], [])
    for _, event in _to_come(session, family, now):
        if event.state is EventState.scheduled:
            events.call_off(session, by, event, now)
            result.cancelled.append(event)
    for one in family:
        one.state, one.next_plan_at, one.updated_at = SeriesState.ended, None, now
    of.imported = {"digest": repeated.digest, "different": []}
    session.flush()
    return result
