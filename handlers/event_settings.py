"""What organizers choose for all events, in a modal."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import notices, seats
from community.errors import Invalid
from community.records import Role
from handlers import modals
from handlers.payloads import is_modal
from handlers.work import submission, work
from views import at_home
from views import event_settings as view
from views.entered import input_values


def register(app: App) -> None:
    """Take the button at Home and the form."""
    app.action("settings.open")(show)
    app.view("settings.save")(save)


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form with the choices as they stand."""
    with work(context, body) as w:
        w.require(Role.organizer)
        terms, a_day = seats.terms(w.session, w.community.id), notices.limit(w.session, w.community.id)
        form = view.settings_form(w.locale, terms, a_day)
    modals.show(context, body, form, push=is_modal(body))


def save(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Keep what was chosen."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        seats.choose_terms(
            w.session, w.member, whole_number(values, "offer_minutes"), whole_number(values, "cutoff_minutes")
        )
        notices.choose_limit(w.session, w.member, whole_number(values, "a_day"))
        w.answer(response_action="update", view=at_home.said(w.locale, view.settings_saved(w.locale)))


def whole_number(values: dict[str, Any], name: str) -> int:
    """What was entered under this name. Raises Invalid `number_form`."""
    try:
        return int(str(values.get(name) or ""))
    except ValueError:  # also for thousands of digits
        raise Invalid("number_form", field=name) from None
