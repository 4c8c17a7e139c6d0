"""Series as organizers plan them and as everybody sees them: how it repeats, the preview, the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from community import recurrence
from community.events import title
from community.records import Event, EventState
from community.series import Slot
from community.series_records import OnHoliday, Series, SeriesState
from views import series_words
from views.events import Viewer
from views.i18n import Translator, translator, when
from views.inputs import date_input, number_input
from views.text import (
    Block,
    actions,
    button,
    confirmation,
    context_line,
    divider,
    field,
    header,
    message,
    modal,
    option,
    radio,
    section,
    select,
    text_input,
)
from views.typed import bold, verbatim

NO_HOLIDAYS = "none"
PREVIEWED = 15
LISTED = 25


def repeat_form(locale: str, of: Series, *, custom: bool) -> Block:
    """How a draft repeats: its rule where it is one of the organizer's own, its end, holidays, days off."""
    t = translator(locale)
    rule = field(
        t("Rule"),
        text_input("series.rule", initial=series_words.without_end(of), most=recurrence.RULE_LIMIT),
        "rule",
        hint=t("As calendars write it: FREQ=MONTHLY;BYDAY=1TU,3TU is every first and third Tuesday of a month."),
    )
    shown = rule if custom else section(bold(series_words.repetition(of, t), t.locale))
    return modal(
        "series.repeat",
        t("How it repeats"),
        [shown, *inputs(of, t)],
        submit=t("Show the dates"),
        close=t("Back"),
        metadata=metadata(of.id, custom=custom),
    )


def inputs(of: Series, t: Translator) -> list[Block]:
    """Its end, holidays and days off."""
    last, count = recurrence.last_day(of.rule), recurrence.parts_of(of.rule).get("COUNT")
    ends = [
        option(t("On a last day"), "until"),
        option(t("After a number of dates"), "count"),
        option(t("Never"), "never"),
    ]
    chosen = "count" if count else "until" if last else "never"
    places = [option(t(name), place) for place, name in series_words.PLACES.items()]
    return [
        field(t("When does it end?"), radio("series.ends", ends, initial=chosen), "ends"),
        field(t("Last day"), date_input("series.until", last), "until", optional=True),
        field(
            t("Number of dates"), number_input("series.count", int(count) if count else None), "count", optional=True
        ),
        field(
            t("Holidays"),
            select(
                "series.holidays",
                [option(t("None"), NO_HOLIDAYS), *places],
                initial=of.holidays or NO_HOLIDAYS,
            ),
            "holidays",
        ),
        field(
            t("Other days off"),
            text_input("series.days_off", multiline=True, initial="\n".join(of.days_off), most=1500),
            "days_off",
            hint=t("Your community’s own, one a line, as in 2027-03-15."),
            optional=True,
        ),
        field(
            t("What becomes of dates on a holiday or day off?"),
            radio(
                "series.on_holiday",
                [option(t(name), choice.value) for choice, name in series_words.CHOICES.items()],
                initial=OnHoliday(of.on_holiday).value,
            ),
            "on_holiday",
        ),
    ]


def metadata(series_id: int, *, custom: bool) -> str:
    """What the two forms carry along."""
    return json.dumps({"series": series_id, "custom": custom})


def preview(locale: str, of: Series, slots: Sequence[Slot], *, custom: bool) -> Block:
    """The first dates, with the holidays they fall on, for the organizer to say yes to."""
    t = translator(locale)
    return modal(
        "series.preview",
        t("The dates"),
        [
            header(series_words.title(of, t.locale)),
            section(series_words.words(of, t)),
            divider(),
            section(series_words.dates(of, slots[:PREVIEWED], t)),
            *([context_line(t("These are the first dates; others follow."))] if len(slots) > PREVIEWED else []),
            context_line(t("Nothing is planned yet. Each date becomes an event that people reply to on its own.")),
            actions(button(t("Change how it repeats"), "series.rework", of.id), id="series:rework"),
        ],
        submit=t("Plan the series"),
        close=t("Cancel"),
        metadata=metadata(of.id, custom=custom),
    )


def planned(viewer: Viewer, of: Series, made: Sequence[Event]) -> Block:
    """For the organizer who planned it."""
    t = translator(viewer.locale)
    first = made[0]
    text = t.n(
        "{title} is planned: {n} event, {when}. Its card is in {channel}.",
        "{title} is planned: {n} events so far, the first {when}. Its card is in {channel}; each of the others gets "
        "its own two weeks ahead.",
        len(made),
        title=bold(title(first, t.locale), t.locale),
        when=when(first, t.locale, viewer.time_zone),
        channel=f"<#{first.channel}>",
    )
    buttons = [button(t("Series"), "series.open", of.id), button(t("Details"), "event.open", first.id)]
    return message(text, [section(text), section(series_words.words(of, t)), actions(*buttons, id=f"series:{of.id}")])


def page(
    viewer: Viewer, of: Series, events: Sequence[Event], now: datetime, *, may_change: bool, notice: str | None = None
) -> Block:
    """A series with its events to come; organizers may end it. `notice` says what the last press did."""
    t = translator(viewer.locale)
    listed = [block for event in events[:LISTED] for block in _listed(viewer, event, t)]
    ahead = [event for event in events if event.state is EventState.scheduled and event.starts_at > now]
    return modal(
        "series.page",
        t("Series"),
        [
            *([section(notice)] if notice else []),
            header(series_words.title(of, t.locale)),
            section(series_words.words(of, t)),
            *([section(t("*This series has ended.*"))] if of.state is SeriesState.ended else []),
            *listed,
            *([] if events else [section(t("No date is to come."))]),
            *([divider(), actions(*_managing(ahead[0], t), id="series:manage")] if may_change and ahead else []),
        ],
        close=t("Close"),
        metadata=str(of.id),
    )


def _listed(viewer: Viewer, event: Event, t: Translator) -> list[Block]:
    text = when(event, t.locale, viewer.time_zone)
    if event.state is EventState.cancelled:
        text = t("{when}: cancelled", when=text)
    elif event.apart:
        text = t("{when}: changed on its own", when=text)
    return [verbatim(text, button(t("Details"), "event.open", event.id))]


def _managing(first: Event, t: Translator) -> list[Block]:
    sure = confirmation(
        t("Cancel the series?"),
        t("All its dates to come are cancelled, and everybody concerned is told. This cannot be undone."),
        t("Cancel the series"),
        t("Keep it"),
        style="danger",
    )
    return [
        button(t("Edit from the next date on"), "event.edit", f"{first.id}:following"),
        button(t("Change its dates"), "series.dates", first.id),
        button(t("Cancel the series"), "series.cancel", f"{first.id}:{first.version}", style="danger", confirm=sure),
    ]
