"""Excusing oneself from an event one is expected at."""

from __future__ import annotations

from community.events import title
from community.excuses import REASON_LIMIT
from community.records import Event
from views.events import Viewer, named
from views.i18n import Translator, translator
from views.text import Block, button, field, modal, section, text_input


def excuse_button(event: Event, t: Translator) -> Block:
    """Opens the form."""
    label = t("Excuse me: {title}", title=title(event, t.locale))
    return button(t("Excuse me"), "excuse.write", event.id, label=label)


def excuse_form(viewer: Viewer, event: Event) -> Block:
    """Why one cannot come; for those who run the event."""
    t = translator(viewer.locale)
    return modal(
        "excuse.give",
        t("Excuse me"),
        [
            section(t("You cannot come to {title}: you are recorded as excused.", title=named(event, t.locale))),
            section(t("If you have a seat, it is offered to others. Reply again if you can come after all.")),
            field(
                t("Why"),
                text_input("excuse.reason", multiline=True, most=REASON_LIMIT),
                "reason",
                hint=t("Only organizers and facilitators can read it."),
                optional=True,
            ),
        ],
        submit=t("Excuse me"),
        close=t("Cancel"),
        metadata=str(event.id),
    )


def excused(viewer: Viewer, event: Event) -> str:
    """What was recorded (mrkdwn)."""
    t = translator(viewer.locale)
    return t("You are excused from {title}. Thank you for saying so ahead.", title=named(event, t.locale))
