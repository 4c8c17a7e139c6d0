"""A report as a file of any kind."""

from __future__ import annotations

from sqlalchemy.orm import Session

from reports import charts, page, programme
from reports.page import Say
from reports.selection import Selection

FORMATS = ("text", "csv", "xlsx", "pdf", "png")


def written(session: Session, selection: Selection, t: Say, form: str) -> bytes:
    """The report as `form`, one of FORMATS, in the language of `t`. Raises ChartFailed where a chart is in it."""
    # Their libraries take 40 MB and a third of a second, which a bot that makes no file need not spend.
    from reports import pdf, tables

    if form == "csv":
        return tables.as_csv(session, selection, t.locale)
    if form == "xlsx":
        return tables.as_workbook(session, selection, t)
    shown = page.page(programme.report(session, selection), t)
    if form == "text":
        return page.as_text(shown).encode()
    drawn = charts.png(shown.chart)
    return drawn if form == "png" else pdf.report(shown, drawn, t.locale)
