"""What an entry was before: its revisions, one of them, and the step back to it."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext

from community.records import Role
from handlers import entries, modals
from handlers.payloads import pressed, row_id, value_of
from handlers.work import Work, work
from knowledge import entry_rows, revisions
from knowledge.errors import NotFound
from views import entries as view

log = structlog.get_logger("praxis.entries")


def register(app: App) -> None:
    """Take what is pressed in an entry's history."""
    app.action("entry.history")(history)
    app.action("entry.past")(history)
    app.action("entry.revision")(revision)
    app.action("entry.revert")(revert)


def history(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """What the entry was before, on top of its page; back from one of its revisions, in its place."""
    ack()
    back = pressed(body).get("action_id") == "entry.past"
    with work(context, body) as w:
        modal = _history(w, value_of(pressed(body)))
    entries.show_over(context, body, modal, in_place=back)


def revision(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """What the entry said in one of its revisions."""
    ack()
    slug, _, number = value_of(pressed(body)).rpartition(":")
    with work(context, body) as w:
        entry = entries.seen(w, slug)
        found = next((r for r in entry_rows.revisions(w.session, entry) if r.number == row_id(number)), None)
        if found is None:
            raise NotFound("revision_unknown")
        [past] = entries.past(w, [found])
        modal = view.revision(found.content, past, entry.version, w.locale, w.time_zone, may_restore=w.is_organizer)
    entries.show_over(context, body, modal, in_place=True)


def revert(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Have the entry say again what it said in one of its revisions."""
    ack()
    slug, version, number = entries.parts(body)
    with work(context, body) as w:
        w.require(Role.organizer)
        revisions.restore(
            w.session, w.community.id, slug, number=number, version=version, by_member_id=w.member.id, now=w.now,
            both_languages=entries.both_languages(w),
        )  # fmt: skip
        modal, beneath = _history(w, slug), entries.page(w, revisions.get(w.session, w.community.id, slug))
    log.info("entry.restored", entry=slug, revision=number, user=w.member.slack_user_id)
    entries.show_over(context, body, modal, in_place=True)
    if previous := (body.get("view") or {}).get("previous_view_id"):
        modals.update(context, body, previous, beneath)


def _history(w: Work, slug: str) -> dict[str, Any]:
    entry = entries.seen(w, slug)
    found = entry_rows.revisions(w.session, entry)
    return view.history(found[0].content, entries.past(w, found), w.locale, w.time_zone)
