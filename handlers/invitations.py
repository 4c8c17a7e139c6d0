"""Inviting people to an event, and guests who ask to come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import channels as channel_rules
from community import cohorts, invitations, people, series, series_audiences
from community.errors import Invalid
from community.group_records import InvitedBy
from community.records import Event, Member, Role
from handlers import channels, event_list, modals, user_groups
from handlers.cohorts import chosen, tell_invited
from handlers.event_news import refresh_card, seen
from handlers.payloads import Body, is_modal, number_of, place_of, pressed, row_id
from handlers.services import Services
from handlers.suggestions import for_organizers
from handlers.trouble import apart
from handlers.work import Work, submission, work
from views import cohorts as cohort_views
from views import event_details
from views import invitations as view
from views.entered import input_values
from views.text import message

CHOICES = ("cohorts", "channels", "groups", "people", "terms")


def register(app: App) -> None:
    """Take the form and what guests and organizers press."""
    app.action("event.invite")(open_form)
    app.options("invite.cohorts")(for_organizers(cohorts.named))
    app.options("invite.groups")(offer_groups)
    app.view("event.invite")(invite)
    app.action("guest.ask")(ask)
    app.action("guest.approve")(_deciding(approve=True))
    app.action("guest.decline")(_deciding(approve=False))


def open_form(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for whom to invite."""
    with work(context, body) as w:
        event = invitations.open_for(w.session, w.member, number_of(pressed(body)), w.now)
        form = view.form(w.member, event, cohorts=bool(cohorts.every(w.session, w.community.id)))
    modals.show(context, body, form, push=is_modal(body))


def offer_groups(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """The user groups whose name or handle has what was typed so far; none where Slack does not tell."""
    ack(options=view.group_options(user_groups.named(context, body, str(body.get("value") or ""))))


def invite(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Invite everybody chosen, each once, on these terms.

    Slack is asked who is in channels and user groups after the acknowledgement: of a large channel it tells page by
    page. What came of it, or why it cannot be, is then said in a message.
    """
    values = input_values(body["view"]["state"])
    services: Services = context["services"]
    asks = values.get("channels") or values.get("groups")
    if asks and channels.acts_for_organizer(services, place_of(body).user or ""):
        ack()
        apart(context, body, lambda: _look_up_and_invite(context, body, values))
        return
    with submission(context, body, ack) as w:
        _invite(w, values, [])


def _look_up_and_invite(context: BoltContext, body: Body, values: dict[str, Any]) -> None:
    for room in _rooms(values):
        channels.read_members(context["services"], context.client, room)
    grouped = user_groups.people(context, body, values.get("groups"))
    with work(context, body) as w:
        _invite(w, values, grouped)


def _invite(w: Work, values: dict[str, Any], grouped: list[str]) -> None:
    w.require(Role.organizer)
    event_id = row_id(w.body["view"].get("private_metadata"))
    found = w.session.get(Event, event_id)
    if found is not None and found.series_id is not None:
        series.held(w.session, found.series_id)  # before its events, as whoever changes them together does
    event = invitations.open_for(w.session, w.member, event_id, w.now)
    terms = values.get("terms") or ()
    new = _invited(w, event, values, enrolled="enrolled" in terms)
    guests = chosen(w, grouped)
    new += invitations.add(w.session, event, guests, InvitedBy.user_group, w.now, enrolled="enrolled" in terms)
    if not new and not any(values.get(name) for name in CHOICES):
        raise Invalid("nobody_chosen", field="people")
    invitations.keep_out_others(w.session, event, "only" in terms)
    if "following" in terms and event.series_id is not None:
        for other in series_audiences.pass_on(w.session, event, w.now):
            refresh_card(w, other)
    tell_invited(w, event, new)
    refresh_card(w, event)
    w.message(message(cohort_views.invited(w.member, event, len(new))))


def _rooms(values: dict[str, Any]) -> list[str]:
    return [str(room) for room in values.get("channels") or ()][:10]


def _invited(w: Work, event: Event, values: dict[str, Any], *, enrolled: bool) -> list[Member]:
    new: list[Member] = []
    for chosen_cohort in values.get("cohorts") or ():
        cohort = cohorts.get(w.session, w.community.id, row_id(chosen_cohort))
        invitations.for_cohort(w.session, event, cohort.id, enrolled=enrolled)
        guests = cohorts.members(w.session, cohort)
        new += invitations.add(w.session, event, guests, InvitedBy.cohort, w.now, enrolled=enrolled)
    for room in _rooms(values):
        ids = channel_rules.channel_member_ids(w.session, w.community.id, room)
        guests = [w.session.get_one(Member, member_id) for member_id in ids]
        new += invitations.add(w.session, event, guests, InvitedBy.channel, w.now, enrolled=enrolled)
    guests = chosen(w, values.get("people"))
    return new + invitations.add(w.session, event, guests, InvitedBy.list, w.now, enrolled=enrolled)


def ask(body: dict[str, Any], context: BoltContext) -> None:
    """Somebody who is not on the list asks to come: every organizer is told, once."""
    with work(context, body) as w:
        request = invitations.ask(w.session, w.member, number_of(pressed(body)), w.now)
        event = w.session.get_one(Event, request.event_id)
        for organizer in people.with_role(w.session, w.community.id, Role.organizer):
            payload = view.request(organizer, event, w.member, request)
            key = f"guest:{request.id}:{organizer.id}"
            w.message(payload, member=organizer, key=key, subject=f"event:{event.id}")
        text = view.asked(w.member, event)
        event_list.say(w, body, text)
        details = event_details.details(w.member, seen(w, event), w.now, text)
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], details)


def _deciding(*, approve: bool) -> Callable[[dict[str, Any], BoltContext], None]:
    def listener(body: dict[str, Any], context: BoltContext) -> None:
        with work(context, body) as w:
            request_id = number_of(pressed(body))
            event, guest = invitations.decide(w.session, w.member, request_id, approve, w.now)
            payload = view.welcome(guest, event) if approve else view.declined(guest, event)
            w.message(payload, member=guest, key=f"guest:{request_id}:answer", subject=f"event:{event.id}")
            w.replace(view.decided(w.member, guest, approve), of=f"guest:{request_id}:{w.member.id}")

    return listener
