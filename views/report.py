"""The programme report in Slack: its figures, each of which opens, and what it can be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from views.i18n import Translator, translator
from views.inputs import date_input, looked_up
from views.text import (
    Block,
    actions,
    button,
    clip,
    context_line,
    divider,
    escape,
    field,
    header,
    message,
    modal,
    option,
    section,
)
from views.typed import verbatim

ALL = "all"
PART_LIMIT = 2800


class Measure(Protocol):
    """One figure of the report (`reports.page`)."""

    @property
    def code(self) -> str:
        """Which it is, for the button that opens it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def shown(self) -> str:
        """The figure."""

    @property
    def how(self) -> str:
        """Numerator and denominator."""

    @property
    def left_out(self) -> Sequence[str]:
        """Who does not count."""

    @property
    def pilot(self) -> str:
        """What it was in the pilot."""


class Page(Protocol):
    """The report (`reports.page`)."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def period(self) -> str:
        """From when to when."""

    @property
    def sample(self) -> str:
        """That there are made-up figures in it; empty otherwise."""

    @property
    def measures(self) -> Sequence[Measure]:
        """Its figures."""

    @property
    def themes_title(self) -> str:
        """What stands above the themes."""

    @property
    def themes(self) -> Sequence[str]:
        """What open answers are about."""

    @property
    def supervisors_title(self) -> str:
        """What stands above what supervisors see."""

    @property
    def supervisors(self) -> Sequence[str]:
        """What supervisors see, behaviour by behaviour."""

    @property
    def notes(self) -> Sequence[str]:
        """What stands below."""


class Part(Protocol):
    """A part of an opened figure (`reports.opened`)."""

    @property
    def heading(self) -> str:
        """What it is."""

    @property
    def lines(self) -> Sequence[str]:
        """What stands in it."""


def report(locale: str, page: Page, chosen: str, narrowed: Sequence[str] = ()) -> Block:
    """The report as a message; `chosen` goes along with each button, `narrowed` says to what it was narrowed."""
    t = translator(locale)
    blocks = [header(page.title), context_line(escape(" · ".join([page.period, *narrowed])))]
    if page.sample:
        blocks.append(section(f"*{escape(page.sample)}*"))
    for measure in page.measures:
        lines = [f"*{measure.shown}* {escape(measure.name)}", f"{escape(measure.how)} ({escape(measure.pilot)})"]
        if measure.left_out:
            lines.append(t("Left out: {reasons}.", reasons=escape("; ".join(measure.left_out))))
        how = button(t("Open"), "report.open", f"{measure.code}|{chosen}", label=t("Open this figure"))
        blocks.append(section("\n".join(lines), accessory=how, id=f"report:{measure.code}"))
    themes = "\n".join(f"• {escape(theme)}" for theme in page.themes)
    blocks += [divider(), verbatim(f"*{escape(page.themes_title)}*\n{themes}")]
    if page.supervisors:
        seen = "\n".join(f"• {escape(line)}" for line in page.supervisors)
        blocks.append(verbatim(f"*{escape(page.supervisors_title)}*\n{seen}"))
    blocks.append(context_line(*map(escape, page.notes)))
    files = {"png": t("Chart"), "pdf": t("PDF"), "xlsx": t("Excel"), "csv": t("CSV")}
    buttons = [button(t("Narrow down"), "report.choose", chosen)]
    buttons += [button(name, f"report.file.{form}", chosen) for form, name in files.items()]
    blocks.append(actions(*buttons, id="report:more"))
    said = ". ".join(t("{name}: {value}", name=measure.name, value=measure.shown) for measure in page.measures)
    return message(escape(f"{page.title}. {page.period}. {said}."), blocks)


def opened(locale: str, measure: Measure, parts: Sequence[Part]) -> Block:
    """A figure with where it comes from."""
    t = translator(locale)
    blocks = [section(f"*{measure.shown}* {escape(measure.name)}"), context_line(escape(measure.how))]
    for part in parts:
        blocks += map(verbatim, _pieces(part, t))
    return modal("report.opened", t("How it comes about"), blocks, close=t("Close"))


def _pieces(part: Part, t: Translator) -> list[str]:
    """The part in texts that a section takes: nothing of it is cut off."""
    pieces, lines = [f"*{escape(part.heading)}*"], part.lines or (t("Nobody, or nothing."),)
    for line in lines:
        shown = clip(f"• {escape(line)}" if part.lines else line, PART_LIMIT)
        if len(pieces[-1]) + len(shown) < PART_LIMIT:
            pieces[-1] += f"\n{shown}"
        else:
            pieces.append(shown)
    return pieces


def everything(locale: str) -> tuple[str, str]:
    """Value and name of the choice that narrows nothing."""
    return ALL, translator(locale)("All")


def choose_form(
    locale: str,
    since: date | None,
    until: date | None,
    chosen: Mapping[str, tuple[str, str]],
) -> Block:
    """What to narrow the report to: `chosen` is what it is narrowed to, as (value, name), by the name of the field."""
    t = translator(locale)
    labels = {"series": t("Series"), "cohort": t("Cohort"), "department": t("Department")}
    blocks = [
        field(t("From"), date_input("report.since", since), "since", optional=True),
        field(t("To"), date_input("report.until", until), "until", optional=True),
    ]
    for name, label in labels.items():
        value, text = chosen.get(name) or everything(locale)
        blocks.append(field(label, looked_up(f"report.{name}", option(text, value), t("Type a few letters")), name))
    blocks.append(context_line(t("What people answered is shown only for groups in which nobody can be told apart.")))
    return modal("report.choose", t("Narrow the report down"), blocks, submit=t("Show"), close=t("Cancel"))


def file_text(locale: str, period: str) -> str:
    """What is said with a file."""
    return translator(locale)("Programme report, {period}", period=escape(period))


def not_drawn(t: Translator) -> str:
    """Where the chart could not be drawn."""
    return t("The chart could not be drawn this time. The figures are right all the same; please try again later.")
