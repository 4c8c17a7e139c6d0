"""Material, recordings and notes of an event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import events, materials
from community.material_records import EventMaterial
from community.records import Event, Member, Role
from handlers import modals
from handlers.payloads import Body, is_modal, number_of, pressed, row_id
from handlers.work import Work, submission, work
from views import materials as view
from views.entered import input_values


def register(app: App) -> None:
    """Take the list, the wish to be told, and the form."""
    app.action("material.open")(show)
    app.action("material.wish")(_wishing(wanted=True))
    app.action("material.unwish")(_wishing(wanted=False))
    app.action("material.add")(open_form)
    app.action("material.change")(open_filled)
    app.action("material.remove")(remove)
    app.view("material.attach")(attach)
    app.view("material.correct")(correct)


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Open what is attached to the event."""
    with work(context, body) as w:
        event, _ = materials.seen_by(w.session, w.member, number_of(pressed(body)))
        page = _page(w, event)
    modals.show(context, body, page, push=is_modal(body))


def _wishing(*, wanted: bool) -> Callable[[dict[str, Any], BoltContext], None]:
    def listener(body: dict[str, Any], context: BoltContext) -> None:
        with work(context, body) as w:
            event = materials.wish(w.session, w.member, number_of(pressed(body)), wanted, w.now)
            page = _page(w, event)
        if is_modal(body):
            modals.update(context, body, body["view"]["id"], page)

    return listener


def open_form(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for a link."""
    with work(context, body) as w:
        w.require(Role.facilitator)
        form = view.form(w.member, events.get(w.session, w.community.id, number_of(pressed(body))))
    _open(context, body, form)


def attach(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Attach the link; those who want recordings and notes are told, each once."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        event_id = row_id(body["view"].get("private_metadata"))
        kind, title, link = (str(values.get(name) or "") for name in ("kind", "title", "link"))
        material, people = materials.attach(w.session, w.member, event_id, kind, title, link, w.now)
        w.answer(response_action="update", view=_page(w, _told(w, material, people)))


def _told(w: Work, material: EventMaterial, people: Sequence[Member]) -> Event:
    """Tell each of them of it, once; returns the event."""
    event = events.get(w.session, w.community.id, material.event_id)
    for member in people:
        key = view.news_key(material, member.id)
        w.message(view.news(member, event, material), member=member, key=key, subject=f"event:{event.id}")
    return event


def open_filled(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form with a link as it stands."""
    with work(context, body) as w:
        material = materials.get(w.session, w.member, number_of(pressed(body)))
        form = view.change_form(w.member, events.get(w.session, w.community.id, material.event_id), material)
    _open(context, body, form)


def correct(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Correct a link, and show all of them as they are now."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        kind, title, link = (str(values.get(name) or "") for name in ("kind", "title", "link"))
        number = row_id(body["view"].get("private_metadata"))
        material, people = materials.correct(w.session, w.member, number, kind, title, link)
        w.answer(response_action="update", view=_page(w, _told(w, material, people)))


def remove(body: dict[str, Any], context: BoltContext) -> None:
    """Take a link away."""
    with work(context, body) as w:
        page = _page(w, materials.remove(w.session, w.member, number_of(pressed(body))))
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], page)


def _open(context: BoltContext, body: Body, form: dict[str, Any]) -> None:
    """In the list's place: above it would be, after one link, one view more than Slack allows."""
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], form)
    else:
        modals.show(context, body, form)


def _page(w: Work, event: Event) -> dict[str, Any]:
    found = materials.of(w.session, event.id)
    wished = materials.wishes(w.session, event.id, w.member.id)
    return view.page(w.member, event, found, wished=wished, may_attach=w.may_run)
