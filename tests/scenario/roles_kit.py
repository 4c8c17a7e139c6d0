"""Who may press what, and payloads made by hand: for the tests that send them in the name of the wrong person."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import handlers
from handlers.commands import COMMANDS
from tests.kit import Person, eventually, texts
from tests.scenario.events_kit import GENERAL, Town
from tests.scenario.roles_table import MODAL_ONLY, Guard, Made

# Nothing is offered by them but to organizers.
OFFERED_TO_ORGANIZERS = {
    *("announcement.groups", "invite.cohorts", "invite.groups"),
    *(f"certificate.{name}" for name in ("series", "member")),
    *(f"report.{name}" for name in ("series", "cohort", "department")),
}
# What anybody may do. Whatever is new belongs here or, with its role and a payload, into GUARDED.
EVERYBODY = {
    *(("action", name) for name in ("answer.helpful", "answer.not_helpful", "answer.share", "checkin.button")),
    *(("action", name) for name in (r"^answer\.pick\.\d+$", r"^answer\.related\.\d+$", "question.ask")),
    ("action", "checkin.enter"),
    ("action", "excuse.write"),
    ("view", "excuse.give"),
    ("view", "checkin.code"),
    ("action", "series.open"),
    *(("action", name) for name in ("calendar.make", "calendar.open", "calendar.stop", "event.calendar")),
    *(("action", name) for name in ("event.open", "help.show", "language.choose", "notifications.choose")),
    *(("action", name) for name in ("question.pass_on", "rsvp.going", "rsvp.maybe", "rsvp.not_going")),
    *(("action", name) for name in ("guest.ask", "rsvp.online", "rsvp.reason")),
    ("view", "rsvp.reason"),
    ("action", "question.news"),
    ("action", "request.ask"),
    ("action", r"^catalogue\.set\.(competency|course|level|from_level)$"),
    *(("action", name) for name in (r"^catalogue\.without\.", r"^course\.filter\.", "course.browse", "course.open")),
    *(("action", name) for name in ("competency.area", "competency.open", "course.unwatch", "course.watch")),
    *(("action", name) for name in ("expertise.open", "expertise.withdraw")),
    *(("view", name) for name in ("expertise.offer", "request.ask")),
    ("view", "expertise.offer"),
    *(("options", name) for name in OFFERED_TO_ORGANIZERS),
    *(("action", name) for name in ("material.open", "material.unwish", "material.wish")),
    ("action", "quiet.open"),
    ("view", "quiet.save"),
    ("shortcut", "question.ask_about"),
    *(
        ("options", name)
        for name in (
            r"^gap\.phrase$|^entry\.related",
            r"^event\.zone",
            r"^event\.course",
            "course.filter.competency",
            "catalogue.set.competency",
            "catalogue.set.course",
            "expertise.competency",
        )
    ),
    *(("command", name) for name in ("ask", "checkin", "competencies", "courses", "events", "experts", "help")),
    ("action", "certificate.send"),
    ("command", "certificate"),
    # Who is not asked is told so by the rule: their role does not matter.
    *((kind, "survey.answer") for kind in ("action", "view")),
}
# Slack itself says these, or they take what nothing else takes.
NOT_OF_PEOPLE = {"event", "error", "view_closed", "view_submission"}


class Listeners:
    """Stands where Bolt's app stands while handlers register, and notes what they listen to."""

    def __init__(self) -> None:
        self.found: set[tuple[str, str]] = set()

    def __getattr__(self, kind: str) -> Callable[..., Callable[[Any], Any]]:
        def listen(to: Any = None) -> Callable[[Any], Any]:
            self.found.add((kind, str(getattr(to, "pattern", to))))
            return lambda listener: listener

        return listen


def listened_to() -> set[tuple[str, str]]:
    """Every id that people can reach, the sub-commands one by one."""
    listeners = Listeners()
    handlers.register(listeners)  # type: ignore[arg-type]  # it is asked for nothing but the decorators
    ids = {(kind, name) for kind, name in listeners.found if kind not in NOT_OF_PEOPLE and name}
    return ids - {("command", "/praxis")} | {("command", name) for name in COMMANDS}


_numbers = itertools.count(1)


def payload_of(
    kind: str, name: str, value: str = "", metadata: Any = "", fields: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What Slack would send, had it offered this."""
    if kind == "options":
        return {"type": "block_suggestion", "action_id": name, "block_id": "x", "value": value}
    if kind == "shortcut":
        return {"type": "shortcut", "callback_id": name, "action_ts": "1.0"}
    view: dict[str, Any] = {"id": "V0", "type": "modal", "callback_id": name, "blocks": [], "state": {"values": {}}}
    view["private_metadata"] = metadata if isinstance(metadata, str) else json.dumps(metadata)
    if kind == "view":
        given = fields or {}
        view["blocks"] = [{"type": "input", "block_id": field} for field in given]
        values = {field: {"x": {"type": "plain_text_input", "value": value}} for field, value in given.items()}
        return {"type": "view_submission", "view": view | {"state": {"values": values}}}
    action = {"type": "button", "action_id": name, "value": value, "action_ts": f"{next(_numbers)}.0"}
    pressed: dict[str, Any] = {"type": "block_actions", "actions": [action]}
    if name in MODAL_ONLY:
        return pressed | {"view": view, "container": {"type": "view", "view_id": "V0"}}
    place = {"type": "message", "message_ts": "1.1", "channel_id": GENERAL}
    return pressed | {"channel": {"id": GENERAL}, "message": {"ts": "1.1"}, "container": place}


def send(town: Town, who: Person, kind: str, name: str, guard: Guard, made: Made) -> str:
    """Send the payload in this person's name; returns what they are told, waited for."""
    if kind == "command":
        before = len(who.messages("general"))
        who.command(name)
        return _told(who, "general", before)
    where = "general" if kind == "action" and name not in MODAL_ONLY else "@praxis"
    before = len(who.messages(where))
    payload = payload_of(kind, name, guard.value(made), guard.metadata(made), guard.fields(town, made))
    answer = who.do("payload", payload=payload)["response"]
    if answer and answer.get("response_action") == "errors":
        return str(answer["errors"])
    return _told(who, where, before)


def _told(who: Person, where: str, before: int) -> str:
    return texts(eventually(lambda: who.messages(where)[before:], what=f"an answer for {who.name}")[-1])
