"""Every figure as rows: attendance and opinions by event, series, cohort, department, month and kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Iterator, Mapping

from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from community.events import title
from community.records import Event
from community.text import clean
from knowledge.catalogue.tables import inert
from reports import opinions, presence
from reports.opinions import Opinion
from reports.presence import Presence
from reports.selection import By, Selection, cohorts, titles

COLUMNS = (
    "by", "name", "invited", "going", "expected", "present", "late", "excused", "absent", "unexpected", "not_recorded",
    "attendance_numerator", "attendance_denominator", "attendance_rate", "asked", "respondents", "response_rate",
    "agreeing", "agreeing_n", "agreeing_share", "surveys_open", "groups_with_too_few", "people_in_mixed_groups",
)  # fmt: skip

Cell = str | int | float | None


def rows(session: Session, selection: Selection, locale: str) -> Iterator[list[Cell]]:
    """One row for the whole and for each part of each kind of part, columns as `COLUMNS`.

    Opinions of parts in which somebody could be told apart are empty. Rates are shares of 1.
    """
    parts = (None, *By)
    attended, answered = presence.figures_by(session, selection, parts), opinions.figures_by(session, selection, parts)
    for by in parts:
        came, said = attended[by], answered[by]
        if by is By.cohort:  # opinions know cohorts by their codes
            ids = {cohort.code: cohort.id for cohort in cohorts(session, selection.community_id)}
            said = {ids.get(str(code)): opinion for code, opinion in said.items()}
        names = _names(session, selection, by, came.keys() | said.keys(), locale)
        for key in sorted(came.keys() | said.keys(), key=lambda key: names[key]):
            if key is None and by in (By.cohort, By.department, By.series) and key not in came:
                continue  # answers of mixed groups alone
            yield [by.value if by else "all", names[key], *_figures(came.get(key), said.get(key))]


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


def _names(
    session: Session, selection: Selection, by: By | None, keys: set[Hashable], locale: str
) -> Mapping[Hashable, str]:
    match by:
        case By.event:
            events = session.scalars(select(Event).where(*selection.events()))
            named = {event.id: f"{event.local_start[:10]} {title(event, locale)}" for event in events}
            return {key: named[key] for key in keys if isinstance(key, int)}
        case By.series:
            wanted = {key for key in keys if isinstance(key, int)}
            found = titles(session, selection.community_id, wanted, locale)
            return {key: found.get(key, "") if isinstance(key, int) else "" for key in keys}
        case By.cohort:
            every = cohorts(session, selection.community_id)
            called = {cohort.id: cohort.name_fr if locale == "fr" else cohort.name_en for cohort in every}
            return {key: called.get(key, "") if isinstance(key, int) else "" for key in keys}
    return {key: str(key or "") for key in keys}


def as_csv(session: Session, selection: Selection, locale: str) -> bytes:
    """The rows in UTF-8 with a mark, so that Excel reads the accents; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(session, selection, locale):
        writer.writerow([inert(clean(cell)) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_workbook(session: Session, selection: Selection, locale: str) -> bytes:
    """The rows as a workbook: numbers are numbers, shares are shown in per cent, texts are never formulas."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = "report"
    sheet.append(COLUMNS)
    shares = {number for number, name in enumerate(COLUMNS, start=1) if name.endswith(("_rate", "_share"))}
    for line, row in enumerate(rows(session, selection, locale), start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(line, column, inert(clean(value)) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif column in shares:
                cell.number_format = "0.0%"
    sheet.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
