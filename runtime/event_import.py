"""What the command line does with a year's events: read, take, tell those whom a change concerns."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from community import programme_import
from community.programme_calendars import read_calendar
from community.programme_import import Report
from community.programmes import Programme, read_table
from community.records import Community
from handlers import event_news, series_news
from knowledge.catalogue import loaded
from runtime import import_lines
from runtime.line_files import Problem, Undone, content, organizer, problems
from storage import Database

# What a file calls the fields of an event.
TABLE_NAMES = {
    "day": "date", "at": "time", "capacity": "seats", "online_capacity": "online_seats", "course_code": "course",
}  # fmt: skip
CALENDAR_NAMES = {
    "uid": "UID", "day": "DTSTART", "at": "DTSTART", "time_zone": "DTSTART", "minutes": "DTEND", "title_en": "SUMMARY",
    "title_fr": "SUMMARY", "description_en": "DESCRIPTION", "description_fr": "DESCRIPTION", "place": "LOCATION",
    "link": "URL",
}  # fmt: skip


def run(
    database: Database, community_id: int, path: Path, now: datetime, *, channel: str | None, dry_run: bool
) -> tuple[Report, list[Problem]]:
    """Import the file, all of it or, with a problem in it, nothing. Raises StartError while nobody is an organizer."""
    with database.read() as session:
        community = session.get_one(Community, community_id)
    programme = _read(path, community.time_zone)
    try:
        with database.begin() as session:
            report = _take(session, community_id, programme, now, channel)
            report.lines = list(import_lines.lines(report))
            if report.troubles or dry_run:
                raise Undone
            _tell(session, report, now)
    except Undone:
        pass
    names = CALENDAR_NAMES if _is_calendar(path) else TABLE_NAMES
    return report, problems(path, report.troubles, community, names)


def _read(path: Path, time_zone: str) -> Programme:
    found = content(path)
    if _is_calendar(path):
        return read_calendar(found, time_zone)
    return read_table(found)


def _is_calendar(path: Path) -> bool:
    return path.suffix.lower() in (".ics", ".ical", ".ifb")


def _take(session: Session, community_id: int, programme: Programme, now: datetime, channel: str | None) -> Report:
    courses = loaded.load(session, community_id).courses
    return programme_import.take(
        session, organizer(session, community_id), programme, now, channel=channel, courses=courses
    )


def _tell(session: Session, report: Report, now: datetime) -> None:
    at = event_news.ByNobody(session, now)
    for one in report.changed:
        event_news.follow(at, one.change, one.was, one.was_minutes)
    for event in report.cancelled:
        event_news.follow_cancelled(at, event)
    for done in (*report.planned, *report.series):
        series_news.tell(at, done, f"import:{done.series.version}")
