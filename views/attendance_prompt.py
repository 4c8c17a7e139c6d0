"""The direct message that asks somebody expected to check in."""

from __future__ import annotations

from community.attendance import closes_at, late_from
from community.records import Event
from views.events import Viewer, facts, named
from views.i18n import clock, translator
from views.text import Block, actions, button, context_line, message, section
from views.typed import verbatim


def prompt(viewer: Viewer, event: Event) -> Block:
    """At the start, with the button that checks in."""
    t = translator(viewer.locale)
    text = t("It is time to check in: {title}.", title=named(event, t.locale))
    until = t(
        "Whoever checks in after {late} is recorded as late; check-in closes at {end}. At the event you can also type "
        "`/praxis checkin` and the code shown there.",
        late=clock(late_from(event), t.locale, viewer.time_zone),
        end=clock(closes_at(event), t.locale, viewer.time_zone),
    )
    buttons = [
        button(t("Check in"), "checkin.button", event.id, style="primary"),
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
