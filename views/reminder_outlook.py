"""For organizers: what goes out in the next days, what went, what was missed; and the rules, with a preview."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from community.outlook import Forecast, Person, Planned
from community.overtaken import OVERTAKEN
from community.records import Event, EventKind, Member, ReminderKind, ReminderState
from community.reminder_rules import AFTER, BEFORE, DAY, MOST_FREE, Rules, Slot
from views.events import KINDS, Viewer, named
from views.i18n import Translator, mark, translator, when
from views.inputs import number_input
from views.text import (
    Block,
    button,
    checkboxes,
    context_line,
    divider,
    escape,
    field,
    header,
    message,
    modal,
    option,
    section,
    select,
)
from views.typed import verbatim

NAMES = {
    ReminderKind.week_before: mark("7 days before"),
    ReminderKind.three_days_before: mark("3 days before"),
    ReminderKind.day_before: mark("1 day before"),
    ReminderKind.hour_before: mark("1 hour before"),
    ReminderKind.ten_minutes_before: mark("10 minutes before"),
    ReminderKind.hour_after: mark("1 hour after the end"),
    ReminderKind.day_after: mark("1 day after the end"),
    ReminderKind.attendance_prompt: mark("At the start, to check in"),
    ReminderKind.attendance_nudge: mark("Once more, to check in"),
}
MARK = "free"  # among the mandatory: those of an organizer's own choosing
UNITS = {
    "minutes_before": (ReminderKind.before, 1, mark("minutes before the start")),
    "hours_before": (ReminderKind.before, 60, mark("hours before the start")),
    "days_before": (ReminderKind.before, DAY, mark("days before the start")),
    "minutes_after": (ReminderKind.after, 1, mark("minutes after the end")),
    "hours_after": (ReminderKind.after, 60, mark("hours after the end")),
    "days_after": (ReminderKind.after, DAY, mark("days after the end")),
}
MOST_AHEAD, MOST_DONE, MOST_PEOPLE = 12, 8, 60


def label(kind: ReminderKind, minutes: int, t: Translator) -> str:
    """When it goes out, in words."""
    if kind is ReminderKind.before:
        if minutes % DAY == 0:
            return t.n("{n} day before", "{n} days before", minutes // DAY)
        if minutes % 60 == 0:
            return t.n("{n} hour before", "{n} hours before", minutes // 60)
        return t.n("{n} minute before", "{n} minutes before", minutes)
    if kind is ReminderKind.after:
        if minutes % DAY == 0:
            return t.n("{n} day after the end", "{n} days after the end", minutes // DAY)
        if minutes % 60 == 0:
            return t.n("{n} hour after the end", "{n} hours after the end", minutes // 60)
        return t.n("{n} minute after the end", "{n} minutes after the end", minutes)
    return t(NAMES[kind])


def outlook(viewer: Viewer, ahead: Sequence[Planned], went: Sequence[Planned], missed: Sequence[Planned]) -> Block:
    """The next days and the last ones."""
    t = translator(viewer.locale)
    text = t("Reminders")
    blocks: list[Block] = [header(t("What goes out in the next 7 days"))]
    for planned in ahead:
        blocks.append(verbatim(_ahead(planned, viewer, t), button(t("Who"), "reminder.people", planned.reminder.id)))
    if not ahead:
        blocks.append(section(t("Nothing is planned.")))
    blocks += [header(t("What went out in the last 7 days")), *_past(went, viewer, t)]
    blocks += [header(t("What was missed")), *_past(missed, viewer, t)]
    kinds = [option(t(name), kind.value) for kind, name in KINDS.items()]
    chooser = select("reminder.rules", kinds, placeholder=t("Choose a kind"))
    blocks += [divider(), section(t("*Rules* by kind of event"), accessory=chooser, id="reminder:rules")]
    return message(text, blocks)


def people(viewer: Viewer, event: Event, slot: Slot, found: Sequence[Person]) -> Block:
    """Who gets a reminder, when, in which language."""
    t = translator(viewer.locale)
    blocks = [
        verbatim(f"{named(event, t.locale)}\n{label(*slot, t)}"),
        *_people(found, t),
    ]
    return modal("reminder.people", t("Who gets it"), blocks, close=t("Close"))


def went(
    viewer: Viewer,
    event: Event,
    slot: Slot,
    told: Sequence[Member],
    later: Sequence[Member],
    missed: Sequence[Member],
) -> Block:
    """Of those concerned: who was told of it, who is told later, who was not."""
    t = translator(viewer.locale)
    blocks = [verbatim(f"{named(event, t.locale)}\n{label(*slot, t)}")]
    for text, found in (
        (t("*Not told*, for it came too late:"), missed),
        (t("*Told later*, after quiet hours or on another day:"), later),
        (t("*Told*:"), told),
    ):
        if found:
            blocks += [section(text), *names(found, t)]
    if len(blocks) == 1:
        blocks.append(section(t("Nobody was concerned.")))
    return modal("reminder.people", t("Who gets it"), blocks, close=t("Close"))


def names(found: Sequence[Member], t: Translator) -> list[Block]:
    """People by name, sixty of them at most."""
    blocks = [verbatim(", ".join(escape(member.name) for member in found[:MOST_PEOPLE]))]
    if len(found) > MOST_PEOPLE:
        rest = len(found) - MOST_PEOPLE
        blocks.append(context_line(t.n("And {n} more person.", "And {n} more people.", rest)))
    return blocks


def rules_form(viewer: Viewer, kind: EventKind, rules: Rules) -> Block:
    """Which reminders go out for this kind of event."""
    t = translator(viewer.locale)
    choices = [option(t(NAMES[name]), name.value) for name in (*BEFORE, *AFTER)]
    own = option(t("The times of your own"), MARK)
    mandatory = [name.value for name in rules.mandatory] + ([MARK] if rules.free_mandatory else [])
    return modal(
        "reminder.rules",
        t("Rules of reminders"),
        [
            section(f"*{t(KINDS[kind])}*"),
            field(
                t("When people are reminded"),
                checkboxes("reminder.kinds", choices, initial=[name.value for name in rules.kinds]),
                "kinds",
                hint=t(
                    "Before: those who come, may come or have not replied. After: those who were there. "
                    "Never those who declined."
                ),
                optional=True,
            ),
            *_own_times(rules, t),
            field(
                t("Mandatory"),
                checkboxes("reminder.mandatory", [*choices, own], initial=mandatory),
                "mandatory",
                hint=t(
                    "These go out at once, also in quiet hours and to those who turned reminders off, and are not "
                    "counted."
                ),
                optional=True,
            ),
        ],
        submit=t("Preview"),
        close=t("Cancel"),
        metadata=kind.value,
    )


def _own_times(rules: Rules, t: Translator) -> list[Block]:
    """Numbers and units for times that are not in the list."""
    units = [option(t(name), unit) for unit, (_kind, _minutes, name) in UNITS.items()]
    blocks: list[Block] = []
    for row in range(MOST_FREE):
        count, unit = _in_units(*rules.free[row]) if row < len(rules.free) else (None, "hours_before")
        label_of = t("Another time ({n})", n=row + 1)
        blocks.append(field(label_of, number_input(f"reminder.number{row}", count), f"number{row}", optional=True))
        blocks.append(
            field(t("Counted in ({n})", n=row + 1), select(f"reminder.unit{row}", units, initial=unit), f"unit{row}")
        )
    return blocks


def _in_units(kind: ReminderKind, minutes: int) -> tuple[int, str]:
    for unit, (which, size, _name) in reversed(UNITS.items()):
        if which is kind and minutes % size == 0:
            return minutes // size, unit
    raise ValueError(minutes)  # a minute divides every number of them


def preview(viewer: Viewer, kind: EventKind, rules: Rules, forecast: Forecast | None) -> Block:
    """Who would get what and when for the next event, before the rules count."""
    t = translator(viewer.locale)
    blocks = [section(f"*{t(KINDS[kind])}*")]
    if forecast is None:
        blocks.append(section(t("No event of this kind is planned, so nobody is reminded yet.")))
    else:
        about = {"title": named(forecast.event, t.locale), "when": when(forecast.event, t.locale, viewer.time_zone)}
        blocks.append(section(t("For the next event, {title}, {when}:", **about)))
        for slot, due_at, found in forecast.lines:
            blocks.append(divider())
            blocks.append(verbatim(f"*{label(*slot, t)}*, {when(due_at, t.locale, viewer.time_zone)}"))
            blocks += _people(found, t)
        if not forecast.lines:
            blocks.append(section(t("Nobody is reminded of it.")))
    chosen = {
        "kind": kind.value,
        "kinds": list(rules.kinds),
        "mandatory": list(rules.mandatory),
        "free": list(rules.free),
        "free_mandatory": rules.free_mandatory,
    }
    return modal(
        "reminder.confirm",
        t("Preview"),
        blocks,
        submit=t("Save"),
        close=t("Cancel"),
        metadata=json.dumps(chosen),
    )


def rules_saved(viewer: Viewer, kind: EventKind, events: int) -> str:
    """The rules count from now on."""
    t = translator(viewer.locale)
    return t.n(
        "The rules for “{kind}” are saved; reminders of {n} event ahead follow them.",
        "The rules for “{kind}” are saved; reminders of {n} events ahead follow them.",
        events,
        kind=t(KINDS[kind]),
    )


def _ahead(planned: Planned, viewer: Viewer, t: Translator) -> str:
    people = t.n("{n} person", "{n} people", planned.people)
    return f"{_line(planned, viewer, t, planned.reminder.due_at)}\n{people}"


def _past(found: Sequence[Planned], viewer: Viewer, t: Translator) -> list[Block]:
    if not found:
        return [section(t("Nothing."))]
    blocks = []
    for planned in found:
        row = planned.reminder
        said = [t.n("{n} person was told.", "{n} people were told.", planned.told)] if planned.told else []
        if planned.waiting:
            said.append(t.n("{n} person is told later.", "{n} people are told later.", planned.waiting))
        if planned.late:
            said.append(t.n("For {n} person it came too late.", "For {n} people it came too late.", planned.late))
        if row.reason == OVERTAKEN:
            said.append(t("A later reminder of the event went out in its place."))
        elif row.reason:
            said.append(t("Too late to be of use."))
        if row.state is ReminderState.missed and planned.people:
            said.append(t.n("{n} person was not told.", "{n} people were not told.", planned.people))
        line = _line(planned, viewer, t, row.due_at)
        names = button(t("Who"), "reminder.people", row.id) if planned.people else None
        blocks.append(verbatim(f"{line}\n{' '.join(said) or t('Nobody was concerned.')}", names))
    return blocks


def _line(planned: Planned, viewer: Viewer, t: Translator, at: datetime) -> str:
    name = label(planned.reminder.kind, planned.reminder.minutes, t)
    return f"{named(planned.event, t.locale)} · {name}\n{when(at, t.locale, viewer.time_zone)}"


def _people(found: Sequence[Person], t: Translator) -> list[Block]:
    if not found:
        return [section(t("Nobody, as things stand."))]
    lines = []
    for person in found[:MOST_PEOPLE]:
        name, language = escape(person.member.name), t("French") if person.member.locale == "fr" else t("English")
        if person.at is None:
            lines.append(t("• {name}: not told, for quiet hours end too late", name=name))
        else:
            at = when(person.at, t.locale, person.member.time_zone)
            lines.append(t("• {name}, {when}, in {language}", name=name, when=at, language=language))
    blocks = [verbatim("\n".join(lines[start : start + 15])) for start in range(0, len(lines), 15)]
    if len(found) > MOST_PEOPLE:
        rest = len(found) - MOST_PEOPLE
        blocks.append(context_line(t.n("And {n} more person.", "And {n} more people.", rest)))
    return blocks
