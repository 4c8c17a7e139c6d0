"""`/praxis reminders`: what goes out, what went, what was missed, and the rules of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community import events, notices, outlook, reminder_changes, reminder_rules, reminders
from community.errors import Invalid, NotFound
from community.records import Event, EventKind, Member, Reminder, ReminderState, Role
from community.reminder_rules import Rules
from delivery import reach
from handlers import modals
from handlers.payloads import is_modal, number_of, pressed, value_of, whole_number
from handlers.work import Work, submission, work
from views import at_home
from views import reminder_outlook as view
from views.entered import input_values


def register(app: App) -> None:
    """Take what organizers press and choose."""
    app.action("reminder.people")(show_people)
    app.action("reminder.rules")(show_rules)
    app.view("reminder.rules")(preview)
    app.view("reminder.confirm")(save)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis reminders`: the next days and the last ones."""
    with work(context, body) as w:
        w.require(Role.organizer)
        community_id = w.community.id
        ahead = outlook.ahead(w.session, community_id, w.now, view.MOST_AHEAD)
        went, missed = (
            outlook.done(w.session, community_id, w.now, state, view.MOST_DONE)
            for state in (ReminderState.done, ReminderState.missed)
        )
        w.whisper(view.outlook(w.member, ahead, went, missed))


def show_people(body: dict[str, Any], context: BoltContext) -> None:
    """Open who gets a reminder, and when."""
    with work(context, body) as w:
        w.require(Role.organizer)
        reminder = w.session.get(Reminder, number_of(pressed(body)))
        if reminder is None or reminder.kind not in outlook.TELLING:
            raise NotFound("reminder_gone")
        event = events.get(w.session, w.community.id, reminder.event_id)
        slot = (reminder.kind, reminder.minutes)
        if reminder.state is ReminderState.pending:
            shown = view.people(w.member, event, slot, outlook.people(w.session, reminder, event))
        else:
            shown = view.went(w.member, event, slot, *_became(w, reminder, event))
    modals.show(context, body, shown, push=is_modal(body))


def _became(w: Work, reminder: Reminder, event: Event) -> tuple[list[Member], list[Member], list[Member]]:
    """Of those concerned: to whom it went, who gets it later, and who did not get it."""
    keys = {reminders.letter_key(reminder, one): one for one in outlook.concerned(w.session, reminder, event)}
    told = reach.known(w.session, w.community.id, list(keys))
    later = notices.waiting_keys(w.session, w.community.id, [key for key in keys if key not in told])
    missed = [one for key, one in keys.items() if key not in told | later]
    return [keys[key] for key in keys if key in told], [keys[key] for key in keys if key in later], missed


def show_rules(body: dict[str, Any], context: BoltContext) -> None:
    """Open the rules for one kind of event."""
    with work(context, body) as w:
        w.require(Role.organizer)
        kind = _kind(value_of(pressed(body)))
        form = view.rules_form(w.member, kind, reminder_rules.rules(w.session, w.community.id, kind))
    modals.show(context, body, form, push=is_modal(body))


def preview(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Show who would get what and when, before anything changes."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        kind = _kind(str(body["view"].get("private_metadata")))
        rules = _entered(values)
        forecast = outlook.forecast(w.session, w.community.id, kind, rules, w.now)
        w.answer(response_action="update", view=view.preview(w.member, kind, rules, forecast))


def save(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Remind so from now on, of what is planned already too."""
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        try:
            chosen = json.loads(body["view"].get("private_metadata") or "")
            kind, kinds, mandatory = _kind(chosen["kind"]), _names(chosen["kinds"]), _names(chosen["mandatory"])
            free = [(str(name), int(minutes)) for name, minutes in chosen.get("free", ())]
            own = bool(chosen.get("free_mandatory"))
        except (ValueError, KeyError, TypeError):
            raise Invalid("kind_unknown") from None
        rules = reminder_rules.checked(kinds, mandatory, free, free_mandatory=own)
        written = reminder_changes.change_rules(w.session, w.member, kind, rules, w.now)
        w.answer(response_action="update", view=at_home.said(w.locale, view.rules_saved(w.member, kind, written)))


def _entered(values: Mapping[str, Any]) -> Rules:
    """The rules as they were filled in. Raises Invalid with the field."""
    mandatory = _names(values.get("mandatory"))
    free = []
    for row in range(reminder_rules.MOST_FREE):
        if not (number := str(values.get(f"number{row}") or "").strip()):
            continue
        kind, size, _name = view.UNITS.get(str(values.get(f"unit{row}")), ("", 0, ""))
        free.append((str(kind), whole_number(number, f"number{row}") * size))
    named = [name for name in mandatory if name != view.MARK]
    return reminder_rules.checked(_names(values.get("kinds")), named, free, free_mandatory=view.MARK in mandatory)


def _kind(name: str) -> EventKind:
    try:
        return EventKind(name)
    except ValueError:
        raise Invalid("kind_unknown") from None


def _names(found: Any) -> list[str]:
    return [str(name) for name in found] if isinstance(found, list) else []
