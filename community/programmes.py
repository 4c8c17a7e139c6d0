"""A year's events from a table or a calendar: what a file says, line by line, and what is wrong with it.

A line becomes a `Line`: the event's UID, by which a second import knows it again, and the fields of a draft that the
file names; what it does not name is left as it is, or has a default. What a calendar repeats becomes a `Repeated`.
Nothing here writes to the database.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from community import tables, text
from community.errors import CommunityError, Invalid
from community.tables import Trouble
from community.times import parse_day, parse_time

MOST_LINES = 2_000
UID_LIMIT = 255
REQUIRED = ("uid", "title_en", "title_fr", "date", "time")
COLUMNS = (
    *REQUIRED, "kind", "description_en", "description_fr", "time_zone", "minutes", "place", "link", "seats", "hybrid",
    "online_seats", "channel", "course", "cancelled",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One event of a file: `values` are fields of an event's draft.

    `date_of` is the UID of the series of which it is the date `occurrence`, where the file has the date alone.
    """

    number: int
    uid: str
    values: dict[str, Any]
    cancelled: bool = False
    date_of: str | None = None
    occurrence: date | None = None

    @property
    def digest(self) -> str:
        """Changes exactly when the line says something else."""
        return _digest(self.values)


@dataclass(frozen=True)
class Repeated:
    """A series of a file: `values` with the first day, its rule, dates it leaves out and dates that differ."""

    number: int
    uid: str
    values: dict[str, Any]
    rule: str
    left_out: frozenset[date] = frozenset()
    different: dict[date, Line] = field(default_factory=dict)
    cancelled: bool = False

    @property
    def digest(self) -> str:
        """Changes exactly when the file says something else."""
        differing = [[day.isoformat(), one.values] for day, one in sorted(self.different.items())]
        said = [self.values, self.rule, sorted(day.isoformat() for day in self.left_out), differing, self.cancelled]
        return _digest(said)


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


Made = Sequence[Line | Repeated]


def uid_of_date(uid: str, day: date) -> str:
    """The UID of one date of what repeats."""
    return uid_of(f"{uid[:240]}/{day:%Y-%m-%d}")


@dataclass
class Programme:
    """What a file holds, and what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    series: list[Repeated] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    _uids: set[str] = field(default_factory=set)

    def attempt(self, number: int, make: Callable[[], Made]) -> None:
        """Add lines and series, or what is wrong with them."""
        try:
            for one in make():
                self.add(one)
        except CommunityError as error:
            self.troubles.append(Trouble(number, error))

    def add(self, line: Line | Repeated) -> None:
        """Add a line or a series. Raises Invalid `file_uid_twice`."""
        if line.uid in self._uids:
            raise Invalid("file_uid_twice", uid=line.uid)
        self._uids.add(line.uid)
        if isinstance(line, Line):
            self.lines.append(line)
        else:
            self.series.append(line)


def without_echoes(there: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The values, without a text given for both languages that is there in one, beside its own in the other."""
    kept = dict(values)
    for name in ("title", "description"):
        pair = (f"{name}_en", f"{name}_fr")
        said = {kept.get(key) for key in pair}
        if len(said) == 1 and said <= {there[key] for key in pair}:
            for key in pair:
                kept.pop(key, None)
    return kept


def read_table(content: bytes) -> Programme:
    """The events of a CSV file whose first line names the columns, with commas or semicolons between them."""
    found = Programme()
    found.troubles += tables.read(
        content, COLUMNS, REQUIRED, lambda number, given: found.add(_row(number, given)), most=MOST_LINES
    )
    return found


def _row(number: int, given: dict[str, str]) -> Line:
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
    if "hybrid" in given:
        values["hybrid"] = tables.yes(given["hybrid"], "hybrid")
    if "online_seats" in given:
        values["online_capacity"] = _number(given["online_seats"], "online_seats") if given["online_seats"] else None
    if "course" in given:
        values["course_code"] = given["course"] or None
    return Line(number, uid_of(given["uid"]), values, tables.yes(given.get("cancelled", ""), "cancelled"))


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
