"""A year's events from a table or a calendar: what a file says, line by line, and what is wrong with it.

A line becomes a `Line`: the event's UID, by which a second import knows it again, and the fields of a draft that the
file names; what it does not name is left as it is, or has a default. Nothing here writes to the database.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from community import text
from community.errors import CommunityError, Invalid
from community.times import parse_day, parse_time

LARGEST = 5_000_000  # bytes
MOST_LINES = 2_000
UID_LIMIT = 255
YES, NO = {"yes", "y", "true", "1", "oui", "x"}, {"no", "n", "false", "0", "non", ""}
REQUIRED = ("uid", "title_en", "title_fr", "date", "time")
COLUMNS = (
    *REQUIRED, "kind", "description_en", "description_fr", "time_zone", "minutes", "place", "link", "seats", "channel",
    "course", "cancelled",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One event of a file: `values` are fields of an event's draft."""

    number: int
    uid: str
    values: dict[str, Any]
    cancelled: bool = False


@dataclass(frozen=True)
class Trouble:
    """What is wrong on a line, which counts from 1."""

    number: int
    error: CommunityError


@dataclass
class Programme:
    """What a file holds, and what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    _uids: set[str] = field(default_factory=set)

    def attempt(self, number: int, make: Callable[[], Line]) -> None:
        """Add a line, or what is wrong with it."""
        try:
            line = make()
            if line.uid in self._uids:
                raise Invalid("file_uid_twice", uid=line.uid)
            self._uids.add(line.uid)
            self.lines.append(line)
        except CommunityError as error:
            self.troubles.append(Trouble(number, error))


def decoded(content: bytes) -> str:
    """The text of a file. Raises Invalid `file_too_large` or `file_not_utf8`."""
    if len(content) > LARGEST:
        raise Invalid("file_too_large", size=len(content), limit=LARGEST)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("file_not_utf8", byte=error.start) from None


def read_table(content: bytes) -> Programme:
    """The events of a CSV file whose first line names the columns, with commas or semicolons between them."""
    found = Programme()
    try:
        source = decoded(content)
        first = source.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        rows = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter)
        names = [name.strip().lower() for name in next(rows, [])]
        _check_names(names)
    except CommunityError as error:
        return Programme(troubles=[Trouble(1, error)])
    except csv.Error:
        return Programme(troubles=[Trouble(1, Invalid("file_no_table"))])
    try:
        for count, cells in enumerate(rows):
            if count >= MOST_LINES:
                found.troubles.append(Trouble(rows.line_num, Invalid("file_lines", limit=MOST_LINES)))
                break
            if any(cell.strip() for cell in cells):
                found.attempt(rows.line_num, lambda cells=cells: _row(names, cells, rows.line_num))  # type: ignore[misc]
    except csv.Error:
        found.troubles.append(Trouble(rows.line_num, Invalid("file_no_table")))
    return found


def _check_names(names: list[str]) -> None:
    known = ", ".join(COLUMNS)
    for name in names:
        if name not in COLUMNS:
            raise Invalid("file_column_unknown", name=name[:40], known=known)
        if names.count(name) > 1:
            raise Invalid("file_column_twice", name=name)
    for name in REQUIRED:
        if name not in names:
            raise Invalid("file_column_missing", name=name, known=known)


def _row(names: list[str], cells: list[str], number: int) -> Line:
    if len(cells) > len(names):
        raise Invalid("file_cells", count=len(cells), limit=len(names))
    given = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    for name, cell in given.items():
        if cell.startswith("="):
            raise Invalid("file_formula", field=name, name=name)
        if name in REQUIRED and not cell:
            raise Invalid("empty", field=name)
    values: dict[str, Any] = {name: cell for name, cell in given.items() if cell and name in _TAKEN_AS_THEY_ARE}
    values |= {"day": parse_day(given["date"], field="date"), "at": _time(given["time"])}
    # A column that is there and empty takes away what was there; one that is not there leaves it.
    values |= {name: given[name] for name in ("description_en", "description_fr", "place") if name in given}
    if "link" in given:
        values["link"] = given["link"] or None
    if given.get("minutes"):
        values["minutes"] = _number(given["minutes"], "minutes")
    if "seats" in given:
        values["capacity"] = _number(given["seats"], "seats") if given["seats"] else None
    if "course" in given:
        values["course_code"] = given["course"] or None
    return Line(number, uid_of(given["uid"]), values, _yes(given.get("cancelled", "")))


_TAKEN_AS_THEY_ARE = ("title_en", "title_fr", "kind", "time_zone", "channel")


def _time(written: str) -> time:
    """09:30, or as French writes it: 9 h 30, 9 h."""
    french = re.fullmatch(r"(\d{1,2})\s*h\s*(\d{2})?", written)
    return parse_time(f"{french[1]}:{french[2] or '00'}" if french else written)


def uid_of(written: str) -> str:
    """The UID, on one line. Raises Invalid."""
    return text.required(text.one_line(written), UID_LIMIT, "uid")


def _number(written: str, field: str) -> int:
    if not re.fullmatch(r"\d{1,6}", written):
        raise Invalid("number_form", field=field)
    return int(written)


def _yes(written: str) -> bool:
    if written.lower() not in YES | NO:
        raise Invalid("file_yes", field="cancelled", value=written[:20])
    return written.lower() in YES
