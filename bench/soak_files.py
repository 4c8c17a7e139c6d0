"""Hostile texts through every file that comes in and goes out: tables, workbooks, calendars, PDF."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import vobject
from openpyxl import load_workbook
from sqlalchemy import select

from community import attendance, meeting_files
from community.attendance_records import Status
from community.errors import CommunityError
from community.records import Event, EventState, Member
from delivery.records import Outbox
from knowledge import files as entry_files
from knowledge.catalogue import files as catalogue_files
from knowledge.catalogue import importing, loaded, tables
from knowledge.entry_file import EntryDraft, TextDraft
from knowledge.entry_table import write
from reports import calendars, certificate, questions, rendered
from reports.selection import Selection
from runtime import attending, event_import, sample_year
from storage import Database, migrate
from tests.town import Town
from tests.unit.test_views_hostile import OURS, markup
from views import errors
from views.i18n import translator

LIVE = re.compile(r"<[!@#]|<https?://evil")
# What would act in a program that shows a PDF.
ACTING = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|SubmitForm)\b|/URI\s*\(")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
START = datetime(2027, 3, 9, 15, tzinfo=UTC)


class Ports:
    """A community, and every way that a text takes into it and out of it as a file; what came alive is in `wrong`."""

    def __init__(self, database: Database, folder: Path, forms: Collection[str]) -> None:
        self.database, self.folder, self.town = database, folder, Town(database)
        self.files, self.taken, self.wrong = 0, 0, list[str]()
        self.forms = forms
        self.coming = self.town.people(6)

    def carry(self, text: str) -> None:
        """One text, through all of them."""
        for way in (self.events, self.meeting, self.entries, self.courses, self.figures, self.report):
            for name, alive in way(text):
                self.files += 1
                self.wrong += [name] if alive else []

    def events(self, text: str) -> Iterator[tuple[str, bool]]:
        """A year's events from a table, the same as a calendar out and in again, and their cards."""
        columns = ("uid", "title_en", "title_fr", "date", "time", "place", "description_en", "channel")
        path = self.folder / "year.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file)
            written.writerow(columns)
            written.writerow([f"u{self.files}", text, text, "2027-03-09", "9:00", text, text, "C0EVENTS"])
        now = START - timedelta(days=90)
        report, _ = event_import.run(self.database, self.town.id, path, now, channel=None, dry_run=False)
        self.taken += len(report.added)
        yield "events.csv in", self._cards_alive()
        event = self.town.event(
            START, now=now, title_en=text[:150] or "x", title_fr=text[:150] or "x", place=text[:150]
        )
        made = calendars.single(event, text, "en")
        yield "event.ics out", _calendar_alive(made, 1)
        path = self.folder / "year.ics"
        path.write_bytes(made)
        report, _ = event_import.run(self.database, self.town.id, path, now, channel="C0EVENTS", dry_run=False)
        self.taken += len(report.added)
        yield "year.ics in", self._cards_alive()
        yield "feed.ics out", _calendar_alive(calendars.feed([(event, True), (event, False)], text, "fr"), 2)

    def meeting(self, text: str) -> Iterator[tuple[str, bool]]:
        """A meeting's list, and what the terminal says of it."""
        event = self.town.event(START, now=START - timedelta(days=90))
        with io.StringIO(newline="") as out:
            csv.writer(out).writerows([["Name", "Minutes"], [text, "60"], [f"{text} 2", "60"]])
            listed = out.getvalue().encode("utf-8", "replace")
        try:
            attendees = meeting_files.read(listed)
        except CommunityError as refusal:  # a list in which no column is found is none
            yield "meeting list in", bool(CONTROL.search(errors.sentence(refusal, "en", time_zone="UTC")))
            return
        outcome = attending.take(self.database, event.id, attendees, event.ends_at, dry_run=False)
        said = "\n".join(attending.told(outcome))
        yield "meeting list in", bool(CONTROL.search(said)) or bool(outcome.recorded)

    def entries(self, text: str) -> Iterator[tuple[str, bool]]:
        """Entries out as a table, and in again."""
        said = TextDraft(text[:100] or "x", (text[:100], "b", "c"), text, text)
        draft = EntryDraft("a-b", text, None, date(2026, 1, 1), text[:80], (), True, {"en": said, "fr": said})
        path = self.folder / "entries.csv"
        write(path, [(draft, "")])
        yield "entries.csv out", _cells_alive(path.read_bytes())
        read, problems = entry_files.read(path)
        yield "entries.csv in", not (read or all(problem.sentence for problem in problems))

    def courses(self, text: str) -> Iterator[tuple[str, bool]]:
        """The catalogue in as a table, out as tables and as a workbook, and in again."""
        place = self.folder / "catalogue"
        place.mkdir(exist_ok=True)
        code = f"X-{self.files}"
        line = [code, text, text, text, "en", "online", "3 h", "0", "introductory", "", "", "", "2026-11-01", "no"]
        with (place / "courses.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([tables.COLUMNS["courses"], line])
        self._take(place)
        with self.database.read() as session:
            known = loaded.load(session, self.town.id)
        out, book = self.folder / "out", self.folder / "out.xlsx"
        catalogue_files.export(known, out)
        catalogue_files.export(known, book)
        for path in sorted(out.glob("*.csv")):
            yield f"{path.name} out", _cells_alive(path.read_bytes())
        yield "catalogue.xlsx out", _workbook_alive(book.read_bytes())
        self._take(book)
        with self.database.read() as session:
            again = loaded.load(session, self.town.id)
        yield "catalogue.xlsx in", code in known.courses and again.courses[code].titles != known.courses[code].titles

    def figures(self, text: str) -> Iterator[tuple[str, bool]]:
        """The figures of questions."""
        yield "figures.csv out", _cells_alive(questions.as_csv([["part", "name"], [text, text]]))

    def report(self, text: str) -> Iterator[tuple[str, bool]]:
        """The report and a certificate, of people and departments with this name."""
        with self.database.begin() as session:
            events = session.scalars(select(Event).where(Event.community_id == self.town.id)).all()
            for event in events[-3:]:
                event.state = EventState.scheduled
                for member in self.coming:
                    attendance.correct(
                        session, self.town.organizer, event.id, member.id, Status.present, event.starts_at, text
                    )
                event.state = EventState.closed
            for member in self.coming:
                found = session.get_one(Member, member.id)
                found.name, found.department = text[:80] or "x", text[:80]
            # Of each language, in each form.
            for form in self.forms:
                for locale in ("en", "fr"):
                    made = rendered.written(session, Selection(self.town.id), translator(locale), form)
                    yield f"report.{form} out", _FORMS[form](made)
        with self.database.read() as session:
            taker = session.scalars(select(Member).where(Member.community_id == self.town.id, Member.sample)).first()
            if taker is not None:
                taker.name = text[:80] or "x"
                for record in certificate.records(session, taker, "fr")[:1]:
                    sheet = certificate.drawn(session, record, translator("fr"), date(2026, 11, 22))
                    yield "certificate.pdf out", _sheet_alive(sheet)
                session.expunge_all()

    def _take(self, path: Path) -> None:
        with self.database.begin() as session:
            known = loaded.load(session, self.town.id)
            drafts, problems = catalogue_files.read(path, known, date(2026, 11, 22))
            if not problems:
                importing.take(session, self.town.id, drafts)

    def _cards_alive(self) -> bool:
        with self.database.read() as session:
            shown = [row.payload for row in session.scalars(select(Outbox)) if row.payload]
        return any(LIVE.search(OURS.sub("", words)) for payload in shown for words in markup(payload))


def _cells_alive(content: bytes) -> bool:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return any(cell.startswith(tables.LIVE) and not _is_number(cell) for row in rows for cell in row)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def _workbook_alive(content: bytes) -> bool:
    book = load_workbook(io.BytesIO(content))
    return any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


def _calendar_alive(content: bytes, events: int) -> bool:
    """Whether a text has become a component or a property of its own, to whoever reads the file."""
    read = vobject.readOne(content.decode("utf-8"))
    names = {child.name for event in read.vevent_list for child in event.getChildren()}
    return len(read.vevent_list) != events or not names <= _PROPERTIES


_PROPERTIES = {
    "UID", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "DTSTART", "DTEND", "DTSTAMP", "STATUS",
    "LAST-MODIFIED", "CREATED", "TRANSP", "ORGANIZER", "CATEGORIES",
}  # fmt: skip


def _sheet_alive(content: bytes) -> bool:
    return bool(ACTING.search(content))


_FORMS: dict[str, Callable[[bytes], bool]] = {
    "csv": _cells_alive,
    "xlsx": _workbook_alive,
    "pdf": _sheet_alive,
    "png": lambda made: not made.startswith(b"\x89PNG"),
    "text": lambda made: bool(CONTROL.search(made.decode().replace("\n", ""))),
}


def through_files(url: str, texts: Iterable[str], *, quick: bool) -> tuple[int, list[str]]:
    """How many files the texts went through, and the kinds in which something came alive.

    Pictures and PDF are left out where it is to be quick: drawing takes its time.
    """
    database = Database(url)
    migrate.upgrade(database)
    try:
        with tempfile.TemporaryDirectory() as folder:
            ports = Ports(database, Path(folder), ("csv", "xlsx", "text") if quick else tuple(_FORMS))
            if not quick:
                sample_year.load(database, ports.town.id)  # somebody with a certificate
            for text in texts:
                ports.carry(text.encode("utf-8", "ignore").decode())
        return ports.files, ports.wrong or ([] if ports.taken else ["no event was taken in"])
    finally:
        database.close()
