"""Announcements: written, previewed, confirmed once, sent to a channel or to members, followed until they arrived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from community import announcements, cohorts, notices, people
from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.group_records import Cohort
from community.records import Announcement, Member, Role
from delivery import outbox
from handlers import channels, modals
from handlers.payloads import Body, is_modal, number_of, place_of, pressed, row_id
from handlers.suggestions import for_organizers
from handlers.work import Work, submission, work
from views import announcements as view
from views import at_home
from views.entered import input_values
from views.i18n import LOCALES
from views.text import message

OF_USE = timedelta(days=7)  # for so long an announcement waits for somebody whose days are full


def register(app: App) -> None:
    """Take everything people do with announcements."""
    app.action("announcement.write")(write)
    app.shortcut("announcement.write")(write)
    app.options("announcement.groups")(for_organizers(_groups))
    app.view("announcement.write")(preview)
    app.view("announcement.confirm")(send)
    app.action("announcement.refresh")(refresh)
    app.action("announcement.retry")(retry)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis announce`: the form."""
    write(body, context)


def write(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form."""
    with work(context, body) as w:
        w.require(Role.organizer)
        form = view.write_form(w.locale)
    modals.show(context, body, form, push=is_modal(body))


def _groups(session: Session, community_id: int, locale: str) -> Iterable[tuple[str, str]]:
    return view.groups(locale, [cohort for cohort, _ in cohorts.every(session, community_id)]).items()


def preview(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Keep what was written, and show it on top of the form as it will be seen."""
    values = input_values(body["view"]["state"])
    in_channel = values.get("audience") == "channel"
    trouble = channels.trouble(context, body, values.get("channel")) if in_channel else None
    with submission(context, body, ack) as w:
        announcement = _kept(w, values)
        if trouble:
            raise trouble
        recipients = announcements.recipients(w.session, announcement)
        shown = view.preview(w.locale, announcement, w.member.name, len(recipients), _cohorts(w))
        w.answer(response_action="push", view=shown)


def _cohorts(w: Work) -> list[Cohort]:
    return [cohort for cohort, _ in cohorts.every(w.session, w.community.id)]


def _kept(w: Work, values: dict[str, Any]) -> Announcement:
    audience: dict[str, Any] = {"kind": values.get("audience")}
    if audience["kind"] == "channel":
        audience["channel"] = values.get("channel")
        if not audience["channel"]:
            w.require(Role.organizer)
            raise Invalid("empty", field="channel")
    if audience["kind"] == "groups":
        chosen = [value.partition(":") for value in values.get("groups") or ()]
        audience["cohorts"] = [row_id(name) for kind, _, name in chosen if kind == "cohort"]
        audience["roles"] = [name for kind, _, name in chosen if kind == "role"]
    mention = values.get("mention")
    return announcements.draft(
        w.session,
        w.member,
        str(values.get("text_en") or ""),
        str(values.get("text_fr") or ""),
        audience,
        None if mention in (None, "none") else mention,
        w.now,
        mandatory="mandatory" in (values.get("mandatory") or ()),
    )


def send(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Send it, once; a second confirmation is told so."""
    # Said before it is done, as thousands of letters take longer than Slack waits; so what could hinder it comes first.
    ack(response_action="update", view=at_home.sent(_may_be_sent(context, body), "announcement"))
    with work(context, body) as w:
        try:
            announcement = announcements.confirm(w.session, w.member, _announcement_id(body), w.now)
        except Conflict:
            w.message(message(view.already_sent(w.locale)))
            return
        _deliver(w, announcement)
        _show_status(w, announcement, new=True)


def _may_be_sent(context: BoltContext, body: Body) -> str:
    """The language of whoever sends it. Raises NotAllowed, NotFound."""
    services = context["services"]
    with services.database.read() as session:
        member = people.find_member(session, services.community_id, place_of(body).user or "")
        if member is None:
            raise NotAllowed("needs_organizer")
        people.require(session, member, Role.organizer)
        announcements.get(session, services.community_id, _announcement_id(body))
        return member.locale


def _deliver(w: Work, announcement: Announcement) -> None:
    if announcement.audience["kind"] == "channel":
        w.say(
            view.for_channel(announcement, w.member.name),
            channel=announcement.audience["channel"],
            key=f"announcement:{announcement.id}:channel",
            subject=_subject(announcement),
        )
        return
    bodies = {
        locale: outbox.store_payload(w.session, view.for_member(announcement, locale, w.member.name))
        for locale in LOCALES
    }
    letters = [
        notices.letter(f"announcement:{announcement.id}:{member.id}", member, bodies[member.locale])
        for member in announcements.recipients(w.session, announcement)
    ]
    if not announcement.mandatory:
        until, subject = w.now + OF_USE, _subject(announcement)
        done = notices.sort_out(w.session, w.community.id, letters, w.now, useful_until=until, subject=subject)
        letters = done.now
    going = [(letter.key, letter.slack_user_id, letter.payload_id) for letter in letters]
    outbox.broadcast(w.session, community_id=w.community.id, letters=going, subject=_subject(announcement))


def refresh(body: dict[str, Any], context: BoltContext) -> None:
    """Show how far delivery has come."""
    with work(context, body) as w:
        w.require(Role.organizer)
        _show_status(w, announcements.get(w.session, w.community.id, number_of(pressed(body))))


def retry(body: dict[str, Any], context: BoltContext) -> None:
    """Send the failed ones again."""
    with work(context, body) as w:
        w.require(Role.organizer)
        announcement = announcements.get(w.session, w.community.id, number_of(pressed(body)))
        outbox.retry_failed(w.session, _subject(announcement))
        _show_status(w, announcement)


def _show_status(w: Work, announcement: Announcement, *, new: bool = False) -> None:
    """Post or bring up to date the card that tells its author how far delivery has come."""
    author = w.session.get_one(Member, announcement.created_by_id)
    counted = outbox.counts(w.session, _subject(announcement))
    later = notices.put_off(w.session, _subject(announcement))
    progress = view.Progress(counted.sent, counted.failed, counted.pending, counted.parked, later.waiting, later.late)
    card, key = view.status_card(author, announcement, progress), view.status_key(announcement.id)
    if new:
        w.message(card, member=author, key=key)
    else:
        try:
            outbox.update(w.session, community_id=w.community.id, of=key, payload=card)
        except LookupError:
            raise NotFound("announcement_unknown") from None


def _subject(announcement: Announcement) -> str:
    return view.subject(announcement.id)


def _announcement_id(body: Body) -> int:
    return row_id(body["view"].get("private_metadata"))
