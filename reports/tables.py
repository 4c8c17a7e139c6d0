"""Every figure as rows: attendance and opinions by event, series, cohort, department, month and kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from sqlalchemy.orm import Session

from community.records import EventKind
from community.text import clean
from knowledge.catalogue.tables import inert
from reports import opinions, presence
from reports.opinions import Opinion
from reports.page import Say
from reports.presence import Presence
from reports.selection import By, Selection, cohorts, names

COLUMNS = (
    "by", "name", "invited", "going", "expected", "present", "late", "excused", "absent", "unexpected", "not_recorded",
    "attendance_numerator", "attendance_denominator", "attendance_rate", "asked", "respondents", "response_rate",
    "agreeing", "agreeing_n", "agreeing_share", "surveys_open", "groups_with_too_few", "people_in_mixed_groups",
)  # fmt: skip

WIDTHS = {1: 18, 2: 48}  # of the columns that hold names, in characters

Cell = str | int | float | None


def rows(session: Session, selection: Selection, locale: str) -> Iterator[list[Cell]]:
    """One row for the whole and for each part of each kind of part, columns as `COLUMNS`.

    Opinions of parts in which somebody could be told apart are empty. Rates are shares of 1.
    """
    every = (None, *By)
    attended, answered = presence.figures_by(session, selection, every), opinions.figures_by(session, selection, every)
    for by in every:
        came, said = attended[by], answered[by]
        if by is By.cohort:  # opinions know cohorts by their codes
            ids = {cohort.code: cohort.id for cohort in cohorts(session, selection.community_id)}
            said = {ids.get(str(code)): opinion for code, opinion in said.items()}
        named = names(session, selection, by, came.keys() | said.keys(), locale)
        for key in sorted(came.keys() | said.keys(), key=lambda key: named[key]):
            if key is None and by in (By.cohort, By.department, By.series) and key not in came:
                continue  # answers of mixed groups alone
            yield [by.value if by else "all", named[key], *_figures(came.get(key), said.get(key))]


def _figures(came: Presence | None, said: Opinion | None) -> list[Cell]:
    came, said = came or Presence(), said or Opinion()
    attended: list[Cell] = [
        came.invited, came.going, came.expected, came.present, came.late, came.excused, came.absent, came.unexpected,
        came.unsettled, came.came, came.counted, _share(came.rate),
    ]  # fmt: skip
    agreed: list[Cell] = [said.agreeing, said.n, _share(said.share)] if said.n else [None, None, None]
    asked: list[Cell] = [said.asked, said.answered, _share(said.response_rate)]
    return [*attended, *asked, *agreed, said.open, said.few, said.mixed]


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def as_csv(session: Session, selection: Selection, locale: str) -> bytes:
    """The rows in UTF-8 with a mark, so that Excel reads the accents; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(session, selection, locale):
        writer.writerow([inert(clean(cell)) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_workbook(session: Session, selection: Selection, t: Say) -> bytes:
    """The rows as a workbook in the language of `t`: numbers are numbers, shares are shown in per cent.

    No text of it is a formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(t("Report"))
    sheet.freeze_panes = "C2"
    heads, kinds = columns(t), parts(t)
    for number in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(number, 14)
    sheet.append([_cell(sheet, heads[name], heading=True) for name in COLUMNS])
    shares = {number for number, name in enumerate(COLUMNS) if name.endswith(("_rate", "_share"))}
    for by, *row in rows(session, selection, t.locale):
        line = [kinds[str(by)], *row]
        if by == By.kind:
            line[1] = kinds.get(str(row[0]), row[0])
        sheet.append([_cell(sheet, value, share=number in shares) for number, value in enumerate(line)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell, *, share: bool = False, heading: bool = False) -> Any:
    """A value as it stands where it needs nothing: a cell of its own costs ten times as much."""
    if value is None or (not isinstance(value, str) and not share):
        return value
    cell = WriteOnlyCell(sheet, inert(clean(value)) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
    else:
        cell.number_format = "0.0%"
    if heading:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def columns(t: Say) -> dict[str, str]:
    """What the columns are called."""
    return {
        "by": t("By"),
        "name": t("Name"),
        "invited": t("Invited"),
        "going": t("Replied that they are going"),
        "expected": t("Expected"),
        "present": t("Present"),
        "late": t("Late"),
        "excused": t("Excused (left out)"),
        "absent": t("Absent"),
        "unexpected": t("Came without being expected (left out)"),
        "not_recorded": t("Nothing recorded (left out)"),
        "attendance_numerator": t("Attendance: numerator"),
        "attendance_denominator": t("Attendance: denominator"),
        "attendance_rate": t("Attendance rate"),
        "asked": t("People asked"),
        "respondents": t("Respondents"),
        "response_rate": t("Response rate"),
        "agreeing": t("Agreeing: numerator"),
        "agreeing_n": t("Agreeing: denominator"),
        "agreeing_share": t("Agreeing share"),
        "surveys_open": t("Groups still being asked (left out)"),
        "groups_with_too_few": t("Groups with too few answers (left out)"),
        "people_in_mixed_groups": t("People in groups too small to be told apart (left out)"),
    }


def parts(t: Say) -> dict[str, str]:
    """What figures are told apart by, and the kinds of events."""
    return {
        "all": t("Everything"),
        By.event: t("Event"),
        By.series: t("Series"),
        By.cohort: t("Cohort"),
        By.department: t("Department"),
        By.month: t("Month"),
        By.kind: t("Kind of event"),
        EventKind.learning_event: t("Learning events"),
        EventKind.action_learning: t("Action learning groups"),
        EventKind.course_session: t("Course sessions"),
    }
