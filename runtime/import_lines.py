"""What an import of events comes to, event by event, as the command line says it."""

from __future__ import annotations

from collections.abc import Iterator

from community import times
from community.programme_import import Report
from community.records import Event
from community.series_changes import Following, Moved
from views import series_words
from views.i18n import translator

CHANGED = {
    "kind": "kind", "title_en": "title", "title_fr": "title", "description_en": "description",
    "description_fr": "description", "local_start": "time", "time_zone": "time", "starts_at": "time",
    "minutes": "length", "place": "place", "link": "link", "capacity": "seats", "channel": "channel",
    "course_code": "course", "hybrid": "hybrid", "online_capacity": "seats online",
}  # fmt: skip


def lines(report: Report) -> Iterator[str]:
    """A line for each that is added (+), changed (~) or cancelled (-); of a series the dates are below it."""
    yield from (_added(event) for event in report.added)
    yield from (_changed(moved) for moved in report.changed)
    yield from (_cancelled(event) for event in report.cancelled)
    for mark, those in (("+", report.planned), ("~", report.series)):
        for done in those:
            yield f"{mark} {_series(done)}"
            made = sorted(done.made, key=lambda event: (event.starts_at, event.id))
            yield from (f"  {_added(event)}" for event in made)
            yield from (f"  {_changed(moved)}" for moved in done.changed)
            yield from (f"  {_cancelled(event)}" for event in done.cancelled)
            yield from (f"  = {_named(event)} (changed on its own, stays)" for event in done.kept)


def _series(done: Following) -> str:
    t = translator("en")
    return f"{series_words.title(done.series, 'en')}: {series_words.repetition(done.series, t)}".replace("`", "")


def _named(event: Event) -> str:
    return f"{event.local_start.replace('T', ' ')} {event.title_en}"


def _added(event: Event) -> str:
    return f"+ {_named(event)}"


def _cancelled(event: Event) -> str:
    return f"- {_named(event)}"


def _changed(moved: Moved) -> str:
    event, fields = moved.change.event, moved.change.fields
    what = sorted({CHANGED.get(name, "") for name in fields} - {""})
    if moved.was != event.starts_at:
        was = times.local_text(moved.was, times.zone(event.time_zone)).replace("T", " ")
        what = [f"time, was {was}", *(one for one in what if one != "time")]
    return f"~ {_named(event)} ({'; '.join(what)})"
