"""Series of events: how it repeats, the preview, planning for good, the page, calling the rest off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import days_off, recurrence, series, series_changes
from community.drafts import EventDraft
from community.errors import Invalid
from community.records import Role
from community.series import Repetition
from community.series_records import OnHoliday, Series
from community.times import parse_day
from handlers import channels, course_sessions, home, modals, series_news
from handlers.payloads import Body, is_modal, number_of, pressed, row_id, value_of
from handlers.work import Work, submission, work
from views import series as view
from views.entered import input_values
from views.event_form import CUSTOM, ONCE
from views.text import message

A_YEAR = timedelta(days=364)  # the same weekday a year on


def register(app: App) -> None:
    """Take what people do with series."""
    app.view("series.repeat")(preview)
    app.view("series.preview")(plan)
    app.action("series.rework")(rework)
    app.action("series.open")(show)
    app.action("series.cancel")(cancel)


def repeats(values: Mapping[str, Any]) -> bool:
    """Whether the form asks for more than one event."""
    return (values.get("repeats") or ONCE) != ONCE


def begin(w: Work, first: EventDraft, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what is to repeat; the form that asks how."""
    chosen = str(values.get("repeats"))
    custom = chosen == CUSTOM
    rule = recurrence.until(recurrence.preset("weekly" if custom else chosen, first.day), first.day + A_YEAR)
    kept = series.draft(w.session, w.member, first, Repetition(rule, on_holiday=OnHoliday.skip), w.now)
    return view.repeat_form(w.locale, kept, custom=custom)


def preview(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Show the dates that this comes to."""
    values = input_values(body["view"]["state"])
    series_id, custom = _carried(body)
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        kept = series.get(w.session, w.community.id, series_id)
        typed = str(values.get("rule") or "")
        repetition = repetition_of(typed or kept.rule, series.first_day(kept), values, typed=bool(typed))
        kept = series.revise(w.session, w.member, kept.id, repetition, w.now)
        slots = series.preview(kept, view.PREVIEWED + 1)
        w.answer(response_action="update", view=view.preview(w.locale, kept, slots, custom=custom))


def rework(body: dict[str, Any], context: BoltContext) -> None:
    """Back to how it repeats."""
    with work(context, body) as w:
        w.require(Role.organizer)
        kept = series.get(w.session, w.community.id, number_of(pressed(body)))
        custom = recurrence.preset_of(kept.rule, series.first_day(kept)) == "custom" or _carried(body)[1]
        form = view.repeat_form(w.locale, kept, custom=custom)
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], form)


def plan(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Plan the series: its events, the first one's card, and who is in the channel."""
    with submission(context, body, ack) as w:
        of, made = series.confirm(w.session, w.member, _carried(body)[0], w.now)
        course_sessions.tell_waiting(w, made[0])
        w.message(view.planned(w.member, of, made))
        home.refresh(w)
        channel = made[0].channel
        w.answer(response_action="clear")
    channels.remember_members(context, channel)


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open the page of a series."""
    with work(context, body) as w:
        page = _page(w, series.get(w.session, w.community.id, number_of(pressed(body))))
    modals.show(context, body, page, push=is_modal(body))


def cancel(body: dict[str, Any], context: BoltContext) -> None:
    """Call off this event and all that follow."""
    first, _, second = value_of(pressed(body)).partition(":")
    with work(context, body) as w:
        done = series_changes.cancel_following(w.session, w.member, row_id(first), row_id(second), w.now)
        notice = series_news.follow(w, done)
        page = _page(w, done.series, notice)
        home.refresh(w)
        if not is_modal(body):
            w.whisper(message(notice))
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], page)


def _page(w: Work, of: Series, notice: str | None = None) -> dict[str, Any]:
    ahead = series.to_come(w.session, of, w.now)
    return view.page(w.member, of, ahead, w.now, may_change=w.is_organizer, notice=notice)


def repetition_of(rule: str, first: date, values: Mapping[str, Any], *, typed: bool) -> Repetition:
    """What was entered, with this rule for dates from `first` on. Raises Invalid with the field.

    Whoever has typed a rule with its end means that end.
    """
    if typed and recurrence.ends(rule):
        return replace(_holidays(values), rule=rule)
    parts = recurrence.parts_of(rule)
    rule = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("COUNT", "UNTIL"))
    match values.get("ends"):
        case "until":
            last = parse_day(given(values, "until"), field="until")
            if last < first:
                raise Invalid("rule_until", field="until")
            rule = recurrence.until(rule, last)
        case "count":
            try:
                rule = recurrence.times(rule, int(given(values, "count")))
            except ValueError:
                raise Invalid("number_form", field="count") from None
    return replace(_holidays(values), rule=rule)


def _holidays(values: Mapping[str, Any]) -> Repetition:
    holidays = values.get("holidays")
    return Repetition(
        "",
        None if holidays in (None, view.NO_HOLIDAYS) else str(holidays),
        str(values.get("on_holiday") or OnHoliday.skip.value),
        tuple(days_off.checked_days(str(values.get("days_off") or ""))),
    )


def given(values: Mapping[str, Any], field: str) -> str:
    """What was entered there. Raises Invalid `empty`."""
    if not (text := str(values.get(field) or "").strip()):
        raise Invalid("empty", field=field)
    return text


def _carried(body: Body) -> tuple[int, bool]:
    """The draft's id, 0 when there is none, and whether its rule is the organizer's own."""
    try:
        found = json.loads((body.get("view") or {}).get("private_metadata") or "{}")
        return row_id(found["series"]), bool(found["custom"])
    except (ValueError, TypeError, KeyError):
        return 0, False
