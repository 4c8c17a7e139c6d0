"""Who is invited to one date of a series is invited to those after it, where that was chosen, and to new ones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import cohorts, invitations
from community.group_records import Cohort, EventAudience, EventInvitation, InvitedBy
from community.records import Event, EventState
from community.rows import locked_event


def same_as(session: Session, model: Event, event: Event, now: datetime) -> None:
    """Invite to a held event whom `model` invites, on the same terms; its guests came for that one day.

    Of a cohort, those who are in it now.
    """
    invitations.keep_out_others(session, event, model.by_invitation)
    for audience in session.scalars(select(EventAudience).where(EventAudience.event_id == model.id)).all():
        invitations.for_cohort(session, event, audience.cohort_id, enrolled=audience.enrolled)
        inside = cohorts.members(session, session.get_one(Cohort, audience.cohort_id))
        invitations.add(session, event, inside, InvitedBy.cohort, now, enrolled=audience.enrolled)
    by_name = [
        (member, row)
        for member, row in invitations.invited(session, model)
        if row.source not in (InvitedBy.guest, InvitedBy.cohort)
    ]
    for source in {row.source for _member, row in by_name}:
        for enrolled in (False, True):
            some = [member for member, row in by_name if (row.source, row.enrolled) == (source, enrolled)]
            invitations.add(session, event, some, source, now, enrolled=enrolled)


def inherit(session: Session, made: list[Event], now: datetime) -> None:
    """Give new events of a series the audience of the last one before each."""
    for event in made:
        before = select(Event).where(
            Event.series_id == event.series_id,
            Event.occurrence < event.occurrence,
            Event.state != EventState.cancelled,
        )
        model = session.scalars(before.order_by(Event.occurrence.desc()).limit(1)).first()
        if model is not None and (model.by_invitation or _invites(session, model)):
            same_as(session, model, event, now)


def pass_on(session: Session, event: Event, now: datetime) -> list[Event]:
    """Invite to those after this event of a series, whose row is held, whom this one invites; returns them."""
    after = select(Event.id).where(
        Event.series_id == event.series_id,
        Event.occurrence > event.occurrence,
        Event.state == EventState.scheduled,
        Event.starts_at > now,
    )
    numbers = session.scalars(after.order_by(Event.id)).all()
    passed = [one for number in numbers if (one := locked_event(session, event.community_id, number)) is not None]
    for one in passed:
        same_as(session, event, one, now)
    return passed


def _invites(session: Session, event: Event) -> bool:
    some = select(EventInvitation.id).where(EventInvitation.event_id == event.id).limit(1)
    cohort = select(EventAudience.id).where(EventAudience.event_id == event.id).limit(1)
    return session.scalar(some) is not None or session.scalar(cohort) is not None
