"""Figures on questions in words: what the chart and the table say, and what comes with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from knowledge.catalogue.loaded import Catalogue
from knowledge.figures import FLOOR, GAP_FLOOR, Figures
from views.i18n import Translator, count, locale_of, mark, translator, written_date
from views.text import Block, clip, context_line, header, message, section
from views.typed import typed, verbatim

WEEKS = (4, 13, 26, 52)
NOT_DRAWN = mark("The chart could not be drawn this time; the table has all of its figures.")
COMING = mark("I am putting the figures together. They come in your conversation with me in a moment.")
FILES = mark("The chart, and the table with every figure.")


def said(figures: Figures, locale: str) -> dict[str, str]:
    """Titles of panels and columns by the names that reports use."""
    t = translator(locale)
    return {
        "title": _title(figures, t),
        "note": _note(t),
        "by_week": t("By week (beginning on Monday)"),
        "by_language": t("By language"),
        "by_competency": t("By competency"),
        "top_gaps": t("Most often asked in vain"),
        "part": t("Part"),
        "name": t("Name"),
        "total": t("Total"),
        "too_few": t("fewer than {n} people", n=FLOOR),
        "in_vain": t("Without an answer"),
        "asked": t("Asked"),
        "answered": t("Answered"),
        "picked": t("Suggested, then picked"),
        "offered": t("Suggested, none picked"),
        "unknown": t("Unknown"),
        "helpful": t("Helpful"),
        "not_helpful": t("Not helpful"),
        "passed_on": t("Passed on to a person"),
        "answered_by_people": t("Answered by a person"),
        "median_hours": t("Median hours until a person’s answer"),
    }


def names(figures: Figures, catalogue: Catalogue, locale: str) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Names of weeks, languages and competencies."""
    t = translator(locale)
    weeks = {row.name: _short(date.fromisoformat(row.name), t.locale) for row in figures.weeks}
    competencies = {code: competency.title(t.locale) for code, competency in catalogue.competencies.items()}
    return weeks, {"en": t("English"), "fr": t("French")}, {**competencies, "": t("No competency named")}


def summary(figures: Figures, locale: str) -> Block:
    """The figures in a few lines."""
    t = translator(locale)
    total, words = figures.total, said(figures, locale)
    blocks = [header(t("Questions and answers")), section(_title(figures, t))]
    shown = ("asked", "answered", "picked", "offered", "unknown", "helpful", "not_helpful", "passed_on")
    lines = [f"*{words[name]}*\n{count(getattr(total, name), t.locale)}" for name in shown]
    if total.answered_by_people:
        lines.append(f"*{words['answered_by_people']}*\n{count(total.answered_by_people, t.locale)}")
    if total.median_hours is not None:
        lines.append(f"*{words['median_hours']}*\n{count(round(total.median_hours, 1), t.locale)}")
    blocks.append(section(fields=lines))
    if figures.gaps:
        gaps = "\n".join(f"• {typed(clip(gap.text, 150))} ({count(gap.count, t.locale)})" for gap in figures.gaps[:5])
        blocks.append(verbatim(f"*{words['top_gaps']}*\n{gaps}"))
    blocks.append(context_line(_note(t)))
    return message(alt(figures, locale), blocks)


def alt(figures: Figures, locale: str) -> str:
    """What the chart shows, for who cannot see it."""
    t, total = translator(locale), figures.total
    return t(
        "{title}: {asked} asked, {answered} answered, {picked} picked from suggestions, {vain} without an answer.",
        title=_title(figures, t),
        asked=count(total.asked, t.locale),
        answered=count(total.answered, t.locale),
        picked=count(total.picked, t.locale),
        vain=count(total.offered + total.unknown, t.locale),
    )


def file_names(figures: Figures, locale: str) -> Mapping[str, str]:
    """Of the chart and of the table."""
    stem = "questions" if locale_of(locale) == "en" else "questions-et-reponses"
    return {"chart": f"{stem}-{figures.until.isoformat()}.png", "table": f"{stem}-{figures.until.isoformat()}.csv"}


def _title(figures: Figures, t: Translator) -> str:
    since, until = written_date(figures.since, t.locale), written_date(figures.until, t.locale)
    return t("Questions from {since} to {until}", since=since, until=until)


def _note(t: Translator) -> str:
    return t(
        "No figure says who asked. What fewer than {floor} people stand behind is left out; a question asked in vain "
        "is listed once {gap} people asked it.",
        floor=FLOOR,
        gap=GAP_FLOOR,
    )


def _short(day: date, locale: str) -> str:
    return format_date(day, format="d MMM", locale=f"{locale}_CA")
