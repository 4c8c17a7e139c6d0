"""What organizers and facilitators are told of somebody who stays away."""

from __future__ import annotations

from community.absences import Concern, Worry
from community.records import Event, Member
from views.events import Viewer, named
from views.i18n import count, translator
from views.text import Block, actions, button, context_line, escape, message, section


def key(found: Concern, told: Member) -> str:
    """By which it is told each of them once."""
    return f"absence:{found.name}:{told.id}"


def concern(viewer: Viewer, event: Event, found: Concern) -> Block:
    """Kindly and early, while a word can still help."""
    t = translator(viewer.locale)
    name, title = escape(found.member.name), named(event, t.locale)
    if found.worry is Worry.row:
        text = t(
            "{name} was absent {n} times in a row, the last time at {title}. Something may keep them from coming: a "
            "word from you might help.",
            name=name,
            n=found.absences,
            title=title,
        )
    else:
        text = t(
            "{name} was absent from {title} and can now reach {reachable} % of attendance at most; the certificate "
            "takes {need} %. It may be worth a talk, while there are dates to come.",
            name=name,
            title=title,
            reachable=count(found.reachable, t.locale),
            need=count(found.need, t.locale),
        )
    return message(
        text,
        [
            section(text),
            context_line(t("Nobody else is told. If an absence was excused, correct it in the roster.")),
            actions(button(t("Roster"), "roster.open", event.id), id=f"event:{event.id}:manage"),
        ],
    )
