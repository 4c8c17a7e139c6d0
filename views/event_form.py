"""The form in which an organizer plans or changes an event; its blocks are named after the draft's fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from typing import Any, Self

from community.drafts import DESCRIPTION_LIMIT, PLACE_LIMIT, TITLE_LIMIT
from community.records import Event, EventKind
from community.times import parse_local
from views.events import KINDS
from views.i18n import Translator, translator
from views.inputs import channel_input, date_input, link_input, looked_up, number_input, time_input
from views.text import (
    Block,
    checkboxes,
    context_line,
    escape,
    field,
    modal,
    option,
    radio,
    section,
    select,
    text_input,
)
from views.typed import bold
from views.zones import zone_option

ZONE = "event.zone"
COURSE = "event.course"
ONCE, CUSTOM = "once", "custom"
ALONE, FOLLOWING, ALL_FOLLOWING = "one", "following", "all_following"


@dataclass(frozen=True)
class Filled:
    """What stands in the form, field by field; None leaves a field empty."""

    kind: str | None = EventKind.learning_event.value
    title_en: str | None = None
    title_fr: str | None = None
    description_en: str | None = None
    description_fr: str | None = None
    day: date | None = None
    at: time | None = None
    time_zone: str | None = None
    minutes: int | None = 60
    place: str | None = None
    link: str | None = None
    capacity: int | None = None
    channel: str | None = None
    course_code: str | None = None
    hybrid: bool = False
    online_capacity: int | None = None

    @classmethod
    def of(cls, event: Event) -> Self:
        """The form as the event stands."""
        start = parse_local(event.local_start)
        same = {item.name: getattr(event, item.name) for item in fields(cls) if item.name not in ("kind", "day", "at")}
        return cls(kind=event.kind.value, day=start.date(), at=start.time(), **same)


def create_form(locale: str, filled: Filled) -> Block:
    """The empty form, with what is known already."""
    t = translator(locale)
    return modal(
        "event.create",
        t("Create an event"),
        [*_inputs(t, filled, ""), _channel(t, filled), _repeats(t)],
        submit=t("Create"),
        close=t("Cancel"),
    )


def edit_form(
    locale: str,
    event: Event,
    notice: str | None = None,
    typed: Mapping[str, Any] | None = None,
    *,
    scope: str = ALONE,
) -> Block:
    """The form of an event as it stands, with what a second editor had `typed` below it, so that none is lost.

    For an event of a series it asks first what the change is for; `scope` is what is chosen already.
    """
    t = translator(locale)
    blocks: list[Block] = [section(notice)] if notice else []
    if event.series_id is not None:
        blocks.append(_scope(t, scope))
    # While ids stay the same, Slack keeps what was typed: with the version in them, the event shows as it stands.
    blocks += _inputs(t, Filled.of(event), f".v{event.version}")
    blocks.append(context_line(t("The card stays in {channel}.", channel=f"<#{event.channel}>")))
    lost = _differences(t, event, typed or {})
    if lost:
        blocks.append(section(t("*What you had typed, and what was not saved:*")))
        blocks += [section(line) for line in lost]
    return modal(
        "event.edit",
        t("Edit the event"),
        blocks,
        submit=t("Save"),
        close=t("Cancel"),
        metadata=json.dumps({"event": event.id, "version": event.version}),
    )


def changed_meanwhile(locale: str, name: str | None) -> str:
    """The sentence for an organizer who comes second."""
    t = translator(locale)
    if name is None:
        return t(
            "*Somebody changed this event before you.* Nothing was overwritten. Below is the event as it stands now."
        )
    return t(
        "*{name} changed this event before you.* Nothing was overwritten. Below is the event as it stands now.",
        name=escape(name),
    )


def _labels(t: Translator) -> dict[str, str]:
    return {
        "kind": t("Kind of event"),
        "title_en": t("Title in English"),
        "title_fr": t("Title in French"),
        "description_en": t("Description in English"),
        "description_fr": t("Description in French"),
        "day": t("Date"),
        "at": t("Start time"),
        "time_zone": t("Time zone"),
        "minutes": t("Length in minutes"),
        "place": t("Place"),
        "link": t("Link to join online"),
        "capacity": t("Number of seats"),
        "channel": t("Channel"),
        "course_code": t("Course"),
        "hybrid": t("In the room and online"),
        "online_capacity": t("Number of seats online"),
    }


def _inputs(t: Translator, filled: Filled, suffix: str) -> list[Block]:
    label = _labels(t)
    kinds = [option(t(name), kind.value) for kind, name in KINDS.items()]
    zone = zone_option(filled.time_zone, t.locale) if filled.time_zone else None
    hybrid = option(t("People choose between the two"), "hybrid")
    course = option(filled.course_code, filled.course_code) if filled.course_code else None

    def text(name: str, most: int, *, multiline: bool = False, optional: bool = False) -> Block:
        element = text_input(f"event.{name}{suffix}", multiline=multiline, initial=getattr(filled, name), most=most)
        return field(label[name], element, name, optional=optional)

    return [
        field(label["kind"], select(f"event.kind{suffix}", kinds, initial=filled.kind), "kind"),
        field(
            label["course_code"],
            looked_up(f"{COURSE}{suffix}", course, t("Type a code or a title")),
            "course_code",
            hint=t("For a session of a course in the catalogue. Those who wait for it are told."),
            optional=True,
        ),
        text("title_en", TITLE_LIMIT),
        text("title_fr", TITLE_LIMIT),
        text("description_en", DESCRIPTION_LIMIT, multiline=True, optional=True),
        text("description_fr", DESCRIPTION_LIMIT, multiline=True, optional=True),
        field(label["day"], date_input(f"event.day{suffix}", filled.day), "day"),
        field(label["at"], time_input(f"event.at{suffix}", filled.at), "at"),
        field(
            label["time_zone"],
            looked_up(f"{ZONE}{suffix}", zone, t("Type a city")),
            "time_zone",
            hint=t("Everybody sees the time in their own zone."),
        ),
        field(label["minutes"], number_input(f"event.minutes{suffix}", filled.minutes), "minutes"),
        text("place", PLACE_LIMIT, optional=True),
        field(label["link"], link_input(f"event.link{suffix}", filled.link), "link", optional=True),
        field(
            label["capacity"],
            number_input(f"event.capacity{suffix}", filled.capacity),
            "capacity",
            hint=t("Leave empty when there is no limit. When the seats are taken, people go on a waitlist."),
            optional=True,
        ),
        field(
            label["hybrid"],
            checkboxes(f"event.hybrid{suffix}", [hybrid], initial=["hybrid"] if filled.hybrid else []),
            "hybrid",
            optional=True,
        ),
        field(
            label["online_capacity"],
            number_input(f"event.online_capacity{suffix}", filled.online_capacity),
            "online_capacity",
            hint=t("For an event in the room and online; the number above is then for the room."),
            optional=True,
        ),
    ]


def _channel(t: Translator, filled: Filled) -> Block:
    return field(
        _labels(t)["channel"],
        channel_input("event.channel", filled.channel, t("Choose a channel")),
        "channel",
        hint=t("The event’s card is posted there. In a private channel, invite Praxis first."),
    )


def repetitions(t: Translator) -> list[Block]:
    """The ways in which something repeats."""
    return [
        option(t("Every week"), "weekly"),
        option(t("Every two weeks"), "biweekly"),
        option(t("Every month, on the same weekday of the month"), "monthly_weekday"),
        option(t("Every month, on the same date"), "monthly_date"),
        option(t("By a rule of your own"), CUSTOM),
    ]


def _repeats(t: Translator) -> Block:
    return field(
        t("Repeats"),
        select("event.repeats", [option(t("It takes place once"), ONCE), *repetitions(t)], initial=ONCE),
        "repeats",
        hint=t("Until when, and what becomes of holidays, is asked next."),
    )


def _scope(t: Translator, chosen: str) -> Block:
    choices = [
        option(t("This event alone"), ALONE),
        option(t("This and the following ones"), FOLLOWING),
        option(t("These, and those changed on their own too"), ALL_FOLLOWING),
    ]
    return field(
        t("This event is part of a series. What is the change for?"),
        radio("event.scope", choices, initial=chosen),
        "scope",
    )


def _differences(t: Translator, event: Event, typed: Mapping[str, Any]) -> list[str]:
    """One line for each field where what was typed is not what stands."""
    stands = Filled.of(event)
    written = {
        item.name: getattr(stands, item.name).strftime("%H:%M") if item.name == "at" and stands.at
        else str(getattr(stands, item.name) if getattr(stands, item.name) is not None else "")
        for item in fields(stands)
    }  # fmt: skip
    labels = _labels(t)
    kinds = {kind.value: t(name) for kind, name in KINDS.items()}
    lines = []
    for name, value in typed.items():
        if name == "hybrid":
            continue
        text = "" if value is None else str(value).strip()
        if name in written and text and text != written[name].strip():
            lines.append(f"{bold(labels[name], t.locale)}\n{escape(kinds.get(text, text))}")
    return lines
