"""Each person chooses when they are left alone."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import notices
from handlers import home, modals
from handlers.payloads import is_modal
from handlers.work import submission, work
from views import quiet_hours as view
from views.entered import input_values


def register(app: App) -> None:
    """Take the button at Home and the form."""
    app.action("quiet.open")(show)
    app.view("quiet.save")(save)


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form with the person's choice as it stands."""
    with work(context, body) as w:
        form = view.form(w.member)
    modals.show(context, body, form, push=is_modal(body))


def save(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """From now on so; both empty means never."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        since, until = (str(values.get(name) or "") or None for name in ("quiet_from", "quiet_until"))
        notices.choose_quiet(w.session, w.member, since, until)
        home.refresh(w)
