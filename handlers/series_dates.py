"""Other dates for a running series, from one of its events on: the form, what it comes to, doing it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import days_off, events, recurrence, series, series_dates
from community.errors import Invalid
from community.records import Event, Role
from community.series import Repetition
from community.series_records import Series
from handlers import home, modals, series_news
from handlers.event_form import edited
from handlers.payloads import Body, is_modal, number_of, pressed
from handlers.series import given, repetition_of
from handlers.work import Work, submission, work
from views import series_dates as view
from views.entered import input_values
from views.event_form import CUSTOM
from views.series import PREVIEWED
from views.text import message


def register(app: App) -> None:
    """Take what organizers do with the dates of a series that is planned."""
    app.action("series.dates")(show)
    app.action("series.dates_again")(again)
    app.view("series.dates")(preview)
    app.view("series.redo")(redo)


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for the dates from an event of a series on."""
    with work(context, body) as w:
        w.require(Role.organizer)
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        of = series_dates.rest(w.session, w.member, event.id, event.version, w.now)
        form = view.form(w.member, of, event, _way(w, event))
    modals.show(context, body, form, push=is_modal(body))


def again(body: dict[str, Any], context: BoltContext) -> None:
    """Back to the form, with what was chosen."""
    with work(context, body) as w:
        w.require(Role.organizer)
        event_id, version, repetition = _carried(body)
        of = series_dates.rest(w.session, w.member, event_id, version, w.now)
        event = events.get(w.session, w.community.id, event_id)
        same = _without_end(repetition.rule) == _without_end(of.rule)
        way = _way(w, event) if same else recurrence.preset_of(repetition.rule, series.first_day(of))
        series.take(of, repetition, w.now)
        form = view.form(w.member, of, event, way)
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], form)


def preview(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Show the dates, and what becomes of those that are planned."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        event_id, version = edited(body["view"].get("private_metadata"))
        of = series_dates.rest(w.session, w.member, event_id, version, w.now)
        event = events.get(w.session, w.community.id, event_id)
        rule, typed = _rule(w, event, of, values)
        repetition = repetition_of(rule, series.first_day(of), values, typed=typed)
        found = series_dates.outcome(w.session, w.member, event_id, version, repetition, w.now)
        repetition = replace(repetition, rule=found.series.rule)
        slots = series.preview(found.series, PREVIEWED + 1)
        w.answer(response_action="update", view=view.outcome(w.member, event, found, slots, repetition))


def redo(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """From this event on the series repeats so; whoever is concerned is told once of all of it."""
    with submission(context, body, ack) as w:
        done = series_dates.change(w.session, w.member, *_carried(body), w.now)
        w.message(message(series_news.follow(w, done)))
        home.refresh(w)
        w.answer(response_action="clear")


def _way(w: Work, event: Event) -> str:
    """The preset that the series is, or `custom`."""
    of = series.get(w.session, w.community.id, event.series_id)
    return recurrence.preset_of(of.rule, series.first_day(of))


def _rule(w: Work, event: Event, of: Series, values: Mapping[str, Any]) -> tuple[str, bool]:
    """The rule that was chosen, and whether it was typed; one that was left alone stays as it is to the letter."""
    way = str(values.get("repeats") or "")
    if way == CUSTOM:
        return given(values, "rule"), True
    return (of.rule if way == _way(w, event) else recurrence.preset(way, series.first_day(of))), False


def _without_end(rule: str) -> dict[str, str]:
    return {name: value for name, value in recurrence.parts_of(rule).items() if name not in ("COUNT", "UNTIL")}


def _carried(body: Body) -> tuple[int, int, Repetition]:
    """What was chosen, from the preview. Raises Invalid when it is not there."""
    try:
        found = json.loads((body.get("view") or {}).get("private_metadata") or "{}")
        days = tuple(days_off.checked_days("\n".join(map(str, found["days_off"]))))
        chosen = Repetition(str(found["rule"]), found["holidays"], str(found["on_holiday"]), days)
    except (ValueError, TypeError, KeyError):
        raise Invalid("rule_form", field="rule") from None
    return *edited(body["view"].get("private_metadata")), chosen
