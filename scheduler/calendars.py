"""Whoever took an event into their calendar gets a new file when it changed, whichever way it did."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import structlog

from community import calendars
from community.records import Community
from delivery import outbox
from delivery.attachments import File
from scheduler.apart import Apart
from storage import Database
from views import calendars as view

log = structlog.get_logger("praxis.scheduler")

AT_ONCE = 100


def renew(database: Database, now: datetime, community_id: int | None = None, apart: Apart | None = None) -> int:
    """Send a new file for each copy that is out of date; returns how many went out."""
    with database.read() as session:
        waiting = [copy.id for copy in calendars.outdated(session, now, AT_ONCE, community_id)]
    apart = apart or Apart()
    return sum(bool(apart.attempt("calendar", number, partial(_renew, database, number), now)) for number in waiting)


def _renew(database: Database, copy_id: int) -> bool:
    from reports import calendars as files  # its library takes a sixth of a second, which a start need not wait for

    with database.begin() as session:
        found = calendars.renew(session, copy_id)
        if found is None:
            return False
        event, member = found
        community = session.get_one(Community, event.community_id)
        sent = outbox.upload(
            session,
            community_id=event.community_id,
            key=f"calendar:{event.id}:{member.id}:{event.version}",
            text=view.with_file(member, event, renewed=True),
            files=[File(files.file_name(event), files.single(event, community.name, member.locale))],
            user=member.slack_user_id,
            subject=f"event:{event.id}",
        )
    log.info("calendar.renewed", event_id=event.id, member_id=member.id)
    return sent
