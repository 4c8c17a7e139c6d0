"""What the clock does for events: when it is due, for whom, and until when it is still of use.

A reminder that would have been due before its event was planned or moved is not written: whoever plans at noon for two
o'clock has just told everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select, true, union
from sqlalchemy.orm import Session

from community import attendance, notices, people, reminder_rules, rsvp, times
from community.group_records import EventInvitation
from community.records import (
    Attendance,
    ChannelMember,
    Event,
    Member,
    Reminder,
    ReminderKind,
    ReminderState,
    Reply,
    Role,
    Rsvp,
    Status,
)
from community.reminder_rules import EARLY, LATER, Slot
from community.reminder_schedule import schedule, slots, too_late
from community.rows import locked_event

PROMPTS = frozenset({ReminderKind.attendance_prompt, ReminderKind.attendance_nudge})
TRIES = 5
FIRST_RETRY = timedelta(seconds=30)
KEPT = timedelta(minutes=1)
REASON_LIMIT = 200


def write(session: Session, event: Event, now: datetime) -> None:
    """Write what is due for the event's present time, in place of what was written for an earlier one."""
    overdue = cancel(session, event, now)
    in_zone = times.zone(event.time_zone)
    for slot, due_at in slots(event, reminder_rules.rules(session, event.community_id, event.kind)):
        # One that was due but not yet taken when the event moved a little must not get lost between the two.
        if due_at <= now and not (slot in overdue and now < too_late(slot, due_at, event)):
            continue
        session.add(written(event, slot, due_at, in_zone))
    session.flush()


def written(event: Event, slot: Slot, due_at: datetime, in_zone: ZoneInfo) -> Reminder:
    """A reminder for the event's present time, not yet added."""
    kind, minutes = slot
    return Reminder(
        community_id=event.community_id,
        event_id=event.id,
        kind=kind,
        minutes=minutes,
        occurrence=event.revision,
        local_due=times.local_text(due_at, in_zone),
        time_zone=event.time_zone,
        due_at=due_at,
    )


def retime(session: Session, event: Event, now: datetime) -> None:
    """Bring what is due around check-in in step with the event's windows; what was done stays done."""
    kinds = (ReminderKind.check_in_opens, ReminderKind.attendance_nudge, ReminderKind.attendance_close)
    there = {
        reminder.kind: reminder
        for reminder in session.scalars(
            select(Reminder)
            .where(Reminder.event_id == event.id, Reminder.occurrence == event.revision, Reminder.kind.in_(kinds))
            .with_for_update()
        )
    }
    wanted = {kind: due_at for kind, due_at in schedule(event) if kind in kinds}
    in_zone = times.zone(event.time_zone)
    for kind in kinds:
        reminder, due_at = there.get(kind), wanted.get(kind)
        if due_at is None:
            if reminder is not None and reminder.state is ReminderState.pending:
                reminder.state, reminder.settled_at = ReminderState.cancelled, now
        elif reminder is None:
            session.add(written(event, (kind, 0), due_at, in_zone))
        elif reminder.state in (ReminderState.pending, ReminderState.cancelled):
            reminder.state, reminder.settled_at = ReminderState.pending, None
            reminder.due_at, reminder.local_due = due_at, times.local_text(due_at, in_zone)
    session.flush()


def cancel(session: Session, event: Event, now: datetime) -> set[Slot]:
    """Nothing pending for the event goes out any more; returns what was due already."""
    pending = session.scalars(
        select(Reminder).where(Reminder.event_id == event.id, Reminder.state == ReminderState.pending).with_for_update()
    ).all()
    for reminder in pending:
        reminder.state, reminder.settled_at = ReminderState.cancelled, now
    notices.withdraw(session, event.id)
    session.flush()
    return {(reminder.kind, reminder.minutes) for reminder in pending if reminder.due_at <= now}


def due(session: Session, now: datetime, limit: int, community_id: int | None = None) -> list[Reminder]:
    """Pending reminders whose time has come, oldest first; with `community_id`, of that community.

    Whoever works on one holds it first (`hold`).
    """
    return list(
        session.scalars(
            select(Reminder)
            .where(Reminder.state == ReminderState.pending, Reminder.due_at <= now, _may_try(now), _of(community_id))
            .order_by(Reminder.due_at, Reminder.id)
            .limit(limit)
        )
    )


def hold(session: Session, found: Reminder, now: datetime | None = None) -> tuple[Reminder, Event] | None:
    """The reminder and its event as they are now, for this transaction alone; None when another has it or had it.

    With `now` also when it is put off until later, or kept by another; without, when it is one's own to go on with.
    """
    closing = found.kind is ReminderKind.attendance_close
    event = locked_event(session, found.community_id, found.event_id, shared=not closing)
    if event is None:
        return None
    reminder = session.scalar(
        select(Reminder)
        .where(Reminder.id == found.id, Reminder.state == ReminderState.pending, _may_try(now))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return None if reminder is None else (reminder, event)


def too_late_at(reminder: Reminder, event: Event) -> datetime:
    """From when on it is of no use: six hours late, the start, an hour late, the end; settling attendance never is."""
    return too_late((reminder.kind, reminder.minutes), reminder.due_at, event)


def settle(
    session: Session, reminder: Reminder, state: ReminderState, now: datetime, reason: str | None = None
) -> None:
    """It was done, or will not be, and why not."""
    reminder.state, reminder.settled_at, reminder.reason = state, now, reason and reason[:REASON_LIMIT]
    session.flush()


def note(session: Session, reminder: Reminder, concerned: Iterable[Member]) -> None:
    """Keep whom it concerns now: who replies otherwise later does not change whom it went to, or should have."""
    reminder.concerned = [member.id for member in concerned]
    session.flush()


def keep(session: Session, reminder: Reminder, now: datetime) -> None:
    """Others leave it alone for a minute: it takes more than this transaction."""
    reminder.retry_at = now + KEPT
    session.flush()


def postpone(session: Session, reminder: Reminder, now: datetime, reason: str) -> None:
    """It failed: try again after 30 s, 1, 2, 4 min; the fifth failure makes it missed."""
    reminder.attempts += 1
    if reminder.attempts >= TRIES:
        settle(session, reminder, ReminderState.missed, now, reason)
        return
    reminder.retry_at = now + FIRST_RETRY * 2 ** (reminder.attempts - 1)
    reminder.reason = reason[:REASON_LIMIT]
    session.flush()


def recipients(session: Session, reminder: Reminder, event: Event) -> list[Member]:
    """Who hears of it: before, those who come, may come or have not replied; afterwards, those who were there.

    The prompt and the nudge go to those expected who did not decline, also without reminders: it is how they check in.
    Nobody when check-in opens; at the end organizers and facilitators.
    """
    kind = reminder.kind
    if kind in EARLY or kind in LATER:
        always = reminder_rules.rules(session, event.community_id, event.kind).demands(kind)
        if kind in EARLY:
            maybe = rsvp.replied(session, event, Reply.maybe)
            concerned = rsvp.going(session, event) + maybe + undecided(session, event)
        else:
            concerned = _attended(session, event)
        return [m for m in concerned if m.active and not m.is_bot and (always or m.wants_reminders)]
    if kind in PROMPTS:
        declined = {m.id for m in rsvp.replied(session, event, Reply.not_going)}
        awaited = attendance.expected(session, event)
        return [m for m in awaited if m.active and not m.is_bot and m.id not in declined]
    if kind is ReminderKind.attendance_close:
        staff = (people.with_role(session, event.community_id, r) for r in (Role.organizer, Role.facilitator))
        return list({m.id: m for some in staff for m in some}.values())
    return []


def is_exempt(session: Session, reminder: Reminder, event: Event) -> bool:
    """Whether it goes out whatever the hour and however much people were told today.

    So do the prompt and the nudge: they are how people check in, and are of no use the next morning.
    """
    if reminder.kind is ReminderKind.attendance_close or reminder.kind in PROMPTS:
        return True
    return reminder_rules.rules(session, event.community_id, event.kind).demands(reminder.kind)


def letter_key(reminder: Reminder, member: Member) -> str:
    """Key of the message that reminds this person, by which it goes out once."""
    return f"{letters_begin(reminder)}{member.id}"


def letters_begin(reminder: Reminder) -> str:
    """How the keys of its messages begin."""
    which = f"{reminder.occurrence}.{reminder.minutes}" if reminder.minutes else f"{reminder.occurrence}"
    return f"reminder:{reminder.event_id}:{reminder.kind.value}:{which}:"


def count(session: Session, reminder: Reminder, told: int, waiting: int, held: int) -> None:
    """Note to how many people it went, for how many it waits, and for how many it would come too late."""
    reminder.told += told
    reminder.waiting += waiting
    reminder.held += held
    session.flush()


def _attended(session: Session, event: Event) -> list[Member]:
    there = select(Attendance.member_id).where(
        Attendance.event_id == event.id, Attendance.status.in_((Status.present, Status.late))
    )
    return list(session.scalars(select(Member).where(Member.id.in_(there)).order_by(Member.name, Member.id)))


def just_done(session: Session, reminder: Reminder, kind: ReminderKind, since: datetime) -> bool:
    """Whether the reminder of that kind for the same event was done since: nobody is asked twice in a row."""
    done = select(Reminder.id).where(
        Reminder.event_id == reminder.event_id,
        Reminder.occurrence == reminder.occurrence,
        Reminder.kind == kind,
        Reminder.state == ReminderState.done,
        Reminder.settled_at > since,
    )
    return session.scalar(done) is not None


def undecided(session: Session, event: Event) -> list[Member]:
    """People invited, and unless only those may come also those in the event's channel, who have not replied, by name.

    Those whose profile is unknown may be bots.
    """
    replied = select(Rsvp.member_id).where(Rsvp.event_id == event.id)
    concerned = select(EventInvitation.member_id).where(EventInvitation.event_id == event.id)
    if not event.by_invitation:
        in_channel = select(ChannelMember.member_id).where(
            ChannelMember.community_id == event.community_id, ChannelMember.channel == event.channel
        )
        concerned = union(concerned, in_channel)  # type: ignore[assignment]  # both give ids
    return list(
        session.scalars(
            select(Member)
            .where(
                Member.id.in_(concerned),
                Member.id.not_in(replied),
                Member.active,
                ~Member.is_bot,
                Member.refreshed_at.is_not(None),
            )
            .order_by(Member.name, Member.id)
        )
    )


def next_due(session: Session, community_id: int | None = None) -> datetime | None:
    """When the next pending reminder, with `community_id` of that community, is due; None when nothing is."""
    pending = (Reminder.state == ReminderState.pending, _of(community_id))
    return session.scalar(select(func.min(Reminder.due_at)).where(*pending))


def _of(community_id: int | None) -> ColumnElement[bool]:
    return true() if community_id is None else Reminder.community_id == community_id


def _may_try(now: datetime | None) -> ColumnElement[bool]:
    return true() if now is None else or_(Reminder.retry_at.is_(None), Reminder.retry_at <= now)
