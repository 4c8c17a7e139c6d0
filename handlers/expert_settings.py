"""Organizers choose the experts' channel, and how long a question waits before it is brought up again."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext

from community import expert_terms
from community.expert_terms import Terms
from community.records import Role
from handlers import channels, modals
from handlers.event_settings import whole_number
from handlers.payloads import is_modal
from handlers.work import Work, submission, work
from views import expert_settings as view
from views.entered import input_values

log = structlog.get_logger("praxis.requests")


def register(app: App) -> None:
    """Take the button beside people's expertise, and the form."""
    app.action("experts.settings")(show)
    app.view("experts.save")(save)


def terms(w: Work) -> Terms:
    """What counts now: the community's choice, else the settings'."""
    default = Terms(w.services.experts_channel, w.services.experts_wait)
    return expert_terms.terms(w.session, w.community.id, default)


def show(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Open the form with the choices as they stand."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        form = view.form(terms(w), w.locale)
    modals.show(context, body, form, push=is_modal(body))


def save(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Keep what was chosen, where the bot can post in the channel."""
    values = input_values(body["view"]["state"])
    channel = str(values.get("channel") or "") or None
    trouble = channels.trouble(context, body, channel)
    with submission(context, body, ack) as w:
        if trouble:
            raise trouble
        expert_terms.choose(w.session, w.member, channel, whole_number(values, "hours"))
        w.message(view.saved(w.locale))
    log.info("experts.settings", channel=channel, user=w.member.slack_user_id)
