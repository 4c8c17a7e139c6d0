"""How a running series repeats, chosen anew from one date on: its rule, its end, what becomes of holidays.

A date that both ways to repeat name keeps its event with all its replies; what is named no more is called off, what is
new is planned. Those before stay in a series that ends with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile

from sqlalchemy.orm import Session

from community import recurrence, series, times
from community.records import Event, EventState, Member
from community.series import AHEAD, MOST_AHEAD, Repetition, Slot
from community.series_changes import Following, end_before, following, held_from, occurrence_of, successor, take_over
from community.series_records import Series


@dataclass(frozen=True)
class Outcome:
    """What another way to repeat would come to, `series` being how it then stands.

    Of events planned already `stay` keep their date, `moved` get another and `dropped` are called off; `new` are dates
    to be planned now, and those further ahead follow by themselves.
    """

    series: Series
    stay: list[Event] = field(default_factory=list)
    moved: list[Event] = field(default_factory=list)
    dropped: list[Event] = field(default_factory=list)
    new: list[Slot] = field(default_factory=list)


def rest(session: Session, by: Member, event_id: int, version: int, now: datetime) -> Series:
    """How the series repeats from this event on, as it stands; not to be added to the session. Raises like `change`."""
    old, event = held_from(session, by, event_id, version, now)
    return _rest(old, occurrence_of(event), by, now)


def outcome(
    session: Session, by: Member, event_id: int, version: int, repetition: Repetition, now: datetime
) -> Outcome:
    """What `change` would do. Raises like it, changes nothing."""
    old, event = held_from(session, by, event_id, version, now)
    since = occurrence_of(event)
    new = _repeating(old, since, by, repetition, now)
    found, known = Outcome(new), following(session, old, since)
    slots = _slots(new, known)
    for one in known:
        if one.state is not EventState.scheduled or one.starts_at <= now:
            continue
        slot = slots.get(occurrence_of(one))
        if slot is not None and (one.apart or slot.day == times.parse_local(one.local_start).date()):
            found.stay.append(one)
        elif slot is None or slot.day is None:
            found.dropped.append(one)
        else:
            found.moved.append(one)
    planned, last = {one.occurrence for one in known if one.state is not EventState.cancelled}, (now + AHEAD).date()
    called_off = {one.occurrence for one in known} - planned
    for slot in takewhile(lambda slot: slot.occurrence <= last, series.slots(new)):
        if len(found.stay) + len(found.moved) + len(found.new) >= MOST_AHEAD:
            break
        if slot.day is not None and slot.occurrence not in planned | called_off:
            found.new.append(slot)
    return found


def change(
    session: Session, by: Member, event_id: int, version: int, repetition: Repetition, now: datetime
) -> Following:
    """Have the series repeat so from this event, read at `version`, on.

    Events changed on their own stay as they are while the new dates have theirs. Raises like `events.change`, and
    Invalid `event_single` or what is wrong with the repetition.
    """
    old, event = held_from(session, by, event_id, version, now)
    since = occurrence_of(event)
    new = _repeating(old, since, by, repetition, now)
    known = following(session, old, since)
    slots = _slots(new, known)
    becomes = [slots.get(occurrence_of(one)) for one in known]
    session.add(new)
    session.flush()
    end_before(session, old, since, now)
    for one in known:
        one.series_id = new.id
    session.flush()
    result = Following(new, [], [], [], [])
    for one, slot in zip(known, becomes, strict=True):
        take_over(session, by, new, one, slot, result, forced=slot is None, now=now)
    result.made.extend(series.upkeep(session, new, now))
    return result


def _rest(old: Series, since: date, by: Member, now: datetime) -> Series:
    at = times.parse_time(old.template["at"])
    return successor(
        old, by, now,
        rule=recurrence.rest(old.rule, series.first_day(old), since),
        local_start=datetime.combine(since, at).strftime(times.LOCAL_FORMAT),
        time_zone=old.time_zone,
        template=dict(old.template),
    )  # fmt: skip


def _repeating(old: Series, since: date, by: Member, repetition: Repetition, now: datetime) -> Series:
    new = _rest(old, since, by, now)
    series.take(new, repetition, now)
    return new


def _slots(new: Series, known: list[Event]) -> dict[date, Slot]:
    furthest = max(occurrence_of(one) for one in known)
    return {slot.occurrence: slot for slot in takewhile(lambda slot: slot.occurrence <= furthest, series.slots(new))}
