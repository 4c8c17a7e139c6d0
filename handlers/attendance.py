"""Around attendance: excusing oneself ahead, one-tap fixes after the end, and how people check in."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import absences, attendance, check_in_settings, events, excuses, points
from community.check_in_settings import CheckInSettings
from community.records import Role, Status
from handlers import modals
from handlers.event_news import refresh_card, seen, tell_offered
from handlers.event_settings import whole_number
from handlers.payloads import is_modal, number_of, pressed, row_id, value_of
from handlers.roster import chosen
from handlers.work import submission, work
from views import check_in_settings as settings_view
from views import excuses as excuse_view
from views.entered import input_values
from views.event_details import details
from views.reminders import roster_summary, summary_key


def register(app: App) -> None:
    """Take the buttons and the forms."""
    app.action("excuse.write")(write_excuse)
    app.view("excuse.give")(give_excuse)
    app.action("roster.was_there")(fix)
    app.action("roster.was_excused")(fix)
    app.action("checkin.settings")(show_settings)
    app.view("checkin.set")(save_settings)


def write_excuse(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for why one cannot come."""
    with work(context, body) as w:
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        form = excuse_view.excuse_form(w.member, event)
    modals.show(context, body, form, push=is_modal(body))


def give_excuse(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Record the person as excused; their seat is offered to others."""
    reason = str(input_values(body["view"]["state"]).get("reason") or "")
    event_id = row_id(body["view"].get("private_metadata") or "")
    with submission(context, body, ack) as w:
        given = excuses.give(w.session, w.member, event_id, reason, w.now)
        refresh_card(w, given.event)
        tell_offered(w, given.event, given.offered)
        text = excuse_view.excused(w.member, given.event)
        w.answer(response_action="update", view=details(w.member, seen(w, given.event), w.now, text))


def fix(body: dict[str, Any], context: BoltContext) -> None:
    """Correct one person's attendance from the roster in short, which then shows it as it is."""
    event_id, member_id, status = chosen(value_of(pressed(body)))
    with work(context, body) as w:
        attendance.correct(w.session, w.member, event_id, member_id, status, w.now)
        roster = attendance.roster(w.session, w.member, event_id)
        refresh_card(w, roster.event)
        w.replace(roster_summary(w.member, roster), of=summary_key(roster.event, w.member))


def show_settings(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form with the settings as they stand."""
    with work(context, body) as w:
        w.require(Role.organizer)
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        form = settings_view.settings_form(
            w.member,
            event,
            CheckInSettings.of(event),
            points.of(w.session, w.community.id),
            absences.need(w.session, w.community.id),
        )
    modals.show(context, body, form, push=is_modal(body))


def save_settings(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Keep what was chosen; what is due around check-in follows."""
    values = input_values(body["view"]["state"])
    event_id = row_id(body["view"].get("private_metadata") or "")
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        wanted = CheckInSettings(
            opens=whole_number(values, "opens"),
            closes=whole_number(values, "closes"),
            late=whole_number(values, "late"),
            nudge=whole_number(values, "nudge") if values.get("nudge") else None,
            button={"yes": True, "no": False}.get(str(values.get("button"))),
        )
        for_new_ones = "new" in (values.get("new") or ())
        event = check_in_settings.choose(w.session, w.member, event_id, wanted, w.now, for_new_ones=for_new_ones)
        counted = {status: whole_number(values, f"points_{status.value}") for status in Status}
        points.choose(w.session, w.member, counted)
        absences.choose_need(w.session, w.member, whole_number(values, "need"))
        refresh_card(w, event)
        text = settings_view.saved(w.member, event)
        w.answer(response_action="update", view=details(w.member, seen(w, event), w.now, text))
