"""Pages as PDF: the programme report, and a person's certificate. Every accent is there; texts can be read aloud."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import matplotlib
from fpdf import FPDF

from reports.page import Page

# The drawing library brings a font with every accent; PDF's own have none for « œ ».
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
BLUE = (0, 60, 110)
GREY = (90, 90, 90)


def report(page: Page, chart: bytes, locale: str) -> bytes:
    """The report on one A4 page, `chart` (PNG) included."""
    pdf = _document(page.title, locale)
    pdf.add_page()
    _text(pdf, page.title, 20, style="B", colour=BLUE)
    _text(pdf, page.period, 11, colour=GREY)
    if page.sample:
        _text(pdf, page.sample, 10, style="B")
    pdf.ln(3)
    for measure in page.measures:
        top = pdf.get_y()
        pdf.set_font("DejaVu", "B", 20)
        pdf.set_text_color(*BLUE)
        pdf.cell(34, 9, measure.shown)
        pdf.set_left_margin(pdf.l_margin + 36)
        pdf.set_xy(pdf.l_margin, top)
        _text(pdf, measure.name, 10.5, style="B")
        _text(pdf, f"{measure.how} ({measure.pilot}).", 9)
        if measure.left_out:
            _text(pdf, "; ".join(measure.left_out) + ".", 8, colour=GREY)
        pdf.set_left_margin(pdf.l_margin - 36)
        pdf.set_x(pdf.l_margin)
        pdf.ln(2)
    pdf.image(io.BytesIO(chart), w=pdf.epw, h=92, keep_aspect_ratio=True)
    pdf.ln(2)
    _text(pdf, page.themes_title, 10.5, style="B")
    _in_columns(pdf, page.themes, 8.5)
    if page.supervisors:
        pdf.ln(1.5)
        _text(pdf, page.supervisors_title, 10.5, style="B")
        for line in page.supervisors:
            _text(pdf, f"• {line}", 8)
    pdf.ln(1.5)
    for note in page.notes:
        _text(pdf, note, 7.5, colour=GREY)
    return bytes(pdf.output())


def certificate(
    title: str, lead: str, name: str, verb: str, what: str, details: Sequence[str], by: str, issued: str, locale: str
) -> bytes:
    """A certificate on one sheet, in the words given."""
    pdf = _document(title, locale, orientation="landscape")
    pdf.add_page()
    pdf.set_draw_color(*BLUE)
    pdf.set_line_width(1.2)
    pdf.rect(10, 10, pdf.w - 20, pdf.h - 20)
    pdf.set_y(34)
    for text, size, style, colour, after in (
        (title, 30, "B", BLUE, 14),
        (lead, 13, "", GREY, 6),
        (name, 26, "B", (0, 0, 0), 8),
        (verb, 13, "", GREY, 6),
        (what, 19, "B", (0, 0, 0), 8),
        *((detail, 13, "", (0, 0, 0), 2) for detail in details),
    ):
        _text(pdf, text, size, style=style, colour=colour, align="C")
        pdf.ln(after)
    pdf.set_y(pdf.h - 34)
    _text(pdf, by, 13, style="B", colour=BLUE, align="C")
    pdf.ln(2)
    _text(pdf, issued, 11, colour=GREY, align="C")
    return bytes(pdf.output())


def _in_columns(pdf: FPDF, lines: Sequence[str], size: float) -> None:
    """Short lines in two columns, read down one and then the other."""
    top, half = pdf.get_y(), (len(lines) + 1) // 2
    width = pdf.epw / 2
    pdf.set_font("DejaVu", "", size)
    pdf.set_text_color(0, 0, 0)
    for number, line in enumerate(lines):
        column, row = divmod(number, half)
        pdf.set_xy(pdf.l_margin + column * width, top + row * size * 0.5)
        pdf.cell(width, size * 0.5, f"• {line}")
    pdf.set_xy(pdf.l_margin, top + half * size * 0.5)


def _document(title: str, locale: str, orientation: Literal["portrait", "landscape"] = "portrait") -> FPDF:
    pdf = FPDF(orientation=orientation, format="A4")
    pdf.set_title(title)
    pdf.set_lang("fr-CA" if locale == "fr" else "en-CA")
    pdf.set_margins(18, 15)
    pdf.set_auto_page_break(auto=False)
    pdf.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
    return pdf


def _text(
    pdf: FPDF, text: str, size: float, *, style: str = "", colour: tuple[int, int, int] = (0, 0, 0), align: str = "L"
) -> None:
    pdf.set_font("DejaVu", "B" if style == "B" else "", size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")
