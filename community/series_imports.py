"""Series from another calendar's file: planned once, changed when the file says something else, else left alone.

What a file says now is held against what it said last, not against what was changed here since: the same file again
changes nothing. When it does say something else, it holds from now on, as with single events; only dates that were
changed here on their own stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
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
from community.series_changes import Following
from community.series_records import OnHoliday, Series, SeriesState
from community.series_settling import Dated, Known, ahead, begins, settle


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
    if repeated.cancelled:
        return _call_off(session, by, of, repeated, now) if of is not None else None
    first = first_ahead(repeated, now)
    if first is None and of is None and not any(_is_ahead(line, now) for line in repeated.different.values()):
        return None
    first = first or repeated.values["day"]  # over by its rule: what was moved may still be to come
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
    """The first date of the rule from today on: what is over is not planned."""
    today = now.astimezone(times.zone(repeated.values["time_zone"])).date()
    return next(recurrence.dates(repeated.rule, repeated.values["day"], today), None)


def _is_ahead(line: Line, now: datetime) -> bool:
    local = datetime.combine(line.values["day"], line.values["at"])
    return times.resolve(local, times.zone(line.values["time_zone"])) > now


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
    return settle(session, by, of, repeated, Known(adopted, [occurrence for occurrence, _ in adopted]), now)


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
            "said": {day.isoformat(): line.digest for day, line in repeated.different.items()},
        },
    }  # fmt: skip


def _adopt(session: Session, of: Series, repeated: Repeated, now: datetime) -> Dated:
    """Dates of it that are events of their own already, as a file without its rule, or an older import, left them."""
    dates = [*(Slot(day, day) for day in repeated.different), *ahead(of, now)]
    slots = {uid_of_date(repeated.uid, slot.occurrence): slot for slot in dates}
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


def _dated(session: Session, family: list[Series], since: date, now: datetime) -> Dated:
    """The events, held, that are to come, or have their date of the rule still to come though they are over."""
    found = [
        (one.occurrence, one)
        for of in family
        for one in series.members(session, of)
        if one.occurrence is not None and (one.starts_at > now or one.occurrence >= since)
    ]
    for number in sorted(one.id for _, one in found):
        locked_event(session, family[0].community_id, number)
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def _change(
    session: Session, by: Member, of: Series, family: list[Series], repeated: Repeated, draft: EventDraft, now: datetime
) -> Following:
    today = now.astimezone(times.zone(of.time_zone)).date()
    known = _dated(session, family, today, now)
    planned_by = {one.id: one for one in family}
    over = {  # for good: they were moved to where they are
        event.id
        for occurrence, event in known
        if event.apart and begins(series.on_day(planned_by[event.series_id or of.id], occurrence)) <= now
    }
    reverted = {*(of.imported or {}).get("different", ())} - {day.isoformat() for day in repeated.different}
    for occurrence, event in known:
        if occurrence.isoformat() in reverted:  # it differed because the file had said so
            event.apart = False
    last = (of.imported or {}).get("said", {})
    said = frozenset(day for day, line in repeated.different.items() if last.get(day.isoformat()) == line.digest)
    before = list(_from(recurrence.dates(of.rule, series.first_day(of)), today, len(known)))
    if len(before) > 1 and any(occurrence == today and event.starts_at <= now for occurrence, event in known):
        # What took place today is the first of them, or the one before the first, whichever it is nearer to.
        before = before[abs(draft.day - before[0]) > abs(draft.day - before[1]) :]
    dates = [occurrence for occurrence, event in known if event.id not in over]
    if not set(dates) - {today} <= set(before):
        before = dates
    _come_back(session, of, family[1:], {event.id for _, event in known}, now)
    for name, value in _said(repeated, draft).items():
        setattr(of, name, value)
    of.holidays, of.on_holiday, of.days_off = family[-1].holidays, family[-1].on_holiday, list(family[-1].days_off)
    of.updated_at = now
    session.flush()
    return settle(session, by, of, repeated, Known(known, before, frozenset(over), said), now)


def _come_back(session: Session, of: Series, others: list[Series], known: set[int], now: datetime) -> None:
    """End what was split off: its dates that are over are the series' again too, so that none is planned twice."""
    taken = {event.occurrence for event in series.members(session, of)}
    for other in others:
        for event in series.members(session, other):
            if event.id not in known and event.occurrence is not None and event.occurrence not in taken:
                event.series_id = of.id
                taken.add(event.occurrence)
        other.state, other.next_plan_at, other.updated_at = SeriesState.ended, None, now


def _from(days: Iterator[date], since: date, known: int) -> Iterator[date]:
    """The dates since then, as many as there can be events for."""
    count = 0
    for day in days:
        if day >= since:
            count += 1
            if count > known + series.MOST_AHEAD:
                return
            yield day


def _call_off(session: Session, by: Member, of: Series, repeated: Repeated, now: datetime) -> Following:
    family, result = _family(session, of), Following(of, [], [], [], [])
    for _, event in _dated(session, family, now.date(), now):
        if event.state is EventState.scheduled and event.starts_at > now:
            events.call_off(session, by, event, now)
            result.cancelled.append(event)
    for one in family:
        one.state, one.next_plan_at, one.updated_at = SeriesState.ended, None, now
    of.imported = {"digest": repeated.digest, "different": []}
    session.flush()
    return result
