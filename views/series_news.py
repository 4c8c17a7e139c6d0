"""What people are told when several dates of a series change at once: one message, a line for each date."""

from __future__ import annotations

from collections.abc import Sequence

from community.records import Event
from community.series_changes import Following, Moved
from community.series_records import Series
from views import series_words
from views.events import Viewer
from views.i18n import Translator, translator, when
from views.text import Block, actions, button, message, section
from views.typed import bold

LINES = 20
TOLD = frozenset({"starts_at", "ends_at", "place", "link"})


def concerns(moved: Moved) -> bool:
    """Whether those who come must know: another time, length or place."""
    return not TOLD.isdisjoint(moved.change.fields)


def changed(viewer: Viewer, of: Series, moved: Sequence[Moved], cancelled: Sequence[Event]) -> Block:
    """For somebody who goes to, or waits for, each of these."""
    t = translator(viewer.locale)
    lines = [_moved(viewer, one, t) for one in moved]
    lines += [t("{when} is cancelled.", when=when(event, t.locale, viewer.time_zone)) for event in cancelled]
    named = bold(series_words.title(of, t.locale), t.locale)
    text = t.n(
        "{n} date of {title} that you signed up for has changed.",
        "{n} dates of {title} that you signed up for have changed.",
        len(lines),
        title=named,
    )
    shown = "\n".join(f"• {line}" for line in lines[:LINES])
    if len(lines) > LINES:
        more = t.n(
            "{n} more is on the page of the series.", "{n} more are on the page of the series.", len(lines) - LINES
        )
        shown = f"{shown}\n{more}"
    blocks = [
        section(text),
        section(shown),
        actions(button(t("Series"), "series.open", of.id), id=f"series:{of.id}"),
    ]
    return message(text, blocks)


def _moved(viewer: Viewer, one: Moved, t: Translator) -> str:
    event, fields = one.change.event, one.change.fields
    now = when(event, t.locale, viewer.time_zone)
    if one.was != event.starts_at:
        before = when(one.was, t.locale, viewer.time_zone)
        if fields & {"place", "link"}:
            return t("{before} is now {after}, and the place or the link has changed.", before=before, after=now)
        return t("{before} is now {after}.", before=before, after=now)
    if one.was_minutes != event.minutes:
        return t("{when}: the length has changed.", when=now)
    return t("{when}: the place or the link has changed.", when=now)


def saved(viewer: Viewer, done: Following, told: int) -> str:
    """For the organizer who changed it: what happened, and to how many; `told` people get a message."""
    t = translator(viewer.locale)
    name = bold(series_words.title(done.series, t.locale), t.locale)
    changed, cancelled, kept = len(done.changed), len(done.cancelled), len(done.kept)
    said = [t("The series {title} is saved.", title=name)]
    if changed:
        said.append(t.n("{n} date has changed.", "{n} dates have changed.", changed))
    if cancelled:
        said.append(t.n("{n} date is cancelled.", "{n} dates are cancelled.", cancelled))
    if kept:
        said.append(
            t.n(
                "{n} date that had been changed on its own stays as it is.",
                "{n} dates that had been changed on their own stay as they are.",
                kept,
            )
        )
    if done.made:
        said.append(t.n("{n} new date is planned.", "{n} new dates are planned.", len(done.made)))
    if told:
        said.append(t.n("{n} person is told.", "{n} people are told.", told))
    return " ".join(said)
