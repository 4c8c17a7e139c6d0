"""Planning and changing an event in a modal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltContext

from community import events, series_changes
from community.drafts import EventDraft
from community.errors import Conflict, Invalid, NotFound
from community.records import Event, Member, Role
from community.rows import locked_event
from community.times import parse_day, parse_time
from handlers import channels, course_sessions, home, modals, series, series_news
from handlers.event_news import follow, post_card
from handlers.payloads import is_modal, number_of, place_of, pressed, row_id, value_of
from handlers.payloads import whole_number as _number
from handlers.profiles import manner
from handlers.work import Work, submission, work
from views import event_form, event_news
from views.courses import course_options
from views.entered import input_values
from views.event_form import ALL_FOLLOWING, FOLLOWING, Filled
from views.text import message
from views.zones import zone_options


def register(app: App) -> None:
    """Take the form, wherever it is opened from."""
    app.action("event.create")(open_empty)
    app.shortcut("event.create")(open_empty)
    app.action("event.edit")(open_filled)
    app.action("event.duplicate")(open_copy)
    app.options(re.compile(rf"^{re.escape(event_form.ZONE)}"))(zones)
    app.options(re.compile(rf"^{re.escape(event_form.COURSE)}"))(courses)
    app.view("event.create")(create)
    app.view("event.edit")(save)


def open_empty(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for a new event, in the organizer's zone and in the channel they are in."""
    with work(context, body) as w:
        w.require(Role.organizer)
        channel = place_of(body).channel or ""
        filled = Filled(time_zone=w.time_zone, channel=channel if channel.startswith("C") else None)
        view = event_form.create_form(w.locale, filled)
    modals.show(context, body, view, push=is_modal(body))


def open_filled(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form with the event as it stands."""
    with work(context, body) as w:
        w.require(Role.organizer)
        number, _, scope = value_of(pressed(body)).partition(":")
        event = events.get(w.session, w.community.id, row_id(number))
        view = event_form.edit_form(w.locale, event, scope=scope or event_form.ALONE)
    modals.show(context, body, view, push=is_modal(body))


def open_copy(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for a new event, with all but the day as in this one."""
    with work(context, body) as w:
        w.require(Role.organizer)
        event = events.get(w.session, w.community.id, number_of(pressed(body)))
        view = event_form.create_form(w.locale, replace(Filled.of(event), day=None))
    modals.show(context, body, view, push=is_modal(body))


def zones(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Time zones for what was typed so far."""
    locale, own = manner(context["services"], place_of(body).user)
    ack(options=zone_options(str(body.get("value") or ""), locale, own))


def courses(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Courses whose code or title has what was typed so far."""
    services = context["services"]
    with services.database.read() as session:
        catalogue = services.shelf.catalogue(session, services.community_id)
    ack(options=course_options(catalogue, str(body.get("value") or ""), manner(services, place_of(body).user).locale))


def create(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Plan the event: card in its channel, confirmation to the organizer, and who is in the channel."""
    values = input_values(body["view"]["state"])
    trouble = channels.trouble(context, body, values.get("channel"))
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        draft = drafted(values, values.get("channel"))
        if trouble:
            raise trouble
        course_sessions.check(w, draft.course_code)
        if series.repeats(values):
            w.answer(response_action="push", view=series.begin(w, draft, values))
            return
        event = events.plan(w.session, w.member, draft, w.now)
        post_card(w, event)
        course_sessions.tell_waiting(w, event)
        w.message(event_news.planned(w.member, event))
        home.refresh(w)
        if body["view"].get("previous_view_id"):
            w.answer(response_action="clear")
    channels.remember_members(context, draft.channel)


def save(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Change the event; whoever comes second sees who was first, and the event as it stands."""
    values = input_values(body["view"]["state"])
    event_id, version = edited(body["view"].get("private_metadata"))
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        event = locked_event(w.session, w.community.id, event_id)
        if event is None:
            raise NotFound("event_unknown")
        was, was_minutes = event.starts_at, event.minutes
        try:
            if event.series_id is not None and values.get("scope") in (FOLLOWING, ALL_FOLLOWING):
                _save_following(w, event, version, values)
                return
            change = events.change(w.session, w.member, event_id, version, drafted(values, event.channel), w.now)
        except Conflict as conflict:
            if conflict.code != "event_changed":
                raise
            w.answer(response_action="update", view=_as_it_stands(w, event, values))
            return
        told = follow(w, change, was, was_minutes)
        w.message(message(event_news.saved(w.member, change.event, told, bool(change.fields))))
        if "course_code" in change.fields:
            course_sessions.tell_waiting(w, change.event)
        home.refresh(w)
        w.answer(response_action="clear")
    channels.remember_members(context, change.event.channel)


def _save_following(w: Work, event: Event, version: int, values: Mapping[str, Any]) -> None:
    done = series_changes.change_following(
        w.session, w.member, event.id, version, drafted(values, event.channel), w.now,
        apart_too=values.get("scope") == ALL_FOLLOWING,
    )  # fmt: skip
    w.message(message(series_news.follow(w, done)))
    home.refresh(w)
    w.answer(response_action="clear")


def _as_it_stands(w: Work, event: Event, values: Mapping[str, Any]) -> dict[str, Any]:
    who = w.session.get(Member, event.updated_by_id) if event.updated_by_id else None
    notice = event_form.changed_meanwhile(w.locale, who.name if who else None)
    return event_form.edit_form(w.locale, event, notice, values)


def drafted(values: Mapping[str, Any], channel: str | None) -> EventDraft:
    """The draft from what was entered. Raises Invalid with the field for what is no date, time or number."""

    def text(name: str) -> str:
        return str(values.get(name) or "")

    capacity, online = text("capacity").strip(), text("online_capacity").strip()
    return EventDraft(
        kind=text("kind"),
        title_en=text("title_en"),
        title_fr=text("title_fr"),
        description_en=text("description_en"),
        description_fr=text("description_fr"),
        day=parse_day(_given(text("day"), "day")),
        at=parse_time(_given(text("at"), "at")),
        time_zone=_given(text("time_zone"), "time_zone"),
        minutes=_number(_given(text("minutes"), "minutes"), "minutes"),
        place=text("place"),
        link=text("link") or None,
        capacity=_number(capacity, "capacity") if capacity else None,
        hybrid="hybrid" in (values.get("hybrid") or ()),
        online_capacity=_number(online, "online_capacity") if online else None,
        channel=_given(channel or "", "channel"),
        course_code=text("course_code") or None,
    )


def _given(text: str, field: str) -> str:
    if not text.strip():
        raise Invalid("empty", field=field)
    return text


def edited(metadata: str | None) -> tuple[int, int]:
    """Event id and version from the view; zeros, which nothing has, when they are missing."""
    try:
        found = json.loads(metadata or "{}")
        return row_id(found["event"]), row_id(found["version"])
    except (ValueError, TypeError, KeyError):
        return 0, 0
