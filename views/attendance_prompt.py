"""The direct message that asks somebody expected to check in."""

from __future__ import annotations

from datetime import datetime

from community.attendance import closes_at, late_from
from community.records import Event
from views.events import Viewer, check_in_buttons, facts, named
from views.i18n import Translator, clock, day, translator, when_plain
from views.text import Block, actions, button, context_line, message, section
from views.typed import verbatim


def prompt(viewer: Viewer, event: Event) -> Block:
    """At the start, with the button that checks in."""
    t = translator(viewer.locale)
    return _asked(viewer, event, t("It is time to check in: {title}.", title=named(event, t.locale)), t)


def nudge(viewer: Viewer, event: Event) -> Block:
    """Some minutes after the start, to somebody who is still missing."""
    t = translator(viewer.locale)
    text = t("{title} has begun, and you have not checked in yet. Are you there?", title=named(event, t.locale))
    return _asked(viewer, event, text, t)


def _asked(viewer: Viewer, event: Event, text: str, t: Translator) -> Block:
    until = t(
        "Whoever checks in after {late} is recorded as late; check-in closes at {end}. The code is the one that is "
        "shown at the event; you can also type it after `/praxis checkin`.",
        late=_moment(late_from(event), event, viewer),
        end=_moment(closes_at(event), event, viewer),
    )
    buttons = [
        *check_in_buttons(event, t),
        button(t("Details"), "event.open", event.id),
    ]
    return message(
        text,
        [
            section(text),
            verbatim(facts(event, t, viewer.time_zone)),
            actions(*buttons, id=f"event:{event.id}"),
            context_line(until),
        ],
    )


def _moment(moment: datetime, event: Event, viewer: Viewer) -> str:
    # An event of several days ends on another day than it starts: then the time alone would mislead.
    same_day = day(moment, viewer.locale, viewer.time_zone) == day(event, viewer.locale, viewer.time_zone)
    return (clock if same_day else when_plain)(moment, viewer.locale, viewer.time_zone)
