"""The review queue: organizers make phrasings and entries of what found no answer, or say that it is not theirs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community.records import Role
from handlers import entry_form, home, modals
from handlers.payloads import Body, is_modal, place_of, pressed, row_id, value_of
from handlers.profiles import manner
from handlers.services import Services
from handlers.work import Work, work
from knowledge import gaps
from knowledge.errors import NotFound
from knowledge.gaps import Group
from knowledge.records import Entry, Settled
from views import review as view
from views.entry_fields import Filled
from views.text import clip

log = structlog.get_logger("praxis.review")


def register(app: App) -> None:
    """Take the queue, and what is done with a group."""
    app.action("review.open")(opened)
    app.action("review.period")(choose_period)
    app.action("review.previous")(turn)
    app.action("review.next")(turn)
    app.options(re.compile(r"^gap\.phrase$|^entry\.related"))(entries)
    app.action("gap.phrase")(phrase)
    app.action("gap.nearest")(phrase)
    app.action("gap.entry")(new_entry)
    app.action("gap.not_ours")(not_ours)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis review`: what found no answer."""
    _open(context, body)


def opened(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Open the queue from Home."""
    ack()
    _open(context, body)


def _open(context: BoltContext, body: Body) -> None:
    with work(context, body) as w:
        w.require(Role.organizer)
    modals.show(context, body, _queue(context, w, view.Place()), push=is_modal(body))


def choose_period(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Look at another period."""
    ack()
    place = view.place_after({"review.period": value_of(pressed(body))}, _place(body))
    with work(context, body) as w:
        w.require(Role.organizer)
    _show(context, body, w, place)


def turn(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Look at another page."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
    _show(context, body, w, view.Place(_place(body).days, row_id(value_of(pressed(body)))))


def entries(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Entries for what was typed so far."""
    services: Services = context["services"]
    known = services.answers.entries() if services.answers and services.answers.ready else ()
    locale = manner(services, place_of(body).user).locale
    ack(options=view.entry_options(known, str(body.get("value") or ""), locale))


def phrase(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The group asks for an entry: it is answered from now on, and who wished it is told."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        group = _group(w, str(pressed(body).get("block_id") or ""))
        entry = w.session.get(Entry, row_id(value_of(pressed(body))))
        if entry is None or entry.community_id != w.community.id:
            raise NotFound("entry_unknown")
        entry, added = gaps.phrase(w.session, w.community.id, group, entry.slug, w.member.id, w.now)
        home.refresh(w)
        title = _title(w, entry)
    log.info("review.phrased", entry=entry.slug, questions=group.count, added=added, user=w.member.slack_user_id)
    _show(context, body, w, _place(body), view.phrased(title, added, group.waiting, w.locale))


def new_entry(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Open the form of a new entry with what was asked; once it is saved, the group leaves the list."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        group = _group(w, str(pressed(body).get("block_id") or ""))
        asked = {
            locale: [" ".join(wording.text.split()) for wording in group.wordings if wording.locale == locale]
            for locale in ("en", "fr")
        }
        given: dict[str, Any] = {
            f"phrasings_{locale}": "\n".join(clip(text, 500) for text in texts) for locale, texts in asked.items()
        }
        given |= {f"title_{locale}": clip(texts[0], 300) for locale, texts in asked.items() if texts}
        modal = entry_form.form(w, Filled(**given), gap=f"{group.leader}:{group.newest}")
    modals.show(context, body, modal, push=is_modal(body))


def not_ours(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The group is nothing that this community answers."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        group = _group(w, str(pressed(body).get("block_id") or ""))
        gaps.settle(w.session, w.community.id, group, Settled.not_ours, w.now)
        home.refresh(w)
    log.info("review.not_ours", questions=group.count, user=w.member.slack_user_id)
    _show(context, body, w, _place(body), view.not_ours(group.waiting, w.locale))


def _title(w: Work, entry: Entry) -> str:
    shown = w.services.answers.show(entry.slug, w.locale) if w.services.answers and w.services.answers.ready else None
    return shown.title if shown else entry.slug


def _group(w: Work, block_id: str) -> Group:
    leader, _, newest = block_id.removeprefix("gap:").partition(":")
    return gaps.one(w.session, w.community.id, row_id(leader), row_id(newest))


def _place(body: Body) -> view.Place:
    return view.Place.read((body.get("view") or {}).get("private_metadata"))


def _show(context: BoltContext, body: Body, w: Work, place: view.Place, notice: str | None = None) -> None:
    if view_id := (body.get("view") or {}).get("id"):
        modals.update(context, body, str(view_id), _queue(context, w, place, notice))


def _queue(context: BoltContext, w: Work, place: view.Place, notice: str | None = None) -> dict[str, Any]:
    """The modal as things stand now; read after the transaction, so that nobody waits for the matching."""
    services: Services = context["services"]
    since = w.now - timedelta(days=place.days) if place.days else None
    with services.database.read() as session:
        skip = place.page * view.GROUPS
        page = gaps.page(session, services.community_id, since=since, skip=skip, limit=view.GROUPS)
    if not page.groups and place.page:  # the last of a page was taken off
        return _queue(context, w, view.Place(place.days, place.page - 1), notice)
    nearest = {}
    if services.answers and services.answers.ready:
        for group in page.groups:
            nearest[group.leader] = services.answers.ask(group.wordings[0].text, w.locale)
    return view.queue(page, nearest, place, w.locale, w.time_zone, notice)
