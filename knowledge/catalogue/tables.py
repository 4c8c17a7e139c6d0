"""Tables as CSV files and as sheets of a workbook, read with care and written without live formulas."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from knowledge.catalogue.problems import TableProblem

LARGEST = 20_000_000  # bytes, unpacked
MOST_LINES = 100_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "levels": ("competency", "level", "title_en", "title_fr", "descriptor_en", "descriptor_fr", "sample"),
    "competencies": (
        "code", "parent", "title_en", "title_fr", "description_en", "description_fr", "phrasings_en", "phrasings_fr",
        "sample",
    ),
    "courses": (
        "code", "title_en", "title_fr", "provider", "languages", "mode", "length", "cost", "level", "competencies",
        "prerequisites", "equivalences", "verified_on", "sample",
    ),
}  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula, or for the sign that says it is none.
LIVE = ("=", "+", "-", "@", "\t", "\r")
_LINE_ENDS = re.compile(r"\r\n?")
_CELL = 50_000  # characters; what is longer is refused by the column's own limit


@dataclass(frozen=True)
class Row:
    """One line of a table: `cells` by column."""

    file: str
    line: int
    cells: dict[str, str]

    def problem(self, what: str, /, **params: object) -> TableProblem:
        """Something wrong on this line."""
        return TableProblem(self.file, self.line, what, params)


Line = tuple[int, list[str]]  # its number, and its cells
Tables = dict[str, list[Row]]  # by name, as in COLUMNS; a table that is not there is left alone


def read(path: Path) -> tuple[Tables, list[TableProblem]]:
    """The tables of a folder of CSV files, of one CSV file or of a workbook; and what is wrong with them as tables."""
    problems: list[TableProblem] = []
    found: Tables = {}
    for name, file, lines in _sources(path, problems):
        if name in found:
            continue
        found[name] = list(table_rows(COLUMNS[name], file, lines, problems))
    if not found and not problems:
        problems.append(TableProblem(str(path), 1, "nothing_there"))
    return found, problems


def _sources(path: Path, problems: list[TableProblem]) -> Iterator[tuple[str, str, Iterator[Line]]]:
    try:
        if path.is_dir():
            for name in COLUMNS:
                if (file := path / f"{name}.csv").is_file():
                    yield name, str(file), csv_lines(file, problems)
        elif path.suffix.lower() in (".xlsx", ".xlsm"):
            yield from _workbook(path, problems)
        else:
            lines = list(csv_lines(path, problems))
            if lines:
                yield _table_of(lines[0][1]), str(path), iter(lines)
    except OSError as error:
        problems.append(TableProblem(str(path), 1, "unreadable", {"reason": error.strerror or type(error).__name__}))


def _table_of(header: Sequence[str]) -> str:
    """The table whose columns a header names most of."""
    names = {cell.strip().lower() for cell in header}
    return max(COLUMNS, key=lambda name: len(names & set(COLUMNS[name])))


def csv_lines(file: Path, problems: list[TableProblem]) -> Iterator[Line]:
    """The lines of a CSV file with their numbers, separated by commas or semicolons; at most 20 MB of UTF-8."""
    size = file.stat().st_size
    if size > LARGEST:
        problems.append(TableProblem(str(file), 1, "too_large", {"size": size, "limit": LARGEST}))
        return
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(TableProblem(str(file), line, "not_utf8", {"byte": error.start}))
        return
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # Excel in French writes semicolons
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1  # where it begins: a quoted cell may go over several
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(TableProblem(str(file), line, "bad_csv", {"reason": str(error)}))


def _workbook(file: Path, problems: list[TableProblem]) -> Iterator[tuple[str, str, Iterator[Line]]]:
    from openpyxl import load_workbook  # an eighth of a second, which only those who bring a workbook need to wait

    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(item.file_size for item in packed.infolist())
        if size > 5 * LARGEST:
            problems.append(TableProblem(str(file), 1, "too_large", {"size": size, "limit": 5 * LARGEST}))
            return
        book = load_workbook(file, read_only=True)
        try:
            for sheet in book.worksheets:
                name = sheet.title.strip().lower()
                if name in COLUMNS:
                    rows = sheet.iter_rows(values_only=True, max_row=MOST_LINES + 2, max_col=100)
                    lines = [(number, [_text(value) for value in row]) for number, row in enumerate(rows, start=1)]
                    yield name, f"{file} ({sheet.title})", iter(lines)
        finally:
            book.close()
    except OSError:
        raise
    except Exception:  # openpyxl raises whatever its parts do: KeyError, ParseError, BadZipFile, ValueError
        problems.append(TableProblem(str(file), 1, "bad_workbook"))


def _text(value: Any) -> str:
    """A cell of a workbook as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def table_rows(
    known: Sequence[str], file: str, lines: Iterator[Line], problems: list[TableProblem], optional: Sequence[str] = ()
) -> Iterator[Row]:
    """The lines below the first, which names the columns; of those known all but the `optional` must be there."""
    first = next(lines, None)
    if first is None and problems:  # it could not be read at all, and that was said
        return
    header = [cell.strip().lower() for cell in first[1]] if first else []
    while header and not header[-1]:
        header.pop()
    if not set(header) & set(known):
        problems.append(TableProblem(file, 1, "no_header", {"known": ", ".join(known)}))
        return
    for cell in dict.fromkeys(header):
        if cell not in known:
            problems.append(TableProblem(file, 1, "unknown_column", {"name": cell[:50], "known": ", ".join(known)}))
        elif header.count(cell) > 1:
            problems.append(TableProblem(file, 1, "duplicate_column", {"name": cell}))
    missing = [column for column in known if column not in header and column not in optional]
    problems += [TableProblem(file, 1, "missing_column", {"name": column}) for column in missing]
    if missing:
        return
    for count, (number, cells) in enumerate(lines):
        if count == MOST_LINES:
            problems.append(TableProblem(file, number, "too_many_lines", {"limit": MOST_LINES}))
            return
        if not any(cell.strip() for cell in cells):
            continue
        row = Row(file, number, {})
        extra = [cell for cell in cells[len(header) :] if cell.strip()]
        if extra:
            problems.append(row.problem("too_many_cells", count=len(header) + len(extra), limit=len(header)))
            continue
        row.cells.update(
            {column: _cell(cell) for column, cell in zip(header, _padded(cells, len(header)), strict=False)}
        )
        yield row


def _padded(cells: list[str], length: int) -> list[str]:
    return cells + [""] * (length - len(cells))


def _cell(text: str) -> str:
    """What a cell says, without the sign that export put before what looks like a formula."""
    text = _LINE_ENDS.sub("\n", text[:_CELL]).strip()
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(LIVE) else text


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, nor for the end of a line; `_cell` reads it back.

    A carriage return is not put in quotes by every writer of tables: what follows it would be a cell of its own.
    """
    kept = _LINE_ENDS.sub("\n", text)
    return f"'{kept}" if text.lstrip("'").startswith(LIVE) else kept


def write_csv(folder: Path, tables: dict[str, list[list[str]]]) -> None:
    """Each table as `<name>.csv` in UTF-8 with a mark, so that Excel reads the accents."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in tables.items():
        write_table(folder / f"{name}.csv", COLUMNS[name], lines)


def write_table(path: Path, columns: Sequence[str], lines: Iterable[list[str]]) -> None:
    """One table as a CSV file, in UTF-8 with a mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_written(columns, lines))


def write_workbook(file: Path, tables: dict[str, list[list[str]]]) -> None:
    """All tables as sheets of one workbook, every cell as text."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has an active sheet
    for name, lines in tables.items():
        sheet = book.create_sheet(name)
        for number, line in enumerate(_written(COLUMNS[name], lines), start=1):
            for column, text in enumerate(line, start=1):
                cell = sheet.cell(number, column)
                cell.value = text
                cell.data_type = "s"  # never a formula, whatever it begins with
        sheet.freeze_panes = "A2"
    file.parent.mkdir(parents=True, exist_ok=True)
    book.save(file)


def _written(columns: Sequence[str], lines: Iterable[list[str]]) -> Iterator[list[str]]:
    yield list(columns)
    for line in lines:
        yield [inert(text) for text in line]
