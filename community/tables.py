"""A table that somebody wrote in a spreadsheet: its lines by column, and what is wrong with each of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from community.errors import CommunityError, Invalid

LARGEST = 5_000_000  # bytes
YES, NO = {"yes", "y", "true", "1", "oui", "x"}, {"no", "n", "false", "0", "non", ""}

Take = Callable[[int, dict[str, str]], object]


@dataclass(frozen=True)
class Trouble:
    """What is wrong on a line, which counts from 1."""

    number: int
    error: CommunityError


def decoded(content: bytes) -> str:
    """The text of a file. Raises Invalid `file_too_large` or `file_not_utf8`."""
    if len(content) > LARGEST:
        raise Invalid("file_too_large", size=len(content), limit=LARGEST)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("file_not_utf8", byte=error.start) from None


def read(content: bytes, columns: Sequence[str], required: Sequence[str], take: Take, *, most: int) -> list[Trouble]:
    """Give `take` each line of a CSV file, its number and its cells by column; returns what is wrong.

    The first line names the columns, with commas, semicolons or tabs between them; `required` ones must be there and
    filled in. A line that ends early has only the cells that it has. What `take` raises is its line's trouble.
    """
    try:
        source = decoded(content)
        first = source.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        rows = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter)
        names = [name.strip().lower() for name in next(rows, [])]
        _check_names(names, columns, required)
    except CommunityError as error:
        return [Trouble(1, error)]
    except csv.Error:
        return [Trouble(1, Invalid("file_no_table"))]
    troubles = []
    try:
        for count, cells in enumerate(rows):
            if count >= most:
                troubles.append(Trouble(rows.line_num, Invalid("file_lines", limit=most)))
                break
            if any(cell.strip() for cell in cells):
                try:
                    take(rows.line_num, _row(names, cells, required))
                except CommunityError as error:
                    troubles.append(Trouble(rows.line_num, error))
    except csv.Error:
        troubles.append(Trouble(rows.line_num, Invalid("file_no_table")))
    return troubles


def yes(written: str, field: str) -> bool:
    """Whether it says yes. Raises Invalid `file_yes`."""
    if written.lower() not in YES | NO:
        raise Invalid("file_yes", field=field, value=written[:20])
    return written.lower() in YES


def _check_names(names: list[str], columns: Sequence[str], required: Sequence[str]) -> None:
    known = ", ".join(columns)
    for name in names:
        if name not in columns:
            raise Invalid("file_column_unknown", name=name[:40], known=known)
        if names.count(name) > 1:
            raise Invalid("file_column_twice", name=name)
    for name in required:
        if name not in names:
            raise Invalid("file_column_missing", name=name, known=known)


def _row(names: list[str], cells: list[str], required: Sequence[str]) -> dict[str, str]:
    if len(cells) > len(names):
        raise Invalid("file_cells", count=len(cells), limit=len(names))
    given = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    for name, cell in given.items():
        if cell.startswith("="):
            raise Invalid("file_formula", field=name, name=name)
    for name in required:
        if not given.get(name):
            raise Invalid("empty", field=name)
    return given
