"""Entries looked through, opened, published, retired, restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community import choices
from community.records import Member, Role
from handlers import home, modals
from handlers.payloads import Body, is_modal, metadata_of, pressed, row_id, value_of
from handlers.work import Work, submission, work
from knowledge import entry_list, entry_rows, revisions
from knowledge.entry_checks import BOTH_LANGUAGES
from knowledge.entry_list import Show
from knowledge.errors import KnowledgeError, NotFound
from knowledge.records import Entry, EntryState
from views import entries as view
from views import errors
from views.entered import input_values

log = structlog.get_logger("praxis.entries")


def register(app: App) -> None:
    """Take everything that is pressed on entries, but the form."""
    app.action("entry.list")(browse)
    app.action("entry.show")(look)
    app.action("entry.next")(look)
    app.action("entry.previous")(look)
    app.view("entry.list")(search)
    app.action("entry.gate")(gate)
    app.action("entry.open")(show)
    for name, act in (("publish", publish), ("retire", retire), ("restore", restore), ("review", review)):
        app.action(f"entry.{name}")(act)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis entries [words]`: look through the entries."""
    with work(context, body) as w:
        modal = _listing(w, view.Query(words=rest[:200]))
    modals.show(context, body, modal)


def browse(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Look through the entries."""
    ack()
    with work(context, body) as w:
        modal = _listing(w, view.Query())
    modals.show(context, body, modal, push=is_modal(body))


def look(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Another part of the entries, or another page of them."""
    ack()
    action = pressed(body)
    paged = str(action.get("action_id")) in ("entry.next", "entry.previous")
    with work(context, body) as w:
        modal = _listing(w, _query(body, row_id(value_of(action)) if paged else 0))
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], modal)


def search(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The entries that have the words."""
    with submission(context, body, ack) as w:
        w.answer(response_action="update", view=_listing(w, _query(body, 0)))


def gate(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Whether an entry must have both languages to be published, from now on."""
    ack()
    chosen = pressed(body).get("selected_options")
    with work(context, body) as w:
        w.require(Role.organizer)
        if isinstance(chosen, list):
            choices.set(w.session, w.community.id, BOTH_LANGUAGES, bool(chosen))
    log.info("entries.gate", both_languages=chosen, user=w.member.slack_user_id)


def show(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Open an entry."""
    ack()
    with work(context, body) as w:
        entry = seen(w, value_of(pressed(body)))
        modal = page(w, entry, _query(body, metadata_of(body).get("page")) if _in_list(body) else None)
    modals.show(context, body, modal, push=is_modal(body))


def publish(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Answer from it from now on."""
    ack()
    _act(context, body, "published", lambda w, slug, version: revisions.publish(
        w.session, w.community.id, slug, version=version, by_member_id=w.member.id, now=w.now,
        both_languages=both_languages(w),
    ))  # fmt: skip


def retire(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Answer from it no more."""
    ack()
    _act(context, body, "retired", lambda w, slug, version: revisions.retire(
        w.session, w.community.id, slug, version=version, by_member_id=w.member.id, now=w.now
    ))  # fmt: skip


def restore(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Bring it back."""
    ack()
    _act(context, body, "restored", lambda w, slug, version: revisions.restore(
        w.session, w.community.id, slug, version=version, by_member_id=w.member.id, now=w.now,
        both_languages=both_languages(w),
    ))  # fmt: skip


def review(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Somebody made sure that it is still right."""
    ack()

    def still_right(w: Work, slug: str, version: int) -> Entry:
        for_editor(w, slug)
        return revisions.review(
            w.session, w.community.id, slug, version=version, by_member_id=w.member.id, now=w.now, today=w.today
        )

    _act(context, body, "reviewed", still_right, organizers_only=False)


def both_languages(w: Work) -> bool:
    """Whether the community requires both languages to publish an entry."""
    return bool(choices.get(w.session, w.community.id, BOTH_LANGUAGES, True))


def may_edit(w: Work, entry: Entry) -> bool:
    """Organizers may change every entry, its owner that one, experts drafts."""
    owns = entry.owner_user_id == w.member.slack_user_id and w.member.active
    return w.is_organizer or owns or (entry.state is EntryState.draft and Role.expert in w.roles)


def for_editor(w: Work, slug: str) -> Entry:
    """The entry, held, for somebody who may change it. Raises NotAllowed, NotFound."""
    try:
        entry = revisions.hold(w.session, w.community.id, slug)
    except NotFound:
        w.require(Role.organizer)  # whoever may not know of it is not told that it is not there
        raise
    if not may_edit(w, entry):
        w.require(Role.expert if entry.state is EntryState.draft else Role.organizer)
    return entry


def page(w: Work, entry: Entry, query: view.Query | None = None, notice: str | None = None) -> dict[str, Any]:
    """The entry's page for this person."""
    newest = entry_rows.revisions(w.session, entry)[0]
    [made] = past(w, [newest])
    shown = view.Page(
        newest.content, entry.state, entry.version, made.by, made.at, may_edit(w, entry), manage=w.is_organizer
    )
    return view.page(shown, w.today, w.locale, w.time_zone, query, notice)


def query_in(body: Body) -> view.Query | None:
    """What was looked for in the list that an entry's page was opened from."""
    kept = metadata_of(body).get("query")
    return _read(kept.get("words"), kept.get("show"), kept.get("page")) if isinstance(kept, dict) else None


def _act(
    context: BoltContext,
    body: Body,
    what: str,
    do: Callable[[Work, str, int], Entry],
    *,
    organizers_only: bool = True,
) -> None:
    """Do it; the page then shows the entry as it stands, or says why it could not be."""
    slug, version, _ = parts(body)
    query = query_in(body)
    with work(context, body) as w:
        if organizers_only:
            w.require(Role.organizer)
        notice = None
        try:
            entry = do(w, slug, version)
        except KnowledgeError as error:
            if not is_modal(body):
                raise
            entry = seen(w, slug)
            notice = errors.sentence(error, w.locale, time_zone=w.time_zone)
        modal = page(w, entry, query, notice)
        beneath = _listing(w, query) if query else None
        home.refresh(w)
    log.info(f"entry.{what}", entry=slug, user=w.member.slack_user_id, done=notice is None)
    show_over(context, body, modal, in_place=True)
    if beneath and (previous := (body.get("view") or {}).get("previous_view_id")):
        modals.update(context, body, previous, beneath)


def _listing(w: Work, query: view.Query) -> dict[str, Any]:
    w.require(Role.expert)
    day = w.today
    found = entry_list.find(
        w.session, w.community.id, query.words, query.show, today=day, user_id=w.member.slack_user_id, locale=w.locale
    )
    return view.listing(found, query, day, w.locale, both_languages=both_languages(w), may_manage=w.is_organizer)


def seen(w: Work, slug: str) -> Entry:
    """The entry, for somebody who may see what nobody is answered from yet. Raises NotFound, NotAllowed."""
    try:
        entry = revisions.get(w.session, w.community.id, slug)
    except NotFound:
        w.require(Role.expert)
        raise
    if not may_edit(w, entry):
        w.require(Role.expert)
    return entry


def past(w: Work, found: Sequence[entry_rows.Revision]) -> list[view.Past]:
    """The revisions with the names of who made them."""
    people = {one.member_id: w.session.get(Member, one.member_id) for one in found if one.member_id}
    names = {number: member.name for number, member in people.items() if member}
    return [view.Past(one.number, one.act, names.get(one.member_id or 0), one.made_at, one.note) for one in found]


def show_over(context: BoltContext, body: Body, modal: dict[str, Any], *, in_place: bool) -> None:
    """Show the modal on top of the one that was pressed in, or in its place."""
    if in_place and is_modal(body):
        modals.update(context, body, body["view"]["id"], modal)
    else:
        modals.show(context, body, modal, push=is_modal(body))


def _in_list(body: Body) -> bool:
    return (body.get("view") or {}).get("callback_id") == "entry.list"


def _query(body: Body, number: object) -> view.Query:
    values = input_values((body.get("view") or {}).get("state") or {})
    return _read(values.get("words"), values.get("show"), number)


def _read(words: object, show: object, number: object) -> view.Query:
    wanted = Show(str(show)) if show in set(Show) else Show.current
    return view.Query(str(words or "").strip()[:200], wanted, min(row_id(number), 100_000))


def parts(body: Body) -> tuple[str, int, int]:
    """Slug, version and a revision's number from the value of a button; zeros where there is none."""
    slug, *rest = value_of(pressed(body)).split(":")
    numbers = [*map(row_id, rest), 0, 0]
    return slug, numbers[0], numbers[1]
