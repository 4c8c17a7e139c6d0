"""The competency framework, looked through in a modal."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers import course_answers, modals
from handlers.payloads import is_modal, pressed, value_of
from handlers.work import work
from knowledge.catalogue.understanding import find_competency
from knowledge.errors import NotFound
from views import competencies as view


def register(app: App) -> None:
    """Take what is pressed in the framework."""
    app.action(view.AREA)(choose)
    app.action("competency.open")(show)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis competencies [name]`: the framework, or the competency that is named."""
    with work(context, body) as w:
        catalogue = course_answers.catalogue_of(w)
        named = find_competency(catalogue, rest) if rest else None
        modal = view.opened(catalogue, named, w.locale) if named else view.tree(catalogue, None, w.locale)
    modals.show(context, body, modal)


def choose(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Another part of the framework."""
    ack()
    with work(context, body) as w:
        modal = view.tree(course_answers.catalogue_of(w), value_of(pressed(body)), w.locale)
    if view_id := (body.get("view") or {}).get("id"):
        modals.update(context, body, view_id, modal)


def show(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Open one competency."""
    ack()
    with work(context, body) as w:
        catalogue = course_answers.catalogue_of(w)
        competency = catalogue.competencies.get(value_of(pressed(body)))
        if competency is None:
            raise NotFound("competency_unknown")
        modal = view.opened(catalogue, competency, w.locale)
    modals.show(context, body, modal, push=is_modal(body))
