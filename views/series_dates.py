"""A running series repeats in another way from one date on: the form, and what that comes to before it is done."""

from __future__ import annotations

import json
from collections.abc import Sequence

from community import recurrence
from community.records import Event
from community.series import Repetition, Slot
from community.series_dates import Outcome
from community.series_records import Series
from views import series_words
from views.event_form import CUSTOM, repetitions
from views.events import Viewer
from views.i18n import Translator, translator, when
from views.series import PREVIEWED, inputs
from views.text import (
    Block,
    actions,
    button,
    context_line,
    divider,
    field,
    header,
    modal,
    section,
    select,
    text_input,
)
from views.typed import verbatim

LISTED = 10


def form(viewer: Viewer, of: Series, event: Event, way: str) -> Block:
    """How the series repeats from this event on, in this `way`: a preset, or a rule of one's own."""
    t = translator(viewer.locale)
    since = t("From {when} on. What comes before stays as it is.", when=when(event, t.locale, viewer.time_zone))
    own_rule = text_input(
        "series.rule", initial=series_words.without_end(of) if way == CUSTOM else "", most=recurrence.RULE_LIMIT
    )
    return modal(
        "series.dates",
        t("Its dates"),
        [
            header(series_words.title(of, t.locale)),
            verbatim(since),
            field(t("How often"), select("series.repeats", repetitions(t), initial=way), "repeats"),
            field(
                t("Rule"),
                own_rule,
                "rule",
                hint=t("For a rule of your own: FREQ=MONTHLY;BYDAY=1TU,3TU is every first and third Tuesday."),
                optional=True,
            ),
            *inputs(of, t),
        ],
        submit=t("Show the dates"),
        close=t("Cancel"),
        metadata=json.dumps({"event": event.id, "version": event.version}),
    )


def outcome(viewer: Viewer, event: Event, found: Outcome, slots: Sequence[Slot], repetition: Repetition) -> Block:
    """The first dates from this event on, and what becomes of those that are planned."""
    t = translator(viewer.locale)
    chosen = {
        "event": event.id,
        "version": event.version,
        "rule": repetition.rule,
        "holidays": repetition.holidays,
        "on_holiday": str(repetition.on_holiday),
        "days_off": list(repetition.days_off),
    }
    return modal(
        "series.redo",
        t("The dates"),
        [
            header(series_words.title(found.series, t.locale)),
            section(series_words.words(found.series, t)),
            divider(),
            section(series_words.dates(found.series, slots[:PREVIEWED], t)),
            *([context_line(t("These are the first dates; others follow."))] if len(slots) > PREVIEWED else []),
            divider(),
            section("\n".join(_becomes(found, t))),
            *_dropped(viewer, found, t),
            actions(button(t("Change how it repeats"), "series.dates_again", event.id), id="series:dates"),
        ],
        submit=t("Save"),
        close=t("Cancel"),
        metadata=json.dumps(chosen),
    )


def _becomes(found: Outcome, t: Translator) -> list[str]:
    said = [t.n("{n} date stays, with its replies.", "{n} dates stay, with their replies.", len(found.stay))]
    if found.moved:
        said.append(
            t.n(
                "{n} date moves to another day, with its replies.",
                "{n} dates move to another day, with their replies.",
                len(found.moved),
            )
        )
    if found.new:
        said.append(t.n("{n} date is planned in addition.", "{n} dates are planned in addition.", len(found.new)))
    return said


def _dropped(viewer: Viewer, found: Outcome, t: Translator) -> list[Block]:
    if not found.dropped:
        return []
    number = len(found.dropped)
    text = t.n(
        "*{n} date is cancelled*, and everybody concerned is told:",
        "*{n} dates are cancelled*, and everybody concerned is told:",
        number,
    )
    lines = [f"• {when(event, t.locale, viewer.time_zone)}" for event in found.dropped[:LISTED]]
    if number > LISTED:
        lines.append(t.n("and {n} other date", "and {n} other dates", number - LISTED))
    return [verbatim("\n".join([text, *lines]))]
