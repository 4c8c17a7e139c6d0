"""The programme report in words, in one language: one page that terminals, Slack, PDF and pictures show alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from community.records import EventKind
from community.survey_records import Wave
from reports.charts import Chart, Panel, Series, Shape
from reports.programme import PILOT, Judged, Programme


class Say(Protocol):
    """Sentences in one language (`views.i18n.Translator`)."""

    locale: str

    def __call__(self, message: str, **values: object) -> str:
        """The sentence in this language."""

    def n(self, singular: str, plural: str, number: int, **values: object) -> str:
        """The sentence for so many things."""


@dataclass(frozen=True)
class Measure:
    """One figure of the page: `how` shows numerator and denominator, `left_out` who does not count and why."""

    code: str
    name: str
    value: float | None
    shown: str
    how: str
    left_out: tuple[str, ...]
    pilot: str


@dataclass(frozen=True)
class Page:
    """The report; `notes` stand below it, `chart` shows the months."""

    title: str
    period: str
    sample: str
    measures: tuple[Measure, ...]
    themes_title: str
    themes: tuple[str, ...]
    supervisors_title: str
    supervisors: tuple[str, ...]
    notes: tuple[str, ...]
    chart: Chart


def percent(value: float | None, locale: str) -> str:
    """82 %, 81.7 %; a dash where there is no figure."""
    if value is None:
        return "–"
    pattern = "#,##0.#\u00a0%" if locale == "fr" else "#,##0.#%"
    return format_percent(value, format=pattern, locale=f"{locale}_CA")


def page(programme: Programme, t: Say) -> Page:
    """The report in the language of `t`."""
    measures = tuple(measure for judged in programme.judged for measure in _measures(judged, t))
    return Page(
        t("Programme report"),
        period(programme.selection.since, programme.selection.until, t),
        t("Sample data: invented people, events and answers are among these figures.") if programme.sample else "",
        measures,
        t("What open answers are about"),
        _themes(programme, t),
        t("What supervisors see, in the whole programme") if programme.narrowed else t("What supervisors see"),
        _supervisors(programme, t),
        (
            t(
                "Attendance is those present or late, of those expected without those excused. Only events that are "
                "over count."
            ),
            t(
                "Answers are anonymous: they count once a survey is closed, where a group gave {floor} or more.",
                floor=programme.floor,
            ),
            t("The pilot’s figures are those of the briefing of 25 November 2004."),
        ),
        _chart(programme, t),
    )


def period(since: date | None, until: date | None, t: Say) -> str:
    """From when to when, in words."""
    if since is None or until is None:
        return t("All events so far")
    if since == until:
        return t("On {day}", day=written_day(since, t))
    return t("{since} to {until}", since=written_day(since, t), until=written_day(until, t))


def written_day(day: date, t: Say) -> str:
    """A date in words."""
    text = format_date(day, format="long", locale=f"{t.locale}_CA")
    return f"1er{text[1:]}" if t.locale == "fr" and text.startswith("1 ") else text


def _number(value: int, t: Say) -> str:
    return format_decimal(value, locale=f"{t.locale}_CA")


def _measures(judged: Judged, t: Say) -> tuple[Measure, Measure]:
    learning = judged.kind is EventKind.learning_event
    presence, opinion = judged.presence, judged.opinion
    attendance = Measure(
        f"{judged.kind.value}.attendance",
        t("Attendance at learning events") if learning else t("Attendance at action learning groups"),
        presence.rate,
        percent(presence.rate, t.locale),
        t.n(
            "{came} came, of {n} expected and not excused",
            "{came} came, of {n} expected and not excused",
            presence.counted,
            came=_number(presence.came, t),
        ),
        _attendance_left_out(judged, t),
        t("pilot: {value}", value=percent(PILOT[judged.kind, "rate"], t.locale)),
    )
    agreement = Measure(
        f"{judged.kind.value}.agreement",
        t("Learning events improved their understanding of information management")
        if learning
        else t("Action learning is of benefit to their work and leadership"),
        opinion.share,
        percent(opinion.share, t.locale),
        t.n(
            "{agreeing} agree, of {n} who answered",
            "{agreeing} agree, of {n} who answered",
            opinion.n,
            agreeing=_number(opinion.agreeing, t),
        ),
        _opinion_left_out(judged, t),
        t("pilot: {value}", value=percent(PILOT[judged.kind, "share"], t.locale)),
    )
    return attendance, agreement


def _attendance_left_out(judged: Judged, t: Say) -> tuple[str, ...]:
    presence, events = judged.presence, judged.left_out
    found = (
        (presence.excused, t.n("{n} time somebody was excused", "{n} times somebody was excused", presence.excused)),
        (
            presence.unexpected,
            t.n("{n} time somebody came unexpected", "{n} times somebody came unexpected", presence.unexpected),
        ),
        (presence.unsettled, t.n("{n} time nothing is known", "{n} times nothing is known", presence.unsettled)),
        (events.cancelled, t.n("{n} event was cancelled", "{n} events were cancelled", events.cancelled)),
        (events.ahead, t.n("{n} event is not over", "{n} events are not over", events.ahead)),
    )
    return tuple(sentence for number, sentence in found if number)


def _opinion_left_out(judged: Judged, t: Say) -> tuple[str, ...]:
    opinion = judged.opinion
    silent = opinion.asked - opinion.answered
    found = (
        (silent, t.n("{n} of those asked did not answer", "{n} of those asked did not answer", silent)),
        (opinion.few, t.n("{n} group has too few answers", "{n} groups have too few answers", opinion.few)),
        (opinion.open, t.n("{n} group is still being asked", "{n} groups are still being asked", opinion.open)),
        (
            opinion.mixed,
            t.n(
                "{n} person asked is in a group too small to be told apart",
                "{n} people asked are in groups too small to be told apart",
                opinion.mixed,
            ),
        ),
    )
    return tuple(sentence for number, sentence in found if number)


def _themes(programme: Programme, t: Say) -> tuple[str, ...]:
    themes = programme.themes
    if not themes.n:
        return (t("Too few open answers to show any."),)
    names = theme_names(t)
    lines = [
        t("{theme}: {n} of {total} answers", theme=names[name], n=number, total=themes.n)
        for name, number in themes.counts
    ]
    if themes.hidden and themes.counts:
        lines.append(t.n("{n} theme more has too few answers.", "{n} themes more have too few answers.", themes.hidden))
    elif not themes.counts:
        lines.append(t("No theme is in enough of the {n} answers.", n=themes.n))
    return tuple(lines)


def _supervisors(programme: Programme, t: Say) -> tuple[str, ...]:
    """One line for each behaviour, at the start and after; nothing where none may be shown."""
    by_wave = {wave: {tally.question.id: tally for tally in found} for wave, found in programme.supervisors.items()}
    questions = {tally.question.id: tally.question for found in programme.supervisors.values() for tally in found}

    def said(wave: Wave, number: int) -> str:
        tally = by_wave[wave].get(number)
        if tally is None or not tally.n:
            return "–"
        share = percent(tally.agreeing / tally.n, t.locale)
        return t("{share} ({agreeing} of {n})", share=share, agreeing=tally.agreeing, n=tally.n)

    return tuple(
        t(
            "{question} At the start: {start}; after 90 days: {after}",
            question=question.text_fr if t.locale == "fr" else question.text_en,
            start=said(Wave.start, number),
            after=said(Wave.after, number),
        )
        for number, question in questions.items()
        if question.agreeing
    )


def theme_names(t: Say) -> dict[str, str]:
    """What themes are called."""
    return {
        "examples": t("Examples and cases"),
        "practice": t("Practice and exercises"),
        "discussion": t("Discussion, groups and contacts"),
        "time": t("Time and pace"),
        "speakers": t("Speakers and facilitators"),
        "material": t("Documents and slides"),
        "place": t("Place and technology"),
    }


def _chart(programme: Programme, t: Say) -> Chart:
    months = programme.months

    names = {
        EventKind.learning_event: t("Learning events"),
        EventKind.action_learning: t("Action learning groups"),
    }
    attendance, agreement = [], []
    for judged in programme.judged:
        rates = [judged.by_month[month].rate if month in judged.by_month else None for month in months]
        told = judged.opinion_by_month
        shares = [told[month].share if month in told else None for month in months]
        attendance.append(Series(names[judged.kind], tuple(rates)))
        agreement.append(Series(names[judged.kind], tuple(shares)))
    labels = tuple(month_name(month, t) for month in months)
    return Chart(
        t("Programme report"),
        (
            Panel(t("Attendance by month"), labels, tuple(attendance), Shape.lines, percent=True),
            Panel(t("Respondents who agree, by month"), labels, tuple(agreement), Shape.lines, percent=True),
        ),
        note=t("Sample data: invented people, events and answers are among these figures.") if programme.sample else "",
        locale=f"{t.locale}_CA",
    )


def month_name(month: str, t: Say) -> str:
    """2026-03 in words."""
    return format_skeleton("yMMM", date.fromisoformat(f"{month}-01"), locale=f"{t.locale}_CA")


def alt_text(shown: Page, t: Say) -> str:
    """What the chart shows, in words, for who cannot see it."""
    said = [t("{name}: {value}", name=measure.name, value=measure.shown) for measure in shown.measures]
    months = len(shown.chart.panels[0].labels)
    lead = t.n(
        "Two line charts over {n} month: attendance, and respondents who agree.",
        "Two line charts over {n} months: attendance, and respondents who agree.",
        months,
    )
    return " ".join([lead, *(f"{one}." for one in said)])


def as_text(shown: Page) -> str:
    """The page for a terminal."""
    lines = [f"{shown.title} — {shown.period}", *([shown.sample] if shown.sample else []), ""]
    width = max(len(measure.name) for measure in shown.measures)
    for measure in shown.measures:
        lines.append(f"{measure.name:<{width}}  {measure.shown:>7}   {measure.how} ({measure.pilot})")
        lines += [f"{'':<{width}}            · {reason}" for reason in measure.left_out]
    lines += ["", shown.themes_title, *(f"  {theme}" for theme in shown.themes)]
    if shown.supervisors:
        lines += ["", shown.supervisors_title, *(f"  {line}" for line in shown.supervisors)]
    lines += ["", *shown.notes]
    return "\n".join(lines) + "\n"
