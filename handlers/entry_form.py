"""Entries written and changed in a modal, also from a message that holds an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk.errors import SlackClientError
from sqlalchemy import select

from community import people
from community.errors import Invalid
from community.people import Profile
from community.records import Member, Role
from handlers import entries, home, modals, profiles, quoted
from handlers.payloads import Place, is_modal, metadata_of, place_of, pressed, row_id, value_of
from handlers.profiles import impatient
from handlers.work import Work, submission, work
from knowledge import entry_rows, gaps, questions, revisions
from knowledge.entry_file import EntryDraft
from knowledge.errors import Conflict
from knowledge.language import detect
from knowledge.records import Entry, EntryState, Settled
from views import entry_form as view
from views import entry_news
from views.entered import input_values
from views.entry_fields import Filled, merged
from views.entry_form import Clash
from views.i18n import written_date
from views.text import clip

log = structlog.get_logger("praxis.entries")

THREAD_LASTS = timedelta(days=365)


def register(app: App) -> None:
    """Take the form, wherever it is opened from."""
    app.action("entry.new")(open_empty)
    app.action("entry.edit")(open_filled)
    app.shortcut("entry.save")(open_from_message)
    app.view("entry.create")(create)
    app.view("entry.edit")(save)


def open_empty(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Open the form of a new entry."""
    ack()
    with work(context, body) as w:
        modal = form(w, Filled())
    modals.show(context, body, modal, push=is_modal(body))


def form(w: Work, filled: Filled, *, gap: str | None = None) -> dict[str, Any]:
    """The form of a new entry with what is known already, for whoever may draft one. Raises NotAllowed.

    What is too long for a field is cut there, and the form says so. `gap`: the questions without an answer that it is
    written for, as the review queue names them.
    """
    w.require(Role.expert)
    return view.new_form(w.locale, filled, may_publish=w.is_organizer, metadata={"gap": gap} if gap else None)


def open_from_message(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Save as answer: the message is the answer, what was asked of Praxis in its thread the question."""
    ack()
    message, place = body.get("message") or {}, place_of(body)
    address = _address(context, place.channel, str(message.get("ts") or ""))
    with work(context, body) as w:
        w.require(Role.expert)
        text = str(message.get("text") or "")
        if not text.strip():
            raise Invalid("message_empty")
        names = {user: _name(w, user) for user in quoted.PERSON.findall(text)}
        answer = quoted.as_markdown(text, names)
        modal = form(w, _from_message(w, answer, _name(w, str(message.get("user") or "")), place, address))
    modals.show(context, body, modal)


def _from_message(w: Work, answer: str, author: str, place: Place, address: str) -> Filled:
    locale = detect(answer, "fr" if w.locale == "fr" else "en")
    asked = ""
    if place.channel and place.thread_ts:
        earlier = questions.before(w.session, w.community.id, place.channel, place.thread_ts, w.now - THREAD_LASTS)
        asked = next((question.text for question in reversed(earlier)), "")
    day = written_date(w.today, locale)
    source = entry_news.source_of_message(author, day, locale)
    given: dict[str, Any] = {f"answer_{locale}": answer, "source": source, "source_url": address}
    if asked:
        spoken = detect(asked, locale)
        given |= {f"title_{locale}": clip(" ".join(asked.split()), 300)} if spoken == locale else {}
        given[f"phrasings_{spoken}"] = clip(" ".join(asked.split()), 500)
    return Filled(**given)


def open_filled(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Open the form with the entry as it stands."""
    ack()
    with work(context, body) as w:
        entry = entries.for_editor(w, value_of(pressed(body)))
        content = entry_rows.content_of(w.session, entry)
        filled = Filled.of(content, _name(w, content.owner_user_id))
        kept = {"query": metadata_of(body).get("query")}
        related = entry_rows.named(w.session, w.community.id, content.related, w.locale)
        modal = view.edit_form(w.locale, w.time_zone, content, entry.version, filled, metadata=kept, related=related)
    modals.show(context, body, modal, push=is_modal(body))


def create(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Keep the new entry as a draft; an organizer may publish it at once."""
    values = input_values(body["view"]["state"])
    owner = _owner_profile(context, values)
    with submission(context, body, ack) as w:
        w.require(Role.expert)
        typed = _with_owner(w, _typed(w, values), owner)
        empty = EntryDraft("", "", None, w.today, None, (), False, {})
        entry = revisions.create(
            w.session, w.community.id, typed.content(empty), by_member_id=w.member.id, now=w.now, note=_note(values)
        )
        if w.is_organizer and (gap := str(metadata_of(body).get("gap") or "")):
            _settle(w, gap, entry)
        at_once = view.PUBLISH in (values.get("marks") or ()) and w.is_organizer
        if at_once:
            revisions.publish(
                w.session, w.community.id, entry.slug, by_member_id=w.member.id, now=w.now,
                both_languages=entries.both_languages(w),
            )  # fmt: skip
        title = next(iter(typed.content(empty).texts.values())).title
        w.message(entry_news.saved(entry.slug, title, w.locale, published=at_once))
        home.refresh(w)
        if body["view"].get("previous_view_id"):
            w.answer(response_action="clear")
    log.info("entry.drafted", entry=entry.slug, published=at_once, user=w.member.slack_user_id)


def _settle(w: Work, gap: str, entry: Entry) -> None:
    leader, _, newest = gap.partition(":")
    try:
        group = gaps.one(w.session, w.community.id, row_id(leader), row_id(newest))
        gaps.settle(w.session, w.community.id, group, Settled.drafted, w.now, entry)
    except Conflict:  # somebody took care of them meanwhile; the entry stands all the same
        log.info("entry.gap_settled", entry=entry.slug)


def save(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Change the entry; whoever comes second finds both texts in the form, and nothing overwritten."""
    values = input_values(body["view"]["state"])
    kept = metadata_of(body)
    slug, version = str(kept.get("slug") or ""), row_id(kept.get("version"))
    owner = _owner_profile(context, values)
    page = None
    with submission(context, body, ack) as w:
        entry = entries.for_editor(w, slug)
        typed = _typed(w, values)
        if entry.version != version:
            w.answer(response_action="update", view=_clashed(w, entry, version, typed, values, kept))
            return
        before = entry_rows.content_of(w.session, entry)
        content = _with_owner(w, typed, owner).content(before)
        if view.REVIEWED in (values.get("marks") or ()):
            content = replace(content, reviewed_on=w.today)
        entry = revisions.change(
            w.session, w.community.id, content, version, by_member_id=w.member.id, now=w.now, note=_note(values),
            both_languages=entries.both_languages(w),
        )  # fmt: skip
        home.refresh(w)
        page = entries.page(w, entry, entries.query_in(body))
    log.info("entry.changed", entry=slug, version=entry.version, user=w.member.slack_user_id)
    if previous := body["view"].get("previous_view_id"):
        modals.update(context, body, previous, page)


def _clashed(
    w: Work, entry: Entry, version: int, typed: Filled, values: Mapping[str, Any], kept: Mapping[str, Any]
) -> dict[str, Any]:
    """The form once more: what this person wrote, brought together with what another saved meanwhile."""
    known = entry_rows.revisions(w.session, entry)
    now = known[0]
    base = next((revision.content for revision in known if revision.number == version), now.content)
    filled, theirs = merged(
        Filled.of(base, _name(w, base.owner_user_id)),
        typed,
        Filled.of(now.content, _name(w, now.content.owner_user_id)),
    )
    if "owner_user_id" in theirs:
        theirs["owner_user_id"] = _name(w, theirs["owner_user_id"])
    by = w.session.get(Member, now.member_id) if now.member_id else None
    clash = Clash(by.name if by else None, now.made_at, theirs, entry.state is EntryState.retired)
    return view.edit_form(
        w.locale, w.time_zone, now.content, entry.version, filled,
        note=_note(values), clash=clash, metadata=kept,
        related=entry_rows.named(w.session, w.community.id, [*filled.related.split(), *now.content.related], w.locale),
    )  # fmt: skip


def _typed(w: Work, values: Mapping[str, Any]) -> Filled:
    """What was entered, with the ids of the entries that were chosen; one that is gone is left out."""
    chosen = [row_id(number) for number in values.get("related") or ()]
    found = select(Entry.id, Entry.slug).where(Entry.community_id == w.community.id, Entry.id.in_(chosen))
    slugs = {row.id: row.slug for row in w.session.execute(found)}
    return Filled.typed(values, [slugs[number] for number in chosen if number in slugs])


def _with_owner(w: Work, typed: Filled, profile: Profile | None) -> Filled:
    """With the owner's name where nothing else is to be shown. Raises Invalid for who cannot own anything."""
    if not typed.owner_user_id:
        return typed
    member = people.find_member(w.session, w.community.id, typed.owner_user_id)
    if member is None or profile is not None:
        member = people.ensure_member(w.session, w.community, typed.owner_user_id, w.now, profile)
    if member.is_bot or not member.active:
        raise Invalid("owner_needs_person", field="owner_user_id")
    return replace(typed, owner=typed.owner or member.name)


def _owner_profile(context: BoltContext, values: Mapping[str, Any]) -> Profile | None:
    """What Slack says of an owner who was not met before; asked before the transaction."""
    return profiles.missing(context["services"], context.client, str(values.get("owner_user_id") or ""))


def _name(w: Work, user: str | None) -> str:
    """A person's name; empty where the community has not met them."""
    member = people.find_member(w.session, w.community.id, user) if user else None
    return member.name if member else ""


def _note(values: Mapping[str, Any]) -> str:
    return str(values.get("note") or "")


def _address(context: BoltContext, channel: str | None, ts: str) -> str:
    """The message's address, for the source; empty for a conversation of two, and where Slack does not say."""
    if not channel or channel.startswith("D") or not ts:
        return ""
    try:
        return str(impatient(context.client).chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except (SlackClientError, OSError) as error:
        log.info("entry.no_permalink", channel=channel, error=type(error).__name__)
        return ""
