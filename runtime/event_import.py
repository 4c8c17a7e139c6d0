"""What the command line does with a year's events: read, take, tell those whom a change concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from community import programme_import, rsvp
from community.programme_calendars import read_calendar
from community.programme_import import Report
from community.programmes import Programme, read_table
from community.records import Community, Event, Member
from community.series_changes import Moved
from delivery import outbox
from handlers.event_news import KEY
from knowledge.catalogue import loaded
from runtime.line_files import Problem, Undone, content, organizer, problems
from storage import Database
from views import event_news
from views.events import card, card_key


def run(
    database: Database, community_id: int, path: Path, now: datetime, *, channel: str | None, dry_run: bool
) -> tuple[Report, list[Problem]]:
    """Import the file, all of it or, with a problem in it, nothing. Raises StartError while nobody is an organizer."""
    with database.read() as session:
        community = session.get_one(Community, community_id)
    programme = _read(path, community.time_zone, now)
    try:
        with database.begin() as session:
            report = _take(session, community_id, programme, now, channel)
            if report.troubles or dry_run:
                raise Undone
            _tell(session, report, now)
    except Undone:
        pass
    return report, problems(path, report.troubles, community)


def _read(path: Path, time_zone: str, now: datetime) -> Programme:
    found = content(path)
    if path.suffix.lower() in (".ics", ".ical", ".ifb"):
        return read_calendar(found, time_zone, now)
    return read_table(found)


def _take(session: Session, community_id: int, programme: Programme, now: datetime, channel: str | None) -> Report:
    courses = loaded.load(session, community_id).courses
    return programme_import.take(
        session, organizer(session, community_id), programme, now, channel=channel, courses=courses
    )


def _tell(session: Session, report: Report, now: datetime) -> None:
    for one in report.changed:
        _tell_changed(session, one, now)
    for event in report.cancelled:
        _refresh(session, event, now)
        _send(session, event, "cancelled", rsvp.concerned(session, event), _cancelled(event))


def _tell_changed(session: Session, one: Moved, now: datetime) -> None:
    event, change = one.change.event, one.change
    _refresh(session, event, now)
    concerned = rsvp.concerned(session, event)
    for member in change.offered:
        row = rsvp.row_of(session, event.id, member.id)
        if row is not None and row.offer_ends_at is not None:
            payload = event_news.offered(member, event, row.seat, row.offer_ends_at)
            _post(session, event, event_news.offer_key(event.id, member.id, row.offers), member, payload)
    others = [member for member in concerned if member.id not in {offered.id for offered in change.offered}]
    if change.moved:
        _send(session, event, "moved", others, _moved(one))
    elif change.fields & {"place", "link"}:
        _send(session, event, "relocated", others, _relocated(event))


Render = Callable[[Member], dict[str, Any]]


def _moved(one: Moved) -> Render:
    return lambda member: event_news.moved(member, one.change.event, one.was, one.was_minutes, one.change.fields)


def _relocated(event: Event) -> Render:
    return lambda member: event_news.relocated(member, event)


def _cancelled(event: Event) -> Render:
    return lambda member: event_news.cancelled(member, event)


def _send(session: Session, event: Event, what: str, members: Iterable[Member], render: Render) -> None:
    for member in members:
        key = KEY.format(event=event.id, what=what, version=event.version, member=member.id)
        _post(session, event, key, member, render(member))


def _post(session: Session, event: Event, key: str, member: Member, payload: dict[str, Any]) -> None:
    outbox.post(
        session,
        community_id=event.community_id,
        key=key,
        payload=payload,
        user=member.slack_user_id,
        subject=f"event:{event.id}",
    )


def _refresh(session: Session, event: Event, now: datetime) -> None:
    if event.card_at is None:
        with suppress(LookupError):  # an event without a card has none to refresh
            shown = card(event, rsvp.standing(session, event), now)
            outbox.update(session, community_id=event.community_id, of=card_key(event.id), payload=shown)
