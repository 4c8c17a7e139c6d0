"""Cells of the catalogue's tables, read one by one: lengths, costs, days, lists, choices."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from knowledge.catalogue.loaded import Texts
from knowledge.catalogue.problems import TableProblem
from knowledge.catalogue.records import CODE
from knowledge.catalogue.tables import Row

TITLE_LIMIT = 200
TEXT_LIMIT = 2_000
LIST_LIMIT = 50  # items in one cell
REFERENCE_LIMIT = 58  # of a course elsewhere: a full list of them fits into a field of a form, which takes 3,000
LEVELS = 10  # a scale has no more
DAY_MINUTES = 450  # 7.5 h, a working day in the federal public service
LONGEST = 250 * DAY_MINUTES
DEAREST = 10_000_000  # cents

_CODE = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_UNITS = {"d": DAY_MINUTES, "day": DAY_MINUTES, "j": DAY_MINUTES, "jour": DAY_MINUTES,
          "h": 60, "hour": 60, "hr": 60, "heure": 60, "m": 1, "min": 1, "minute": 1}  # fmt: skip
_AMOUNT = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?)\s*([a-z]+)", re.IGNORECASE)
_COST = re.compile(r"(\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+|\d{1,6})(?:[.,](\d{1,2}))?")
_YES = {"yes", "true", "1", "oui", "x"}
_NO = {"", "no", "false", "0", "non"}

Choice = TypeVar("Choice", bound=StrEnum)


class Reading:
    """Takes one line apart; what is wrong goes to `problems`, and `fine` says whether nothing was."""

    def __init__(self, row: Row, problems: list[TableProblem]) -> None:
        self.row = row
        self.fine = True
        self._problems = problems
        for column, text in row.cells.items():
            if text.startswith("=") and len(text) > 1:
                self.wrong("formula", column=column)
            elif _CONTROL.search(text):
                self.wrong("control_character", column=column)

    def wrong(self, what: str, /, **params: object) -> None:
        """Note something that is wrong on this line."""
        self.fine = False
        self._problems.append(self.row.problem(what, **params))

    def text(self, column: str, limit: int = TITLE_LIMIT, *, required: bool = True) -> str:
        """A text of at most `limit` characters."""
        text = self.row.cells[column].strip()
        if not text and required:
            self.wrong("empty", column=column)
        if len(text) > limit:
            self.wrong("too_long", column=column, length=len(text), limit=limit)
        return text

    def both(self, column: str, limit: int = TITLE_LIMIT, *, required: bool = True) -> Texts:
        """A text in both languages."""
        return {locale: self.text(f"{column}_{locale}", limit, required=required) for locale in ("en", "fr")}

    def code(self, text: str, column: str) -> str:
        """A code, as it is written."""
        if not _CODE.fullmatch(text) or len(text) > CODE:
            self.wrong("bad_code", value=text[:50], column=column)
        return text

    def items(self, column: str) -> tuple[str, ...]:
        """What a cell lists, separated by semicolons."""
        found = [" ".join(item.split()) for item in self.row.cells[column].split(";")]
        items = [item for item in found if item]
        for item in dict.fromkeys(item for item in items if items.count(item) > 1):
            self.wrong("repeated", value=item[:50], column=column)
        if len(items) > LIST_LIMIT:
            self.wrong("too_long", column=column, length=len(items), limit=LIST_LIMIT)
        return tuple(dict.fromkeys(items[:LIST_LIMIT]))

    def names(self, column: str, limit: int = TITLE_LIMIT) -> tuple[str, ...]:
        """What things are called, none of it longer than a title unless told."""
        items = self.items(column)
        for item in items:
            if len(item) > limit:
                self.wrong("too_long", column=column, length=len(item), limit=limit)
        return items

    def codes(self, column: str) -> tuple[str, ...]:
        """Several codes."""
        return tuple(self.code(item, column) for item in self.items(column))

    def level(self, text: str, column: str) -> int:
        """A level of the scale."""
        if not text.isascii() or not text.isdigit() or len(text) > 2 or not 1 <= int(text) <= LEVELS:
            self.wrong("bad_level", value=text[:50], column=column, limit=LEVELS)
            return 1
        return int(text)

    def develops(self, column: str) -> dict[str, int]:
        """Competencies with the level reached: `RM:2; ATIP:1`."""
        found: dict[str, int] = {}
        for item in self.items(column):
            code, colon, level = item.partition(":")
            if not colon:
                self.wrong("bad_pair", value=item[:50])
            elif code.strip() in found:
                self.wrong("repeated", value=code.strip()[:50], column=column)
            else:
                found[self.code(code.strip(), column)] = self.level(level.strip(), column)
        return found

    def languages(self, column: str) -> tuple[str, ...]:
        """Languages of delivery, English before French."""
        items = {item.lower() for item in self.items(column)}
        for item in sorted(items - {"en", "fr"}):
            self.wrong("bad_languages", value=item[:50], column=column)
        if not items:
            self.wrong("empty", column=column)
        return tuple(sorted(items & {"en", "fr"}))

    def choice(self, column: str, choices: type[Choice]) -> Choice:
        """One word out of a list."""
        text = self.row.cells[column].strip().lower().replace("-", "_").replace(" ", "_")
        try:
            return choices(text)
        except ValueError:
            self.wrong("bad_choice", value=text[:50], column=column, known=", ".join(choices))
            return next(iter(choices))

    def checked(self, column: str, parse: Callable[[str], int | None], code: str) -> int:
        """What `parse` makes of a cell that must not be empty."""
        text = self.text(column)
        value = parse(text)
        if value is None and text:
            self.wrong(code, value=text[:50])
        return value or 0

    def cost(self, column: str) -> int | None:
        """Cents; None for an empty cell."""
        text = self.row.cells[column].strip()
        value = parse_cost(text) if text else None
        if text and value is None:
            self.wrong("bad_cost", value=text[:50])
        return value

    def day(self, column: str, today: date) -> date:
        """A day that is not in the future."""
        text = self.text(column, 50)
        try:
            found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
        except ValueError:
            found = None
        if found is None and text:
            self.wrong("bad_date", value=text[:50])
        elif found and found > today:
            self.wrong("future_date", value=text)
        return found or today

    def yes(self, column: str) -> bool:
        """Yes or no; empty is no."""
        text = self.row.cells[column].strip().lower()
        if text not in _YES | _NO:
            self.wrong("bad_yes", value=text[:50], column=column)
        return text in _YES


def parse_length(text: str) -> int | None:
    """Minutes of “2 days”, “1,5 jour”, “1 h 30 min”; None for what is no length."""
    minutes, rest = 0.0, text.strip().lower()
    for amount, unit in _AMOUNT.findall(rest):
        each = _UNITS.get(unit) or _UNITS.get(unit.rstrip("s"))
        if each is None:
            return None
        minutes += float(amount.replace(",", ".")) * each
    left = _AMOUNT.sub("", rest).strip()
    return round(minutes) if not left and 1 <= minutes <= LONGEST else None


def parse_cost(text: str) -> int | None:
    """Cents of “250”, “$1,250.00”, « 1 250,00 $ », “free”; None for what is no cost."""
    bare = text.strip().lower().removesuffix("$").removeprefix("$").strip()
    if bare in ("free", "gratuit"):
        return 0
    found = _COST.fullmatch(bare)
    if not found:
        return None
    cents = int(re.sub(r"\D", "", found[1])) * 100 + int((found[2] or "0").ljust(2, "0"))
    return cents if cents <= DEAREST else None


def written_length(minutes: int) -> str:
    """A length as `parse_length` reads it back."""
    if minutes % (DAY_MINUTES // 2) == 0:
        days = minutes / DAY_MINUTES
        return f"{days:g} {'day' if days <= 1 else 'days'}"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def written_cost(cents: int | None) -> str:
    """A cost as `parse_cost` reads it back."""
    return "" if cents is None else f"{cents // 100}.{cents % 100:02}" if cents % 100 else str(cents // 100)
