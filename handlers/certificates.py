"""Certificates of attendance: everybody their own, organizers anybody's, as PDF in a direct message."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community.errors import NotFound
from community.records import Member, Role
from delivery import outbox
from handlers import modals
from handlers.payloads import is_modal, number_of, pressed, row_id
from handlers.suggestions import for_organizers
from handlers.work import Work, submission, work
from reports import certificate
from views import certificates as view
from views.entered import input_values


def register(app: App) -> None:
    """Take the buttons and the form."""
    app.action("certificate.send")(send)
    app.action("certificate.choose")(choose)
    app.options("certificate.series")(for_organizers(lambda *which: certificate.takers(*which)[0]))
    app.options("certificate.member")(for_organizers(lambda *which: certificate.takers(*which)[1]))
    app.view("certificate.make")(make)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis certificate`: what one has earned."""
    with work(context, body) as w:
        found = certificate.records(w.session, w.member, w.locale)
        w.whisper(view.mine(w.locale, found, may_make=w.is_organizer))


def send(body: dict[str, Any], context: BoltContext) -> None:
    """Send somebody their own certificate."""
    with work(context, body) as w:
        _send(w, w.member, number_of(pressed(body)))


def choose(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for somebody else's."""
    with work(context, body) as w:
        w.require(Role.organizer)
        series, people = certificate.takers(w.session, w.community.id, w.locale)
        form = view.choose_form(w.locale, possible=bool(series and people))
    modals.show(context, body, form, push=is_modal(body))


def make(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Send the organizer somebody else's certificate; why there is none is said at the person's name."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        member = w.session.get(Member, row_id(values.get("member")))
        if member is None or member.community_id != w.community.id:
            raise NotFound("member_unknown", field="member")
        _send(w, member, row_id(values.get("series")))


def _send(w: Work, member: Member, series_id: int) -> None:
    record = certificate.record(w.session, member, series_id, w.locale)
    name = "attestation" if w.locale == "fr" else "certificate"
    outbox.upload(
        w.session,
        community_id=w.community.id,
        key=f"{w.key}/certificate",
        text=view.sent(w.locale, member.name, record.title),
        files=[outbox.File(f"{name}.pdf", certificate.drawn(w.session, record, w.t, w.today), record.title)],
        user=w.member.slack_user_id,
    )
