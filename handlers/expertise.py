"""What people offer to be asked about: seen, offered and withdrawn in a modal."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community import expertise
from community.errors import Invalid
from handlers import course_answers, modals, requests
from handlers.payloads import is_modal, place_of, pressed, row_id, value_of
from handlers.profiles import manner
from handlers.work import Work, submission, work
from knowledge.catalogue.understanding import find_competency
from knowledge.errors import NotFound
from views import course_browse
from views import expertise as view
from views.entered import input_values


def register(app: App) -> None:
    """Take everything that is pressed in the modal, and the button that opens it."""
    app.action("expertise.open")(show)
    app.options(view.COMPETENCY)(competencies)
    app.view("expertise.offer")(offer)
    app.action("expertise.withdraw")(withdraw)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis experts [competency]`: what the person offers, with the competency that is named chosen already."""
    with work(context, body) as w:
        modal = _form(w, chosen=rest)
    modals.show(context, body, modal)


def show(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """What the person offers."""
    ack()
    with work(context, body) as w:
        modal = _form(w)
    modals.show(context, body, modal, push=is_modal(body))


def competencies(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Competencies for what was typed so far."""
    services = context["services"]
    with services.database.read() as session:
        catalogue = services.shelf.catalogue(session, services.community_id)
    locale = manner(services, place_of(body).user).locale
    ack(options=course_browse.named_competencies(catalogue, str(body.get("value") or ""), locale))


def offer(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The person may be asked about a competency; the modal stays open and says so."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        catalogue = course_answers.catalogue_of(w)
        code, level = str(values.get("competency") or ""), values.get("level")
        if not code:
            raise Invalid("empty", field="competency")
        if code not in catalogue.competencies:
            raise NotFound("competency_unknown", field="competency")
        if level and row_id(level) not in catalogue.scale:
            raise Invalid("level_unknown", field="level")
        words = str(values.get("words") or "")
        expertise.offer(w.session, w.member, code, w.now, level=row_id(level) if level else None, words=words)
        w.answer(response_action="update", view=_form(w, notice=view.offered(catalogue, code, w.locale)))


def withdraw(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The person is not to be asked about it any more."""
    ack()
    code = value_of(pressed(body))
    with work(context, body) as w:
        gone = expertise.withdraw(w.session, w.member, code)
        if gone:
            requests.let_go(w, code)
        notice = view.withdrawn(course_answers.catalogue_of(w), code, w.locale) if gone else None
        modal = _form(w, notice=notice)
    if view_id := (body.get("view") or {}).get("id"):
        modals.update(context, body, view_id, modal)


def _form(w: Work, *, chosen: str = "", notice: str | None = None) -> dict[str, Any]:
    catalogue = course_answers.catalogue_of(w)
    named = find_competency(catalogue, chosen) if chosen else None
    offered = expertise.mine(w.session, w.member)
    return view.form(catalogue, offered, w.locale, chosen=named, notice=notice, may_manage=w.is_organizer)
